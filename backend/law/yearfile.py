"""One year's State Council holiday notice: reading its YAML file and refusing a wrong one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from backend.law.days import add_days
from backend.law.festivals import fixed_statutory_holidays

_KEYS = {"year", "notice", "holidays", "makeup_workdays"}
_HOLIDAY_KEYS = {"name", "from", "to", "statutory"}
_SATURDAY = 5
# The longest holiday so far had 10 days; a longer span is more likely a slip of the pen.
_LONGEST_HOLIDAY = 15


class CalendarError(ValueError):
    """A calendar file is missing, unreadable or contradicts itself; the message names the file."""


@dataclass(frozen=True)
class YearNotice:
    """What one yearly notice settles: which days are off, statutory, or worked instead."""

    year: int
    number: str
    issued_on: date
    days_off: dict[date, str]
    statutory: frozenset[date]
    makeup_workdays: frozenset[date]


def read_year(path: Path) -> YearNotice:
    """Read and check one yearly calendar file; CalendarError says what is wrong with it."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CalendarError(f"{path}: cannot be read: {error}") from error
    try:
        return _checked(raw)
    except CalendarError as error:
        raise CalendarError(f"{path}: {error}") from error


def _checked(raw: Any) -> YearNotice:
    if not isinstance(raw, dict) or set(raw) != _KEYS:
        raise CalendarError(f"needs exactly the keys {sorted(_KEYS)}")
    year = raw["year"]
    if type(year) is not int:
        raise CalendarError("year must be a whole number")
    number, issued_on = _notice(raw["notice"])
    days_off, statutory = _holidays(raw["holidays"])
    makeup = _dates(raw["makeup_workdays"], "makeup_workdays")
    # A notice may move a day of the December before or the January after its own year.
    for day in (*days_off, *makeup):
        if abs(day.year - year) > 1:
            raise CalendarError(f"{day} does not belong to a notice for {year}")
    missing = fixed_statutory_holidays(year) - statutory
    if missing:
        raise CalendarError(f"public holidays by law are not listed: {sorted(map(str, missing))}")
    for day in makeup:
        if day in days_off:
            raise CalendarError(f"{day} is both a holiday and a make-up working day")
        if day.weekday() < _SATURDAY:
            raise CalendarError(f"make-up working day {day} is not a Saturday or Sunday")
    return YearNotice(year, number, issued_on, days_off, statutory, frozenset(makeup))


def _notice(raw: Any) -> tuple[str, date]:
    if not isinstance(raw, dict) or set(raw) != {"number", "issued_on"}:
        raise CalendarError("notice needs exactly number and issued_on")
    number = raw["number"]
    if not isinstance(number, str) or not number.strip():
        raise CalendarError("notice number must not be empty")
    return number, _date(raw["issued_on"], "issued_on")


def _holidays(raw: Any) -> tuple[dict[date, str], frozenset[date]]:
    if not isinstance(raw, list) or not raw:
        raise CalendarError("holidays must be a list that is not empty")
    days_off: dict[date, str] = {}
    statutory: set[date] = set()
    for entry in raw:
        if not isinstance(entry, dict) or set(entry) != _HOLIDAY_KEYS:
            raise CalendarError(f"a holiday needs exactly the keys {sorted(_HOLIDAY_KEYS)}")
        name = str(entry["name"])
        span = _span(_date(entry["from"], name), _date(entry["to"], name), name)
        named = _dates(entry["statutory"], name)
        if not set(named) <= set(span):
            raise CalendarError(f"{name}: a statutory day lies outside the holiday")
        if days_off.keys() & set(span):
            raise CalendarError(f"{name}: overlaps another holiday")
        days_off |= dict.fromkeys(span, name)
        statutory |= set(named)
    return days_off, frozenset(statutory)


def _span(first: date, last: date, name: str) -> list[date]:
    length = (last - first).days + 1
    if not 1 <= length <= _LONGEST_HOLIDAY:
        raise CalendarError(f"{name}: from {first} to {last} is no holiday")
    return [add_days(first, offset) for offset in range(length)]


def _dates(raw: Any, what: str) -> list[date]:
    if not isinstance(raw, list):
        raise CalendarError(f"{what}: expected a list of dates")
    days = [_date(item, what) for item in raw]
    if len(set(days)) != len(days):
        raise CalendarError(f"{what}: a date is listed twice")
    return days


def _date(raw: Any, what: str) -> date:
    # YAML reads a time of day as datetime, which is a date too; only plain dates are meant here.
    if type(raw) is not date:
        raise CalendarError(f"{what}: {raw!r} is not a date like 2026-10-01")
    return raw
