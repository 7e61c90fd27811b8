"""A small WeChat client of our own: who a mini-program code is, and texts to followers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import structlog

from backend.settings import Settings
from backend.wechat import answers, token, wording
from backend.wechat.port import OfficialAccount, WeChat, WeChatDown, WeChatRefused

log = structlog.get_logger()

_OUR_FAULT = frozenset({40013, 40125, 41002, 41004})  # app id or secret wrong or missing
_BUSY = frozenset({-1, 45009, 45011})  # system busy; called too often
_NOT_ALLOWED = frozenset({40164, 48001, 48004})  # our address, or the account, may not do this
_TOKEN_REFUSED = frozenset({40001, 40014, 42001})  # wrong, not one, run out
_DOWN_WORDS = "微信登录现在用不了。您可以先用手机号登录，填的都还在。"
_REFUSED_WORDS = "微信登录没成功，请再点一次登录。填的都还在。"
_NOT_SENT_WORDS = "微信消息现在发不出去，过一会儿再发。"
_NOT_TAKEN_WORDS = "微信不收这条消息。"


def choose(settings: Settings) -> WeChat:
    """The client of this installation: real where an app id is set, invented in demo mode."""
    if settings.wechat_app_id and settings.wechat_app_secret:
        return HttpWeChat(
            settings.wechat_api_base, settings.wechat_app_id, settings.wechat_app_secret
        )
    return DemoWeChat() if settings.demo else NoWeChat()


def official_account(settings: Settings) -> OfficialAccount | None:
    """The official account of this installation, or None where none is set up."""
    app_id, secret = settings.wechat_account_app_id, settings.wechat_account_app_secret
    if not app_id or not secret:
        return None
    return HttpAccount(token.Credentials(settings.wechat_api_base, app_id, secret))


@dataclass(frozen=True, slots=True)
class HttpWeChat:
    """The real one. `session_key`, which WeChat sends along, is dropped here."""

    api_base: str
    app_id: str
    app_secret: str = field(repr=False)

    def code_to_openid(self, js_code: str) -> str:
        """Ask jscode2session who this code belongs to."""
        query = {
            "appid": self.app_id,
            "secret": self.app_secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer = answers.get(f"{self.api_base}/sns/jscode2session", query, words=_DOWN_WORDS)
        number = answers.number_of(answer)
        if number in _OUR_FAULT or number in _BUSY:
            raise answers.down(_DOWN_WORDS, number)
        if number != 0:
            log.info("wechat_refused", errcode=number)
            raise WeChatRefused(_REFUSED_WORDS, errcode=number)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not 0 < len(openid) <= 128:
            raise answers.down(_DOWN_WORDS)
        return openid


@dataclass(frozen=True, slots=True)
class HttpAccount:
    """The official account, reached with the access token all processes share."""

    credentials: token.Credentials

    def send_text(self, openid: str, text: str) -> None:
        """Send a customer-service message (客服消息), cut to what WeChat takes.

        A token that WeChat refuses is renewed once; if the new one is refused too, WeChatDown.
        """
        first = token.access_token(self.credentials)
        number = self._send(first, openid, text)
        if number in _TOKEN_REFUSED:
            number = self._send(token.renewed(self.credentials, first), openid, text)
        if number in _TOKEN_REFUSED | _BUSY | _OUR_FAULT | _NOT_ALLOWED:
            raise answers.down(_NOT_SENT_WORDS, number)
        if number != 0:
            log.info("wechat_refused", errcode=number)
            raise WeChatRefused(_NOT_TAKEN_WORDS, errcode=number)

    def _send(self, access_token: str, openid: str, text: str) -> int:
        url = f"{self.credentials.api_base}/cgi-bin/message/custom/send"
        content = {"content": wording.fit(text)}
        document = {"touser": openid, "msgtype": "text", "text": content}
        query = {"access_token": access_token}
        return answers.number_of(answers.post(url, query, document, words=_NOT_SENT_WORDS))


class DemoWeChat:
    """Demo mode only: the same code is always the same invented person."""

    def code_to_openid(self, js_code: str) -> str:
        """An openid made from the code."""
        return "demo-" + hashlib.sha256(js_code.encode()).hexdigest()[:22]


class NoWeChat:
    """An installation without an app id."""

    def code_to_openid(self, js_code: str) -> str:
        """Always WeChatDown."""
        raise WeChatDown(_DOWN_WORDS)
