"""Lectures and bookings as workers see them: coming ones, a month, one, and their own bookings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.db import db
from backend.core.paging import Page, decode, encode
from backend.law.days import start_of_day
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models import Booking, Lecture, LectureFeedback, LectureMaterial
from backend.lectures.service import line, rows
from backend.lectures.states import LIVE, BookingState, LectureState

PAGE = 20
MOST_IN_A_MONTH = 200
_LIVE_STATES = sorted(state.value for state in LIVE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A lecture and what whoever looks has to do with it.

    `ahead` is how many bookings wait before theirs (only while they wait).
    """

    lecture: Lecture
    booking: Booking | None = None
    ahead: int | None = None

    def free(self) -> int:
        """Seats that can be booked now; none while somebody waits for them."""
        if self.lecture.waiting_count:
            return 0
        return max(0, self.lecture.seats - self.lecture.seats_taken)


def coming(actor: Actor, cursor: str | None, now: datetime) -> Page[Seen]:
    """Published lectures that are not over, the next one first."""
    query = sa.select(Lecture).where(
        Lecture.state == LectureState.PUBLISHED.value,
        Lecture.starts_at > DEFAULT_TIMES.running_since(now),
        Lecture.ends_at > now,
    )
    if cursor is not None:
        at, row_id = decode(cursor, 2)
        after = datetime.fromisoformat(at)
        query = query.where(
            sa.or_(
                Lecture.starts_at > after,
                sa.and_(Lecture.starts_at == after, Lecture.id > row_id),
            )
        )
    query = query.order_by(Lecture.starts_at, Lecture.id).limit(PAGE + 1)
    found = list(db.session.scalars(query))
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    next_cursor = encode(last.starts_at.isoformat(), last.id) if last else None
    return Page(_with_bookings(shown, actor), next_cursor)


def of_month(year: int, month: int, actor: Actor) -> list[Seen]:
    """Every lecture of a calendar month, those cancelled after people knew of them too."""
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    query = (
        sa.select(Lecture)
        .where(
            Lecture.starts_at >= start_of_day(first),
            Lecture.starts_at < start_of_day(after),
            Lecture.published_at.is_not(None),
        )
        .order_by(Lecture.starts_at, Lecture.id)
        .limit(MOST_IN_A_MONTH)
    )
    return _with_bookings(list(db.session.scalars(query)), actor)


def one(public_id: str, actor: Actor) -> Seen:
    """A lecture with the viewer's own live booking; NotFound for what was never published."""
    lecture = rows.public_lecture(public_id)
    seen = _with_bookings([lecture], actor)[0]
    return _with_place(seen)


def _with_bookings(lectures: Sequence[Lecture], actor: Actor) -> list[Seen]:
    own = _own(actor, [lecture.id for lecture in lectures])
    return [Seen(lecture, own.get(lecture.id)) for lecture in lectures]


def _own(actor: Actor, lecture_ids: Iterable[int]) -> dict[int, Booking]:
    ids = list(lecture_ids)
    if actor.kind != "worker" or actor.id is None or not ids:
        return {}
    query = sa.select(Booking).where(
        Booking.worker_id == actor.id,
        Booking.lecture_id.in_(ids),
        Booking.state.in_(_LIVE_STATES),
    )
    return {booking.lecture_id: booking for booking in db.session.scalars(query)}


def _with_place(seen: Seen) -> Seen:
    if seen.booking is None or seen.booking.state != BookingState.WAITING:
        return seen
    return Seen(seen.lecture, seen.booking, line.place(seen.booking)[0])


def own_bookings(actor: Actor, cursor: str | None) -> Page[Seen]:
    """The worker's bookings, the newest first, ended ones too."""
    query = (
        sa.select(Booking, Lecture)
        .join(Lecture, Lecture.id == Booking.lecture_id)
        .where(Booking.worker_id == actor.id)
    )
    if cursor is not None:
        query = query.where(Booking.id < decode(cursor, 1)[0])
    found = db.session.execute(query.order_by(Booking.id.desc()).limit(PAGE + 1)).all()
    seen = [_with_place(Seen(lecture, booking)) for booking, lecture in found[:PAGE]]
    last = seen[-1].booking if len(found) > PAGE else None
    return Page(seen, encode(last.id) if last else None)


def own_booking(public_id: str, actor: Actor) -> Seen:
    """One of the worker's own bookings; NotFound for anyone else's."""
    lecture, booking = rows.booking(public_id, actor)
    return _with_place(Seen(lecture, booking))


def materials(lecture_id: int) -> list[LectureMaterial]:
    """What may be taken home, the oldest first."""
    query = sa.select(LectureMaterial).where(LectureMaterial.lecture_id == lecture_id)
    return list(db.session.scalars(query.order_by(LectureMaterial.id)))


def shown_words(lecture_id: int) -> list[str]:
    """What listeners said and allowed to be shown, and staff chose, newest first."""
    query = (
        sa.select(LectureFeedback)
        .where(LectureFeedback.lecture_id == lecture_id, LectureFeedback.shown_at.is_not(None))
        .order_by(LectureFeedback.shown_at.desc())
        .limit(PAGE)
    )
    return [row.words for row in db.session.scalars(query) if row.words]


def feedback_of(booking_id: int) -> LectureFeedback | None:
    """What was said of the lecture by whoever held this booking."""
    query = sa.select(LectureFeedback).where(LectureFeedback.booking_id == booking_id)
    row: LectureFeedback | None = db.session.scalar(query)
    return row
