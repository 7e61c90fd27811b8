"""Properties of counting a limit that hold for every start, length and pause."""

from datetime import date, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.law.counting import DeadlineError, DueDate, Pause, Unit, compute
from backend.law.days import add_days
from backend.law.workdays import Calendar

CALENDAR = Calendar.load()

# The machine may be busy; how long one example takes says nothing about the law.
patient = settings(deadline=None)

starts = st.dates(date(2024, 1, 1), date(2026, 12, 31))
lengths = st.integers(1, 90)
units = st.sampled_from(Unit)
day_units = st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY])


def _due(result: DueDate) -> date:
    assert result.due is not None
    return result.due


@patient
@given(starts, units, st.integers(1, 40))
def test_a_longer_limit_never_ends_earlier_and_ends_after_its_start(
    start: date, unit: Unit, n: int
) -> None:
    due = _due(compute(start, unit, n))
    assert start < due <= _due(compute(start, unit, n + 1))


@patient
@given(starts, units, st.integers(0, 40))
def test_every_limit_ends_on_a_working_day(start: date, unit: Unit, n: int) -> None:
    assert CALENDAR.is_working_day(_due(compute(start, unit, n)))


@patient
@given(starts, units, st.integers(1, 20), st.lists(st.integers(0, 10), max_size=3))
def test_extensions_count_as_one_longer_limit(
    start: date, unit: Unit, n: int, extensions: list[int]
) -> None:
    extended = compute(start, unit, n, extensions)
    assert extended.due == compute(start, unit, n + sum(extensions)).due


@patient
@given(starts, lengths)
def test_a_limit_in_working_days_holds_exactly_that_many(start: date, n: int) -> None:
    due = _due(compute(start, "working_day", n))
    assert CALENDAR.working_days_between(start, due) == n


@patient
@given(starts, lengths, st.integers(1, 60), st.integers(0, 40))
def test_a_pause_inside_adds_the_working_days_it_covers(
    start: date, n: int, offset: int, length: int
) -> None:
    pause = Pause(add_days(start, offset), add_days(start, offset + length))
    assume(pause.from_on <= _due(compute(start, "working_day", n)))
    assert pause.to_on is not None
    paused = CALENDAR.working_days_between(add_days(pause.from_on, -1), pause.to_on)
    expected = compute(start, "working_day", n + paused).due
    assert compute(start, "working_day", n, pauses=[pause]).due == expected


@patient
@given(starts, day_units, lengths, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_overlapping_pauses_count_once(
    start: date, unit: Unit, n: int, a: int, b: int, c: int
) -> None:
    first, cut, second, last = (add_days(start, days) for days in (a, a + b, a + b // 2, a + b + c))
    parts = [Pause(first, cut), Pause(second, last)]
    assert (
        compute(start, unit, n, pauses=parts).due
        == compute(start, unit, n, pauses=[Pause(first, last)]).due
    )


@patient
@given(starts, units, st.integers(1, 30), st.integers(0, 400), st.integers(0, 40))
def test_a_pause_outside_the_limit_changes_nothing(
    start: date, unit: Unit, n: int, gap: int, length: int
) -> None:
    plain = compute(start, unit, n)
    before = Pause(add_days(start, -gap - length), add_days(start, -gap))
    after = Pause(add_days(_due(plain), gap + 1), add_days(_due(plain), gap + 1 + length))
    assert compute(start, unit, n, pauses=[before, after]) == plain


@patient
@given(starts, day_units, lengths, st.integers(1, 60), st.integers(0, 40))
def test_a_limit_never_ends_inside_a_pause(
    start: date, unit: Unit, n: int, offset: int, length: int
) -> None:
    pause = Pause(add_days(start, offset), add_days(start, offset + length))
    due = _due(compute(start, unit, n, pauses=[pause]))
    assert pause.to_on is not None
    assert not pause.from_on <= due <= pause.to_on


@patient
@given(starts, units, st.integers(1, 40))
def test_a_date_is_provisional_exactly_when_it_reaches_an_unpublished_year(
    start: date, unit: Unit, n: int
) -> None:
    result = compute(start, unit, n)
    assert result.is_provisional == (_due(result).year > CALENDAR.last_published_year)
    assert ("以国务院公布的放假安排为准" in result.explanation) == result.is_provisional
    assert result.text.startswith("约") == result.is_provisional


def test_working_days_before_the_first_notice_make_a_date_provisional() -> None:
    assert compute(date(2023, 12, 27), "working_day", 5).is_provisional
    assert not compute(date(2023, 3, 1), "year", 1).is_provisional


def test_a_pause_in_an_unpublished_year_does_not_make_a_date_provisional() -> None:
    pause = Pause(date(2023, 12, 28), date(2023, 12, 31))
    result = compute(date(2023, 12, 27), "working_day", 5, pauses=[pause])
    assert (result.due, result.is_provisional) == (date(2024, 1, 8), False)


def test_month_ends_and_leap_days_give_the_last_day_of_a_shorter_month() -> None:
    assert compute(date(2025, 8, 31), "month", 6).unrolled == date(2026, 2, 28)
    assert compute(date(2024, 2, 29), "year", 1).due == date(2025, 2, 28)


def test_the_day_before_rolling_is_kept_as_the_safe_date() -> None:
    result = compute(date(2025, 11, 21), "year", 1)
    assert (result.unrolled, result.due) == (date(2026, 11, 21), date(2026, 11, 23))
    assert "2026年11月21日（周六）不是工作日，顺延" in result.explanation


def test_a_pause_extends_a_limit_in_months_by_its_days() -> None:
    pause = Pause(date(2026, 7, 1), date(2026, 7, 10))
    result = compute(date(2026, 6, 10), "month", 3, pauses=[pause])
    assert result.due == date(2026, 9, 20)  # 10 September and ten days: a Sunday worked by swap
    assert "暂停的10天不计" in result.explanation


def test_an_open_pause_stops_the_clock_until_a_forecast_is_asked_for() -> None:
    start, pauses = date(2026, 11, 2), [Pause(date(2026, 11, 4))]
    stopped = compute(start, "working_day", 5, pauses=pauses)
    assert (stopped.due, stopped.is_stopped) == (None, True)
    assert "暂停" in stopped.text and "暂停" in stopped.explanation
    forecast = compute(start, "working_day", 5, pauses=pauses, as_of=date(2026, 11, 6))
    assert (forecast.due, forecast.is_stopped) == (date(2026, 11, 12), True)


def test_an_open_pause_that_begins_after_the_last_day_stops_nothing() -> None:
    result = compute(date(2026, 11, 2), "working_day", 5, pauses=[Pause(date(2026, 11, 10))])
    assert (result.due, result.is_stopped) == (date(2026, 11, 9), False)


def test_an_open_pause_after_the_forecast_day_is_not_yet_one() -> None:
    pauses = [Pause(date(2026, 11, 5))]
    result = compute(date(2026, 11, 2), "working_day", 5, pauses=pauses, as_of=date(2026, 11, 3))
    assert (result.due, result.is_stopped) == (date(2026, 11, 9), False)


def test_the_explanation_tells_length_extension_and_pause() -> None:
    pause = Pause(date(2026, 4, 20), date(2026, 5, 8))
    line = compute(date(2026, 4, 1), "working_day", 45, [30], [pause]).explanation
    assert "45+30个工作日" in line
    assert "暂停的12个工作日不计" in line


@pytest.mark.parametrize(
    ("unit", "n", "extensions", "message"),
    [
        ("week", 1, (), "unknown unit"),
        ("working_day", -1, (), "whole number"),
        ("working_day", True, (), "whole number"),
        ("working_day", 5, (-1,), "whole number"),
        ("calendar_day", 36_501, (), "longer than any law"),
        ("year", 8_000, (), "after the year 9999"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(
    unit: str, n: int, extensions: tuple[int, ...], message: str
) -> None:
    with pytest.raises(DeadlineError, match=message):
        compute(date(2026, 1, 5), unit, n, extensions)


def test_a_moment_in_place_of_a_day_is_refused() -> None:
    with pytest.raises(DeadlineError, match="must be a date"):
        compute(datetime(2026, 1, 5), "working_day", 5)  # noqa: DTZ001


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DeadlineError, match="before"):
        Pause(date(2026, 5, 8), date(2026, 4, 20))
