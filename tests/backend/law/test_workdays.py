"""The calendar knows working days, public holidays and what has not been published."""

from datetime import date
from pathlib import Path

import pytest

from backend.law.festivals import statutory_holidays
from backend.law.workdays import (
    Calendar,
    DayType,
    default_calendar,
    is_working_day,
    use_calendar,
    working_days_left,
)
from backend.law.yearfile import CalendarError

CALENDAR = Calendar.load()

YEAR_2027 = """
year: 2027
notice: {number: 测试通知, issued_on: 2026-11-20}
holidays:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-03, statutory: [2027-01-01]}
  - {name: 劳动节, from: 2027-05-01, to: 2027-05-05, statutory: [2027-05-01, 2027-05-02]}
  - name: 国庆节
    from: 2027-10-01
    to: 2027-10-07
    statutory: [2027-10-01, 2027-10-02, 2027-10-03]
makeup_workdays: [2026-12-27, 2027-10-09]
"""


def _folder(tmp_path: Path, text: str, name: str = "2027.yaml") -> Path:
    (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_published_year_has_the_working_days_of_its_notice(year: int, working_days: int) -> None:
    last_before = date(year - 1, 12, 31)
    assert CALENDAR.working_days_between(last_before, date(year, 12, 31)) == working_days


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_statutory_days_of_a_notice_are_those_of_the_law(year: int) -> None:
    assert CALENDAR.notices[year].statutory == statutory_holidays(year)


def test_the_law_has_eleven_days_in_2024_and_thirteen_from_2025() -> None:
    assert [len(statutory_holidays(year)) for year in (2024, 2025, 2026)] == [11, 13, 13]


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        (date(2026, 10, 3), DayType.STATUTORY_HOLIDAY),
        (date(2026, 10, 4), DayType.REST_DAY),
        (date(2026, 10, 10), DayType.WORKING_DAY),
        (date(2026, 10, 11), DayType.REST_DAY),
        (date(2024, 2, 9), DayType.WORKING_DAY),
        (date(2027, 2, 6), DayType.STATUTORY_HOLIDAY),
        (date(2027, 2, 10), DayType.WORKING_DAY),
        (date(2040, 10, 1), DayType.STATUTORY_HOLIDAY),
    ],
)
def test_each_day_has_its_kind(on: date, kind: DayType) -> None:
    assert CALENDAR.day_type(on) is kind


def test_pay_multiples_follow_the_kind_of_day() -> None:
    assert [kind.multiplier for kind in DayType] == ["3.0", "2.0", "1.5"]


def test_days_outside_the_notices_are_unpublished_and_count_monday_to_friday() -> None:
    assert (CALENDAR.first_published_year, CALENDAR.last_published_year) == (2024, 2026)
    assert not CALENDAR.is_published(date(2027, 1, 1))
    assert not CALENDAR.is_published(date(2023, 12, 29))
    assert CALENDAR.is_working_day(date(2027, 1, 1))
    assert not CALENDAR.is_working_day(date(2027, 1, 2))


def test_a_holiday_tells_its_name_and_a_makeup_day_tells_it_is_one() -> None:
    assert CALENDAR.holiday_name(date(2026, 2, 20)) == "春节"
    assert CALENDAR.holiday_name(date(2026, 2, 25)) is None
    assert CALENDAR.is_makeup_workday(date(2026, 2, 14))
    assert not CALENDAR.is_makeup_workday(date(2026, 2, 21))


def test_adding_and_counting_working_days_undo_each_other() -> None:
    start = date(2026, 9, 28)
    for days in range(60):
        end = CALENDAR.add_working_days(start, days)
        assert CALENDAR.working_days_between(start, end) == days
        assert CALENDAR.working_days_between(end, start) == -days


def test_a_negative_number_of_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(date(2026, 1, 5), -1)


def test_importing_a_year_publishes_it_and_may_move_a_day_of_the_december_before(
    tmp_path: Path,
) -> None:
    imported = Calendar.load([_folder(tmp_path, YEAR_2027)])
    assert imported.last_published_year == 2027
    assert not imported.is_working_day(date(2027, 1, 1))
    assert imported.is_working_day(date(2026, 12, 27))
    assert not CALENDAR.is_working_day(date(2026, 12, 27))


def test_the_calendar_of_the_process_can_be_replaced_and_restored(tmp_path: Path) -> None:
    use_calendar(Calendar.load([_folder(tmp_path, YEAR_2027)]))
    try:
        assert default_calendar().last_published_year == 2027
        assert not is_working_day(date(2027, 1, 1))
        assert working_days_left(date(2026, 12, 31), date(2027, 1, 4)) == 1
    finally:
        use_calendar(None)
    assert default_calendar().last_published_year == 2026


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2027-10-09]", "2027-10-08]", "not a Saturday"),
        ("2027-10-09]", "2027-10-02]", "both a holiday"),
        ("2027-10-09]", "2029-10-06]", "does not belong"),
        ("2027-10-09]", "2027-10-09, 2027-10-09]", "listed twice"),
        ("2027-10-09]", "soon]", "not a date"),
        ("to: 2027-01-03", "to: 2026-01-03", "no holiday"),
        ("statutory: [2027-01-01]", "statutory: [2027-02-01]", "outside the holiday"),
        ("2027-10-02, 2027-10-03]", "2027-10-03]", "by law are not listed"),
        ("from: 2027-05-01, to: 2027-05-05", "from: 2027-01-03, to: 2027-01-05", "outside"),
        ("number: 测试通知", "number: ''", "must not be empty"),
        ("year: 2027", "year: soon", "whole number"),
        ("makeup_workdays:", "others:", "exactly the keys"),
        ("name: 元旦", "title: 元旦", "exactly the keys"),
        ("issued_on", "on", "exactly number"),
        ("holidays:", "holidays: [", "cannot be read"),
    ],
)
def test_a_wrong_year_file_is_refused_and_named(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in YEAR_2027
    with pytest.raises(CalendarError, match=message) as refusal:
        Calendar.load([_folder(tmp_path, YEAR_2027.replace(old, new))])
    assert "2027.yaml" in str(refusal.value)


def test_a_file_named_for_another_year_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="holds the year 2027"):
        Calendar.load([_folder(tmp_path, YEAR_2027, "2028.yaml")])
    with pytest.raises(CalendarError, match="no such calendar folder"):
        Calendar.load([tmp_path / "none"])
