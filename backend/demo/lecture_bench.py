"""The demo's hands at lectures: what organisers and listeners do, through the room's services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.db import db
from backend.demo.bench import Bench
from backend.law.days import add_days
from backend.law.lecture_times import moment
from backend.lectures.models import Lecture, LectureOrder
from backend.lectures.service import booking, door, making, publishing, rows
from backend.lectures.service.booking import Booked, Wish
from backend.lectures.service.door import Scan
from backend.lectures.service.plan import Plan

ORGANISER = "pufa1"
_BOOKABLE_UNTIL, _CANCELLABLE_UNTIL = time(18, 0), time(12, 0)


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody of the demo who books: by their own phone, or by staff for them."""

    phone: str
    name: str = ""
    org_name: str = ""


def at(bench: Bench, in_days: int, hour: int, minute: int = 0) -> datetime:
    """A moment so many days from the demo's own day (before it when negative)."""
    return moment(add_days(bench.days.today, in_days), time(hour, minute))


def times(bench: Bench, in_days: int, hours: tuple[int, int]) -> dict[str, datetime]:
    """On the hour; booked until six the evening before, given back until noon of that day."""
    before = add_days(bench.days.today, in_days - 1)
    return {
        "starts_at": at(bench, in_days, hours[0]),
        "ends_at": at(bench, in_days, hours[1]),
        "booking_closes_at": moment(before, _BOOKABLE_UNTIL),
        "cancelling_closes_at": moment(before, _CANCELLABLE_UNTIL),
    }


def plan(bench: Bench, in_days: int, hours: tuple[int, int], **facts: Any) -> Plan:
    """A lecture so many days from today; a talk unless `facts` say otherwise."""
    values: dict[str, Any] = {"form": "talk", **times(bench, in_days, hours), **facts}
    return Plan(**values)


def publish(bench: Bench, wanted: Plan, now: datetime) -> Lecture:
    """Write the lecture and publish it."""
    organiser = bench.staff[ORGANISER]
    row = making.make(wanted, bench.key(), organiser, now)
    return publishing.publish(row.public_id, row.version, organiser, now)


def seat(
    bench: Bench, lecture_id: str, who: Listener, party: int, now: datetime, **extra: Any
) -> Booked:
    """Somebody books by their own phone; `may_wait=True` joins the line when it is full."""
    wish = Wish(
        party=party,
        key=bench.key(),
        name=who.name or None,
        org_name=who.org_name or None,
        **extra,
    )
    return booking.book(lecture_id, wish, bench.listener(who.phone, now), now)


def write_down(bench: Bench, lecture_id: str, who: Listener, party: int, now: datetime) -> Booked:
    """The organiser books for somebody who called."""
    wish = Wish(party, bench.key(), name=who.name, org_name=who.org_name or None, phone=who.phone)
    return booking.book(lecture_id, wish, bench.staff[ORGANISER], now)


def let_in(bench: Bench, lecture_id: str, booked: Booked, now: datetime, people: int) -> None:
    """The door lets so many of a booking in."""
    scan = Scan(bench.key(), booking_id=booked.public_id, people=people)
    door.take_scans(lecture_id, [scan], bench.staff[ORGANISER], now)


def walk_in(bench: Bench, lecture_id: str, people: int, now: datetime) -> None:
    """People without a booking come in."""
    scan = Scan(bench.key(), people=people)
    door.take_scans(lecture_id, [scan], bench.staff[ORGANISER], now)


def version(lecture_id: str) -> int:
    """The version a page shows now."""
    found: int = rows.lecture(lecture_id).version
    return found


def worker(bench: Bench, phone: str, now: datetime) -> Actor:
    """The signed-in person with this telephone."""
    return bench.listener(phone, now)


def order_version(public_id: str) -> int:
    """The version an order's page shows now."""
    query = sa.select(LectureOrder.version).where(LectureOrder.public_id == public_id)
    return db.session.scalars(query).one()
