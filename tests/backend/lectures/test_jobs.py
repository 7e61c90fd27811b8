"""What time brings: reminders, ends of offers and lines, asking, orders going up; each once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from backend import scheduler
from backend.law.days import SHANGHAI, start_of_day
from backend.lectures import jobs
from backend.lectures.models import Lecture
from backend.lectures.service import answers, due, making, orders, publishing, telling
from backend.lectures.states import BookingState, OrderState
from tests.backend.lectures.house import House, house
from tests.factories import lectures as made

__all__ = ["house"]

HOUR, SECOND = made.HOUR, made.HOUR / 3600
DAY, SOON = "remind_lecture_day", "remind_lecture_soon"


def run_at(house: House, at: datetime) -> int:
    """One run of the job at a moment."""
    house.clock.at = at
    return jobs.run(at)


def subjects(house: House, *booked: Any) -> list[str]:
    """The subjects of messages about these bookings."""
    return [f"booking:{house.booking(one).id}" for one in booked]


def test_the_job_runs_every_minute_with_the_others() -> None:
    assert scheduler.JOBS["lectures"] is jobs.run


# --- reminders


def test_reminders_go_a_day_and_two_hours_before_each_exactly_once(house: House) -> None:
    lecture = made.published(house.desk)
    both = [made.book(lecture, made.worker(1)), house.by_phone(lecture, 2)]
    start = lecture.starts_at
    assert run_at(house, start - HOUR * 24 - SECOND) == 0
    assert run_at(house, start - HOUR * 24) == 1
    assert run_at(house, start - HOUR * 24) == run_at(house, start - HOUR * 2 - SECOND) == 0
    assert house.told(DAY) == subjects(house, *both) and house.told(SOON) == []
    assert run_at(house, start - HOUR * 2) == 1
    assert run_at(house, start - SECOND) == 0
    assert house.told(SOON) == subjects(house, *both)
    assert [m.channel for m in house.messages(SOON)] == ["wechat", "phone"]
    assert "礼乐街道党群服务中心" in house.messages(DAY)[0].text


def test_nobody_is_reminded_of_a_lecture_that_has_begun(house: House) -> None:
    lecture = made.published(house.desk)
    made.book(lecture, made.worker(1))
    assert run_at(house, lecture.starts_at) == 0
    assert house.told(DAY) == house.told(SOON) == []


def test_after_a_standstill_of_a_day_only_the_later_reminder_goes(house: House) -> None:
    lecture = made.published(house.desk)
    made.book(lecture, made.worker(1))
    assert run_at(house, lecture.starts_at - HOUR) == 1
    assert (len(house.told(DAY)), len(house.told(SOON))) == (0, 1)


def test_who_booked_after_the_moment_of_the_first_reminder_gets_the_second_only(
    house: House,
) -> None:
    start = made.plan(house.now).starts_at
    lecture = made.published(house.desk, booking_closes_at=start, cancelling_closes_at=start)
    early = made.book(lecture, made.worker(1))
    house.clock.at = start - HOUR * 24 + SECOND
    late = made.book(lecture, made.worker(2))
    run_at(house, start - HOUR * 23)
    run_at(house, start - HOUR * 2)
    assert house.told(DAY) == subjects(house, early)
    assert house.told(SOON) == subjects(house, early, late)


def test_only_those_who_come_are_reminded(house: House) -> None:
    start = made.plan(house.now).starts_at
    lecture = made.published(
        house.desk, seats=2, booking_closes_at=start, cancelling_closes_at=start
    )
    comes, leaves = made.worker(1), made.worker(2)
    kept, gone = made.book(lecture, comes), made.book(lecture, leaves)
    house.clock.at = start - HOUR * 25
    waiting = made.book(lecture, made.worker(3), may_wait=True)
    behind = made.book(lecture, made.worker(4), may_wait=True)
    answers.cancel(gone.public_id, leaves, house.now)
    run_at(house, start - HOUR * 24)
    states = [house.booking(one).state for one in (gone, waiting, behind)]
    assert states == ["cancelled", "offered", "waiting"]
    assert house.told(DAY) == subjects(house, kept)


@pytest.mark.parametrize("is_published", [False, True])
def test_a_draft_and_a_cancelled_lecture_remind_nobody(house: House, is_published: bool) -> None:
    if is_published:
        lecture = made.published(house.desk)
        made.book(lecture, made.worker(1))
        publishing.cancel_lecture(lecture.public_id, lecture.version, "停电", house.desk, house.now)
    else:
        plan = made.plan(house.now)
        lecture = making.make(plan, made.key(), house.desk, house.now)
    assert run_at(house, lecture.starts_at - HOUR * 2) == 0
    assert run_at(house, lecture.ends_at) == 0


def test_after_a_reschedule_everybody_is_reminded_of_the_new_time(house: House) -> None:
    lecture = made.published(house.desk)
    booked = made.book(lecture, made.worker(1))
    run_at(house, lecture.starts_at - HOUR * 24)
    plan = made.plan(house.now, in_hours=100)
    publishing.change(
        lecture.public_id, house.fresh(lecture).version, plan, "", house.desk, house.now
    )
    assert run_at(house, house.now + HOUR) == 0
    assert run_at(house, plan.starts_at - HOUR * 24) == 1
    assert run_at(house, plan.starts_at - HOUR * 2) == 1
    assert house.told(DAY) == subjects(house, booked) * 2
    assert house.told(SOON) == subjects(house, booked)


# --- offers and lines


def test_offers_that_ran_out_go_down_the_line_one_after_another(house: House) -> None:
    lecture = made.published(house.desk, seats=1)
    first = house.offered(lecture, made.worker(1))
    second = made.book(lecture, made.worker(2), may_wait=True)
    begun = house.now
    assert run_at(house, begun + HOUR * 24 - SECOND) == 0
    assert run_at(house, begun + HOUR * 24) == 1
    assert [house.booking(one).state for one in (first, second)] == ["lapsed", "offered"]
    assert run_at(house, begun + HOUR * 24) == 0
    assert run_at(house, begun + HOUR * 48) == 1
    assert house.booking(second).state == BookingState.LAPSED
    fresh = house.fresh(lecture)
    assert (fresh.seats_taken, fresh.waiting_count) == (0, 0)
    assert house.told("lecture_lapsed") == subjects(house, first, second)


def test_at_the_cut_off_the_line_ends_for_everybody_in_it(house: House) -> None:
    lecture = made.published(house.desk, seats=1)
    made.book(lecture, made.worker(1))
    line = [made.book(lecture, made.worker(n), may_wait=True) for n in (2, 3)]
    assert run_at(house, lecture.booking_closes_at - SECOND) == 0
    # the lecture's own reminder is due at the same moment as its cut-off
    assert run_at(house, lecture.booking_closes_at) == 2
    assert [house.booking(one).state for one in line] == ["lapsed", "lapsed"]
    assert house.told("lecture_lapsed") == subjects(house, *line)
    assert "没轮到" in house.messages("lecture_lapsed")[0].title
    assert run_at(house, lecture.booking_closes_at + SECOND) == 0


def test_an_offer_made_before_the_cut_off_is_answered_or_lapses_and_nothing_is_offered_again(
    house: House,
) -> None:
    start = made.plan(house.now).starts_at
    lecture = made.published(house.desk, seats=1, cancelling_closes_at=start)
    house.clock.at = lecture.booking_closes_at - HOUR
    offered = house.offered(lecture, made.worker(1))
    waiting = made.book(lecture, made.worker(2), may_wait=True)
    run_at(house, lecture.booking_closes_at)
    assert [house.booking(one).state for one in (offered, waiting)] == ["lapsed", "lapsed"]
    assert house.told("lecture_offered") == subjects(house, offered)


# --- asking how it was


def test_only_those_who_came_with_an_account_are_asked_once(house: House) -> None:
    lecture = made.published(house.desk)
    came, missed = made.book(lecture, made.worker(1)), made.book(lecture, made.worker(2))
    telephoned = house.by_phone(lecture, 3)
    house.clock.at = lecture.starts_at
    for one in (came, telephoned):
        house.let_in(one)
    assert run_at(house, lecture.ends_at - SECOND) == 0
    assert run_at(house, lecture.ends_at) == 1
    assert run_at(house, lecture.ends_at) == run_at(house, lecture.ends_at + HOUR * 48) == 0
    assert house.told("lecture_feedback") == subjects(house, came)
    assert house.booking(missed).attended == 0


def test_nobody_is_asked_what_they_can_no_longer_answer(house: House) -> None:
    lecture = made.published(house.desk)
    came = made.book(lecture, made.worker(1))
    house.clock.at = lecture.starts_at
    house.let_in(came)
    assert run_at(house, lecture.ends_at + HOUR * 24 * 14) == 1
    assert house.told("lecture_feedback") == []


# --- orders


@pytest.mark.parametrize(
    ("ordered_on", "due_on"),
    [
        # Monday; Friday over a weekend; over a make-up Saturday and National Day; in the holiday
        (date(2026, 11, 23), date(2026, 11, 26)),
        (date(2026, 11, 27), date(2026, 12, 2)),
        (date(2026, 9, 29), date(2026, 10, 9)),
        (date(2026, 10, 2), date(2026, 10, 10)),
    ],
)
def test_an_order_nobody_answered_goes_up_after_three_working_days(
    house: House, ordered_on: date, due_on: date
) -> None:
    house.clock.set(start_of_day(ordered_on) + HOUR * 15)
    row = made.ordered(made.worker(1))
    assert row.answer_due_on == due_on
    goes_up = datetime.combine(due_on, datetime.min.time(), SHANGHAI) + HOUR * 24
    assert run_at(house, goes_up - SECOND) == 0
    assert run_at(house, goes_up) == 1
    fresh = house.order(row)
    assert (fresh.level, fresh.goes_up_at, fresh.state) == (1, None, "ordered")
    assert run_at(house, goes_up + HOUR * 24 * 30) == 0
    assert house.acts(f"order:{row.id}") == ["order", "order_goes_up"]


def test_an_order_that_was_assigned_but_not_answered_goes_up_too(house: House) -> None:
    row = made.ordered(made.worker(1))
    desk_id = house.desk.id or 0
    orders.assign(row.public_id, row.version, desk_id, house.desk, house.now)
    assert run_at(house, house.now + HOUR * 24 * 7) == 1
    assert house.order(row).level == 1


def test_an_answered_order_stays_and_one_whose_date_was_refused_has_three_new_days(
    house: House,
) -> None:
    owner = made.worker(1)
    row = made.ordered(owner)
    row = orders.assign(row.public_id, row.version, house.desk.id or 0, house.desk, house.now)
    at = house.now + HOUR * 24 * 20
    row = orders.propose(row.public_id, row.version, at, "陈志航", None, house.desk, house.now)
    assert run_at(house, house.now + HOUR * 24 * 10) == 0
    row = house.order(row)
    orders.refuse_date(row.public_id, row.version, "周五晚上行", owner, house.now)
    fresh = house.order(row)
    # refused on Thursday the 3rd of December
    assert (fresh.state, fresh.answer_due_on) == (OrderState.ASSIGNED, date(2026, 12, 8))
    assert run_at(house, start_of_day(date(2026, 12, 9)) - SECOND) == 0
    assert run_at(house, start_of_day(date(2026, 12, 9))) == 1


# --- a run that breaks off


def test_a_run_after_a_crash_in_the_middle_tells_everybody_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    lectures = [made.published(house.desk) for _ in range(3)]
    booked = [made.book(row, made.worker(n)) for row in lectures for n in (1, 2)]
    at, tell, calls = lectures[0].starts_at - HOUR * 24, telling.reminder, []

    def fails_at_the_fourth(*values: Any) -> None:
        calls.append(values)
        if len(calls) == 4:
            raise OSError("power cut")
        tell(*values)

    monkeypatch.setattr(telling, "reminder", fails_at_the_fourth)
    with pytest.raises(OSError, match="power cut"):
        run_at(house, at)
    # the second lecture was broken off whole: no message of it is left
    assert house.told(DAY) == subjects(house, *booked[:2])
    assert run_at(house, at) == 2
    assert sorted(house.told(DAY)) == sorted(subjects(house, *booked))


def test_an_end_of_line_that_breaks_off_leaves_no_trace(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecture = made.published(house.desk, seats=1)
    made.book(lecture, made.worker(1))
    line = [made.book(lecture, made.worker(n), may_wait=True) for n in (2, 3)]
    with monkeypatch.context() as broken:
        broken.setattr(telling, "lapsed", lambda *_: 1 / 0)
        house.clock.at = lecture.booking_closes_at
        house.refused(ZeroDivisionError, jobs.run, house.now)
    assert jobs.run(house.now) == 2
    assert [house.booking(one).state for one in line] == ["lapsed", "lapsed"]
    assert house.fresh(lecture).waiting_count == 0


def test_what_somebody_else_did_meanwhile_is_not_done_again(house: House) -> None:
    lecture = made.published(house.desk, seats=1)
    taker = made.worker(1)
    offered = house.offered(lecture, taker)
    row_id, over = house.booking(offered).id, house.now + HOUR * 24
    assert due.offers_over(over) == [row_id]
    answers.accept_offer(offered.public_id, taker, house.now)
    with house.nothing_changes():
        assert not due.end_offer(row_id, over)
        assert not due.end_offer(row_id + 1000, over)
        assert not due.end_line(lecture.id, over)
        assert not due.remind(lecture.id, False, over)


def test_a_lecture_without_bookings_is_done_silently(house: House) -> None:
    lecture: Lecture = made.published(house.desk)
    for at in (lecture.starts_at - HOUR * 24, lecture.starts_at - HOUR * 2, lecture.ends_at):
        assert run_at(house, at) == 1
        assert run_at(house, at) == 0
    assert house.messages() == []
