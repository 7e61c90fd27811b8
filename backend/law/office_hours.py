"""Office hours: is somebody there now, and when has one whole working day of them passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from backend.law.days import SHANGHAI, add_days
from backend.law.workdays import Calendar, default_calendar

_LONGEST_SEARCH_DAYS = 60


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Periods in which people answer on a working day, in order, none overlapping.

    Several a day are usual (lunch). Make-up days count, holidays do not.
    """

    periods: tuple[tuple[time, time], ...]

    @classmethod
    def parse(cls, periods: list[tuple[str, str]]) -> OfficeHours:
        """From pairs of HH:MM; ValueError for an empty, overlapping or backward one."""
        read = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in periods)
        edges = [moment for pair in read for moment in pair]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise ValueError(f"office hours do not follow each other: {periods}")
        return cls(read)

    def is_open(self, at: datetime, calendar: Calendar | None = None) -> bool:
        """Whether somebody is there at this moment."""
        return any(a <= at < b for a, b in self._intervals(at, calendar, most_days=1))

    def next_open(self, at: datetime, calendar: Calendar | None = None) -> datetime:
        """The first moment from `at` on at which somebody is there."""
        return next(max(a, at.astimezone(SHANGHAI)) for a, _ in self._intervals(at, calendar))

    def one_working_day_after(self, at: datetime, calendar: Calendar | None = None) -> datetime:
        """When as many office minutes have passed as one working day has, counted from `at`.

        Friday 16:00 gives Monday 16:00; a question at the weekend is due when Monday closes.
        """
        left = self._day_length()
        for begin, end in self._intervals(at, calendar):
            begin = max(begin, at.astimezone(SHANGHAI))
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise LookupError("no working day within two months")

    def _day_length(self) -> timedelta:
        day = date(2000, 1, 1)
        spans = (datetime.combine(day, b) - datetime.combine(day, a) for a, b in self.periods)
        return sum(spans, timedelta())

    def _intervals(
        self, at: datetime, calendar: Calendar | None, most_days: int = _LONGEST_SEARCH_DAYS
    ) -> Iterator[tuple[datetime, datetime]]:
        """Open intervals that end after `at`, in order."""
        known = calendar or default_calendar()
        today = at.astimezone(SHANGHAI).date()
        for offset in range(most_days):
            day = add_days(today, offset)
            if not known.is_working_day(day):
                continue
            for begins, ends in self.periods:
                end = datetime.combine(day, ends, SHANGHAI)
                if end > at:
                    yield datetime.combine(day, begins, SHANGHAI), end
