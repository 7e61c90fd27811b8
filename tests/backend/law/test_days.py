"""Moments become Shanghai days, and a day ends at 24:00 in Shanghai."""

from datetime import UTC, date, datetime

import pytest

from backend.law.days import (
    add_days,
    add_hours,
    end_of_day,
    is_past,
    local_date,
    shanghai_today,
    start_of_day,
    zh_date,
)


def test_a_late_utc_evening_is_already_the_next_day_in_shanghai() -> None:
    assert local_date(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert shanghai_today(datetime(2026, 11, 22, 16, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 11, 22, 15))  # noqa: DTZ001


def test_a_day_begins_and_ends_at_midnight_in_shanghai() -> None:
    on = date(2026, 11, 23)
    assert start_of_day(on) == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert end_of_day(on) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert local_date(end_of_day(on)) == add_days(on, 1)


def test_a_due_day_is_past_only_the_day_after() -> None:
    due = date(2026, 11, 23)
    assert [is_past(due, add_days(due, offset)) for offset in (-1, 0, 1)] == [False, False, True]


def test_hours_are_added_to_the_moment() -> None:
    asked_at = datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert add_hours(asked_at, 24) == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_a_date_is_written_with_its_weekday() -> None:
    assert zh_date(date(2026, 10, 10)) == "2026年10月10日（周六）"
