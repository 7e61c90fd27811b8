"""Sends what waits in the outbox: each message once, with patience, and outside transactions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from backend.core import clock, texts
from backend.core.db import db
from backend.core.installation import settings
from backend.identity import service as identity
from backend.notify import deliveries, senders
from backend.notify.deliveries import Claimed

log = structlog.get_logger()

# Finds the telephone for a subject (`case:17`); cases live in a room above this one.
PhoneOf = Callable[[str], str | None]
LONGEST_RUN_S = 30  # the other jobs wait for this one


def no_phone(_subject: str) -> None:
    """Nobody above knows a telephone."""


@dataclass(slots=True)
class Ran:
    """What one run did: taken up, sent, and channels that turned out to be down."""

    taken: int = 0
    sent: int = 0
    down: set[str] = field(default_factory=set)


def run(now: datetime, phone_of: PhoneOf = no_phone) -> Ran:
    """Take up new messages and try what is due; safe to call again and at once.

    A channel that is down is left alone until the next run: one message finds out, not each.
    """
    open_channels = senders.of(settings())
    ran = Ran(taken=deliveries.take_up(now, open_channels))
    if stopped := deliveries.end_leases(now):
        log.error("deliveries_unknown", count=stopped)
    postman = _Postman(open_channels, phone_of, ran)
    give_up_at = time.monotonic() + LONGEST_RUN_S
    while batch := deliveries.due(now, ran.down):
        for delivery_id, channel in batch:
            if time.monotonic() > give_up_at:
                return ran
            if channel not in ran.down:
                postman.deliver(delivery_id)
    return ran


@dataclass(frozen=True, slots=True)
class _Postman:
    """Carries one message after the other and writes down what became of each."""

    channels: dict[str, senders.Sender]
    phone_of: PhoneOf
    ran: Ran

    def deliver(self, delivery_id: int) -> None:
        """Claim a message, find the address, send it with nothing held open, settle it."""
        attempt = deliveries.claim(delivery_id, clock.now())
        if attempt is None:
            return
        address = self._address(attempt)
        sender = self.channels.get(attempt.channel)
        db.session.rollback()  # the look-up began a transaction; none lasts while we send
        if address is None or sender is None:
            self._without_address(attempt)
        else:
            self._send(attempt, sender, address)

    def _send(self, attempt: Claimed, sender: senders.Sender, address: str) -> None:
        try:
            sender.send(address, attempt.lock_screen)
        except senders.TryLater as error:
            self.ran.down.add(attempt.channel)
            deliveries.note_failed(attempt, error.code, clock.now())
        except senders.Refused as error:
            self._refused(attempt, error.code)
        except senders.PerhapsSent:
            self.ran.down.add(attempt.channel)
            deliveries.note_unknown(attempt, "no_answer")
        else:
            deliveries.note_sent(attempt, clock.now())
            self.ran.sent += 1

    def _without_address(self, attempt: Claimed) -> None:
        if not self._by_sms_instead(attempt, "no_account"):
            deliveries.note_in_app(attempt, "no_address")

    def _refused(self, attempt: Claimed, code: str) -> None:
        log.info("delivery_refused", channel=attempt.channel, code=code)
        if not self._by_sms_instead(attempt, code):
            deliveries.note_dead(attempt, code)

    def _by_sms_instead(self, attempt: Claimed, code: str) -> bool:
        """Hand a message WeChat cannot deliver to SMS, where there is a telephone."""
        if attempt.channel != "wechat" or "sms" not in self.channels:
            return False
        if self._phone(attempt) is None:
            return False
        deliveries.hand_to_sms(attempt, code, clock.now())
        if "sms" not in self.ran.down:
            self.deliver(attempt.id)
        return True

    def _address(self, attempt: Claimed) -> str | None:
        if attempt.channel == "sms":
            return self._phone(attempt)
        worker = identity.worker_by_id(attempt.worker_id) if attempt.worker_id else None
        return worker.account_openid if worker else None

    def _phone(self, attempt: Claimed) -> str | None:
        """The mobile telephone given for this matter, or else the one the worker proved."""
        worker = identity.worker_by_id(attempt.worker_id) if attempt.worker_id else None
        proved = worker.phone if worker and worker.phone_verified_at else None
        phone = self.phone_of(attempt.subject) or proved
        return phone if phone is not None and texts.is_mobile(phone) else None
