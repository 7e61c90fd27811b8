"""The desk's list: cases by their next legal date, in pages, with capped counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from backend.complaints.models import Approval, Case, Claimant
from backend.complaints.service import queue_filter, returned
from backend.complaints.service.queue_filter import BUCKETS, Filter, bucket_of
from backend.complaints.service.waiting import capped, waiting
from backend.complaints.states import COMPLAINT_OPEN, Lane, S, label
from backend.complaints.steps import step
from backend.complaints.words import CLOCK_TITLES
from backend.core import masking, paging
from backend.core.actor import Actor
from backend.core.db import db
from backend.identity.models import Staff
from backend.law.days import is_past, shanghai_today
from backend.law.workdays import default_calendar

__all__ = [
    "BUCKETS",
    "Filter",
    "QueuePage",
    "Row",
    "bucket_of",
    "counts",
    "open_states",
    "page",
    "waiting",
]

PAGE = 50

# What usually comes next, for the column 下一步.
_NEXT: dict[str, str] = {
    S.SUBMITTED: "审查，答复收不收",
    S.CORRECTION_REQUESTED: "等投诉人补材料",
    S.INVESTIGATING: "调查，作出处理",
    S.ORDERED: "看钱到没到",
    S.PRIOR_NOTICE_GIVEN: "听申辩，作决定",
    S.IN_LEGAL_REVIEW: "法制审核",
    S.DECIDED: "送达，看履行",
    S.ENFORCING: "等法院",
    S.RECEIVED: "决定立不立案",
    S.FILED: "开始调查",
}
# What a case that is over may still owe.
_LEFT: dict[str, str] = {"serve": "送达文书", "report_superior": "报上一级备案"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    public_id: str
    number: str
    lane: str
    state: str
    state_label: str
    due_on: date | None
    due_title: str
    is_provisional: bool
    is_paused: bool
    working_days_left: int | None
    bucket: str
    who: str
    employer_name: str
    owed_fen: int
    officer_name: str
    next_step: str
    waiting_for: str
    unread: int
    alarm: str | None
    is_returned: bool
    is_final: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the list and the cursor of the next one."""

    rows: list[Row]
    next_cursor: str | None


def page(wanted: Filter, cursor: str | None, actor: Actor, now: datetime) -> QueuePage:
    """Fifty cases by next legal date, then those whose clock stands still.

    The number of queries does not grow with the cases: two parts of one index, each in its order.
    """
    today = shanghai_today(now)
    conditions = queue_filter.conditions(wanted, actor, today)
    day, last_id = paging.decode(cursor, 2) if cursor else (str(date.min), 0)
    cases: list[Case] = []
    if day is not None and wanted.bucket != "paused":
        cases = _dated(conditions, date.fromisoformat(day), last_id)
        last_id = 0
    if len(cases) <= PAGE and wanted.bucket in (None, "paused"):
        cases += _undated(wanted, conditions, last_id, PAGE + 1 - len(cases))
    shown = cases[:PAGE]
    around = _around(shown)
    rows = [_row(case, today, actor, around) for case in shown]
    last = shown[-1] if len(cases) > PAGE else None
    due_on = str(last.next_due_on) if last and last.next_due_on else None
    return QueuePage(rows, paging.encode(due_on, last.id) if last else None)


def _dated(conditions: list[sa.ColumnElement[bool]], day: date, last_id: int) -> list[Case]:
    """Cases with a date of the bureau to keep, after this place; such a case is always open."""
    place = sa.tuple_(Case.next_due_on, Case.id) > sa.tuple_(day, last_id)
    query = sa.select(Case).where(*conditions, Case.is_open.is_(True), place)
    return list(db.session.scalars(query.order_by(Case.next_due_on, Case.id).limit(PAGE + 1)))


def _undated(
    wanted: Filter, conditions: list[sa.ColumnElement[bool]], last_id: int, limit: int
) -> list[Case]:
    """Cases whose clock stands still, and with a wider filter those that are over."""
    query = sa.select(Case).where(*conditions, Case.next_due_on.is_(None), Case.id > last_id)
    # PostgreSQL does not see that all these dates are alike, but has them in its index that way
    order = (Case.next_due_on, Case.id) if wanted.is_open else (Case.id,)
    return list(db.session.scalars(query.order_by(*order).limit(limit)))


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands in other tables about the cases of a page."""

    people: dict[int, str]
    staff: dict[int, str]
    pending: set[int]
    returned: dict[int, list[Approval]]


def _around(cases: list[Case]) -> _Around:
    return _Around(_people(cases), _staff(cases), _pending(cases), returned.of_cases(cases))


def _people(cases: list[Case]) -> dict[int, str]:
    ids = [case.id for case in cases]
    query = sa.select(Claimant).where(Claimant.case_id.in_(ids)).order_by(Claimant.id.desc())
    return {person.case_id: masking.name(person.name) for person in db.session.scalars(query)}


def _staff(cases: list[Case]) -> dict[int, str]:
    ids = {case.officer_id for case in cases} | {case.offered_to_id for case in cases}
    rows = db.session.execute(sa.select(Staff.id, Staff.name).where(Staff.id.in_(ids - {None})))
    return dict(rows.all())


def _pending(cases: list[Case]) -> set[int]:
    ids = [case.id for case in cases]
    query = sa.select(Approval.case_id).where(
        Approval.case_id.in_(ids), Approval.state == "pending"
    )
    return set(db.session.scalars(query))


def _row(case: Case, today: date, actor: Actor, around: _Around) -> Row:
    officer = around.staff.get(case.officer_id or 0, "")
    is_report = case.lane == Lane.REPORT
    return Row(
        public_id=case.public_id,
        number=case.number,
        lane=case.lane,
        state=case.state,
        state_label=label(case.lane, case.state),
        due_on=case.next_due_on,
        due_title=CLOCK_TITLES[case.next_due_key][0] if case.next_due_key else "",
        is_provisional=case.is_next_due_provisional,
        is_paused=case.is_paused,
        working_days_left=_days_left(case.next_due_on, today),
        bucket=bucket_of(case.next_due_on, today),
        # who reported stays with the officers of the case, even masked
        who="实名举报"
        if is_report and not case.is_anonymous
        else around.people.get(case.id, "匿名"),
        employer_name=case.employer_name or "（不知道全名）",
        owed_fen=case.owed_fen,
        officer_name=officer,
        next_step=_next_step(case, actor, around),
        waiting_for=_waiting_for(case, officer, around),
        unread=case.unread_by_bureau,
        alarm=case.alarm,
        is_returned=case.id in around.returned and case.id not in around.pending,
        is_final=case.is_final,
    )


def _next_step(case: Case, actor: Actor, around: _Around) -> str:
    if case.offered_to_id is not None and case.offered_to_id == actor.id:
        return "移交给您，请接手"
    back = around.returned.get(case.id)
    if back and case.id not in around.pending:
        return f"改好再交：{step(case.lane, back[0].step).label}"
    return _NEXT.get(case.state) or _LEFT.get(case.next_due_key or "", "—")


def _waiting_for(case: Case, officer: str, around: _Around) -> str:
    """Who must act next; a case being handed over waits for whoever is to take it."""
    if case.id in around.pending:
        return "等批准"
    if case.offered_to_id is not None:
        return f"{around.staff.get(case.offered_to_id, '')}接手"
    return officer or "还没人承办"


def _days_left(due_on: date | None, today: date) -> int | None:
    """Working days until the last day; negative once it has passed."""
    if due_on is None:
        return None
    calendar = default_calendar()
    if is_past(due_on, today):
        return -calendar.working_days_between(due_on, today)
    return calendar.working_days_left(today, due_on)


def counts(wanted: Filter, actor: Actor, now: datetime) -> dict[str, int]:
    """How many of the cases asked for stand in each group, counted no further than is shown."""
    today = shanghai_today(now)
    found = {}
    for bucket in BUCKETS:
        narrowed = queue_filter.conditions(replace(wanted, bucket=bucket), actor, today)
        found[bucket] = capped(sa.select(Case.id).where(*narrowed))
    return found


def open_states() -> list[tuple[str, str]]:
    """States and their words, for the filter."""
    return [(state.value, label(Lane.COMPLAINT, state)) for state in S if state in COMPLAINT_OPEN]
