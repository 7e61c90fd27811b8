"""Rows that leave the house: bookings, lectures, orders as sheets, the list for the door on paper.

Each is recorded before the first row is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from backend.audit.record import record
from backend.core import masking
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.law.days import start_of_day
from backend.lectures import words
from backend.lectures.models import Booking, Lecture, LectureOrder
from backend.lectures.service import after, phones, rows, telling
from backend.lectures.service.after import Numbers
from backend.lectures.states import DOOR, ORGANISERS, BookingState

MOST_ROWS = 20_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A line of the list for the door: it lies open on a table, so names are masked."""

    number: str
    name: str
    org_name: str
    phone_tail: str
    party: int
    is_agreed: bool


@one_transaction
def bookings(public_id: str, actor: Actor, now: datetime) -> Lecture:
    """Record that a lecture's bookings are exported, names in clear; `booking_rows` reads them."""
    rows.refuse_others(actor, ORGANISERS)
    lecture = rows.lecture(public_id)
    count = sa.select(sa.func.count()).where(Booking.lecture_id == lecture.id)
    detail = {"bookings": db.session.scalar(count) or 0}
    record(telling.lecture_chain(lecture.id), "export_bookings", actor, now, detail=detail)
    return lecture


def booking_rows(lecture: Lecture) -> Iterator[tuple[Booking, str]]:
    """Every booking of a lecture in the order they came, ended ones too, with the telephone.

    Of whoever booked on their own phone only its end stands there: it was proved to sign in.
    """
    query = sa.select(Booking).where(Booking.lecture_id == lecture.id).order_by(Booking.id)
    rows_left = _streamed(query)
    while portion := list(islice(rows_left, _AT_ONCE)):
        tails = phones.tails(portion)
        yield from ((row, row.phone or _tail_words(tails[row.id])) for row in portion)


def _tail_words(tail: str) -> str:
    return f"尾号 {tail}" if tail else ""


@one_transaction
def lectures(year: int, actor: Actor, now: datetime) -> None:
    """Record that a year's lectures are exported; they hold nobody's name."""
    rows.refuse_others(actor, ORGANISERS)
    record(f"staff:{actor.id}", "export_lectures", actor, now, detail={"year": year})


def lecture_rows(year: int) -> Iterator[tuple[Lecture, Numbers]]:
    """Every lecture of a year with its numbers, by date."""
    query = (
        sa.select(Lecture)
        .where(
            Lecture.starts_at >= start_of_day(date(year, 1, 1)),
            Lecture.starts_at < start_of_day(date(year + 1, 1, 1)),
        )
        .order_by(Lecture.starts_at, Lecture.id)
        .limit(MOST_ROWS)
    )
    for lecture in db.session.scalars(query).all():
        yield lecture, after.numbers(lecture)


@one_transaction
def orders(actor: Actor, now: datetime) -> None:
    """Record that the orders are exported, contacts in clear; `order_rows` reads them."""
    rows.refuse_others(actor, ORGANISERS)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(LectureOrder)) or 0
    record(f"staff:{actor.id}", "export_orders", actor, now, detail={"orders": count})


def order_rows() -> Iterator[LectureOrder]:
    """Every order, the newest first."""
    return _streamed(sa.select(LectureOrder).order_by(LectureOrder.id.desc()))


@one_transaction
def print_list(public_id: str, actor: Actor, now: datetime) -> tuple[Lecture, list[OnPaper]]:
    """The list for the door on paper; that it was printed is recorded."""
    rows.refuse_others(actor, DOOR)
    lecture = rows.lecture(public_id)
    query = sa.select(Booking).where(
        Booking.lecture_id == lecture.id, Booking.state == BookingState.BOOKED.value
    )
    booked = db.session.scalars(query.order_by(Booking.id)).all()
    tails = phones.tails(booked)
    found = [_on_paper(row, lecture, tails[row.id]) for row in booked]
    detail = {"bookings": len(found)}
    record(telling.lecture_chain(lecture.id), "print_list", actor, now, detail=detail)
    return lecture, found


def _on_paper(row: Booking, lecture: Lecture, tail: str) -> OnPaper:
    return OnPaper(
        number=words.number(row.id),
        name=masking.name(row.name or ""),
        org_name=row.org_name or "",
        phone_tail=tail,
        party=row.party,
        is_agreed=row.agreed_revision == lecture.revision,
    )


def _streamed(query: sa.Select[Any]) -> Iterator[Any]:
    """Rows in portions, so that a large sheet does not stand in memory whole."""
    bounded = query.limit(MOST_ROWS).execution_options(yield_per=_AT_ONCE)
    for row in db.session.scalars(bounded):
        yield row
        db.session.expunge(row)
