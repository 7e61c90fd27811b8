"""What the rest of the house needs of WeChat, and the two ways in which it can fail."""

from __future__ import annotations

from typing import ClassVar, Protocol

from backend.core.errors import BadInput, Unavailable


class WeChat(Protocol):
    """WeChat as seen by the rooms above."""

    def code_to_openid(self, js_code: str) -> str:
        """Who asked `wx.login` for this code; raises WeChatDown or WeChatRefused."""
        ...


class WeChatDown(Unavailable):
    """WeChat cannot be reached, answers nonsense, or this installation is not set up for it."""

    default_code: ClassVar[str] = "wechat_unavailable"


class WeChatRefused(BadInput):
    """WeChat answered, and does not accept this code (used before, too old, invented)."""

    default_code: ClassVar[str] = "wechat_refused"
