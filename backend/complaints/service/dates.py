"""Legal dates as the worker reads them: what is due, by when, under which article."""

from __future__ import annotations

from datetime import date

from backend.complaints.models import Case, Clock
from backend.complaints.models.clock import RUNNING
from backend.complaints.schemas import CallOut, DateOut, LawOut, OverdueOut
from backend.complaints.service import clocks
from backend.complaints.service.telling import day
from backend.complaints.states import Lane
from backend.complaints.words import (
    ARBITRATION_WARNING,
    CLOCK_TITLES,
    OVERDUE_SENTENCE,
    PROVISIONAL,
    RECEIVED_NOTE,
)
from backend.core.installation import bureau
from backend.law import deadlines
from backend.law.articles import cite
from backend.law.days import is_past, local_date

# Clocks the worker is shown; the rest are between the bureau and the employer or the court.
_FOR_WORKER = (
    "accept",
    "discover_file",
    "investigate",
    "pay_by",
    "report_file",
    "demand_wait",
    "enforce_apply",
)

# The employer's day to pay and the wait after a demand: when they pass, no duty of ours is late.
_NOT_OURS = ("pay_by", "demand_wait")


def law_of(key: str | None) -> LawOut | None:
    """A citation for the screen; an unverified one is not shown as certain and so not at all."""
    if key is None:
        return None
    citation = cite(key)
    if citation.state.value != "verified":
        return None
    return LawOut(key=key, law=citation.law, article=citation.article + citation.paragraph)


def article_of(clock_key: str, version: str) -> str | None:
    """The citation key of a clock; a date an officer set rests on the order (粤监察 51)."""
    if version == clocks.ORDERED:
        return "gd_supervision_51_1"
    return deadlines.by_version(version).article if clock_key else None


def date_out(key: str, version: str, due_on: date, is_provisional: bool, today: date) -> DateOut:
    """One legal date with its sentence."""
    title, sentence = CLOCK_TITLES[key]
    if is_provisional:
        sentence = PROVISIONAL.format(date=day(due_on)) + sentence
    elif is_past(due_on, today) and key not in _NOT_OURS:
        sentence = OVERDUE_SENTENCE
    elif key == "accept":
        sentence = f"{sentence}{RECEIVED_NOTE}"
    return DateOut(
        key=key,
        title=title,
        due_on=due_on,
        is_provisional=is_provisional,
        is_passed=is_past(due_on, today),
        law=law_of(article_of(key, version)),
        sentence=sentence,
    )


def coming(all_clocks: list[Clock], today: date) -> list[DateOut]:
    """The running dates a worker is shown, earliest first."""
    shown = [
        date_out(c.key, c.version, c.due_on, c.is_provisional, today)
        for c in all_clocks
        if c.key in _FOR_WORKER and c.state == RUNNING and c.due_on is not None
    ]
    return sorted(shown, key=lambda d: (d.due_on, d.key))


def next_of(case: Case, today: date) -> DateOut | None:
    """The case's next date from its own row, without reading its clocks."""
    if case.next_due_on is None or case.next_due_key not in _FOR_WORKER:
        return None
    key = case.next_due_key
    version = clocks.ORDERED if key == "pay_by" else deadlines.clock(key).version
    return date_out(key, version, case.next_due_on, case.is_next_due_provisional, today)


def limitation(case: Case, today: date) -> DateOut | None:
    """The earliest last day for arbitration: a year from leaving, restarted by this complaint.

    Filing interrupts the year (调仲法 27(2)); while the work goes on there is no limit. The date
    is named without moving off a rest day, which is the safe one.
    """
    if case.lane != Lane.COMPLAINT or case.work_to_on is None:
        return None
    filed_on = local_date(case.filed_at)
    before = deadlines.due("arbitration_limit", case.work_to_on).unrolled
    if before is None or is_past(before, filed_on):
        return None  # already past when filed: nothing to promise, an officer decides
    due = deadlines.due("arbitration_limit", max(filed_on, case.work_to_on))
    if due.unrolled is None:
        return None
    version = deadlines.clock("arbitration_limit").version
    return date_out("arbitration_limit", version, due.unrolled, due.is_provisional, today)


def overdue(case: Case, dates: list[DateOut], today: date) -> OverdueOut | None:
    """The permitted words and numbers once a duty has passed; none on a provisional date."""
    if not any(d.is_passed and not d.is_provisional for d in dates if d.key not in _NOT_OURS):
        return None
    house = bureau()
    calls = [CallOut(label=h.label, phone=h.phone) for h in house.hotlines]
    if house.supervision_phone:
        calls.insert(0, CallOut(label="本局监督电话", phone=house.supervision_phone))
    if house.legal_aid and house.legal_aid.phone:
        calls.append(CallOut(label=house.legal_aid.name, phone=house.legal_aid.phone))
    return OverdueOut(
        sentence=OVERDUE_SENTENCE,
        calls=list({call.phone: call for call in reversed(calls)}.values())[::-1],
        limitation=limitation(case, today),
        warning=ARBITRATION_WARNING,
    )
