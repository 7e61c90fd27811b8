"""Lectures, bookings and orders for tests, made by the room's own code."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from backend.core import clock
from backend.core.actor import Actor
from backend.identity.service import workers
from backend.law.days import add_days, shanghai_today
from backend.lectures.models import Booking, Lecture, LectureOrder
from backend.lectures.service import booking, making, orders, publishing, rows
from backend.lectures.service.booking import Booked, Wish
from backend.lectures.service.orders import Wanted
from backend.lectures.service.plan import Plan
from tests.factories import identity as people

HOUR = timedelta(hours=1)


def plan(now: datetime, *, in_hours: float = 240, **changes: Any) -> Plan:
    """A good plan: a talk of 90 minutes in ten days, booking and cancelling until a day before."""
    starts_at = now + HOUR * in_hours
    values: dict[str, Any] = {
        "title": "被拖欠工资怎么办",
        "theme": "讨薪",
        "form": "talk",
        "speaker": "陈志航（示例律师事务所）",
        "starts_at": starts_at,
        "ends_at": starts_at + HOUR * 1.5,
        "booking_closes_at": starts_at - HOUR * 24,
        "cancelling_closes_at": starts_at - HOUR * 26,
        "seats": 60,
        "place": "礼乐街道党群服务中心 3 楼",
    }
    return Plan(**(values | changes))


def organiser() -> Actor:
    """A member of staff who makes lectures; needs an app context."""
    staff = people.make_staff("organiser")
    return Actor("staff", staff.id, staff.name, frozenset({"organiser"}))


def worker(number: int = 1) -> Actor:
    """A signed-in worker as an actor; needs an app context."""
    return Actor("worker", account(number))


def account(number: int = 1) -> int:
    """Row id of the worker with this number; needs an app context."""
    phone = f"138{number:08d}"
    found: int = workers.open_for_phone(phone, "安卓手机", clock.now()).worker.id
    return found


def actor_of(worker_id: int) -> Actor:
    """The worker with this row id as an actor."""
    return Actor("worker", worker_id)


def key() -> str:
    """A random key as a phone makes it."""
    return secrets.token_hex(16)


def published(by: Actor, **changes: Any) -> Lecture:
    """A lecture people can book; needs an app context."""
    now = clock.now()
    row = making.make(plan(now, **changes), key(), by, now)
    return publishing.publish(row.public_id, row.version, by, now)


def book(lecture: Lecture, who: Actor, party: int = 1, *, may_wait: bool = False) -> Booked:
    """Book now; needs an app context."""
    wish = Wish(party=party, key=key(), may_wait=may_wait)
    return booking.book(lecture.public_id, wish, who, clock.now())


def again(lecture: Lecture) -> Lecture:
    """The lecture as it stands in the database now."""
    from_database = rows.lecture(lecture.public_id)
    return from_database


def state_of(booked: Booked) -> str:
    """The state of a booking in the database now."""
    row = Booking.query.filter_by(public_id=booked.public_id).one()
    return str(row.state)


def wanted(now: datetime, **changes: Any) -> Wanted:
    """A good order: a village wants a lecture in a week or the day after."""
    on = [add_days(shanghai_today(now), days) for days in (7, 8)]
    values: dict[str, Any] = {
        "org_name": "示例村民委员会",
        "org_kind": "village",
        "contact_name": "阮海燕",
        "phone": "13900000031",
        "theme": "工伤怎么办",
        "place": "示例村文化室",
        "people": 40,
        "wished": [{"on": str(day), "part": "evening"} for day in on],
        "key": key(),
    }
    return Wanted(**(values | changes))


def ordered(who: Actor, **changes: Any) -> LectureOrder:
    """Order a lecture now; needs an app context."""
    now = clock.now()
    return orders.order(wanted(now, **changes), who, now)
