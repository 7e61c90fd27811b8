"""The telephone a message about a booking or an order may be sent to; no name."""

from __future__ import annotations

import sqlalchemy as sa

from backend.core.db import db
from backend.lectures.models import Booking, LectureOrder


def phone_of(subject: str) -> str | None:
    """The telephone given for `booking:17` or `order:3`, for the job that sends messages."""
    kind, _, number = subject.partition(":")
    if not number.isdigit():
        return None
    if kind == "booking":
        return db.session.scalar(sa.select(Booking.phone).where(Booking.id == int(number)))
    if kind == "order":
        wanted = sa.select(LectureOrder.phone).where(LectureOrder.id == int(number))
        return db.session.scalar(wanted)
    return None
