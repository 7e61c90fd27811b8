"""A small WeChat client of our own: short time-outs, typed errors, no secret in a log line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import httpx
import structlog

from backend.settings import Settings
from backend.wechat.port import WeChat, WeChatDown, WeChatRefused

log = structlog.get_logger()

TIMEOUT_S = 3.0
_OUR_FAULT = frozenset({40013, 40125, 41002, 41004})  # app id or secret wrong or missing
_BUSY = frozenset({-1, 45009, 45011})  # system busy; called too often
_DOWN_WORDS = "微信登录现在用不了。您可以先用手机号登录，填的都还在。"
_REFUSED_WORDS = "微信登录没成功，请再点一次登录。填的都还在。"


def choose(settings: Settings) -> WeChat:
    """The client of this installation: real where an app id is set, invented in demo mode."""
    if settings.wechat_app_id and settings.wechat_app_secret:
        return HttpWeChat(
            settings.wechat_api_base, settings.wechat_app_id, settings.wechat_app_secret
        )
    return DemoWeChat() if settings.demo else NoWeChat()


@dataclass(frozen=True, slots=True)
class HttpWeChat:
    """The real one. `session_key`, which WeChat sends along, is dropped here."""

    api_base: str
    app_id: str
    app_secret: str = field(repr=False)

    def code_to_openid(self, js_code: str) -> str:
        """Ask jscode2session who this code belongs to."""
        answer = self._ask(js_code)
        number = answer.get("errcode", 0)
        if number in _OUR_FAULT or number in _BUSY:
            log.error("wechat_unavailable", errcode=number)
            raise WeChatDown(_DOWN_WORDS, retry_after_s=10)
        if number != 0:
            log.info("wechat_refused", errcode=number)
            raise WeChatRefused(_REFUSED_WORDS)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not 0 < len(openid) <= 128:
            log.error("wechat_unavailable", reason="no openid in the answer")
            raise WeChatDown(_DOWN_WORDS, retry_after_s=10)
        return openid

    def _ask(self, js_code: str) -> dict[str, object]:
        query = {
            "appid": self.app_id,
            "secret": self.app_secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        try:
            response = httpx.get(
                f"{self.api_base}/sns/jscode2session", params=query, timeout=TIMEOUT_S
            )
            response.raise_for_status()
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            # only the kind of error: its text holds the address, and that the secret
            log.error("wechat_unavailable", kind=type(error).__name__)
            raise WeChatDown(_DOWN_WORDS, retry_after_s=10) from None
        if not isinstance(answer, dict):
            log.error("wechat_unavailable", reason="the answer is not an object")
            raise WeChatDown(_DOWN_WORDS, retry_after_s=10)
        return answer


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
