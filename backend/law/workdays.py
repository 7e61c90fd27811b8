"""Working days, rest days and public holidays by the State Council's yearly notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Self

from backend.law.days import add_days
from backend.law.festivals import statutory_holidays
from backend.law.yearfile import CalendarError, YearNotice, read_year

_PACKAGED = Path(__file__).parent / "calendar"
_SATURDAY = 5


class DayType(StrEnum):
    """Kinds of day for pay (劳动法44)."""

    STATUTORY_HOLIDAY = "statutory_holiday"
    REST_DAY = "rest_day"
    WORKING_DAY = "working_day"

    @property
    def multiplier(self) -> str:
        """Least pay for work on such a day (overtime, on a working day) as a multiple of wages."""
        return _MULTIPLIERS[self]


_MULTIPLIERS = {
    DayType.STATUTORY_HOLIDAY: "3.0",
    DayType.REST_DAY: "2.0",
    DayType.WORKING_DAY: "1.5",
}


@dataclass(frozen=True)
class Calendar:
    """The published notices, and Monday to Friday for every year without one.

    A year before the first or after the last notice held is *not published*: what is counted in
    it is provisional (states.md, Clocks), because neither holidays nor make-up days are known.
    """

    notices: dict[int, YearNotice]

    @classmethod
    def load(cls, extra_dirs: Iterable[Path] = ()) -> Self:
        """Read the packaged years and every `<year>.yaml` in `extra_dirs` (a later one replaces).

        This is how a new year is imported without a release. CalendarError names a bad file.
        """
        notices: dict[int, YearNotice] = {}
        for folder in (_PACKAGED, *extra_dirs):
            if not folder.is_dir():
                raise CalendarError(f"{folder}: no such calendar folder")
            for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].yaml")):
                notice = read_year(path)
                if path.stem != str(notice.year):
                    raise CalendarError(f"{path}: holds the year {notice.year}")
                notices[notice.year] = notice
        return cls(notices)

    @property
    def first_published_year(self) -> int:
        """The earliest year with a notice."""
        return min(self.notices)

    @property
    def last_published_year(self) -> int:
        """The latest year with a notice; dates after it are provisional."""
        return max(self.notices)

    def is_published(self, on: date) -> bool:
        """Whether the notice for the year of `on` is held."""
        return on.year in self.notices

    def holiday_name(self, on: date) -> str | None:
        """Name of the holiday that makes `on` a day off, or None."""
        return next(
            (n.days_off[on] for n in self._notices_near(on) if on in n.days_off),
            None,
        )

    def is_makeup_workday(self, on: date) -> bool:
        """Whether `on` is a weekend day worked in exchange for a holiday."""
        return any(on in notice.makeup_workdays for notice in self._notices_near(on))

    def is_working_day(self, on: date) -> bool:
        """Whether `on` counts as a working day in a time limit."""
        for notice in self._notices_near(on):
            if on in notice.makeup_workdays:
                return True
            if on in notice.days_off:
                return False
        return on.weekday() < _SATURDAY

    def day_type(self, on: date) -> DayType:
        """Kind of day for pay; in a year without notice the days fixed by law are still known."""
        if self._is_statutory(on):
            return DayType.STATUTORY_HOLIDAY
        return DayType.WORKING_DAY if self.is_working_day(on) else DayType.REST_DAY

    def add_working_days(self, start: date, days: int) -> date:
        """The last day of a limit of `days` working days after `start`, which is not counted."""
        if days < 0:
            raise ValueError("a number of working days cannot be negative")
        day = start
        while days > 0:
            day = add_days(day, 1)
            days -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        span = range(1, (end - start).days + 1)
        return sum(self.is_working_day(add_days(start, offset)) for offset in span)

    def working_days_left(self, today: date, due: date) -> int:
        """Working days that remain after `today`; 0 on the due day, negative once it is past."""
        return self.working_days_between(today, due)

    def _is_statutory(self, on: date) -> bool:
        if self.is_published(on):
            return any(on in notice.statutory for notice in self._notices_near(on))
        return on in statutory_holidays(on.year)

    def _notices_near(self, on: date) -> Iterable[YearNotice]:
        # A notice can move a day of the neighbouring December or January; the newest notice wins.
        for year in (on.year + 1, on.year, on.year - 1):
            if year in self.notices:
                yield self.notices[year]


class _Current:
    """Holds the calendar of this process, so that an import reaches every caller at once."""

    calendar: Calendar | None = None


def default_calendar() -> Calendar:
    """The calendar of this process: the packaged years, read once, unless another was set."""
    if _Current.calendar is None:
        _Current.calendar = Calendar.load()
    return _Current.calendar


def use_calendar(calendar: Calendar | None) -> None:
    """Make `calendar` the one of this process (app start, import of a year); None: as packaged."""
    _Current.calendar = calendar


def is_working_day(on: date) -> bool:
    """Whether `on` counts as a working day, by the calendar of this process."""
    return default_calendar().is_working_day(on)


def working_days_left(today: date, due: date) -> int:
    """Working days that remain after `today` until `due`, by the calendar of this process."""
    return default_calendar().working_days_left(today, due)
