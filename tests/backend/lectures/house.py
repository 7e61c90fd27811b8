"""The lectures' room for tests: its people, and what stands in the database after each deed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.core.actor import Actor
from backend.core.db import db
from backend.lectures.models import (
    Booking,
    DoorScan,
    Lecture,
    LectureFeedback,
    LectureMaterial,
    LectureOrder,
)
from backend.lectures.service import answers, booking, door
from backend.lectures.service.booking import Booked, Wish
from backend.lectures.service.door import Scan
from backend.notify.models import OutboxMessage
from tests.clock import HeldClock
from tests.factories import identity as people
from tests.factories import lectures as made

TABLES = (
    Lecture, Booking, LectureOrder, LectureFeedback, LectureMaterial, DoorScan, OutboxMessage,
    AuditEvent,
)  # fmt: skip


@dataclass
class House:
    """An app context with somebody who makes lectures; the clock stands still."""

    app: APIFlask
    clock: HeldClock
    desk: Actor
    _known: dict[str, Actor] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment the test is at."""
        return self.clock.at

    def staff(self, role: str) -> Actor:
        """A member of staff with this one role."""
        if role not in self._known:
            row = people.make_staff(role)
            self._known[role] = Actor("staff", row.id, row.name, frozenset({role}))
        return self._known[role]

    def fresh(self, lecture: Lecture) -> Lecture:
        """The lecture in the database now."""
        return _one(sa.select(Lecture).where(Lecture.id == lecture.id))

    def fresh_by(self, public_id: str) -> Lecture:
        """The lecture of this public id in the database now."""
        return _one(sa.select(Lecture).where(Lecture.public_id == public_id))

    def booking(self, booked: Booked) -> Booking:
        """The booking in the database now."""
        return _one(sa.select(Booking).where(Booking.public_id == booked.public_id))

    def order(self, order: LectureOrder) -> LectureOrder:
        """The order in the database now."""
        return _one(sa.select(LectureOrder).where(LectureOrder.id == order.id))

    def messages(self, template: str | None = None) -> list[OutboxMessage]:
        """What was written to people (only of one kind), oldest first."""
        query = sa.select(OutboxMessage).order_by(OutboxMessage.id)
        if template is not None:
            query = query.where(OutboxMessage.template == template)
        return list(db.session.scalars(query))

    def told(self, template: str) -> list[str]:
        """The subjects of the messages of one kind, oldest first."""
        return [message.subject for message in self.messages(template)]

    def acts(self, chain: str) -> list[str]:
        """What stands in the record of a lecture, a booking or an order."""
        query = sa.select(AuditEvent.act).where(AuditEvent.chain == chain)
        return list(db.session.scalars(query.order_by(AuditEvent.seq)))

    def by_phone(self, lecture: Lecture, number: int = 1, party: int = 1) -> Booked:
        """A booking staff made for somebody without an account."""
        phone = f"139{number:08d}"
        wish = Wish(party=party, key=made.key(), name="何志强", phone=phone)
        return booking.book(lecture.public_id, wish, self.desk, self.now)

    def offered(self, lecture: Lecture, who: Actor, holder: Actor | None = None) -> Booked:
        """A seat kept for `who`: the lecture has one seat, which somebody gave back."""
        holder = holder or made.worker(90)
        held = made.book(lecture, holder)
        waiting = made.book(lecture, who, may_wait=True)
        answers.cancel(held.public_id, holder, self.now)
        return waiting

    def let_in(self, booked: Booked, people: int | None = None) -> None:
        """Somebody stood at the door with this booking."""
        lecture = _one(sa.select(Lecture).where(Lecture.id == self.booking(booked).lecture_id))
        scan = Scan(made.key(), booking_id=booked.public_id, people=people)
        (result,) = door.take_scans(lecture.public_id, [scan], self.desk, self.now)
        assert result.result == "in"

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the room, of the outbox and of the record, as the database holds it."""
        db.session.rollback()
        return {
            model.__tablename__: [
                tuple(row)
                for row in db.session.execute(
                    sa.select(model.__table__).order_by(*model.__table__.primary_key)
                )
            ]
            for model in TABLES
        }

    @contextmanager
    def nothing_changes(self) -> Iterator[None]:
        """Whatever is done inside leaves every row as it was."""
        before = self.stored()
        yield
        assert self.stored() == before

    def refused(self, kind: type[Exception], act: Callable[..., Any], *values: Any) -> Any:
        """Do something that is refused and changes nothing; gives the refusal."""
        with self.nothing_changes(), pytest.raises(kind) as caught:
            act(*values)
        return caught.value


def _one(query: sa.Select[Any]) -> Any:
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


@pytest.fixture
def house(in_app: APIFlask, clock: HeldClock) -> House:
    """The room on an empty database."""
    return House(in_app, clock, made.organiser())
