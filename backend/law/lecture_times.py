"""Windows of lectures and of orders for them: the bureau's own promises [POLICY], not law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from backend.law.days import SHANGHAI, add_days, add_hours, end_of_day, local_date
from backend.law.workdays import Calendar, DayType, default_calendar

_DAYS_A_WEEK = 7


@dataclass(frozen=True)
class LectureTimes:
    """Lengths a bureau may set; hours unless the name says otherwise.

    ValueError when a length is not a whole number above zero.
    """

    offer_hours: int = 24
    day_reminder_hours: int = 24
    soon_reminder_hours: int = 2
    longest_hours: int = 12
    order_answer_working_days: int = 3
    feedback_days: int = 14
    themes_days: int = 365
    booking_closes: time = time(17, 30)
    cancelling_closes: time = time(12, 0)

    def __post_init__(self) -> None:
        """Refuse a window of no length: it would fire at once or never."""
        for name, length in vars(self).items():
            if isinstance(length, time):
                continue
            if type(length) is not int or length <= 0:
                raise ValueError(f"{name} must be a whole number above zero, got {length!r}")

    def booking_closes_at(self, starts_at: datetime) -> datetime:
        """Until when seats are booked when nothing else is said: the evening before."""
        return self._day_before(starts_at, self.booking_closes)

    def cancelling_closes_at(self, starts_at: datetime) -> datetime:
        """Until when seats are given back when nothing else is said: noon of the day before."""
        return self._day_before(starts_at, self.cancelling_closes)

    def _day_before(self, starts_at: datetime, at: time) -> datetime:
        return moment(add_days(local_date(starts_at), -1), at)

    def offer_ends_at(self, now: datetime, closes_at: datetime) -> datetime:
        """Until when an offered seat is kept: a day, but never past the last moment to book."""
        return min(add_hours(now, self.offer_hours), closes_at)

    def day_reminder_at(self, starts_at: datetime) -> datetime:
        """When the reminder a day before is due."""
        return add_hours(starts_at, -self.day_reminder_hours)

    def soon_reminder_at(self, starts_at: datetime) -> datetime:
        """When the reminder two hours before is due."""
        return add_hours(starts_at, -self.soon_reminder_hours)

    def is_too_long(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a lecture would last longer than people listen."""
        return ends_at > add_hours(starts_at, self.longest_hours)

    def reminder_horizon(self, now: datetime) -> datetime:
        """Lectures that start after this moment need no reminder yet."""
        return add_hours(now, self.day_reminder_hours)

    def running_since(self, now: datetime) -> datetime:
        """No lecture that began before this moment still runs."""
        return add_hours(now, -self.longest_hours)

    def themes_since(self, now: datetime) -> datetime:
        """Themes of lectures after this moment are offered to those who order one."""
        return add_hours(now, -24 * self.themes_days)

    def feedback_until(self, ends_at: datetime) -> datetime:
        """Until when those who came may say how it was."""
        return add_hours(ends_at, 24 * self.feedback_days)

    def order_due_on(self, received_on: date, calendar: Calendar | None = None) -> date:
        """The last day on which an order is answered: three working days after it came."""
        known = calendar or default_calendar()
        return known.add_working_days(received_on, self.order_answer_working_days)

    def order_goes_up_at(self, due_on: date) -> datetime:
        """The moment from which an unanswered order is late."""
        return end_of_day(due_on)


DEFAULT_TIMES = LectureTimes()


def monthly_days(
    year: int, week: int, weekday: int, calendar: Calendar | None = None
) -> Iterator[date]:
    """Twelve days of a monthly series: the `week`th `weekday` (0 Monday) of each month.

    One that is a holiday moves to the next week's same weekday until it is none. A weekend day
    stays: who chose Saturdays wants them; only public holidays move it. In a year whose notice is
    not out, those fixed by law (全国年节及纪念日放假办法) do; `is_provisional` tells the rest.
    ValueError for a week outside 1-4 or a weekday outside 0-6.
    """
    if not 1 <= week <= 4 or not 0 <= weekday < _DAYS_A_WEEK:
        raise ValueError("week must be 1 to 4 and weekday 0 to 6")
    known = calendar or default_calendar()
    for month in range(1, 13):
        first = date(year, month, 1)
        offset = (weekday - first.weekday()) % _DAYS_A_WEEK + _DAYS_A_WEEK * (week - 1)
        day = add_days(first, offset)
        while _is_holiday(known, day):
            day = add_days(day, _DAYS_A_WEEK)
        yield day


def _is_holiday(known: Calendar, day: date) -> bool:
    is_by_law = known.day_type(day) is DayType.STATUTORY_HOLIDAY
    return is_by_law or known.holiday_name(day) is not None


def is_provisional(on: date, calendar: Calendar | None = None) -> bool:
    """Whether the State Council may still make `on` a day off: that year's notice is not out."""
    return not (calendar or default_calendar()).is_published(on)


def moment(on: date, at: time) -> datetime:
    """A day and a time of day in Shanghai as a moment."""
    return datetime.combine(on, at, SHANGHAI)
