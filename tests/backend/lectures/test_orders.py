"""Orders for a lecture on site: ordered, assigned, proposed, agreed, held, rated, or not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.actor import SYSTEM, VISITOR, Actor
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from backend.identity.service import deactivate_staff
from backend.lectures.models import LectureOrder
from backend.lectures.service import contact, order_reading, orders
from tests.backend.lectures.house import House, house
from tests.clock import HeldClock
from tests.factories import lectures as made

__all__ = ["house"]

HOUR = made.HOUR


@pytest.fixture
def owner(house: House) -> Actor:
    """Whoever orders."""
    return made.worker(1)


def fields(error: Problem) -> list[str]:
    """Which fields a refusal names."""
    return [found["field"] for found in error.errors]


def assigned(house: House, owner: Actor) -> LectureOrder:
    """An order somebody sees to."""
    row = made.ordered(owner)
    return orders.assign(row.public_id, row.version, house.desk.id or 0, house.desk, house.now)


def proposed(house: House, owner: Actor, in_hours: float = 200) -> LectureOrder:
    """An order with a date on the table."""
    row, at = assigned(house, owner), house.now + HOUR * in_hours
    return propose(house, row, at)


def propose(house: House, row: LectureOrder, at: Any, **changes: Any) -> LectureOrder:
    """Propose a date."""
    values = {"speaker": "陈志航", "note": None} | changes
    return orders.propose(
        row.public_id, row.version, at, values["speaker"], values["note"], house.desk, house.now
    )


def agreed(house: House, owner: Actor) -> LectureOrder:
    """An order whose date is settled."""
    row = proposed(house, owner)
    return orders.agree(row.public_id, row.version, owner, house.now)


def held(house: House, owner: Actor) -> LectureOrder:
    """An order whose lecture was given."""
    row = agreed(house, owner)
    assert row.proposed_at is not None
    house.clock.at = row.proposed_at + HOUR
    return orders.hold(row.public_id, row.version, 38, house.desk, house.now)


# --- ordering


def test_an_order_is_recorded_promised_and_told(house: House, owner: Actor) -> None:
    row = made.ordered(owner, about="很多人刚进厂")
    assert (row.state, row.version, row.level) == ("ordered", 1, 0)
    assert row.answer_due_on == date(2026, 11, 26) and row.worker_id == owner.id
    assert house.acts(f"order:{row.id}") == ["order"]
    (message,) = house.messages("order_received")
    assert f"D-{row.id}" in message.text and "2026年11月26日" in message.text
    assert contact.phone_of(f"order:{row.id}") == "13900000031"
    assert contact.phone_of(f"order:{row.id + 1}") is None
    assert contact.phone_of("order:x") is None and contact.phone_of("case:1") is None


def test_whom_to_call_is_encrypted_at_rest(house: House, owner: Actor) -> None:
    made.ordered(owner)
    query = sa.text("SELECT contact_name, phone FROM lecture_orders")
    for stored in db.session.execute(query).one():
        assert "阮海燕".encode() not in bytes(stored) and b"13900000031" not in bytes(stored)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"org_kind": "circus"}, ["org_kind"]),
        ({"people": 0}, ["people"]),
        ({"people": -(2**31)}, ["people"]),
        ({"people": 5001}, ["people"]),
        ({"wished": []}, ["wished"]),
        ({"wished": [{"on": "2026-12-01", "part": "evening"}] * 6}, ["wished"]),
        ({"wished": [{"on": "2026-11-23", "part": "evening"}]}, ["wished"]),
        ({"wished": [{"on": "2020-01-01", "part": "evening"}]}, ["wished"]),
        (
            {"wished": [{"on": "2026-12-01", "part": "evening"},
                        {"on": "2026-11-23", "part": "morning"}]},
            ["wished"],
        ),
        ({"people": 0, "wished": [], "org_kind": ""}, ["org_kind", "people", "wished"]),
    ],
    ids=str,
)  # fmt: skip
def test_an_order_that_cannot_be_names_its_fields(
    house: House, owner: Actor, changes: dict[str, Any], named: list[str]
) -> None:
    wanted = made.wanted(house.now, **changes)
    assert fields(house.refused(BadInput, orders.order, wanted, owner, house.now)) == named


def test_tomorrow_and_five_days_and_five_thousand_people_are_allowed(
    house: House, owner: Actor
) -> None:
    wished = [{"on": "2026-11-24", "part": "morning"}] * 5
    row = made.ordered(owner, wished=wished, people=5000)
    assert row.wished == wished


def test_the_same_key_orders_once_also_after_midnight(house: House, owner: Actor) -> None:
    wished = [{"on": "2026-11-24", "part": "morning"}]
    wanted = made.wanted(house.now, wished=wished)
    first = orders.order(wanted, owner, house.now)
    with house.nothing_changes():
        assert orders.order(wanted, owner, house.now).id == first.id
        assert orders.order(wanted, owner, house.now + HOUR * 24).id == first.id
    assert orders.order(wanted, made.worker(2), house.now).id != first.id
    late = replace(wanted, key=made.key())
    house.refused(BadInput, orders.order, late, owner, house.now + HOUR * 24)


@pytest.mark.parametrize("who", ["desk", "visitor", "system"])
def test_only_a_worker_orders(house: House, who: str) -> None:
    actor = {"desk": house.desk, "visitor": VISITOR, "system": SYSTEM}[who]
    house.refused(Forbidden, orders.order, made.wanted(house.now), actor, house.now)


def test_two_taps_at_once_order_once(app: APIFlask, clock: HeldClock) -> None:
    with app.app_context():
        owner = made.worker(1)
    gate, wanted = Barrier(2), made.wanted(clock.at)

    def go(_number: int) -> str:
        with app.app_context():
            gate.wait()
            return str(orders.order(wanted, owner, clock.at).public_id)

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(go, range(2)))) == 1


# --- assigning and proposing


def test_an_order_is_given_to_somebody_who_makes_lectures(house: House, owner: Actor) -> None:
    row = made.ordered(owner)
    head = house.staff("head")
    row = orders.assign(row.public_id, 1, head.id or 0, house.desk, house.now)
    assert (row.state, row.officer_id, row.officer_name) == ("assigned", head.id, head.name)
    row = orders.assign(row.public_id, row.version, house.desk.id or 0, head, house.now)
    assert row.officer_id == house.desk.id
    assert house.acts(f"order:{row.id}") == ["order", "assign", "assign"]


@pytest.mark.parametrize("who", ["nobody", "clerk", "left"])
def test_an_order_is_not_given_to_somebody_who_cannot_see_to_it(
    house: House, owner: Actor, who: str
) -> None:
    row = made.ordered(owner)
    receiver = {"nobody": 10**9, "clerk": house.staff("clerk").id, "left": house.staff("head").id}
    if who == "left":
        deactivate_staff(receiver["left"] or 0, house.desk, house.now)
    values = (row.public_id, 1, receiver[who], house.desk, house.now)
    assert fields(house.refused(BadInput, orders.assign, *values)) == ["staff_id"]


def test_a_proposed_date_answers_the_order_and_asks_the_orderer(house: House, owner: Actor) -> None:
    row = propose(house, assigned(house, owner), house.now + HOUR * 200, note="带投影仪")
    assert (row.state, row.speaker, row.staff_note) == ("proposed", "陈志航", "带投影仪")
    assert row.goes_up_at is None
    (message,) = house.messages("order_proposed")
    assert "陈志航主讲" in message.text and "行不行" in message.text


def test_each_new_date_asks_again_the_same_one_too(house: House, owner: Actor) -> None:
    row = proposed(house, owner)
    at = house.now + HOUR * 300
    row = propose(house, row, at)
    propose(house, row, at, speaker="何律师")
    assert len(house.told("order_proposed")) == 3


@pytest.mark.parametrize(
    ("hours", "changes", "named"),
    [
        (0, {}, ["at"]),
        (-1, {}, ["at"]),
        (9, {"speaker": "  "}, ["speaker"]),
        (9, {"speaker": "长" * 61}, ["speaker"]),
        (9, {"note": "长" * 301}, ["note"]),
    ],
    ids=str,
)
def test_a_proposal_that_cannot_be_is_refused(
    house: House, owner: Actor, hours: int, changes: dict[str, Any], named: list[str]
) -> None:
    row, at = assigned(house, owner), house.now + HOUR * hours
    error = house.refused(BadInput, lambda: propose(house, row, at, **changes))
    assert fields(error) == named


# --- the orderer's answer


@pytest.mark.parametrize("who", ["owner", "desk"])
def test_agreeing_settles_the_date_and_a_second_tap_nothing(
    house: House, owner: Actor, who: str
) -> None:
    row, actor = proposed(house, owner), {"owner": owner, "desk": house.desk}[who]
    version = row.version
    row = orders.agree(row.public_id, version, actor, house.now)
    assert row.state == "agreed"
    (message,) = house.messages("order_agreed")
    assert "示例村文化室" in message.text
    with house.nothing_changes():
        orders.agree(row.public_id, version, actor, house.now)


def test_a_date_that_has_passed_cannot_be_agreed_to(house: House, owner: Actor) -> None:
    row = proposed(house, owner, in_hours=5)
    house.clock.at += HOUR * 5
    values = (row.public_id, row.version, owner, house.now)
    assert house.refused(Conflict, orders.agree, *values).code == "over"


def test_a_refused_date_comes_back_with_what_would_suit(house: House, owner: Actor) -> None:
    row = proposed(house, owner)
    row = orders.refuse_date(row.public_id, row.version, " 周五晚上行 ", owner, house.now)
    assert (row.state, row.orderer_note, row.proposed_at) == ("assigned", "周五晚上行", None)
    assert row.goes_up_at is not None and row.level == 0
    row = propose(house, row, house.now + HOUR * 100)
    assert orders.agree(row.public_id, row.version, owner, house.now).state == "agreed"


@pytest.mark.parametrize("note", ["", "  ", "长" * 301, "周\u202e五"])
def test_refusing_a_date_needs_a_word(house: House, owner: Actor, note: str) -> None:
    row = proposed(house, owner)
    values = (row.public_id, row.version, note, owner, house.now)
    assert fields(house.refused(BadInput, orders.refuse_date, *values)) == ["note"]


# --- holding and rating


def test_after_the_lecture_the_orderer_is_asked_and_rates_once(house: House, owner: Actor) -> None:
    row = held(house, owner)
    assert (row.state, row.attended, row.held_at) == ("held", 38, row.proposed_at)
    assert len(house.messages("order_held")) == 1
    row = orders.rate(row.public_id, "so_so", "再讲细一点", owner, house.now)
    assert (row.state, row.verdict, row.verdict_words) == ("rated", "so_so", "再讲细一点")
    with house.nothing_changes():
        again = orders.rate(row.public_id, "satisfied", None, owner, house.now)
    assert again.verdict == "so_so"
    stored = db.session.scalar(sa.text("SELECT verdict_words FROM lecture_orders"))
    assert "再讲".encode() not in bytes(stored)


@pytest.mark.parametrize(
    ("hours", "attended", "error"),
    [(-1, 10, Conflict), (1, -1, BadInput), (1, 5001, BadInput)],
)
def test_a_lecture_is_not_reported_held_before_its_time_or_with_odd_numbers(
    house: House, owner: Actor, hours: int, attended: int, error: type[Problem]
) -> None:
    row = agreed(house, owner)
    assert row.proposed_at is not None
    house.clock.at = row.proposed_at + HOUR * hours
    values = (row.public_id, row.version, attended, house.desk, house.now)
    house.refused(error, orders.hold, *values)


# --- no


@pytest.mark.parametrize("road", [assigned, proposed, agreed])
def test_declining_tells_the_reason(
    house: House, owner: Actor, road: Callable[[House, Actor], LectureOrder]
) -> None:
    row = road(house, owner)
    row = orders.decline(row.public_id, row.version, "人手不够", house.desk, house.now)
    assert (row.state, row.staff_note, row.goes_up_at) == ("declined", "人手不够", None)
    (message,) = house.messages("order_declined")
    assert "人手不够" in message.text
    assert house.acts(f"order:{row.id}")[-1] == "decline"


@pytest.mark.parametrize("reason", ["", " ", "长" * 301])
def test_declining_needs_a_reason(house: House, owner: Actor, reason: str) -> None:
    row = made.ordered(owner)
    values = (row.public_id, 1, reason, house.desk, house.now)
    assert fields(house.refused(BadInput, orders.decline, *values)) == ["reason"]


@pytest.mark.parametrize("road", [assigned, proposed, agreed])
def test_the_orderer_withdraws_and_a_second_tap_changes_nothing(
    house: House, owner: Actor, road: Callable[[House, Actor], LectureOrder]
) -> None:
    row = road(house, owner)
    row = orders.withdraw(row.public_id, owner, house.now)
    assert (row.state, row.goes_up_at) == ("withdrawn", None)
    with house.nothing_changes():
        orders.withdraw(row.public_id, owner, house.now)


def test_a_visit_called_off_stays_open_until_its_time_has_passed(
    house: House, owner: Actor
) -> None:
    """Whoever was to go there learns of it from the list that is worked from."""

    def ids(scope: str) -> list[int]:
        return [one.id for one in order_reading.listed(scope, None, house.desk, house.now).items]

    row, early, other = agreed(house, owner), assigned(house, owner), made.ordered(owner)
    for one in (row, early):
        orders.withdraw(one.public_id, owner, house.now)
    assert ids("open") == [row.id, other.id] and ids("mine") == [row.id]
    assert ids("over") == [early.id]  # nobody was to go there
    assert order_reading.waiting(house.now).called_off == 1
    fresh = house.order(row)
    assert fresh.proposed_at is not None
    house.clock.at = fresh.proposed_at
    assert ids("open") == [other.id] and ids("over") == [early.id, row.id]
    assert order_reading.waiting(house.now).called_off == 0


def test_the_pages_of_open_orders_go_on_after_a_visit_called_off(
    house: House, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_reading, "PAGE", 1)
    row = agreed(house, owner)
    orders.withdraw(row.public_id, owner, house.now)
    wanted = [row.id, made.ordered(owner).id, assigned(house, owner).id]
    found, cursor = [], None
    for _ in wanted:
        page = order_reading.listed("open", cursor, house.desk, house.now)
        found += [one.id for one in page.items]
        cursor = page.next_cursor
    assert (found, cursor) == (wanted, None)


# --- who was first, and whose it is

DEEDS: dict[str, tuple[Callable[[House, Actor], LectureOrder], Callable[..., Any]]] = {
    "assign": (
        assigned,
        lambda house, row, v, by: orders.assign(row.public_id, v, house.desk.id, by, house.now),
    ),
    "propose": (
        assigned,
        lambda house, row, v, by: orders.propose(
            row.public_id, v, house.now + HOUR * 50, "陈志航", None, by, house.now
        ),
    ),
    "agree": (
        proposed, lambda house, row, v, by: orders.agree(row.public_id, v, by, house.now)
    ),
    "refuse_date": (
        proposed,
        lambda house, row, v, by: orders.refuse_date(row.public_id, v, "周五", by, house.now),
    ),
    "decline": (
        proposed,
        lambda house, row, v, by: orders.decline(row.public_id, v, "人手不够", by, house.now),
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", list(DEEDS))
def test_a_page_that_is_out_of_date_changes_nothing(house: House, owner: Actor, deed: str) -> None:
    road, act = DEEDS[deed]
    row = road(house, owner)
    error = house.refused(Conflict, act, house, row, row.version - 1, house.staff("head"))
    assert (error.code, error.extra["by"]) == ("stale", house.desk.name)


@pytest.mark.parametrize("deed", ["agree", "refuse_date", "withdraw", "rate"])
def test_an_order_of_somebody_else_is_not_there(house: House, owner: Actor, deed: str) -> None:
    row = held(house, owner) if deed == "rate" else proposed(house, owner)
    acts: dict[str, Callable[[Actor], Any]] = {
        "agree": lambda by: orders.agree(row.public_id, row.version, by, house.now),
        "refuse_date": lambda by: orders.refuse_date(
            row.public_id, row.version, "周五", by, house.now
        ),
        "withdraw": lambda by: orders.withdraw(row.public_id, by, house.now),
        "rate": lambda by: orders.rate(row.public_id, "satisfied", None, by, house.now),
    }
    for other in (made.worker(2), VISITOR):
        house.refused(NotFound, acts[deed], other)
        house.refused(NotFound, order_reading.one, row.public_id, other)
    assert order_reading.own(made.worker(2)) == []


@pytest.mark.parametrize("deed", ["agree", "withdraw", "rate"])
def test_a_second_tap_of_staff_who_may_not_is_refused_too(
    house: House, owner: Actor, deed: str
) -> None:
    row = agreed(house, owner)
    clerk = house.staff("clerk")
    if deed == "agree":
        house.refused(Forbidden, orders.agree, row.public_id, row.version, clerk, house.now)
    elif deed == "withdraw":
        orders.withdraw(row.public_id, owner, house.now)
        house.refused(Forbidden, orders.withdraw, row.public_id, clerk, house.now)
    else:
        row = held(house, owner)
        orders.rate(row.public_id, "satisfied", None, owner, house.now)
        values = (row.public_id, "not_satisfied", None, clerk, house.now)
        house.refused(Forbidden, orders.rate, *values)


def test_of_two_officers_at_once_one_answers_and_the_other_learns_of_it(
    app: APIFlask, clock: HeldClock
) -> None:
    with app.app_context():
        house = House(app, clock, made.organiser())
        head = house.staff("head")
        row = house.order(assigned(house, made.worker(1)))
    gate = Barrier(2)

    def go(deed: str, by: Actor) -> str:
        with app.app_context():
            gate.wait()
            try:
                DEEDS[deed][1](house, row, row.version, by)
            except Problem as problem:
                return problem.code
            return "done"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(go, ("propose", "decline"), (house.desk, head)))
    # whoever came second finds a newer page, or an order that is over
    assert results.count("done") == 1 and set(results) <= {"done", "stale", "wrong_state"}
    with app.app_context():
        told = len(house.messages("order_proposed")) + len(house.messages("order_declined"))
        assert told == 1


# --- lists at the desk


def test_the_desks_lists_hold_what_they_say(house: House, owner: Actor) -> None:
    waits, gone = made.ordered(owner), made.ordered(owner)
    orders.withdraw(gone.public_id, owner, house.now)
    mine = assigned(house, owner)
    answered = proposed(house, owner)

    def ids(scope: str) -> list[int]:
        return [row.id for row in order_reading.listed(scope, None, house.desk, house.now).items]

    assert ids("open") == [waits.id, mine.id, answered.id]
    assert ids("mine") == [mine.id, answered.id]
    assert ids("over") == [gone.id] and ids("late") == []
    house.clock.at += HOUR * 24 * 7
    assert ids("late") == [waits.id, mine.id]
    assert order_reading.waiting(house.now) == order_reading.Waiting(unanswered=2, late=2)
    house.refused(Forbidden, order_reading.listed, "open", None, house.staff("clerk"), house.now)


@pytest.mark.parametrize("scope", ["open", "over"])
def test_page_after_page_shows_every_order_once_in_the_same_order(
    house: House, owner: Actor, monkeypatch: pytest.MonkeyPatch, scope: str
) -> None:
    rows = []
    for days in range(5):
        house.clock.at += HOUR * 24 * days
        rows.append(proposed(house, owner) if days % 2 else made.ordered(owner))
    if scope == "over":
        for row in rows:
            orders.withdraw(row.public_id, owner, house.now)
        house.clock.at += HOUR * 24 * 14  # past every day that was proposed
    whole = [row.id for row in order_reading.listed(scope, None, house.desk, house.now).items]
    assert len(whole) == 5
    monkeypatch.setattr(order_reading, "PAGE", 2)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = order_reading.listed(scope, cursor, house.desk, house.now)
        seen += [row.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == whole


def test_reading_an_order_at_the_desk_is_recorded(house: House, owner: Actor) -> None:
    row = made.ordered(owner)
    assert order_reading.read(row.public_id, house.desk, house.now).id == row.id
    assert house.acts(f"staff:{house.desk.id}")[-1] == "order_read"
    house.refused(NotFound, order_reading.read, "0" * 16, house.desk, house.now)
    house.refused(Forbidden, order_reading.read, row.public_id, house.staff("clerk"), house.now)
