"""Whatever happens in whatever order: never oversold, in order, offered once, none to leavers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings

from backend.audit.models import AuditEvent
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import Problem
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import answers, due, publishing
from backend.lectures.states import BookingState
from tests.clock import HeldClock
from tests.factories import lectures as made

WORKERS = 6
SEATED = frozenset({BookingState.OFFERED, BookingState.BOOKED})
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("book"), st.integers(1, WORKERS), st.integers(1, 6), st.booleans()),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("accept"), st.integers(0, 30)),
        st.tuples(st.just("resize"), st.integers(1, 12)),
        st.tuples(st.just("deadline"), st.integers(0, 240), st.booleans()),
        st.tuples(st.just("wait"), st.integers(1, 30)),
        st.tuples(st.just("jobs")),
    ),
    max_size=30,
)


class Story:
    """One lecture and what is done to it, checked after every step."""

    def __init__(self, desk: Actor, clock: HeldClock, seats: int) -> None:
        self.desk, self.clock = desk, clock
        self.lecture = made.published(desk, seats=seats)
        self.public_id = self.lecture.public_id
        self.started = clock.at

    def do(self, step: tuple[Any, ...]) -> None:
        """Do one step; a refusal is as good an outcome as any."""
        name, *values = step
        deeds: dict[str, Callable[..., object]] = {
            "book": self.book,
            "cancel": self.cancel,
            "accept": self.accept,
            "resize": self.resize,
            "deadline": self.deadline,
            "wait": self.wait,
            "jobs": self.jobs,
        }
        before = self.states()
        try:
            deeds[name](*values)
        except Problem as error:
            assert error.status < 500, error
        self.check(before)

    def book(self, number: int, party: int, may_wait: bool) -> None:
        made.book(self.lecture, made.worker(number), party, may_wait=may_wait)

    def cancel(self, which: int) -> None:
        booking = self.pick(which)
        if booking is not None:
            answers.cancel(booking.public_id, owner(booking), self.clock.at)

    def accept(self, which: int) -> None:
        booking = self.pick(which)
        if booking is not None:
            answers.accept_offer(booking.public_id, owner(booking), self.clock.at)

    def resize(self, seats: int) -> None:
        publishing.resize(self.public_id, seats, self.desk, self.clock.at)

    def deadline(self, hours: int, is_moved: bool) -> None:
        """Put the last moment to book somewhere else, alone or together with the place."""
        row = self.now()
        closes_at = row.starts_at - made.HOUR * hours
        plan = made.plan(self.started, seats=row.seats, booking_closes_at=closes_at)
        if is_moved:
            plan = replace(plan, place=f"{row.revision} 号楼")
            publishing.change(self.public_id, row.version, plan, "", self.desk, self.clock.at)
        else:
            plan = replace(plan, place=row.place)
            publishing.edit(self.public_id, row.version, plan, self.desk, self.clock.at)

    def wait(self, hours: int) -> None:
        self.clock.at += made.HOUR * hours

    def jobs(self) -> None:
        for row_id in due.offers_over(self.clock.at):
            due.end_offer(row_id, self.clock.at)
        for row_id in due.lines_over(self.clock.at):
            due.end_line(row_id, self.clock.at)

    def now(self) -> Lecture:
        query = sa.select(Lecture).where(Lecture.id == self.lecture.id)
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def rows(self) -> list[Booking]:
        query = sa.select(Booking).where(Booking.lecture_id == self.lecture.id)
        ordered = query.order_by(Booking.id).execution_options(populate_existing=True)
        return list(db.session.scalars(ordered))

    def states(self) -> dict[int, str]:
        return {row.id: row.state for row in self.rows()}

    def pick(self, which: int) -> Booking | None:
        rows = self.rows()
        return rows[which % len(rows)] if rows else None

    def check(self, before: dict[int, str]) -> None:
        """Everything that must hold after any step."""
        lecture = self.now()
        rows = self.rows()
        seated = sum(row.party for row in rows if BookingState(row.state) in SEATED)
        waiting = [row for row in rows if row.state == BookingState.WAITING]
        assert lecture.seats_taken == seated <= lecture.seats
        assert lecture.waiting_count == len(waiting)
        is_open = self.clock.at < lecture.booking_closes_at
        fresh = [
            row
            for row in rows
            if row.state == BookingState.OFFERED and before.get(row.id) == BookingState.WAITING
        ]
        if fresh:
            assert is_open
            # nobody who came before and still waits was passed over
            assert all(one.id > row.id for row in fresh for one in waiting)
        for row in rows:
            assert row.offer_ends_at is None or row.offer_ends_at <= lecture.booking_closes_at
            was = before.get(row.id)
            if was in (BookingState.CANCELLED, BookingState.LAPSED):
                assert row.state == was
        offers = sa.select(AuditEvent.chain).where(AuditEvent.act == "offer")
        chains = list(db.session.scalars(offers))
        assert len(chains) == len(set(chains))
        if waiting and is_open:
            # a party larger than the hall was let go: it would block everybody behind it
            assert waiting[0].party <= lecture.seats
            assert waiting[0].party > lecture.seats - lecture.seats_taken


def owner(booking: Booking) -> Actor:
    """Whoever holds this booking."""
    return Actor("worker", booking.worker_id)


@pytest.fixture
def desk(in_app: APIFlask) -> Actor:
    """Whoever makes lectures."""
    return made.organiser()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seats=st.integers(1, 8), steps=STEPS)
def test_any_sequence_keeps_the_promises(
    desk: Actor, clock: HeldClock, now: datetime, seats: int, steps: list[tuple[Any, ...]]
) -> None:
    clock.at = now
    story = Story(desk, clock, seats)
    for step in steps:
        story.do(step)
