"""Bookings of two workers who turn out to be one: all are theirs, and none is lost or doubled."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from backend.core import clock as core_clock
from backend.core.db import db
from backend.lectures.models import Booking
from backend.lectures.service import answers, moving
from tests.factories import lectures as make

pytestmark = pytest.mark.usefixtures("in_app", "clock")


def bookings() -> list[tuple[int | None, int, str]]:
    """Whose each booking is, of which lecture, and its state."""
    query = sa.select(Booking.worker_id, Booking.lecture_id, Booking.state).order_by(Booking.id)
    return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]


def move(from_id: int, to_id: int) -> None:
    """Move as a merge does."""
    moving.move_bookings(from_id, to_id)
    moving.move_orders(from_id, to_id)
    db.session.commit()


def test_seats_of_both_are_one_persons_and_two_of_one_lecture_stay_two() -> None:
    staff = make.organiser()
    first, second = make.published(staff), make.published(staff)
    kept, gone = make.worker(1), make.worker(2)
    assert kept.id is not None and gone.id is not None
    make.book(first, kept)
    make.book(first, gone)
    make.book(second, gone)
    move(gone.id, kept.id)
    assert bookings() == [
        (kept.id, first.id, "booked"), (gone.id, first.id, "booked"), (kept.id, second.id, "booked")
    ]  # fmt: skip
    move(gone.id, kept.id)
    assert len(bookings()) == 3


def test_a_booking_that_is_over_goes_along_beside_a_live_one() -> None:
    lecture = make.published(make.organiser())
    kept, gone = make.worker(1), make.worker(2)
    assert kept.id is not None and gone.id is not None
    booked = make.book(lecture, gone)
    answers.cancel(booked.public_id, gone, core_clock.now())
    make.book(lecture, kept)
    move(gone.id, kept.id)
    assert [(worker, state) for worker, _lecture, state in bookings()] == [
        (kept.id, "cancelled"), (kept.id, "booked"),
    ]  # fmt: skip
