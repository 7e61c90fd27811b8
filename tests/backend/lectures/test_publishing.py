"""Publishing, changing, resizing and calling off lectures; everybody told exactly once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from backend.lectures.models import Lecture
from backend.lectures.service import answers, due, making, publishing
from backend.lectures.states import BookingState, LectureState
from tests.backend.lectures.house import House, house
from tests.clock import HeldClock
from tests.factories import lectures as made

__all__ = ["house"]

HOUR = made.HOUR
SERIES = making.Series(2027, 2, 3, [f"主题{n}" for n in range(1, 13)])


def fields(error: Problem) -> list[str]:
    """Which fields a refusal names; each with words that begin in Chinese."""
    assert all("\u4e00" <= found["message"][0] <= "\u9fff" for found in error.errors)
    return [found["field"] for found in error.errors]


def draft(house: House, **changes: Any) -> Lecture:
    """A lecture nobody sees yet."""
    return making.make(made.plan(house.now, **changes), made.key(), house.desk, house.now)


# --- editing and publishing


def test_everything_of_a_draft_can_be_edited(house: House) -> None:
    row = draft(house)
    plan = made.plan(house.now, in_hours=300, title="新题目", place="别处", seats=9)
    publishing.edit(row.public_id, row.version, plan, house.desk, house.now)
    fresh = house.fresh(row)
    assert {name: getattr(fresh, name) for name in plan.columns()} == plan.columns()
    assert (fresh.version, fresh.revision) == (2, 1) and house.messages() == []


@pytest.mark.parametrize(
    "changes",
    [{"place": "别处"}, {"address": "别处 1 号"}, {"online": "https://x.example"}, {"seats": 61},
     {"in_hours": 241}],
    ids=str,
)  # fmt: skip
def test_what_people_must_be_told_of_is_not_edited_silently(
    house: House, changes: dict[str, Any]
) -> None:
    row = made.published(house.desk)
    plan = made.plan(house.now, **changes)
    values = (row.public_id, row.version, plan, house.desk, house.now)
    assert house.refused(Conflict, publishing.edit, *values).code == "tell_people"


def test_words_of_a_published_lecture_are_edited_without_telling(house: House) -> None:
    row = made.published(house.desk)
    made.book(row, made.worker(1))
    plan = made.plan(house.now, title="改了错字", about="讲什么", speaker="何律师")
    publishing.edit(row.public_id, row.version, plan, house.desk, house.now)
    assert house.fresh(row).title == "改了错字" and house.fresh(row).revision == 1
    assert [m.template for m in house.messages()] == ["lecture_booked"]


def test_an_earlier_deadline_cuts_offers_also_by_editing(house: House) -> None:
    row = made.published(house.desk, seats=1)
    offered = house.offered(row, made.worker(1))
    closes = house.now + HOUR * 2
    plan = made.plan(house.now, seats=1, booking_closes_at=closes)
    publishing.edit(row.public_id, row.version, plan, house.desk, house.now)
    assert house.booking(offered).offer_ends_at == closes
    assert due.offers_over(closes) == [house.booking(offered).id]


def test_a_later_deadline_offers_the_seats_that_stood_empty(house: House) -> None:
    row = made.published(house.desk, seats=1, cancelling_closes_at=house.now + HOUR * 240)
    holder = made.worker(1)
    held = made.book(row, holder)
    waiting = made.book(row, made.worker(2), may_wait=True)
    start, now = row.starts_at, house.now
    house.clock.at = row.booking_closes_at
    answers.cancel(held.public_id, holder, house.now)
    assert house.booking(waiting).state == BookingState.WAITING
    later = made.plan(now, seats=1, booking_closes_at=start, cancelling_closes_at=start)
    publishing.edit(row.public_id, row.version, later, house.desk, house.now)
    assert house.booking(waiting).state == BookingState.OFFERED
    assert house.booking(waiting).offer_ends_at == start


def test_publishing_twice_changes_nothing_the_second_time(house: House) -> None:
    row = draft(house)
    publishing.publish(row.public_id, 1, house.desk, house.now)
    assert house.fresh(row).state == "published" and house.fresh(row).published_at == house.now
    with house.nothing_changes():
        publishing.publish(row.public_id, 1, house.desk, house.now)


def test_a_lecture_nobody_could_book_is_not_published(house: House) -> None:
    row = draft(house)
    house.clock.at = row.booking_closes_at
    values = (row.public_id, row.version, house.desk, house.now)
    assert house.refused(Conflict, publishing.publish, *values).code == "over"
    house.clock.at -= HOUR / 3600
    assert publishing.publish(row.public_id, 1, house.desk, house.now).state == "published"


# --- moving in time or place


def test_whoever_waits_is_told_that_they_still_wait_and_not_asked_whether_they_come(
    house: House,
) -> None:
    row = made.published(house.desk, seats=1)
    offered = house.offered(row, made.worker(1))
    waiting = made.book(row, made.worker(2), may_wait=True)
    plan = made.plan(house.now, in_hours=300, seats=1)
    publishing.change(row.public_id, row.version, plan, "场地漏水", house.desk, house.now)
    subjects = [f"booking:{house.booking(one).id}" for one in (offered, waiting)]
    assert house.told("lecture_changed") == subjects
    kept, in_line = house.messages("lecture_changed")
    assert kept.title == "讲座改了，座还给您留着" and "能来请点“要”" in kept.text
    assert in_line.title == "讲座改了，您还在排队" and "还没有您的座" in in_line.text
    for message in (kept, in_line):
        assert "还去" not in message.text and "场地漏水。" in message.text
        assert "请确认" not in message.lock_screen


def test_a_change_tells_everybody_once_and_asks_again(house: House) -> None:
    row = made.published(house.desk, seats=2)
    one, two, three = (made.worker(n) for n in (1, 2, 3))
    booked = made.book(row, one)
    telephoned = house.by_phone(row, 4)
    waiting = made.book(row, two, may_wait=True)
    gone = made.book(row, three, may_wait=True)
    answers.cancel(gone.public_id, three, house.now)
    plan = made.plan(house.now, in_hours=300, seats=2, place="少年宫")
    told = publishing.change(row.public_id, row.version, plan, " 场地漏水。", house.desk, house.now)
    ids = [house.booking(b).id for b in (booked, telephoned, waiting)]
    assert told == 3 and house.told("lecture_changed") == [f"booking:{n}" for n in ids]
    message = house.messages("lecture_changed")[0]
    assert "少年宫" in message.text and "场地漏水。能来" in message.text
    assert [m.channel for m in house.messages("lecture_changed")] == ["wechat", "phone", "wechat"]
    fresh = house.fresh(row)
    assert (fresh.revision, fresh.version, fresh.change_note) == (2, 3, "场地漏水。")
    assert (fresh.starts_at, fresh.booking_closes_at) == (plan.starts_at, plan.booking_closes_at)
    assert house.booking(booked).agreed_revision == 1
    answers.confirm_change(booked.public_id, one, house.now)
    assert house.booking(booked).agreed_revision == 2
    assert house.acts(f"booking:{ids[0]}") == ["book", "confirm_change"]


def test_who_never_agreed_to_the_change_may_still_cancel_after_the_deadline(house: House) -> None:
    row = made.published(house.desk)
    one, two = made.worker(1), made.worker(2)
    first, second = made.book(row, one), made.book(row, two)
    plan = made.plan(house.now, place="少年宫")
    publishing.change(row.public_id, row.version, plan, "", house.desk, house.now)
    answers.confirm_change(second.public_id, two, house.now)
    house.clock.at = row.cancelling_closes_at
    cancelled = answers.cancel(first.public_id, one, house.now)
    assert cancelled.state == BookingState.CANCELLED and not cancelled.is_late_cancel
    error = house.refused(Conflict, answers.cancel, second.public_id, two, house.now)
    assert error.code == "too_late"


def test_an_offer_is_cut_to_the_new_deadline_and_taking_it_agrees(house: House) -> None:
    row = made.published(house.desk, seats=1)
    taker = made.worker(1)
    offered = house.offered(row, taker)
    plan = made.plan(
        house.now, in_hours=30, seats=1, booking_closes_at=house.now + HOUR * 6,
        cancelling_closes_at=house.now + HOUR * 6,
    )  # fmt: skip
    publishing.change(row.public_id, row.version, plan, "", house.desk, house.now)
    assert house.booking(offered).offer_ends_at == house.now + HOUR * 6
    answers.accept_offer(offered.public_id, taker, house.now)
    assert house.booking(offered).agreed_revision == 2


def test_a_later_deadline_by_a_change_offers_empty_seats(house: House) -> None:
    row = made.published(house.desk, seats=1, cancelling_closes_at=house.now + HOUR * 240)
    holder = made.worker(1)
    held = made.book(row, holder)
    waiting = made.book(row, made.worker(2), may_wait=True)
    house.clock.at = row.booking_closes_at
    answers.cancel(held.public_id, holder, house.now)
    plan = made.plan(house.now, in_hours=100, seats=1)
    publishing.change(row.public_id, row.version, plan, "", house.desk, house.now)
    assert house.booking(waiting).state == BookingState.OFFERED


@pytest.mark.parametrize(
    ("changes", "hours", "error", "code"),
    [
        ({}, 0, Conflict, "nothing_changed"),
        ({"title": "别的题目", "seats": 9}, 0, Conflict, "nothing_changed"),
        ({"in_hours": -1}, 0, BadInput, "bad_input"),
        ({"in_hours": 0}, 0, BadInput, "bad_input"),
        ({"place": "别处", "in_hours": 300}, 240, Conflict, "over"),
    ],
    ids=str,
)
def test_a_change_that_changes_nothing_or_goes_back_in_time_is_refused(
    house: House, changes: dict[str, Any], hours: int, error: type[Problem], code: str
) -> None:
    row = made.published(house.desk)
    made.book(row, made.worker(1))
    plan = made.plan(house.now, **changes)
    house.clock.at += HOUR * hours
    values = (row.public_id, row.version, plan, "", house.desk, house.now)
    assert house.refused(error, publishing.change, *values).code == code


def test_a_note_too_long_for_a_message_is_refused_not_cut(house: House) -> None:
    row = made.published(house.desk)
    plan = made.plan(house.now, place="别处")
    values = (row.public_id, row.version, plan, "长" * 201, house.desk, house.now)
    assert fields(house.refused(BadInput, publishing.change, *values)) == ["note"]


# --- seats


def test_more_seats_are_offered_to_those_who_wait_in_order(house: House) -> None:
    row = made.published(house.desk, seats=1)
    made.book(row, made.worker(1))
    line = [made.book(row, made.worker(n), may_wait=True) for n in (2, 3, 4)]
    publishing.resize(row.public_id, 3, house.desk, house.now)
    assert [house.booking(b).state for b in line] == ["offered", "offered", "waiting"]
    fresh = house.fresh(row)
    assert (fresh.seats, fresh.seats_taken, fresh.waiting_count) == (3, 3, 1)
    assert len(house.told("lecture_offered")) == 2


def test_a_group_that_waits_first_is_not_overtaken_by_a_single(house: House) -> None:
    row = made.published(house.desk, seats=4)
    made.book(row, made.worker(1), 4)
    group = made.book(row, made.worker(2), 3, may_wait=True)
    single = made.book(row, made.worker(3), may_wait=True)
    publishing.resize(row.public_id, 6, house.desk, house.now)
    assert [house.booking(b).state for b in (group, single)] == ["waiting", "waiting"]
    publishing.resize(row.public_id, 7, house.desk, house.now)
    assert [house.booking(b).state for b in (group, single)] == ["offered", "waiting"]


def test_fewer_seats_than_are_taken_are_refused_with_the_number(house: House) -> None:
    row = made.published(house.desk, seats=10)
    made.book(row, made.worker(1), 6)
    error = house.refused(Conflict, publishing.resize, row.public_id, 5, house.desk, house.now)
    assert (error.code, error.extra["taken"]) == ("too_few", 6) and "6 座" in error.detail
    assert publishing.resize(row.public_id, 6, house.desk, house.now).seats == 6


@pytest.mark.parametrize("seats", [0, -1, 5001, 2**31])
def test_a_number_of_seats_that_cannot_be_is_refused(house: House, seats: int) -> None:
    row = made.published(house.desk)
    error = house.refused(BadInput, publishing.resize, row.public_id, seats, house.desk, house.now)
    assert fields(error) == ["seats"]


# --- calling off


def test_calling_off_tells_everybody_ends_line_and_offers_and_a_second_click_nothing(
    house: House,
) -> None:
    row = made.published(house.desk, seats=2)
    booked = made.book(row, made.worker(1))
    offered = house.offered(row, made.worker(2))
    waiting = made.book(row, made.worker(3), may_wait=True)
    told = publishing.cancel_lecture(
        row.public_id, row.version, " 讲师生病 ", house.desk, house.now
    )
    ids = [house.booking(b).id for b in (booked, offered, waiting)]
    assert told == 3 and house.told("lecture_cancelled") == [f"booking:{n}" for n in ids]
    assert "原因：讲师生病。" in house.messages("lecture_cancelled")[0].text
    states = [house.booking(b).state for b in (booked, offered, waiting)]
    assert states == ["booked", "lapsed", "lapsed"]
    fresh = house.fresh(row)
    assert (fresh.state, fresh.seats_taken, fresh.waiting_count) == ("cancelled", 1, 0)
    with house.nothing_changes():
        assert publishing.cancel_lecture(row.public_id, 1, "又点了一下", house.desk, house.now) == 0


def test_after_a_calling_off_an_offer_says_that_the_lecture_is_off(house: House) -> None:
    row = made.published(house.desk, seats=1)
    taker = made.worker(1)
    offered = house.offered(row, taker)
    publishing.cancel_lecture(row.public_id, row.version, "讲师生病", house.desk, house.now)
    error = house.refused(Conflict, answers.accept_offer, offered.public_id, taker, house.now)
    assert error.code == "lecture_cancelled"


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_calling_off_needs_a_reason_that_fits(house: House, reason: str) -> None:
    row = made.published(house.desk)
    values = (row.public_id, row.version, reason, house.desk, house.now)
    assert fields(house.refused(BadInput, publishing.cancel_lecture, *values)) == ["reason"]


def test_what_is_over_is_not_called_off_but_what_runs_is(house: House) -> None:
    over, runs = made.published(house.desk), made.published(house.desk)
    house.clock.at = over.ends_at
    values = (over.public_id, over.version, "没人来", house.desk, house.now)
    assert house.refused(Conflict, publishing.cancel_lecture, *values).code == "over"
    house.clock.at -= HOUR
    publishing.cancel_lecture(runs.public_id, runs.version, "停电", house.desk, house.now)
    assert house.fresh(runs).state == LectureState.CANCELLED


# --- who, and who was first

DEEDS: dict[str, Callable[[House, Lecture, int, Actor], object]] = {
    "edit": lambda house, row, version, by: publishing.edit(
        row.public_id, version, made.plan(house.now, title="新题目"), by, house.now
    ),
    "publish": lambda house, row, version, by: publishing.publish(
        row.public_id, version, by, house.now
    ),
    "change": lambda house, row, version, by: publishing.change(
        row.public_id, version, made.plan(house.now, place="别处"), "", by, house.now
    ),
    "cancel": lambda house, row, version, by: publishing.cancel_lecture(
        row.public_id, version, "讲师生病", by, house.now
    ),
}


@pytest.mark.parametrize("deed", list(DEEDS))
def test_a_page_that_is_out_of_date_changes_nothing(house: House, deed: str) -> None:
    row = draft(house) if deed == "publish" else made.published(house.desk)
    plan = made.plan(house.now, about="刚写的")
    publishing.edit(row.public_id, row.version, plan, house.desk, house.now)
    stale = house.fresh(row).version - 1
    error = house.refused(Conflict, DEEDS[deed], house, row, stale, house.staff("head"))
    assert (error.code, error.extra["by"]) == ("stale", house.desk.name)


@pytest.mark.parametrize("role", ["clerk", "inspector", "legal_reviewer", "answerer", "mediator"])
def test_other_roles_make_no_lectures(house: House, role: str) -> None:
    row, other = made.published(house.desk), house.staff(role)
    for deed in DEEDS.values():
        house.refused(Forbidden, deed, house, row, row.version, other)
    house.refused(Forbidden, making.make, made.plan(house.now), made.key(), other, house.now)
    house.refused(Forbidden, publishing.resize, row.public_id, 70, other, house.now)
    year = (made.plan(house.now), SERIES, made.key(), other, house.now)
    house.refused(Forbidden, making.make_series, *year)


def test_no_lecture_is_not_found(house: House) -> None:
    row = made.published(house.desk)
    nobody = Lecture(public_id="0" * 16)
    for deed in DEEDS.values():
        house.refused(NotFound, deed, house, nobody, row.version, house.desk)


@pytest.mark.parametrize("deeds", [("edit", "edit"), ("edit", "change"), ("change", "cancel")])
def test_of_two_officers_at_once_one_does_it_and_the_other_learns_of_it(
    app: APIFlask, clock: HeldClock, deeds: tuple[str, str]
) -> None:
    with app.app_context():
        house = House(app, clock, made.organiser())
        row, head = made.published(house.desk), house.staff("head")
        made.book(row, made.worker(1))
        row = house.fresh(row)
    gate = Barrier(2)

    def go(deed: str, by: Actor) -> str:
        with app.app_context():
            gate.wait()
            try:
                DEEDS[deed](house, row, row.version, by)
            except Problem as problem:
                return problem.code
            return "done"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(go, deeds, (house.desk, head)))
    assert results == ["done", "stale"]
    with app.app_context():
        assert house.fresh(row).version == row.version + 1


def test_two_clicks_at_once_make_one_lecture(app: APIFlask, clock: HeldClock) -> None:
    with app.app_context():
        desk = made.organiser()
    gate, key = Barrier(2), made.key()

    def go(_number: int) -> str:
        with app.app_context():
            gate.wait()
            plan = made.plan(clock.at)
            return str(making.make(plan, key, desk, clock.at).public_id)

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(go, range(2)))) == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Lecture.id))) == 1
