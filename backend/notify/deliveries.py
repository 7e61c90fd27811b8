"""What happens to a message on its way out of the house: taken up, claimed, settled; never twice.

A claim is committed before the message leaves, and an outcome is written only by the attempt
that holds the claim. Where the outcome got lost the state is `unknown`, and a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.core.db import connection, db, insert_once, one_transaction
from backend.core.marks import InstallMark, mark
from backend.identity.models import Worker
from backend.notify import ladder
from backend.notify.ladder import Untaken
from backend.notify.models import OUTWARD, Delivery, OutboxMessage

MINUTE_S, HOUR_S = 60, 3600
# After so many failed attempts it waits so long; after one more it is dead.
BACK_OFF_S = (MINUTE_S, 5 * MINUTE_S, 30 * MINUTE_S, 2 * HOUR_S, 6 * HOUR_S)
LEASE_S = 2 * MINUTE_S  # several times what one attempt can take with all its time-outs
BATCH = 200
_LOOKED_MARK = "outbox_looked_at"
# No transaction lasts that long: whatever was written before the last look is found by this one.
_OVERLAP_S = HOUR_S
_FIRST_LOOK_S = 24 * HOUR_S


@dataclass(frozen=True, slots=True)
class Claimed:
    """One attempt that belongs to this process until `until`."""

    id: int
    until: datetime
    channel: str
    attempts: int
    tried: tuple[dict[str, Any], ...]
    message: OutboxMessage

    @property
    def is_last(self) -> bool:
        """Whether no further attempt follows on this way."""
        return self.attempts > len(BACK_OFF_S)


def take_up(now: datetime, open_channels: Collection[str]) -> int:
    """Give each outward message of the outbox its delivery; returns how many are new.

    Messages are found by when they were written, with an hour's overlap: ids may become visible
    out of order. The first look of an installation goes back one day, so that an update does not
    send what people have long read.
    """
    looked_at = mark(_LOOKED_MARK)
    since = now - timedelta(seconds=_FIRST_LOOK_S)
    if looked_at is not None:
        since = datetime.fromisoformat(looked_at) - timedelta(seconds=_OVERLAP_S)
    taken = 0
    while found := _not_taken(since):
        taken += _insert_all(found, ladder.first_ways(found, open_channels), now)
    _looked(now)
    return taken


def _not_taken(since: datetime) -> list[Untaken]:
    """Messages without a delivery; read outside the write transaction."""
    # called_at is only ever set on messages to be told by telephone; named, it opens the index
    query = (
        sa.select(
            OutboxMessage.id,
            OutboxMessage.channel,
            OutboxMessage.subject,
            OutboxMessage.template,
            sa.func.coalesce(Worker.merged_into_id, OutboxMessage.worker_id).label("worker_id"),
        )
        .outerjoin(Worker, Worker.id == OutboxMessage.worker_id)
        .where(
            OutboxMessage.channel.in_(OUTWARD),
            OutboxMessage.called_at.is_(None),
            OutboxMessage.created_at > since,
            ~sa.exists().where(Delivery.outbox_id == OutboxMessage.id),
        )
        .limit(BATCH)
    )
    # of two that need the last consent the first said has it; sorted here, where it is few rows:
    # the database would rather read the whole outbox in this order
    return sorted((Untaken(*row) for row in db.session.execute(query)), key=lambda one: one.id)


@one_transaction
def _insert_all(found: list[Untaken], ways: Mapping[int, str], now: datetime) -> int:
    return sum(_insert(one.id, ways[one.id], now) for one in found)


def _insert(outbox_id: int, way: str, now: datetime) -> bool:
    values = {
        "outbox_id": outbox_id,
        "channel": way,
        "state": "waiting",
        "attempts": 0,
        "next_try_at": now,
        "created_at": now,
    }
    return insert_once(Delivery, values, "outbox_id")


@one_transaction
def _looked(now: datetime) -> None:
    """Note how far the outbox was looked through; never back, though two jobs may run at once."""
    text = now.isoformat(timespec="microseconds")
    insert_once(InstallMark, {"key": _LOOKED_MARK, "value": text}, "key")
    db.session.execute(
        sa.update(InstallMark)
        .where(InstallMark.key == _LOOKED_MARK, InstallMark.value < text)
        .values(value=text)
    )


@one_transaction
def end_leases(now: datetime) -> int:
    """Attempts whose process went away in the middle: perhaps sent; returns how many."""
    ended = (
        sa.update(Delivery)
        .where(Delivery.state == "sending", Delivery.leased_until < now)
        .values(state="unknown", last_error="stopped")
        .returning(Delivery.id)
    )
    return len(db.session.scalars(ended).all())


def due(now: datetime, but_not: Collection[str] = ()) -> list[tuple[int, str]]:
    """Id and channel of what may be tried now, longest waiting first, but for some channels."""
    query = (
        sa.select(Delivery.id, Delivery.channel)
        .where(
            Delivery.state.in_(("waiting", "failed")),
            Delivery.next_try_at <= now,
            Delivery.channel.not_in(but_not),
        )
        .order_by(Delivery.next_try_at, Delivery.id)
        .limit(BATCH)
    )
    return [(row.id, row.channel) for row in db.session.execute(query)]


@one_transaction
def claim(delivery_id: int, now: datetime) -> Claimed | None:
    """Make the next attempt ours, or None when another process was first."""
    until = now + timedelta(seconds=LEASE_S)
    query = (
        sa.update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state.in_(("waiting", "failed")),
            Delivery.next_try_at <= now,
        )
        .values(
            state="sending", attempts=Delivery.attempts + 1, next_try_at=None, leased_until=until
        )
        .returning(Delivery.outbox_id, Delivery.channel, Delivery.attempts, Delivery.tried)
    )
    row = connection().execute(query).one_or_none()
    if row is None:
        return None
    message = db.session.get_one(OutboxMessage, row.outbox_id)
    db.session.expunge(message)  # read on while it is sent, when no transaction is open
    return Claimed(delivery_id, until, row.channel, row.attempts, tuple(row.tried or ()), message)


def note_sent(attempt: Claimed, now: datetime) -> None:
    """It was taken by the other side."""
    _settle(attempt, "sent", sent_at=now, last_error=None)


def note_failed(attempt: Claimed, error: str, now: datetime) -> None:
    """It certainly was not taken: try later, or give up after the last attempt."""
    if attempt.is_last:
        _settle(attempt, "dead", last_error=error)
        return
    wait = timedelta(seconds=BACK_OFF_S[attempt.attempts - 1])
    _settle(attempt, "failed", next_try_at=now + wait, last_error=error)


def note_unknown(attempt: Claimed, error: str) -> None:
    """It left, and whether it arrived nobody knows."""
    _settle(attempt, "unknown", last_error=error)


def pass_on(attempt: Claimed, way: str, error: str, now: datetime) -> None:
    """It goes another way now, with all its attempts."""
    _settle(attempt, "waiting", channel=way, attempts=0, next_try_at=now, last_error=error)


@one_transaction
def note_no_way(attempt: Claimed, error: str) -> None:
    """No way out reaches this person: read in the app, or told by telephone without an account."""
    if attempt.message.worker_id is not None:
        _settle(attempt, "in_app", last_error=error)
    elif _settle(attempt, "to_call", last_error=error):
        theirs = sa.update(OutboxMessage).where(OutboxMessage.id == attempt.message.id)
        db.session.execute(theirs.values(channel="phone"))


@one_transaction
def _settle(attempt: Claimed, state: str, **values: Any) -> bool:
    """Write the outcome of an attempt; returns whether it still was this attempt's to write.

    A slow one whose lease ended before it came back may still say how it went, until somebody
    sends the message again.
    """
    outcome = (
        sa.update(Delivery)
        .where(
            Delivery.id == attempt.id,
            Delivery.state.in_(("sending", "unknown")),
            Delivery.leased_until == attempt.until,
        )
        .values(
            state=state,
            leased_until=None if state != "unknown" else attempt.until,
            tried=list(attempt.tried) or None,
            **values,
        )
        .returning(Delivery.id)
    )
    return db.session.scalar(outcome) is not None
