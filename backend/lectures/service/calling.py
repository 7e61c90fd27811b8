"""Whom the telephone calls about bookings and orders are for; that they were read is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.lectures import words
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import telling

_PREFIX = "booking:"


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody who booked and is to be telephoned, and for which lecture."""

    lecture_id: str
    lecture_title: str
    booking_id: str
    number: str
    name: str
    phone: str


@one_transaction
def callees(subjects: Iterable[str], actor: Actor, now: datetime) -> dict[str, Callee]:
    """The person behind each message's subject (`booking:17`); reading them is recorded once."""
    found = (s.removeprefix(_PREFIX) for s in subjects if s.startswith(_PREFIX))
    ids = {int(one) for one in found if one.isdigit()}
    if not ids:
        return {}
    query = (
        sa.select(Booking, Lecture)
        .join(Lecture, Lecture.id == Booking.lecture_id)
        .where(Booking.id.in_(ids))
    )
    people = {
        telling.chain(booking.id): Callee(
            lecture_id=lecture.public_id,
            lecture_title=lecture.title,
            booking_id=booking.public_id,
            number=words.number(booking.id),
            name=booking.name or booking.org_name or "",
            phone=booking.phone or "",
        )
        for booking, lecture in db.session.execute(query)
    }
    read = sorted(person.number for person in people.values())
    if read:
        record(f"staff:{actor.id}", "call_list_read", actor, now, detail={"bookings": read})
    return people
