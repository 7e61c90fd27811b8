"""The ways out of the house, by channel: an official-account message or an SMS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from backend.core import sms
from backend.core.errors import Unavailable
from backend.settings import Settings
from backend.wechat import client as wechat
from backend.wechat.port import OfficialAccount, WeChatDown, WeChatRefused, WeChatUnclear


class NotSent(Exception):
    """It certainly was not sent; `code` says why without naming anybody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(NotSent):
    """The other side is down or busy."""


class Refused(NotSent):
    """The other side will never take this message for this person."""


class PerhapsSent(Exception):
    """It left, and no answer came back."""


class Sender(Protocol):
    """One channel."""

    def send(self, address: str, text: str) -> None:
        """Hand a text over; TryLater, Refused or PerhapsSent when that is not certain."""
        ...


@dataclass(frozen=True, slots=True)
class BySms:
    """Through the bureau's SMS gateway; the address is a telephone."""

    settings: Settings

    def send(self, address: str, text: str) -> None:
        """Send an SMS."""
        try:
            sms.choose(self.settings).send(address, text)
        except sms.SmsUnclear:
            raise PerhapsSent from None
        except Unavailable:
            raise TryLater("sms_unavailable") from None


@dataclass(frozen=True, slots=True)
class ByWeChat:
    """As a message of the official account; the address is the follower's openid there."""

    account: OfficialAccount

    def send(self, address: str, text: str) -> None:
        """Send a customer-service message."""
        try:
            self.account.send_text(address, text)
        except WeChatUnclear:
            raise PerhapsSent from None
        except WeChatDown as error:
            code = f"wechat_{error.errcode}" if error.errcode else "wechat_unavailable"
            raise TryLater(code) from None
        except WeChatRefused as error:
            raise Refused(f"wechat_{error.errcode}") from None


def _by_sms(settings: Settings) -> Sender | None:
    return BySms(settings) if sms.is_set_up(settings) else None


def _by_wechat(settings: Settings) -> Sender | None:
    account = wechat.official_account(settings)
    return ByWeChat(account) if account is not None else None


CHANNELS: Mapping[str, Callable[[Settings], Sender | None]] = {
    "sms": _by_sms,
    "wechat": _by_wechat,
}


def of(settings: Settings) -> dict[str, Sender]:
    """The channels this installation is set up for."""
    made = {name: make(settings) for name, make in CHANNELS.items()}
    return {name: sender for name, sender in made.items() if sender is not None}
