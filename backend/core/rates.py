"""How often something may be tried: counters in the database, the same for every process."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core import crypto
from backend.core.db import UtcDateTime, db, insert_once, one_transaction
from backend.core.errors import TooMany


class RateCounter(db.Model):  # type: ignore[name-defined, misc]
    """Tries of one subject at one thing in one window; the subject is stored as a keyed digest."""

    __tablename__ = "rate_counters"
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    window_ends_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    tries: Mapped[int]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one subject at one thing in a window, and what is said beyond them."""

    what: str
    subject: str
    tries: int
    window_s: int
    words: str


def spend(what: str, subject: str, *, limit: int, window_s: int, now: datetime, words: str) -> None:
    """Count one try; TooMany with `words` when `limit` tries in `window_s` seconds are used up.

    A window begins with its first try. The try is counted before the thing is attempted, in a
    transaction of its own, so that a failure or a crash cannot give tries back: call this
    before the act's own transaction, not inside it.
    """
    spend_each([Limit(what, subject, limit, window_s, words)], now)


@one_transaction
def spend_each(limits: Iterable[Limit], now: datetime) -> None:
    """Count one try at each in one transaction; none is counted where one is used up.

    Give them in the same order everywhere: whoever waits for the second holds the first.
    """
    for limit in limits:
        _spend(limit, now)


@one_transaction
def give_back(what: str, subject: str, *, window_s: int, now: datetime, tries: int = 1) -> None:
    """Take back tries that turned out to be none, such as a right password; never below zero."""
    counter = db.session.get(RateCounter, _key(what, subject, window_s), with_for_update=True)
    if counter is not None and counter.window_ends_at > now:
        counter.tries = max(0, counter.tries - tries)


def _spend(limit: Limit, now: datetime) -> None:
    key = _key(limit.what, limit.subject, limit.window_s)
    ends_at = now + timedelta(seconds=limit.window_s)
    insert_once(RateCounter, {"key": key, "window_ends_at": ends_at, "tries": 0}, "key")
    counter = db.session.get_one(RateCounter, key, with_for_update=True)
    if counter.window_ends_at <= now:
        counter.window_ends_at, counter.tries = ends_at, 0
    if counter.tries >= limit.tries:
        wait = max(1, math.ceil((counter.window_ends_at - now).total_seconds()))
        raise TooMany(limit.words, retry_after_s=wait)
    counter.tries += 1


def _key(what: str, subject: str, window_s: int) -> str:
    return crypto.blind_index(f"rate:{what}:{window_s}", subject)


@one_transaction
def forget_ended(now: datetime) -> int:
    """Delete the counters of windows that are over; returns how many."""
    done = db.session.execute(sa.delete(RateCounter).where(RateCounter.window_ends_at < now))
    return int(done.rowcount)  # type: ignore[attr-defined]
