"""Sending one SMS: through the bureau's gateway, nowhere in demo mode, or an honest refusal."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Protocol

import httpx
import structlog

from backend.core import clock
from backend.core.errors import Unavailable
from backend.settings import Settings

log = structlog.get_logger()

TIMEOUT_S = 3.0


# The SMS gateway took the request and its answer got lost on the way: perhaps it was sent.
_LOST_ANSWER = frozenset({502, 504})
# The gateway says that this telephone takes no SMS: a landline, out of use, or on a block list.
_NUMBER_REFUSED = frozenset({410, 422})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class SmsUnclear(Unavailable):
    """The text left and no answer came back: perhaps it was sent."""

    default_code = "sms_unavailable"


class SmsRefused(Unavailable):
    """This telephone takes no SMS; trying again does not help."""

    default_code = "sms_unavailable"


class SmsSender(Protocol):
    """A way to send an SMS."""

    def send(self, phone: str, text: str) -> None:
        """Hand a text over for this telephone; Unavailable (`sms_unavailable`) when it fails."""
        ...


def is_set_up(settings: Settings) -> bool:
    """Whether this installation has a way to send an SMS."""
    return settings.demo or bool(settings.sms_url and settings.sms_secret)


def choose(settings: Settings) -> SmsSender:
    """The sender of this installation; Unavailable at once when there is none."""
    if settings.sms_url and settings.sms_secret:
        return HttpSender(settings.sms_url, settings.sms_secret.encode())
    if settings.demo:
        return DemoSender()
    raise _unavailable()


@dataclass(frozen=True, slots=True)
class HttpSender:
    """POSTs {phone, text, sent_at} to the gateway, signed so that it can tell us from others.

    `X-Signature` is the HMAC-SHA256 of the body in hex; `sent_at` (unix seconds) lets the
    gateway refuse a recorded request.
    """

    url: str
    secret: bytes = field(repr=False)

    def send(self, phone: str, text: str) -> None:
        """Send, or raise Unavailable when the gateway does not answer 2xx within 3 s.

        SmsUnclear when it cannot be known whether the gateway took it, SmsRefused (410, 422)
        when this telephone takes none.
        """
        message = {"phone": phone, "text": text, "sent_at": int(clock.now().timestamp())}
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Signature": hmac.new(self.secret, body, hashlib.sha256).hexdigest(),
        }
        try:
            response = httpx.post(self.url, content=body, headers=headers, timeout=TIMEOUT_S)
            response.raise_for_status()
        except httpx.HTTPError as error:
            # only the kind of error: neither the telephone nor the code belongs in a log
            log.error("sms_failed", kind=type(error).__name__)
            raise _unavailable(_kind_of(error)) from None


class DemoSender:
    """Demo mode only: nothing leaves the machine, the page shows the code instead."""

    def send(self, phone: str, text: str) -> None:
        """Send nothing."""


def _kind_of(error: httpx.HTTPError) -> type[Unavailable]:
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        if status in _NUMBER_REFUSED:
            return SmsRefused
        return SmsUnclear if status in _LOST_ANSWER else Unavailable
    return Unavailable if isinstance(error, _NOT_SENT) else SmsUnclear


def _unavailable(kind: type[Unavailable] = Unavailable) -> Unavailable:
    return kind(
        "短信现在发不出去。您可以先提交，电话以后再验证。", code="sms_unavailable", retry_after_s=60
    )
