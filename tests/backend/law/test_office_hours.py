"""Office hours with lunch, holidays and make-up days; a working day is counted in minutes."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.law.days import SHANGHAI
from backend.law.office_hours import OfficeHours

HOURS = OfficeHours.parse([("08:30", "12:00"), ("14:30", "17:30")])


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("asked", "is_open"),
    [
        (at("2026-11-25", "08:29"), False),
        (at("2026-11-25", "08:30"), True),
        (at("2026-11-25", "12:00"), False),  # lunch
        (at("2026-11-25", "14:30"), True),
        (at("2026-11-25", "17:30"), False),
        (at("2026-11-28", "10:00"), False),  # a Saturday
        (at("2026-10-10", "10:00"), True),  # a Saturday worked for the holiday
        (at("2026-10-05", "10:00"), False),  # a Monday in the holiday
    ],
)
def test_somebody_is_there_in_office_hours_of_working_days(asked: datetime, is_open: bool) -> None:
    assert HOURS.is_open(asked) is is_open


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (at("2026-11-25", "10:00"), at("2026-11-26", "10:00")),
        (at("2026-11-27", "16:00"), at("2026-11-30", "16:00")),  # Friday to Monday
        (at("2026-11-28", "22:00"), at("2026-11-30", "17:30")),  # the weekend: Monday's close
        (at("2026-11-25", "13:00"), at("2026-11-26", "12:00")),  # asked at lunch
        (at("2026-11-25", "07:00"), at("2026-11-25", "17:30")),  # before opening
        (at("2026-09-30", "17:00"), at("2026-10-08", "17:00")),  # over the holiday
        (at("2026-10-09", "17:00"), at("2026-10-10", "17:00")),  # to the make-up Saturday
    ],
)
def test_one_working_day_later(asked: datetime, due: datetime) -> None:
    assert HOURS.one_working_day_after(asked) == due


def test_the_next_opening_after_lunch_a_weekend_or_at_once() -> None:
    assert HOURS.next_open(at("2026-11-25", "12:30")) == at("2026-11-25", "14:30")
    assert HOURS.next_open(at("2026-11-27", "18:00")) == at("2026-11-30", "08:30")
    assert HOURS.next_open(at("2026-11-25", "09:00")) == at("2026-11-25", "09:00")


@pytest.mark.parametrize(
    "periods",
    [[], [("12:00", "08:30")], [("08:30", "12:00"), ("11:00", "17:00")], [("08:30", "08:30")]],
)
def test_hours_that_do_not_follow_each_other_are_refused(periods: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match="office hours"):
        OfficeHours.parse(periods)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 30)),  # noqa: DTZ001
    st.integers(0, 5000),
)
def test_asking_later_is_never_due_earlier_and_always_when_open(asked: datetime, wait: int) -> None:
    first = asked.replace(tzinfo=SHANGHAI)
    later = first + timedelta(minutes=wait)
    due = HOURS.one_working_day_after(first)
    assert first < due <= HOURS.one_working_day_after(later)
    assert HOURS.is_open(due - timedelta(seconds=1))
    assert due.date() <= date(2027, 1, 31)
