"""Every state with every move and every kind of actor, through the services, by hand-written
tables: what is not in a table is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from backend.core.actor import SYSTEM, VISITOR, Actor
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.identity.roles import ROLES
from backend.lectures import states
from backend.lectures.models import LectureOrder
from backend.lectures.service import answers, due, line, making, orders, publishing, rows
from backend.lectures.service.booking import Booked
from backend.lectures.states import BookingState as B
from backend.lectures.states import LectureState as L
from backend.lectures.states import OrderState as O
from tests.backend.lectures.house import House, house
from tests.factories import lectures as made

__all__ = ["house"]

MAKING = {"organiser", "unit_head", "head"}
AT_THE_DOOR = {"organiser", "unit_head", "head", "clerk"}
SAME = "same"  # a second click: no refusal, and nothing changes

# (state, move) -> where it leads; SAME; everything else is a Conflict
LECTURES = {
    (L.DRAFT, "publish"): L.PUBLISHED,
    (L.DRAFT, "cancel_lecture"): L.CANCELLED,
    (L.DRAFT, "edit"): L.DRAFT,
    (L.DRAFT, "resize"): L.DRAFT,
    (L.PUBLISHED, "publish"): SAME,
    (L.PUBLISHED, "cancel_lecture"): L.CANCELLED,
    (L.PUBLISHED, "edit"): L.PUBLISHED,
    (L.PUBLISHED, "change"): L.PUBLISHED,
    (L.PUBLISHED, "resize"): L.PUBLISHED,
    (L.CANCELLED, "cancel_lecture"): SAME,
}
LECTURE_MOVES = ("publish", "cancel_lecture", "edit", "change", "resize")
BOOKINGS = {
    (B.WAITING, "cancel"): B.CANCELLED,
    (B.WAITING, "confirm_change"): SAME,
    (B.OFFERED, "accept_offer"): B.BOOKED,
    (B.OFFERED, "cancel"): B.CANCELLED,
    (B.OFFERED, "confirm_change"): SAME,
    (B.BOOKED, "accept_offer"): SAME,
    (B.BOOKED, "cancel"): B.CANCELLED,
    (B.BOOKED, "confirm_change"): SAME,
    (B.CANCELLED, "cancel"): SAME,
    (B.LAPSED, "cancel"): SAME,
}
BOOKING_DEEDS: dict[str, Callable[..., Any]] = {
    "accept_offer": answers.accept_offer,
    "cancel": answers.cancel,
    "confirm_change": answers.confirm_change,
}
# what time alone does: (state, move) -> where it leads; everything else stays as it is
BY_TIME = {
    (B.WAITING, "offer"): B.OFFERED,
    (B.WAITING, "end_line"): B.LAPSED,
    (B.OFFERED, "end_offer"): B.LAPSED,
}
OWNER, STAFF = {"owner"}, MAKING
ORDERS = {
    (O.ORDERED, "assign"): O.ASSIGNED,
    (O.ORDERED, "decline"): O.DECLINED,
    (O.ORDERED, "withdraw"): O.WITHDRAWN,
    (O.ASSIGNED, "assign"): O.ASSIGNED,
    (O.ASSIGNED, "propose"): O.PROPOSED,
    (O.ASSIGNED, "decline"): O.DECLINED,
    (O.ASSIGNED, "withdraw"): O.WITHDRAWN,
    (O.PROPOSED, "propose"): O.PROPOSED,
    (O.PROPOSED, "agree"): O.AGREED,
    (O.PROPOSED, "refuse_date"): O.ASSIGNED,
    (O.PROPOSED, "decline"): O.DECLINED,
    (O.PROPOSED, "withdraw"): O.WITHDRAWN,
    (O.AGREED, "agree"): SAME,
    (O.AGREED, "hold"): O.HELD,
    (O.AGREED, "decline"): O.DECLINED,
    (O.AGREED, "withdraw"): O.WITHDRAWN,
    (O.HELD, "rate"): O.RATED,
    (O.RATED, "rate"): SAME,
    (O.WITHDRAWN, "withdraw"): SAME,
}
ORDER_BY = {
    "assign": STAFF,
    "propose": STAFF,
    "agree": OWNER | STAFF,
    "refuse_date": OWNER | STAFF,
    "hold": STAFF,
    "rate": OWNER,
    "decline": STAFF,
    "withdraw": OWNER,
}


def actors(house: House, owner: Actor) -> dict[str, Actor]:
    """One actor of every role and kind."""
    staff = {role: Actor("staff", house.desk.id, "某", frozenset({role})) for role in ROLES}
    others = {"owner": owner, "other": made.worker(77), "system": SYSTEM, "visitor": VISITOR}
    return staff | others


def judge(
    house: House, act: Callable[[], Any], state: Callable[[], str], expected: str | None
) -> None:
    """Do it as somebody who may: it leads where the table says, or changes nothing."""
    if expected is None:
        house.refused(Conflict, act)
    elif expected == SAME:
        with house.nothing_changes():
            act()
    else:
        before = house.stored()
        act()
        assert state() == expected and house.stored() != before


def lecture_in(house: House, state: L) -> str:
    """The public id of a lecture in this state."""
    row = making.make(made.plan(house.now), made.key(), house.desk, house.now)
    if state != L.DRAFT:
        row = publishing.publish(row.public_id, row.version, house.desk, house.now)
    if state == L.CANCELLED:
        publishing.cancel_lecture(row.public_id, row.version, "讲师生病", house.desk, house.now)
    return str(row.public_id)


def do_to_lecture(house: House, public_id: str, move: str, actor: Actor) -> None:
    """One move or act with good values and the version that is there."""
    row, now = house.fresh_by(public_id), house.now
    plan = made.plan(now)
    deeds: dict[str, Callable[[], Any]] = {
        "publish": lambda: publishing.publish(public_id, row.version, actor, now),
        "cancel_lecture": lambda: publishing.cancel_lecture(
            public_id, row.version, "讲师生病", actor, now
        ),
        "edit": lambda: publishing.edit(public_id, row.version, plan, actor, now),
        "change": lambda: publishing.change(
            public_id, row.version, made.plan(now, place="别处"), "", actor, now
        ),
        "resize": lambda: publishing.resize(public_id, 61, actor, now),
    }
    deeds[move]()


@pytest.mark.parametrize(("state", "move"), list(product(L, LECTURE_MOVES)))
def test_a_lecture_moves_where_the_table_says_for_those_it_names(
    house: House, state: L, move: str
) -> None:
    untouched = lecture_in(house, state)
    for name, actor in actors(house, made.worker(1)).items():
        if name not in MAKING:
            house.refused(Forbidden, do_to_lecture, house, untouched, move, actor)
            continue
        public_id = lecture_in(house, state)
        judge(
            house,
            lambda public_id=public_id, actor=actor: do_to_lecture(house, public_id, move, actor),
            lambda public_id=public_id: house.fresh_by(public_id).state,
            LECTURES.get((state, move)),
        )


def booking_in(house: House, state: B, owner: Actor) -> Booked:
    """A booking of `owner` in this state; the lecture has one seat."""
    lecture = made.published(house.desk, seats=1)
    if state == B.WAITING:
        made.book(lecture, made.worker(90))
        return made.book(lecture, owner, may_wait=True)
    booked = house.offered(lecture, owner)
    if state == B.BOOKED:
        answers.accept_offer(booked.public_id, owner, house.now)
    elif state == B.CANCELLED:
        answers.cancel(booked.public_id, owner, house.now)
    elif state == B.LAPSED:
        house.clock.at += made.HOUR * 24
        assert due.end_offer(house.booking(booked).id, house.now)
    assert house.booking(booked).state == state
    return booked


@pytest.mark.parametrize(("state", "move"), list(product(B, BOOKING_DEEDS)))
def test_a_booking_moves_where_the_table_says_for_whoever_holds_it_and_the_door(
    house: House, state: B, move: str
) -> None:
    owner = made.worker(1)
    untouched = booking_in(house, state, owner)
    for name, actor in actors(house, owner).items():
        may = name in AT_THE_DOOR | OWNER
        booked = booking_in(house, state, owner) if may else untouched
        values = [booked.public_id, actor, house.now]
        if actor.is_staff and move == "cancel":
            values.append("来电说来不了")
        if name in ROLES and name not in AT_THE_DOOR:
            house.refused(Forbidden, BOOKING_DEEDS[move], *values)
        elif not may:
            house.refused(NotFound, BOOKING_DEEDS[move], *values)
        else:
            judge(
                house,
                lambda values=values: BOOKING_DEEDS[move](*values),
                lambda booked=booked: house.booking(booked).state,
                BOOKINGS.get((state, move)),
            )


@pytest.mark.parametrize(("state", "move"), list(product(B, ("offer", "end_offer", "end_line"))))
def test_time_moves_a_booking_where_the_table_says(house: House, state: B, move: str) -> None:
    booked = booking_in(house, state, made.worker(1))
    row = house.booking(booked)
    lecture = rows.lock_lecture_id(row.lecture_id)
    if move == "offer":
        publishing.resize(lecture.public_id, 2, house.desk, house.now)
    elif move == "end_offer":
        due.end_offer(row.id, house.now + made.HOUR * 24)
    else:
        due.end_line(lecture.id, lecture.booking_closes_at)
    assert house.booking(booked).state == BY_TIME.get((state, move), state)


@pytest.mark.parametrize(
    ("move", "state"),
    [("offer", B.OFFERED), ("offer", B.BOOKED), ("lapse", B.BOOKED), ("accept_offer", B.WAITING)],
)
def test_code_that_moves_a_booking_against_the_table_is_stopped(
    house: House, move: str, state: B
) -> None:
    row = house.booking(booking_in(house, state, made.worker(1)))
    with pytest.raises(RuntimeError, match="not possible"):
        line.move(row, move, SYSTEM, house.now)


def do_to_order(house: House, row: LectureOrder, move: str, actor: Actor) -> None:
    """One move with good values, the version that is there, and a time at which it makes sense."""
    if move == "hold" and row.proposed_at is not None:
        house.clock.at = max(house.now, row.proposed_at)
    version, at, now = row.version, house.now + made.HOUR * 48, house.now
    deeds: dict[str, Callable[[], Any]] = {
        "assign": lambda: orders.assign(row.public_id, version, house.desk.id or 0, actor, now),
        "propose": lambda: orders.propose(row.public_id, version, at, "陈志航", None, actor, now),
        "agree": lambda: orders.agree(row.public_id, version, actor, now),
        "refuse_date": lambda: orders.refuse_date(row.public_id, version, "周五晚", actor, now),
        "hold": lambda: orders.hold(row.public_id, version, 38, actor, now),
        "rate": lambda: orders.rate(row.public_id, "satisfied", None, actor, now),
        "decline": lambda: orders.decline(row.public_id, version, "人手不够", actor, now),
        "withdraw": lambda: orders.withdraw(row.public_id, actor, now),
    }
    deeds[move]()


_ROAD = {
    O.ORDERED: (),
    O.ASSIGNED: ("assign",),
    O.PROPOSED: ("assign", "propose"),
    O.AGREED: ("assign", "propose", "agree"),
    O.HELD: ("assign", "propose", "agree", "hold"),
    O.RATED: ("assign", "propose", "agree", "hold", "rate"),
    O.DECLINED: ("decline",),
    O.WITHDRAWN: ("withdraw",),
}


def order_in(house: House, state: O, owner: Actor) -> LectureOrder:
    """An order of `owner` in this state."""
    row = made.ordered(owner)
    for move in _ROAD[state]:
        actor = owner if move in ("agree", "rate", "withdraw") else house.desk
        do_to_order(house, house.order(row), move, actor)
    assert house.order(row).state == state
    return house.order(row)


@pytest.mark.parametrize(("state", "move"), list(product(O, ORDER_BY)))
def test_an_order_moves_where_the_table_says_for_those_it_names(
    house: House, state: O, move: str
) -> None:
    owner = made.worker(1)
    untouched = order_in(house, state, owner)
    for name, actor in actors(house, owner).items():
        row = order_in(house, state, owner) if name in ORDER_BY[move] else untouched
        if name not in ROLES and name not in OWNER:
            house.refused(NotFound, do_to_order, house, row, move, actor)
        elif name not in ORDER_BY[move]:
            house.refused(Forbidden, do_to_order, house, row, move, actor)
        else:
            judge(
                house,
                lambda row=row, actor=actor: do_to_order(house, row, move, actor),
                lambda row=row: house.order(row).state,
                ORDERS.get((state, move)),
            )


@pytest.mark.parametrize("state", list(O))
def test_only_an_order_nobody_answered_goes_up(house: House, state: O) -> None:
    row = order_in(house, state, made.worker(1))
    after = house.now + made.HOUR * 24 * 30
    assert orders.go_up(row.id, after) == (state in {O.ORDERED, O.ASSIGNED})
    assert house.order(row).state == state


def test_the_tables_know_every_move_and_every_state_has_a_word() -> None:
    assert set(states.ORDER_MOVES) == set(ORDER_BY)
    assert set(states.LECTURE_MOVES) == {"publish", "cancel_lecture"}
    assert set(states.BOOKING_MOVES) == {"offer", "accept_offer", "cancel", "lapse"}
    assert set(states.LECTURE_LABELS) == set(L)
    assert set(states.BOOKING_LABELS) == set(B)
    assert set(states.ORDER_LABELS) == set(O)


@pytest.mark.parametrize(("move", "role"), list(product(ORDER_BY, (*ROLES, "worker", "system"))))
def test_the_table_of_orders_names_the_same_people(move: str, role: str) -> None:
    named = "owner" if role == "worker" else role
    assert (role in states.ORDER_MOVES[move].by) == (named in ORDER_BY[move])
