"""Counting a time limit: from an event day to its last day (民法典201-203, states.md Clocks)."""

import calendar as month_lengths
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from backend.law.days import add_days, zh_date
from backend.law.workdays import Calendar, default_calendar

# Longest limit accepted, in any unit: far beyond every law, short enough to be counted at once.
_LONGEST = 36_500


class DeadlineError(ValueError):
    """The limit cannot be counted: a wrong unit, a negative length, a pause that ends too early."""


class Unit(StrEnum):
    """Units in which a law states a time limit."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"


UNIT_ZH = {
    Unit.WORKING_DAY: "个工作日",
    Unit.CALENDAR_DAY: "天",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}


@dataclass(frozen=True)
class Pause:
    """Days that are not counted, both ends included; `to_on` None: still open."""

    from_on: date
    to_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a pause that ends before it begins."""
        _require_date(self.from_on, "start of the pause")
        if self.to_on is None:
            return
        _require_date(self.to_on, "end of the pause")
        if self.to_on < self.from_on:
            raise DeadlineError(f"the pause ends on {self.to_on}, before {self.from_on}")


@dataclass(frozen=True)
class DueDate:
    """The last day of a limit and how it was found.

    due: last day; None while an open pause keeps it from being known.
    unrolled: last day before moving off a rest day: the safe date to name to a worker.
    is_provisional: a day that mattered lies in a year without notice; nothing may fire on it.
    is_stopped: an open pause holds the clock; `due` is then the earliest possible day, or None.
    explanation: one line of Chinese telling how it was counted.
    """

    due: date | None
    unrolled: date | None
    is_provisional: bool
    is_stopped: bool
    explanation: str

    @property
    def text(self) -> str:
        """The date for a screen, a provisional one said so (states.md, Clocks)."""
        if self.due is None:
            return "期限计算已暂停，恢复后重新计算"
        if self.is_provisional:
            return f"约{zh_date(self.due)}，以国务院公布的放假安排为准"
        return zh_date(self.due)


def compute(
    start: date,
    unit: Unit | str,
    n: int,
    extensions: Iterable[int] = (),
    pauses: Iterable[Pause] = (),
    calendar: Calendar | None = None,
    as_of: date | None = None,
) -> DueDate:
    """Count `n` units after the event day `start`, which is itself not counted.

    Extensions are in the same unit and added before moving off a rest day. Days of a pause are
    not counted, in any unit; overlapping pauses count once. A limit in days, months or years
    whose last day is a rest day ends on the next working day outside a pause. `as_of` closes an
    open pause for a forecast: the earliest possible last day if the clock ran on after that day.
    DeadlineError for input that makes no sense.
    """
    _require_date(start, "start")
    parts = (n, *extensions)
    total = _total(parts)
    known_unit = _unit(unit)
    spans = tuple(pauses)
    counter = _Counter(calendar or default_calendar(), spans, as_of)
    try:
        counter.run(start, known_unit, total)
    except OverflowError as error:
        raise DeadlineError("the limit ends after the year 9999") from error
    length = "+".join(str(part) for part in parts) + UNIT_ZH[known_unit]
    return counter.result(start, known_unit, length)


def _require_date(value: object, what: str) -> None:
    # datetime is a subclass of date; a moment must first become a Shanghai day (days.local_date).
    if not isinstance(value, date) or isinstance(value, datetime):
        raise DeadlineError(f"{what} must be a date, got {value!r}")


def _unit(unit: Unit | str) -> Unit:
    try:
        return Unit(unit)
    except ValueError as error:
        raise DeadlineError(f"unknown unit {unit!r}") from error


def _total(parts: Sequence[int]) -> int:
    for part in parts:
        if type(part) is not int or part < 0:
            raise DeadlineError(f"a length must be a whole number from 0, got {part!r}")
    if sum(parts) > _LONGEST:
        raise DeadlineError(f"a limit of {sum(parts)} is longer than any law knows")
    return sum(parts)


def _corresponding_day(start: date, months: int) -> date:
    """The same day `months` later, or the last of a month that has no such day (民法典202)."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    last = month_lengths.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(start.day, last))


class _StoppedError(Exception):
    """The count has reached a pause that is still open."""


class _Counter:
    """One count: walks from day to day and remembers what the result must tell."""

    def __init__(self, calendar: Calendar, pauses: Sequence[Pause], as_of: date | None) -> None:
        self._calendar = calendar
        self._pauses = [p for p in pauses if as_of is None or p.to_on or p.from_on <= as_of]
        self._as_of = as_of
        self._paused_days = 0
        self._is_provisional = False
        self._due: date | None = None
        self._unrolled: date | None = None

    def run(self, start: date, unit: Unit, total: int) -> None:
        try:
            if unit is Unit.WORKING_DAY:
                self._unrolled = self._walk_working_days(start, total)
            else:
                self._unrolled = self._walk_days(start, _days_in(start, unit, total))
            self._due = self._roll(self._unrolled)
        except _StoppedError:
            self._unrolled = None

    def _walk_working_days(self, start: date, total: int) -> date:
        day = start
        while total > 0:
            day = add_days(day, 1)
            if self._is_paused(day):
                self._paused_days += self._calendar.is_working_day(day)
                continue
            total -= self._is_working(day)
        return day

    def _walk_days(self, start: date, total: int) -> date:
        day = start
        while total > 0:
            day = add_days(day, 1)
            if self._is_paused(day):
                self._paused_days += 1
                continue
            total -= 1
        return day

    def _roll(self, day: date) -> date:
        while not self._is_working(day) or self._is_paused(day):
            day = add_days(day, 1)
        return day

    def _is_working(self, day: date) -> bool:
        if not self._calendar.is_published(day):
            self._is_provisional = True
        return self._calendar.is_working_day(day)

    def _is_paused(self, day: date) -> bool:
        return any(p.from_on <= day <= self._end_of(p) for p in self._pauses if p.from_on <= day)

    def _end_of(self, pause: Pause) -> date:
        end = pause.to_on or self._as_of
        if end is None:
            raise _StoppedError
        return end

    def result(self, start: date, unit: Unit, length: str) -> DueDate:
        return DueDate(
            due=self._due,
            unrolled=self._unrolled,
            is_provisional=self._is_provisional,
            is_stopped=self._is_stopped(),
            explanation=self._explanation(start, unit, length),
        )

    def _is_stopped(self) -> bool:
        if self._due is None:
            return True
        return any(p.to_on is None and p.from_on <= self._due for p in self._pauses)

    def _explanation(self, start: date, unit: Unit, length: str) -> str:
        line = f"自{zh_date(start)}的次日起算{length}"
        if self._paused_days:
            kind = UNIT_ZH[Unit.WORKING_DAY if unit is Unit.WORKING_DAY else Unit.CALENDAR_DAY]
            line += f"，暂停的{self._paused_days}{kind}不计"
        if self._due is None or self._unrolled is None:
            return f"{line}；期限正在暂停，恢复后再算到期日"
        if unit is Unit.WORKING_DAY:
            line += "，节假日不计，调休上班日计入"
        if self._due != self._unrolled:
            line += f"，{zh_date(self._unrolled)}不是工作日，顺延"
        line += f"，到{zh_date(self._due)}为止"
        if self._is_provisional:
            line += "；所涉年份放假安排未收录，暂按周一至周五计算，以国务院公布的放假安排为准"
        return line


def _days_in(start: date, unit: Unit, total: int) -> int:
    if unit is Unit.CALENDAR_DAY:
        return total
    months = total * 12 if unit is Unit.YEAR else total
    return (_corresponding_day(start, months) - start).days
