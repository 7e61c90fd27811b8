"""What is due now: offers that ran out, lines that end, reminders, and asking how it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from backend.core.db import db, one_transaction
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import answers, rows, telling
from backend.lectures.states import BookingState, LectureState

_BATCH = 500
_PUBLISHED = Lecture.state == LectureState.PUBLISHED.value


def offers_over(now: datetime) -> list[int]:
    """Bookings whose offer ran out, the oldest first."""
    query = (
        sa.select(Booking.id)
        .where(Booking.state == BookingState.OFFERED.value, Booking.offer_ends_at <= now)
        .order_by(Booking.offer_ends_at, Booking.id)
        .limit(_BATCH)
    )
    return list(db.session.scalars(query))


@one_transaction
def end_offer(booking_id: int, now: datetime) -> bool:
    """Let one offer lapse and offer its seats to the next; False when it was answered."""
    lecture_id = db.session.scalar(sa.select(Booking.lecture_id).where(Booking.id == booking_id))
    if lecture_id is None:
        return False
    lecture = rows.lock_lecture_id(lecture_id)
    booking = db.session.get(Booking, booking_id, with_for_update=True, populate_existing=True)
    is_over = (
        booking is not None
        and booking.state == BookingState.OFFERED
        and booking.offer_ends_at is not None
        and booking.offer_ends_at <= now
    )
    if not is_over or booking is None:
        return False
    answers.lapse(booking, lecture, now)
    return True


def lines_over(now: datetime) -> list[int]:
    """Lectures past their last moment to book at which people still wait."""
    query = (
        sa.select(Lecture.id)
        .where(_PUBLISHED, Lecture.waiting_count > 0, Lecture.booking_closes_at <= now)
        .limit(_BATCH)
    )
    return list(db.session.scalars(query))


@one_transaction
def end_line(lecture_id: int, now: datetime) -> bool:
    """Tell those who still wait that their turn did not come."""
    lecture = rows.lock_lecture_id(lecture_id)
    if lecture.waiting_count == 0 or now < lecture.booking_closes_at:
        return False
    for booking in _in_state(lecture_id, BookingState.WAITING):
        answers.lapse(booking, lecture, now)
    return True


def to_remind(is_soon: bool, now: datetime) -> list[int]:
    """Lectures whose reminder (a day before, or two hours before) is due and not yet queued."""
    mark = Lecture.soon_reminded_revision if is_soon else Lecture.day_reminded_revision
    horizon = DEFAULT_TIMES.reminder_horizon(now)
    query = sa.select(Lecture).where(
        _PUBLISHED, Lecture.starts_at > now, Lecture.starts_at <= horizon, mark < Lecture.revision
    )
    due = (row for row in db.session.scalars(query.limit(_BATCH)) if _is_due(row, is_soon, now))
    return [row.id for row in due]


def _is_due(lecture: Lecture, is_soon: bool, now: datetime) -> bool:
    soon_at = DEFAULT_TIMES.soon_reminder_at(lecture.starts_at)
    if is_soon:
        return soon_at <= now < lecture.starts_at
    # from then on the later reminder says it, also when the jobs stood still in between
    return DEFAULT_TIMES.day_reminder_at(lecture.starts_at) <= now < soon_at


@one_transaction
def remind(lecture_id: int, is_soon: bool, now: datetime) -> bool:
    """Queue one reminder for everybody who comes; once a revision.

    Whoever booked after the moment of the day reminder was just told: they get the later one.
    """
    lecture = rows.lock_lecture_id(lecture_id)
    if lecture.state != LectureState.PUBLISHED or not _is_due(lecture, is_soon, now):
        return False
    done = lecture.soon_reminded_revision if is_soon else lecture.day_reminded_revision
    if done >= lecture.revision:
        return False
    due_at = DEFAULT_TIMES.day_reminder_at(lecture.starts_at)
    for booking in _in_state(lecture_id, BookingState.BOOKED):
        if is_soon or booking.created_at <= due_at:
            telling.reminder(booking, lecture, is_soon, now)
    if is_soon:
        lecture.soon_reminded_revision = lecture.revision
    else:
        lecture.day_reminded_revision = lecture.revision
    return True


def to_ask(now: datetime) -> list[int]:
    """Lectures that are over and whose listeners were not asked yet how it was."""
    query = (
        sa.select(Lecture.id)
        .where(_PUBLISHED, Lecture.ends_at <= now, Lecture.asked_how_it_was.is_(False))
        .limit(_BATCH)
    )
    return list(db.session.scalars(query))


@one_transaction
def ask_how_it_was(lecture_id: int, now: datetime) -> bool:
    """Ask those who came, while they may still answer."""
    lecture = rows.lock_lecture_id(lecture_id)
    if lecture.asked_how_it_was:
        return False
    lecture.asked_how_it_was = True
    if now < DEFAULT_TIMES.feedback_until(lecture.ends_at):
        for booking in _in_state(lecture_id, BookingState.BOOKED):
            if rows.was_there(booking, lecture) and booking.worker_id is not None:
                telling.how_it_was(booking, lecture, now)
    return True


def _in_state(lecture_id: int, state: BookingState) -> Iterable[Booking]:
    query = (
        sa.select(Booking)
        .where(Booking.lecture_id == lecture_id, Booking.state == state.value)
        .order_by(Booking.id)
        .with_for_update()
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
