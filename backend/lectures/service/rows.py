"""Finding lectures and bookings: to read, or locked for a change, the lecture always first."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.db import connection, db
from backend.core.errors import Forbidden, NotFound
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import trail
from backend.lectures.states import ORGANISERS


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a booking needs to know of a lecture, read without a lock and below the session."""

    id: int
    state: str
    place: str
    online: str | None
    starts_at: datetime
    ends_at: datetime
    booking_closes_at: datetime
    cancelling_closes_at: datetime
    seats: int
    seats_taken: int
    waiting_count: int
    revision: int


_SNAPSHOT = sa.select(*(getattr(Lecture, field.name) for field in fields(Snapshot))).where(
    Lecture.public_id == sa.bindparam("public_id"), Lecture.published_at.is_not(None)
)

NO_LECTURE = "没有找到这场讲座。"
NO_BOOKING = "没有找到这个预约。"


def snapshot(public_id: str) -> Snapshot:
    """A lecture as it is now for whoever wants to book; one never published is not there."""
    row = connection().execute(_SNAPSHOT, {"public_id": public_id}).one_or_none()
    if row is None:
        raise NotFound(NO_LECTURE)
    return Snapshot(*row)


def lecture(public_id: str) -> Lecture:
    """A lecture as staff see it; NotFound when there is none."""
    row: Lecture | None = db.session.scalar(
        sa.select(Lecture).where(Lecture.public_id == public_id)
    )
    if row is None:
        raise NotFound(NO_LECTURE)
    return row


def public_lecture(public_id: str) -> Lecture:
    """A lecture as workers see it: a draft is not there, nor one that was never more than that."""
    row = lecture(public_id)
    if row.published_at is None:
        raise NotFound(NO_LECTURE)
    return row


def lock_lecture(public_id: str, version: int | None = None) -> Lecture:
    """A lecture locked for change; Conflict `stale` when `version` is not its own any more."""
    query = sa.select(Lecture).where(Lecture.public_id == public_id)
    row = _locked(query)
    if row is None:
        raise NotFound(NO_LECTURE)
    if version is not None and row.version != version:
        raise trail.stale(f"lecture:{row.id}", "您打开这页以后，有人改过这场讲座。请看了再改。")
    return row


def lock_lecture_id(lecture_id: int) -> Lecture:
    """A lecture locked for change, by its row id."""
    row = _locked(sa.select(Lecture).where(Lecture.id == lecture_id))
    assert row is not None  # a booking's foreign key
    return row


def lock_booking(public_id: str, actor: Actor) -> tuple[Lecture, Booking]:
    """A booking and its lecture, both locked; somebody else's is not there.

    The lecture first: all who change bookings queue at it, so none waits for another in a ring.
    """
    lecture_id = db.session.scalar(
        sa.select(Booking.lecture_id).where(Booking.public_id == public_id)
    )
    if lecture_id is None:
        raise NotFound(NO_BOOKING)
    locked = lock_lecture_id(lecture_id)
    query = sa.select(Booking).where(Booking.public_id == public_id).with_for_update()
    row: Booking = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if not actor.is_staff and (actor.id is None or row.worker_id != actor.id):
        raise NotFound(NO_BOOKING)
    return locked, row


def booking(public_id: str, actor: Actor) -> tuple[Lecture, Booking]:
    """A booking and its lecture to read; somebody else's is not there."""
    query = (
        sa.select(Booking, Lecture)
        .join(Lecture, Lecture.id == Booking.lecture_id)
        .where(Booking.public_id == public_id)
    )
    found = db.session.execute(query).one_or_none()
    if found is None or (not actor.is_staff and found[0].worker_id != actor.id):
        raise NotFound(NO_BOOKING)
    return found[1], found[0]


def _locked(query: sa.Select[Any]) -> Lecture | None:
    locked = query.with_for_update().execution_options(populate_existing=True)
    row: Lecture | None = db.session.scalar(locked)
    return row


def was_there(booking: Booking, lecture: Lecture) -> bool:
    """Whether this person heard the lecture: let in at the door, or booked where there is none."""
    return booking.attended > 0 or not lecture.place


def refuse_others(actor: Actor, roles: tuple[str, ...] = ORGANISERS) -> None:
    """Forbidden for staff with none of the roles (unless named: those who organise lectures)."""
    if not actor.has_role(*roles):
        raise Forbidden("您的岗位不办讲座。如果需要，请找管理员。")
