"""Booking: all seats or none, never too many, in order, and nothing twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.core import clock as core_clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import answers, booking, due, line, making, publishing
from backend.lectures.service.booking import Booked, Wish
from backend.lectures.states import BookingState
from backend.notify.models import OutboxMessage
from tests.clock import HeldClock
from tests.factories import identity as people
from tests.factories import lectures as made


@pytest.fixture
def desk(in_app: APIFlask) -> Actor:
    """Whoever makes lectures."""
    return made.organiser()


def code_of(error: pytest.ExceptionInfo[Conflict]) -> str:
    """The code for programs of a refusal."""
    return error.value.code


def templates() -> list[str]:
    """What was written to people, oldest first."""
    return list(db.session.scalars(sa.select(OutboxMessage.template).order_by(OutboxMessage.id)))


def row_of(booked: Booked) -> Booking:
    """The booking in the database now."""
    query = sa.select(Booking).where(Booking.public_id == booked.public_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def fresh(lecture: Lecture) -> Lecture:
    """The lecture in the database now."""
    query = sa.select(Lecture).where(Lecture.id == lecture.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def test_a_booking_takes_its_seats_is_recorded_and_told(desk: Actor) -> None:
    lecture = made.published(desk, seats=60)
    booked = made.book(lecture, made.worker(), 12)
    assert booked.state == BookingState.BOOKED and booked.is_new
    assert fresh(lecture).seats_taken == 12
    assert templates() == ["lecture_booked"]
    acts = sa.select(AuditEvent.act).where(AuditEvent.chain == f"booking:{row_of(booked).id}")
    assert list(db.session.scalars(acts)) == ["book"]


def test_a_group_that_does_not_fit_gets_no_seat_at_all(desk: Actor) -> None:
    lecture = made.published(desk, seats=10)
    made.book(lecture, made.worker(1), 5)
    with pytest.raises(Conflict) as error:
        made.book(lecture, made.worker(2), 6)
    assert code_of(error) == "full" and "只剩 5 座" in error.value.detail
    assert error.value.extra["free"] == 5
    assert fresh(lecture).seats_taken == 5


def test_the_same_key_books_once_even_after_the_lecture_filled_up(desk: Actor) -> None:
    lecture = made.published(desk, seats=1)
    who, wish = made.worker(), Wish(party=1, key=made.key())
    first = booking.book(lecture.public_id, wish, who, core_clock.now())
    second = booking.book(lecture.public_id, wish, who, core_clock.now())
    assert (second.public_id, second.is_new) == (first.public_id, False)
    assert fresh(lecture).seats_taken == 1


def test_another_tab_is_told_of_the_booking_there_is(desk: Actor) -> None:
    lecture = made.published(desk)
    first = made.book(lecture, made.worker())
    with pytest.raises(Conflict) as error:
        made.book(lecture, made.worker(), 2)
    assert code_of(error) == "already_booked"
    assert error.value.extra["booking_id"] == first.public_id
    assert fresh(lecture).seats_taken == 1


@pytest.mark.parametrize("party", [0, -1, -(2**31), 61, 2**31 - 1])
def test_a_head_count_that_cannot_be_is_refused_with_the_number_that_can(
    desk: Actor, party: int
) -> None:
    lecture = made.published(desk, seats=60)
    with pytest.raises(BadInput) as error:
        made.book(lecture, made.worker(), party)
    assert (
        error.value.errors[0]["field"] == "party"
        and "1 到 60 座" in error.value.errors[0]["message"]
    )
    assert fresh(lecture).seats_taken == 0


def test_after_the_deadline_and_after_the_start_nobody_books(desk: Actor, clock: HeldClock) -> None:
    lecture = made.published(desk)
    clock.at = lecture.booking_closes_at
    with pytest.raises(Conflict) as error:
        made.book(lecture, made.worker())
    assert code_of(error) == "closed"
    clock.at = lecture.starts_at
    with pytest.raises(Conflict) as error:
        made.book(lecture, made.worker())
    assert code_of(error) == "over"


def test_a_draft_is_not_there_and_a_cancelled_one_says_so(desk: Actor) -> None:
    now = core_clock.now()
    draft = making.make(made.plan(now), made.key(), desk, now)
    with pytest.raises(NotFound):
        made.book(draft, made.worker())
    lecture = made.published(desk)
    publishing.cancel_lecture(lecture.public_id, lecture.version, "讲师生病", desk, now)
    with pytest.raises(Conflict) as error:
        made.book(lecture, made.worker())
    assert code_of(error) == "lecture_cancelled"


def test_waiting_while_seats_are_free_becomes_a_booking(desk: Actor) -> None:
    lecture = made.published(desk, seats=3)
    assert made.book(lecture, made.worker(), 2, may_wait=True).state == BookingState.BOOKED


def test_nobody_jumps_the_line(desk: Actor) -> None:
    lecture = made.published(desk, seats=4)
    made.book(lecture, made.worker(1), 3)
    group = made.book(lecture, made.worker(2), 5 - 1, may_wait=True)
    assert group.state == BookingState.WAITING
    with pytest.raises(Conflict) as error:
        made.book(lecture, made.worker(3), 1)
    assert code_of(error) == "full"
    single = made.book(lecture, made.worker(3), 1, may_wait=True)
    assert line.place(row_of(single)) == (1, 4)


def test_a_freed_seat_is_offered_to_the_first_and_kept_for_a_day(
    desk: Actor, clock: HeldClock
) -> None:
    lecture = made.published(desk, seats=1)
    holder = made.worker(1)
    held = made.book(lecture, holder)
    first = made.book(lecture, made.worker(2), may_wait=True)
    second = made.book(lecture, made.worker(3), may_wait=True)
    answers.cancel(held.public_id, holder, clock.at)
    assert row_of(first).state == BookingState.OFFERED
    assert row_of(first).offer_ends_at == clock.at + made.HOUR * 24
    assert row_of(second).state == BookingState.WAITING
    assert fresh(lecture).seats_taken == 1
    clock.at += made.HOUR * 24
    assert due.offers_over(clock.at) == [row_of(first).id]
    assert due.end_offer(row_of(first).id, clock.at)
    assert not due.end_offer(row_of(first).id, clock.at)
    assert row_of(first).state == BookingState.LAPSED
    assert row_of(second).state == BookingState.OFFERED


def test_an_offer_taken_too_late_goes_to_the_next_and_says_so(
    desk: Actor, clock: HeldClock
) -> None:
    lecture = made.published(desk, seats=1)
    holder, late, next_one = made.worker(1), made.worker(2), made.worker(3)
    held = made.book(lecture, holder)
    first = made.book(lecture, late, may_wait=True)
    second = made.book(lecture, next_one, may_wait=True)
    answers.cancel(held.public_id, holder, clock.at)
    clock.at += made.HOUR * 25
    with pytest.raises(Conflict) as error:
        answers.accept_offer(first.public_id, late, clock.at)
    assert code_of(error) == "offer_over"
    assert row_of(first).state == BookingState.LAPSED
    assert answers.accept_offer(second.public_id, next_one, clock.at).state == BookingState.BOOKED
    # a second tap changes nothing
    answers.accept_offer(second.public_id, next_one, clock.at)
    assert templates().count("lecture_booked") == 2


def test_nothing_is_offered_from_the_cut_off_on(desk: Actor, clock: HeldClock) -> None:
    lecture = made.published(desk, seats=1, cancelling_closes_at=None or clock.at + made.HOUR * 240)
    holder = made.worker(1)
    held = made.book(lecture, holder)
    waiting = made.book(lecture, made.worker(2), may_wait=True)
    clock.at = lecture.booking_closes_at
    answers.cancel(held.public_id, holder, clock.at)
    assert row_of(waiting).state == BookingState.WAITING
    assert due.end_line(lecture.id, clock.at)
    assert row_of(waiting).state == BookingState.LAPSED
    assert (fresh(lecture).seats_taken, fresh(lecture).waiting_count) == (0, 0)


def test_an_offer_never_outlives_the_cut_off(desk: Actor, clock: HeldClock) -> None:
    lecture = made.published(desk, seats=1)
    holder = made.worker(1)
    held = made.book(lecture, holder)
    first = made.book(lecture, made.worker(2), may_wait=True)
    clock.at = lecture.booking_closes_at - made.HOUR * 3
    answers.cancel(held.public_id, holder, clock.at)
    assert row_of(first).offer_ends_at == lecture.booking_closes_at


def test_whoever_left_the_line_is_not_offered_anything(desk: Actor, clock: HeldClock) -> None:
    lecture = made.published(desk, seats=1)
    holder, left = made.worker(1), made.worker(2)
    held = made.book(lecture, holder)
    gone = made.book(lecture, left, may_wait=True)
    stays = made.book(lecture, made.worker(3), may_wait=True)
    answers.cancel(gone.public_id, left, clock.at)
    answers.cancel(held.public_id, holder, clock.at)
    assert row_of(gone).state == BookingState.CANCELLED
    assert row_of(stays).state == BookingState.OFFERED


def test_cancelling_ends_at_the_deadline_to_the_second(desk: Actor, clock: HeldClock) -> None:
    lecture = made.published(desk)
    one, two = made.worker(1), made.worker(2)
    first, second = made.book(lecture, one), made.book(lecture, two)
    clock.at = lecture.cancelling_closes_at - made.HOUR / 3600
    assert answers.cancel(first.public_id, one, clock.at).state == BookingState.CANCELLED
    clock.at = lecture.cancelling_closes_at
    with pytest.raises(Conflict) as error:
        answers.cancel(second.public_id, two, clock.at)
    assert code_of(error) == "too_late"
    staff = people.make_staff("clerk")
    clerk = Actor("staff", staff.id, staff.name, frozenset({"clerk"}))
    assert answers.cancel(second.public_id, clerk, clock.at, "打电话来说来不了").is_late_cancel


def test_a_booking_of_somebody_else_is_not_there(desk: Actor, clock: HeldClock) -> None:
    booked = made.book(made.published(desk), made.worker(1))
    for act in (answers.cancel, answers.accept_offer, answers.confirm_change):
        with pytest.raises(NotFound):
            act(booked.public_id, made.worker(2), clock.at)


def test_staff_book_for_somebody_by_telephone_once(desk: Actor) -> None:
    lecture = made.published(desk)
    wish = Wish(party=2, key=made.key(), name="何志强", phone="13900000009")
    booked = booking.book(lecture.public_id, wish, desk, core_clock.now())
    assert row_of(booked).booked_by_name == desk.name
    with pytest.raises(Conflict) as error:
        again = Wish(party=1, key=made.key(), name="何志强", phone="13900000009")
        booking.book(lecture.public_id, again, desk, core_clock.now())
    assert code_of(error) == "already_booked"
    message = db.session.scalars(sa.select(OutboxMessage)).one()
    assert message.channel == "phone"


def test_other_staff_book_for_nobody(desk: Actor) -> None:
    lecture = made.published(desk)
    staff = people.make_staff("mediator")
    with pytest.raises(Forbidden):
        made.book(lecture, Actor("staff", staff.id, staff.name, frozenset({"mediator"})))


def test_a_waiting_party_larger_than_the_hall_has_become_is_let_go_and_told(
    desk: Actor, clock: HeldClock
) -> None:
    lecture = made.published(desk, seats=6)
    held = made.book(lecture, made.worker(1), 2)
    large = made.book(lecture, made.worker(2), 6, may_wait=True)
    small = made.book(lecture, made.worker(3), 2, may_wait=True)
    publishing.resize(lecture.public_id, 4, desk, clock.at)
    assert row_of(held).state == BookingState.BOOKED
    assert row_of(large).state == BookingState.LAPSED
    assert row_of(small).state == BookingState.OFFERED
    said = db.session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.template == "lecture_lapsed")
    ).one()
    assert "一共 4 座，6 人坐不下" in said.text
