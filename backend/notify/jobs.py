"""Sends what waits in the outbox: each message once, with patience, and outside transactions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from backend.core import clock, texts
from backend.core.db import db, one_transaction
from backend.core.installation import settings
from backend.identity import service as identity
from backend.identity.models import Worker
from backend.notify import consents, deliveries, fields, kinds, ladder, senders
from backend.notify.deliveries import Claimed
from backend.notify.senders import Letter

log = structlog.get_logger()

# Finds the telephone for a subject; what a subject's prefix belongs to lives in rooms above.
PhoneOf = Callable[[str], str | None]
LONGEST_RUN_S = 30  # the other jobs wait for this one
_NOT_A_WAY = frozenset({"not_set_up", "no_template"})


@dataclass(slots=True)
class Ran:
    """What one run did: taken up, sent, and ways that turned out to be down."""

    taken: int = 0
    sent: int = 0
    down: set[str] = field(default_factory=set)


def run(now: datetime, phones: Mapping[str, PhoneOf] | None = None) -> Ran:
    """Take up new messages and try what is due; safe to call again and at once.

    `phones` finds a telephone by the subject's prefix (`case` for `case:17`). A way that is down
    is left alone until the next run: one message finds out, not each.
    """
    open_ways = senders.of(settings())
    ran = Ran(taken=deliveries.take_up(now, open_ways))
    if stopped := deliveries.end_leases(now):
        log.error("deliveries_unknown", count=stopped)
    postman = _Postman(open_ways, phones or {}, ran)
    give_up_at = time.monotonic() + LONGEST_RUN_S
    while batch := deliveries.due(now, ran.down):
        for delivery_id, way in batch:
            if time.monotonic() > give_up_at:
                return ran
            if way not in ran.down:
                postman.deliver(delivery_id)
    return ran


@dataclass(frozen=True, slots=True)
class _Agreed:
    """A consent a message is sent under, and how many of them were seen."""

    worker_id: int
    template_id: str
    seen: int


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message that can go a way now."""

    sender: senders.Sender
    address: str
    letter: Letter
    agreed: _Agreed | None = None


@dataclass(frozen=True, slots=True)
class _Postman:
    """Carries one message after the other and writes down what became of each."""

    open_ways: Mapping[str, senders.Sender]
    phones: Mapping[str, PhoneOf]
    ran: Ran

    def deliver(self, delivery_id: int) -> None:
        """Claim a message and send it the first way that is open to it, with nothing held open."""
        attempt = deliveries.claim(delivery_id, clock.now())
        if attempt is None:
            return
        for way in ladder.ways_from(attempt.message.channel, attempt.channel):
            ready = self._ready(attempt, way)
            db.session.rollback()  # the look-up began a transaction; none lasts while we send
            if isinstance(ready, str):
                attempt = _tried(attempt, way, ready)
            elif way == attempt.channel:
                return self._send(attempt, ready)
            else:
                return self._go_on(attempt, way)
        deliveries.note_no_way(attempt, _last_code(attempt))
        return None

    def _send(self, attempt: Claimed, ready: _Ready) -> None:
        try:
            ready.sender.send(ready.address, ready.letter)
        except senders.TryLater as error:
            self.ran.down.add(attempt.channel)
            self._later(attempt, error.code)
        except senders.Refused as error:
            self._refused(attempt, ready, error.code)
        except senders.PerhapsSent:
            self.ran.down.add(attempt.channel)
            deliveries.note_unknown(attempt, "no_answer")
        else:
            _note_sent(attempt, ready)
            self.ran.sent += 1

    def _later(self, attempt: Claimed, code: str) -> None:
        """Wait, or go another way once this one has had its patience."""
        if attempt.is_last:
            ended, onward = self._way_after(_tried(attempt, attempt.channel, code))
            if onward is not None:
                return self._go_on(ended, onward)
        return deliveries.note_failed(attempt, code, clock.now())

    def _refused(self, attempt: Claimed, ready: _Ready, code: str) -> None:
        log.info("delivery_refused", channel=attempt.channel, code=code)
        if code == senders.NO_CONSENT and (known := ready.agreed) is not None:
            consents.deny(known.worker_id, known.template_id, known.seen)
        ended, onward = self._way_after(_tried(attempt, attempt.channel, code))
        if onward is None:
            deliveries.note_no_way(ended, code)
        else:
            self._go_on(ended, onward)

    def _go_on(self, attempt: Claimed, way: str) -> None:
        """Let it wait at another way, and try that at once unless it is down."""
        deliveries.pass_on(attempt, way, _last_code(attempt), clock.now())
        if way not in self.ran.down:
            self.deliver(attempt.id)

    def _way_after(self, attempt: Claimed) -> tuple[Claimed, str | None]:
        """The next way this message could go, and why those before it could not be."""
        for way in ladder.ways_from(attempt.message.channel, attempt.channel)[1:]:
            ready = self._ready(attempt, way)
            if isinstance(ready, _Ready):
                return attempt, way
            attempt = _tried(attempt, way, ready)
        return attempt, None

    def _ready(self, attempt: Claimed, way: str) -> _Ready | str:
        """Everything needed to send a message this way, or why it cannot go so."""
        message, sender = attempt.message, self.open_ways.get(way)
        if sender is None:
            return "not_set_up"
        worker = identity.worker_by_id(message.worker_id) if message.worker_id else None
        if way == "subscribe":
            return _subscription(attempt, sender, worker)
        letter = Letter(message.lock_screen)
        if way == "wechat":
            address, lack = (worker.account_openid if worker else None), "no_account"
        else:
            address, lack = self._phone(message.subject, worker), "no_phone"
        return _Ready(sender, address, letter) if address else lack

    def _phone(self, subject: str, worker: Worker | None) -> str | None:
        """The mobile telephone given for this matter, or else the one the worker proved."""
        find = self.phones.get(subject.partition(":")[0])
        proved = worker.phone if worker and worker.phone_verified_at else None
        phone = (find(subject) if find else None) or proved
        return phone if phone is not None and texts.is_mobile(phone) else None


def _subscription(attempt: Claimed, sender: senders.Sender, worker: Worker | None) -> _Ready | str:
    """The message filled into the bureau's template, if the person agreed to one more of it."""
    message = attempt.message
    template = kinds.template_for(message.subject, message.template)
    if template is None:
        return "no_template"
    if worker is None or worker.openid is None:
        return "no_mini"
    left = consents.left(worker.id, template.template)
    if left == 0:
        return "no_consent"
    kind = kinds.kind_of(message.subject, message.template)
    filled = fields.fields_of(template, kind, message.facts, message.created_at)
    letter = Letter(message.lock_screen, template, filled)
    return _Ready(sender, worker.openid, letter, _Agreed(worker.id, template.template, left))


@one_transaction
def _note_sent(attempt: Claimed, ready: _Ready) -> None:
    """It was taken; a consent is spent in the same breath, and only then."""
    if ready.agreed is not None:
        consents.spend(ready.agreed.worker_id, ready.agreed.template_id)
    deliveries.note_sent(attempt, clock.now())


def _tried(attempt: Claimed, way: str, code: str) -> Claimed:
    """The attempt with one more way that came to its end; what nobody set up was not tried."""
    if code in _NOT_A_WAY:
        return attempt
    step = {"way": way, "code": code, "at": clock.now().isoformat(timespec="seconds")}
    return replace(attempt, tried=(*attempt.tried, step))


def _last_code(attempt: Claimed) -> str:
    return str(attempt.tried[-1]["code"]) if attempt.tried else "no_address"
