"""Bookings and orders follow their person when two workers turn out to be one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.core.db import db
from backend.lectures.models import Booking, LectureOrder
from backend.lectures.states import LIVE

_LIVE = [state.value for state in LIVE]


def move_bookings(from_worker_id: int, to_worker_id: int) -> None:
    """Give every booking of one worker to another, inside the caller's transaction.

    Where both hold live seats of one lecture, the second stays under the old number: nobody books
    twice, and no seat is given back unasked. Messages about it reach the person all the same.
    """
    same = aliased(Booking)
    has_both = sa.exists().where(
        same.lecture_id == Booking.lecture_id,
        same.worker_id == to_worker_id,
        same.state.in_(_LIVE),
    )
    theirs = sa.update(Booking).where(
        Booking.worker_id == from_worker_id, ~sa.and_(Booking.state.in_(_LIVE), has_both)
    )
    db.session.execute(
        theirs.values(worker_id=to_worker_id), execution_options={"synchronize_session": False}
    )


def move_orders(from_worker_id: int, to_worker_id: int) -> None:
    """The same for orders of a lecture on site; below the version column."""
    theirs = sa.update(LectureOrder).where(LectureOrder.worker_id == from_worker_id)
    db.session.execute(theirs.values(worker_id=to_worker_id))
