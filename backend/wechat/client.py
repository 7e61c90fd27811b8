"""A small WeChat client of our own: who a mini-program code is, and texts to followers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import structlog

from backend.settings import Settings
from backend.wechat import answers, authorised, token, wording
from backend.wechat.port import MiniUser, OfficialAccount, WeChat, WeChatDown, WeChatRefused

log = structlog.get_logger()

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

    def code_to_user(self, js_code: str) -> MiniUser:
        """Ask jscode2session who this code belongs to."""
        query = {
            "appid": self.app_id,
            "secret": self.app_secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer = answers.get(f"{self.api_base}/sns/jscode2session", query, words=_DOWN_WORDS)
        number = answers.number_of(answer)
        if number in authorised.OUR_FAULT or number in authorised.BUSY:
            raise answers.down(_DOWN_WORDS, number)
        if number != 0:
            log.info("wechat_refused", errcode=number)
            raise WeChatRefused(_REFUSED_WORDS, errcode=number)
        openid = answers.id_in(answer, "openid")
        if openid is None:
            raise answers.down(_DOWN_WORDS)
        return MiniUser(openid, answers.id_in(answer, "unionid"))


@dataclass(frozen=True, slots=True)
class HttpAccount:
    """The official account, reached with the access token all processes share."""

    credentials: token.Credentials

    def send_text(self, openid: str, text: str) -> None:
        """Send a customer-service message (客服消息), cut to what WeChat takes."""
        content = {"content": wording.fit(text)}
        document = {"touser": openid, "msgtype": "text", "text": content}
        authorised.ask(
            self.credentials,
            "/cgi-bin/message/custom/send",
            document,
            words=_NOT_SENT_WORDS,
            refused_words=_NOT_TAKEN_WORDS,
        )


class DemoWeChat:
    """Demo mode only: the same code is always the same invented person."""

    def code_to_user(self, js_code: str) -> MiniUser:
        """An openid made from the code."""
        return MiniUser("demo-" + hashlib.sha256(js_code.encode()).hexdigest()[:22])


class NoWeChat:
    """An installation without an app id."""

    def code_to_user(self, js_code: str) -> MiniUser:
        """Always WeChatDown."""
        raise WeChatDown(_DOWN_WORDS)
