"""Moments of the demo's past, counted in working days back from the day it is made."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

from backend.law import deadlines
from backend.law.days import SHANGHAI, add_days, shanghai_today
from backend.law.workdays import default_calendar

_OPENS, _CLOSES = 9, 17


class Days:
    """Working days before `now`; the hours come from `random` so that no two look alike."""

    def __init__(self, now: datetime, random: random.Random) -> None:
        self.now = now
        self.today = shanghai_today(now)
        self._random = random

    def back(self, working_days: int) -> datetime:
        """A moment in office hours on the n-th working day before today (n from 1)."""
        return self.on(_working_day_before(self.today, working_days))

    def settled(self, working_days: int) -> datetime:
        """The same, counted back from the last day whose year's calendar is published.

        Steps that rest on a solid date (deemed acceptance, the end of a demand) are put here:
        nothing fires on a provisional date, so after New Year they would lie in the old year.
        """
        last = date(default_calendar().last_published_year, 12, 31)
        return self.on(_working_day_before(min(self.today, last), working_days))

    def on(self, day: date) -> datetime:
        """A moment in office hours on this day."""
        minute = self._random.randrange(60)
        at = time(self._random.randrange(_OPENS, _CLOSES), minute, self._random.randrange(60))
        return datetime.combine(day, at, SHANGHAI).astimezone(UTC)

    def ago(self, minutes: int) -> datetime:
        """So many minutes before now."""
        return self.now - timedelta(minutes=minutes)

    def filing_due_today(self) -> datetime:
        """When a complaint came whose answer is due today, or on the next day that works."""
        for days in range(1, 30):
            received = add_days(self.today, -days)
            due = deadlines.due("accept", received).due
            if due is not None and due <= self.today:
                return self.on(received if due == self.today else add_days(received, 1))
        raise LookupError("no day within a month has its answer due today")


def _working_day_before(day: date, count: int) -> date:
    calendar = default_calendar()
    while count > 0:
        day = add_days(day, -1)
        count -= calendar.is_working_day(day)
    return day
