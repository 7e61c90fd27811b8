"""The ways out of the house: a subscribe message, an official-account message or an SMS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from backend.core import sms
from backend.core.errors import Unavailable
from backend.settings import Settings, SubscribeTemplate
from backend.wechat import client as wechat
from backend.wechat.mini import Mini, mini_program
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


NO_CONSENT = "wechat_43101"


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out: the words of the lock screen, and the same as a filled subscribe message."""

    text: str
    template: SubscribeTemplate | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


class Sender(Protocol):
    """One way out."""

    def send(self, address: str, letter: Letter) -> None:
        """Hand a letter over; TryLater, Refused or PerhapsSent when that is not certain."""
        ...


@dataclass(frozen=True, slots=True)
class BySms:
    """Through the bureau's SMS gateway; the address is a telephone."""

    settings: Settings

    def send(self, address: str, letter: Letter) -> None:
        """Send an SMS."""
        try:
            sms.choose(self.settings).send(address, letter.text)
        except sms.SmsUnclear:
            raise PerhapsSent from None
        except sms.SmsRefused:
            raise Refused("sms_refused") from None
        except Unavailable:
            raise TryLater("sms_unavailable") from None


@dataclass(frozen=True, slots=True)
class ByWeChat:
    """As a message of the official account; the address is the follower's openid there."""

    account: OfficialAccount

    def send(self, address: str, letter: Letter) -> None:
        """Send a customer-service message."""
        with _as_outcome():
            self.account.send_text(address, letter.text)


@dataclass(frozen=True, slots=True)
class BySubscription:
    """As a subscribe message of the mini-program; the address is the person's openid there."""

    mini: Mini

    def send(self, address: str, letter: Letter) -> None:
        """Send a subscribe message; the letter must have been filled into a template."""
        if letter.template is None:
            raise ValueError("a subscribe message needs a template")
        with _as_outcome():
            self.mini.subscribe_send(
                address, letter.template.template, letter.template.page, letter.fields
            )


@contextmanager
def _as_outcome() -> Iterator[None]:
    """WeChat's failures as what they mean for the message."""
    try:
        yield
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


def _by_subscription(settings: Settings) -> Sender | None:
    mini = mini_program(settings)
    return BySubscription(mini) if mini is not None else None


CHANNELS: Mapping[str, Callable[[Settings], Sender | None]] = {
    "subscribe": _by_subscription,
    "wechat": _by_wechat,
    "sms": _by_sms,
}


def of(settings: Settings) -> dict[str, Sender]:
    """The channels this installation is set up for."""
    made = {name: make(settings) for name, make in CHANNELS.items()}
    return {name: sender for name, sender in made.items() if sender is not None}
