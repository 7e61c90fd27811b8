"""What the rest of the house needs of WeChat, and the ways in which it can fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from backend.core.errors import BadInput, Unavailable


@dataclass(frozen=True, slots=True)
class MiniUser:
    """Somebody in the mini-program; `unionid` where it is bound to an open platform account."""

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)


class WeChat(Protocol):
    """The mini-program's side of WeChat as seen by the rooms above."""

    def code_to_user(self, js_code: str) -> MiniUser:
        """Who asked `wx.login` for this code; raises WeChatDown or WeChatRefused."""
        ...


class OfficialAccount(Protocol):
    """The official account (公众号) as seen by the rooms above."""

    def send_text(self, openid: str, text: str) -> None:
        """Write to a follower; raises WeChatDown, WeChatUnclear or WeChatRefused."""
        ...


class WeChatDown(Unavailable):
    """WeChat cannot be reached, is too busy, or this installation is not set up for it.

    Nothing was done; trying again later can help. `errcode` is WeChat's number, or 0.
    """

    default_code: ClassVar[str] = "wechat_unavailable"

    def __init__(self, detail: str, *, errcode: int = 0, retry_after_s: int | None = None) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)
        self.errcode = errcode


class WeChatUnclear(WeChatDown):
    """The request left and no answer that can be read came back: perhaps it was done."""


class WeChatRefused(BadInput):
    """WeChat answered and does not accept this code, person or message; never try it again."""

    default_code: ClassVar[str] = "wechat_refused"

    def __init__(self, detail: str, *, errcode: int = 0) -> None:
        super().__init__(detail)
        self.errcode = errcode
