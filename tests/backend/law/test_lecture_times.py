"""Windows of lectures and orders, and the days of a monthly series, for any moment and year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from backend.law.days import SHANGHAI, local_date
from backend.law.festivals import statutory_holidays
from backend.law.lecture_times import (
    DEFAULT_TIMES,
    LectureTimes,
    is_provisional,
    moment,
    monthly_days,
)
from backend.law.workdays import Calendar, default_calendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=365 * 20)).map(lambda gone: START + gone)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
LENGTHS = sorted(vars(DEFAULT_TIMES))


@pytest.mark.parametrize("name", LENGTHS)
@pytest.mark.parametrize("length", [0, -1, 1.5, True, "24", None])
def test_a_window_of_no_length_is_refused(name: str, length: object) -> None:
    with pytest.raises(ValueError, match=name):
        LectureTimes(**{name: length})  # type: ignore[arg-type]


@given(now=MOMENTS, closes_in=st.timedeltas(-DAY * 3, DAY * 30))
def test_an_offer_is_kept_a_day_but_never_past_the_last_moment_to_book(
    now: datetime, closes_in: timedelta
) -> None:
    closes_at = now + closes_in
    ends_at = DEFAULT_TIMES.offer_ends_at(now, closes_at)
    assert ends_at <= closes_at and ends_at <= now + HOUR * 24
    assert ends_at in (closes_at, now + HOUR * 24)


@given(starts_at=MOMENTS)
def test_reminders_are_a_day_and_two_hours_before(starts_at: datetime) -> None:
    assert starts_at - DEFAULT_TIMES.day_reminder_at(starts_at) == HOUR * 24
    assert starts_at - DEFAULT_TIMES.soon_reminder_at(starts_at) == HOUR * 2


@given(starts_at=MOMENTS, before=st.timedeltas(timedelta(0), DAY * 2))
def test_the_horizon_holds_exactly_the_lectures_whose_reminder_may_be_due(
    starts_at: datetime, before: timedelta
) -> None:
    now = starts_at - before
    is_due = DEFAULT_TIMES.day_reminder_at(starts_at) <= now
    assert is_due == (starts_at <= DEFAULT_TIMES.reminder_horizon(now))
    # the later reminder looks at the same lectures
    assert DEFAULT_TIMES.soon_reminder_at(starts_at) > now or is_due


@given(starts_at=MOMENTS, length=st.timedeltas(timedelta(0), DAY), at=st.timedeltas(-DAY, DAY * 2))
def test_what_runs_is_never_sought_too_late(
    starts_at: datetime, length: timedelta, at: timedelta
) -> None:
    ends_at, now = starts_at + length, starts_at + at
    is_allowed = not DEFAULT_TIMES.is_too_long(starts_at, ends_at)
    assert is_allowed == (length <= HOUR * 12)
    if is_allowed and now < ends_at:
        assert starts_at > DEFAULT_TIMES.running_since(now)


@given(ends_at=MOMENTS)
def test_fourteen_days_to_say_how_it_was(ends_at: datetime) -> None:
    assert DEFAULT_TIMES.feedback_until(ends_at) - ends_at == DAY * 14
    assert ends_at - DEFAULT_TIMES.themes_since(ends_at) == DAY * 365


# --- orders


@given(received_on=DAYS)
def test_an_order_is_due_on_the_third_working_day_after(received_on: date) -> None:
    known = default_calendar()
    due_on = DEFAULT_TIMES.order_due_on(received_on)
    assert known.is_working_day(due_on) and received_on < due_on
    days = [received_on + DAY * n for n in range(1, (due_on - received_on).days + 1)]
    assert sum(known.is_working_day(day) for day in days) == 3


@given(received_on=DAYS)
def test_an_order_that_comes_later_is_never_due_earlier(received_on: date) -> None:
    following = DEFAULT_TIMES.order_due_on(received_on + DAY)
    assert DEFAULT_TIMES.order_due_on(received_on) <= following


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),
        (date(2026, 11, 28), date(2026, 12, 2)),  # a Saturday
        (date(2026, 2, 13), date(2026, 2, 25)),  # 14th worked, then Spring Festival
        (date(2026, 9, 30), date(2026, 10, 10)),  # National Day, then a Saturday worked
        (date(2026, 4, 3), date(2026, 4, 9)),  # Qingming over a weekend
    ],
)
def test_orders_over_holidays_by_hand(received_on: date, due_on: date) -> None:
    assert DEFAULT_TIMES.order_due_on(received_on) == due_on


@given(due_on=DAYS)
def test_an_order_goes_up_when_its_day_is_over_in_shanghai(due_on: date) -> None:
    goes_up_at = DEFAULT_TIMES.order_goes_up_at(due_on)
    assert local_date(goes_up_at) == due_on + DAY
    assert local_date(goes_up_at - timedelta(microseconds=1)) == due_on


# --- a year of lectures


@given(year=st.integers(2020, 2040), week=st.integers(1, 4), weekday=st.integers(0, 6))
def test_a_year_has_twelve_days_of_one_weekday_and_none_is_a_holiday(
    year: int, week: int, weekday: int
) -> None:
    known = default_calendar()

    def is_free(on: date) -> bool:
        named = known.holiday_name(on) is not None
        return named or (on.year not in known.notices and on in statutory_holidays(on.year))

    days = list(monthly_days(year, week, weekday))
    assert len(days) == 12 and days == sorted(set(days))
    for month, day in enumerate(days, start=1):
        assert day.weekday() == weekday and not is_free(day)
        meant = date(year, month, 1)
        while meant.weekday() != weekday:
            meant += DAY
        meant += DAY * 7 * (week - 1)
        assert meant.month == month
        # moved by whole weeks, and only over holidays
        steps = (day - meant).days // 7
        assert day == meant + DAY * 7 * steps and steps >= 0
        assert all(is_free(meant + DAY * 7 * n) for n in range(steps))


def test_holidays_of_2026_by_hand() -> None:
    first_thursdays = list(monthly_days(2026, 1, 3))
    # the 1st of January and the 1st of October are holidays; so is the 7th, not the 8th
    assert [str(day)[5:] for day in first_thursdays] == [
        "01-08", "02-05", "03-05", "04-02", "05-07", "06-04",
        "07-02", "08-06", "09-03", "10-08", "11-05", "12-03",
    ]  # fmt: skip
    third_mondays = list(monthly_days(2026, 3, 0))
    # 16 and 23 February are both in Spring Festival: two weeks later, in March
    assert third_mondays[1] == date(2026, 3, 2) and third_mondays[2] == date(2026, 3, 16)


def test_a_weekend_somebody_chose_stays() -> None:
    days = list(monthly_days(2026, 2, 5))
    assert days[0] == date(2026, 1, 10) and all(day.weekday() == 5 for day in days)


@pytest.mark.parametrize(
    ("week", "weekday", "month", "moved_to"),
    [
        (1, 4, 1, date(2027, 1, 8)),  # 元旦 is a Friday
        (1, 4, 10, date(2027, 10, 8)),  # 国庆 too
        (1, 5, 10, date(2027, 10, 9)),
        (1, 5, 5, date(2027, 5, 8)),  # 劳动节, a Saturday
        (1, 5, 2, date(2027, 2, 13)),  # 春节
        (1, 0, 4, date(2027, 4, 12)),  # 清明
        (2, 2, 6, date(2027, 6, 16)),  # 端午
        (3, 2, 9, date(2027, 9, 22)),  # 中秋
    ],
)
def test_a_year_without_a_notice_moves_what_the_law_itself_fixes(
    week: int, weekday: int, month: int, moved_to: date
) -> None:
    assert list(monthly_days(2027, week, weekday, Calendar({})))[month - 1] == moved_to


def test_a_day_is_provisional_until_its_years_notice_is_out() -> None:
    assert is_provisional(date(2027, 3, 2), Calendar({})) and not is_provisional(date(2026, 3, 2))


@pytest.mark.parametrize(("week", "weekday"), [(0, 0), (5, 0), (1, -1), (1, 7)])
def test_a_week_or_weekday_there_is_not_is_refused(week: int, weekday: int) -> None:
    with pytest.raises(ValueError, match="week"):
        list(monthly_days(2026, week, weekday))


@given(on=DAYS, at=st.times())
def test_a_day_and_a_time_are_a_moment_in_shanghai(on: date, at: time) -> None:
    found = moment(on, at)
    assert found.tzinfo is SHANGHAI and local_date(found) == on
    assert found.astimezone(SHANGHAI).time() == at
