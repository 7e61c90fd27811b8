"""The waiting list: freed seats are offered in order, and nothing is offered too late."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import telling
from backend.lectures.states import BOOKING_MOVES, BookingState, LectureState, next_state


def offer_freed_seats(lecture: Lecture, now: datetime) -> int:
    """Offer free seats to those who wait, in order, inside the caller's transaction.

    The lecture is locked. Stops at the first party that does not fit: nobody is overtaken. Makes
    no offer for a cancelled lecture, nor from the last moment to book on. Returns how many.
    """
    made = 0
    while _may_offer(lecture, now):
        first = _first_waiting(lecture.id)
        if first is not None and first.party > lecture.seats:
            _let_go(first, lecture, now)
            continue
        if first is None or first.party > lecture.seats - lecture.seats_taken:
            break
        _offer(first, lecture, now)
        made += 1
    return made


def _let_go(booking: Booking, lecture: Lecture, now: datetime) -> None:
    """Tell a party that is larger than the hall has become: waiting on, it would block the line."""
    leave(booking, lecture, "lapse", SYSTEM, now, "座位改少了，坐不下")
    telling.too_many(booking, lecture, now)


def _may_offer(lecture: Lecture, now: datetime) -> bool:
    return (
        lecture.state == LectureState.PUBLISHED
        and lecture.waiting_count > 0
        and now < lecture.booking_closes_at
    )


def _first_waiting(lecture_id: int) -> Booking | None:
    query = (
        sa.select(Booking)
        .where(Booking.lecture_id == lecture_id, Booking.state == BookingState.WAITING.value)
        .order_by(Booking.id)
        .limit(1)
        .with_for_update()
    )
    row: Booking | None = db.session.scalar(query.execution_options(populate_existing=True))
    return row


def _offer(booking: Booking, lecture: Lecture, now: datetime) -> None:
    lecture.waiting_count -= 1
    lecture.seats_taken += booking.party
    booking.offer_ends_at = DEFAULT_TIMES.offer_ends_at(now, lecture.booking_closes_at)
    move(booking, "offer", SYSTEM, now)
    telling.offered(booking, lecture, now)


def leave(
    booking: Booking,
    lecture: Lecture,
    move_name: str,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """End a live booking (`cancel`, `lapse`) and give back what it held; locked by the caller."""
    if booking.state == BookingState.WAITING:
        lecture.waiting_count -= 1
    else:
        lecture.seats_taken -= booking.party
    booking.offer_ends_at = None
    booking.ended_at = now
    move(booking, move_name, actor, now, reason)


def move(
    booking: Booking, name: str, actor: Actor, now: datetime, reason: str | None = None
) -> None:
    """Change a booking's state by the table and record it; the caller has checked it may."""
    before = BookingState(booking.state)
    target = next_state(BOOKING_MOVES, name, before)
    if target is None:
        raise RuntimeError(f"{name} is not possible from {before}")
    booking.state = target.value
    db.session.flush()
    record(
        telling.chain(booking.id), name, actor, now,
        from_state=before.value, to_state=target.value, reason=reason,
        detail={"lecture_id": booking.lecture_id, "party": booking.party},
    )  # fmt: skip


def place(booking: Booking) -> tuple[int, int]:
    """How many bookings and how many people wait before this one."""
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Booking.party), 0)).where(
        Booking.lecture_id == booking.lecture_id,
        Booking.state == BookingState.WAITING.value,
        Booking.id < booking.id,
    )
    before, people = db.session.execute(query).one()
    return int(before), int(people)
