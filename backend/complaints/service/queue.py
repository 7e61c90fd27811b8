"""The desk's list: cases by their next legal date, in pages, with capped counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.complaints.models import Appointment, Approval, Case, Claimant
from backend.complaints.service import approvals
from backend.complaints.states import COMPLAINT_OPEN, Lane, S, label
from backend.complaints.words import CLOCK_TITLES
from backend.core import crypto, masking, paging, texts
from backend.core.actor import Actor
from backend.core.db import db
from backend.identity.models import Staff
from backend.law.days import add_days, is_past, shanghai_today
from backend.law.policy import DEFAULT_POLICY
from backend.law.workdays import default_calendar
from backend.notify.models import NEED_A_LOOK, Delivery, OutboxMessage

PAGE = 50
COUNT_CAP = 500
BUCKETS = ("overdue", "today", "soon", "later", "paused")
_NO_DATE = date(9999, 12, 31)

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


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; None leaves a condition out. `q` is a number, name or phone."""

    bucket: str | None = None
    state: str | None = None
    lane: str | None = None
    street: str | None = None
    mine: bool = False
    unassigned: bool = False
    is_open: bool = True
    q: str | None = None


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
    is_final: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the list and the cursor of the next one."""

    rows: list[Row]
    next_cursor: str | None


def page(wanted: Filter, cursor: str | None, actor: Actor, now: datetime) -> QueuePage:
    """Fifty cases by next legal date; the number of queries does not grow with the cases."""
    today = shanghai_today(now)
    # a date that is unknown while the clock stands still comes last
    order = (
        sa.func.coalesce(Case.next_due_on, _NO_DATE)
        if wanted.bucket == "paused"
        else Case.next_due_on
    )
    query = sa.select(Case).where(*_conditions(wanted, actor, today))
    if cursor:
        day, last_id = paging.decode(cursor, 2)
        query = query.where(sa.tuple_(order, Case.id) > sa.tuple_(date.fromisoformat(day), last_id))
    cases = list(db.session.scalars(query.order_by(order, Case.id).limit(PAGE + 1)))
    shown = cases[:PAGE]
    people, officers, waiting = _people(shown), _officers(shown), _waiting(shown)
    rows = [_row(case, today, people, officers, waiting) for case in shown]
    last = shown[-1] if len(cases) > PAGE else None
    next_cursor = paging.encode(str(last.next_due_on or _NO_DATE), last.id) if last else None
    return QueuePage(rows, next_cursor)


def _conditions(wanted: Filter, actor: Actor, today: date) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.is_open:
        conditions.append(Case.is_open.is_(True))
    if wanted.bucket:
        conditions.extend(_bucket(wanted.bucket, today))
    elif wanted.is_open:
        conditions.append(Case.next_due_on.is_not(None))
    if wanted.state:
        conditions.append(Case.state == wanted.state)
    if wanted.lane:
        conditions.append(Case.lane == wanted.lane)
    if wanted.street:
        conditions.append(Case.street == wanted.street)
    if wanted.mine:
        conditions.append(sa.or_(Case.officer_id == actor.id, Case.second_officer_id == actor.id))
    if wanted.unassigned:
        conditions.append(Case.officer_id.is_(None))
    if wanted.q:
        conditions.append(_search(wanted.q))
    return conditions


def _bucket(bucket: str, today: date) -> list[sa.ColumnElement[bool]]:
    soon = _last_soon_day(today)
    due = Case.next_due_on
    ranges: dict[str, list[sa.ColumnElement[bool]]] = {
        "overdue": [due < today],
        "today": [due == today],
        "soon": [due > today, due <= soon],
        "later": [due > soon],
        "paused": [due.is_(None)],
    }
    return ranges.get(bucket, [])


def _last_soon_day(today: date) -> date:
    return default_calendar().add_working_days(today, DEFAULT_POLICY.due_soon_working_days)


def _search(typed: str) -> sa.ColumnElement[bool]:
    """By case number, receipt code, employer or telephone; a name is encrypted and not searched."""
    typed = typed.strip()
    phone, code = texts.normal_phone(typed), crypto.normal_receipt_code(typed)
    if code:
        return Case.receipt_index == crypto.blind_index("receipt", code)
    if phone:
        index = crypto.blind_index("phone", phone)
        # a telephone must not tell who reported (粤监察 35)
        of_claimant = sa.and_(Claimant.phone_index == index, Claimant.role == "claimant")
        return Case.id.in_(sa.select(Claimant.case_id).where(of_claimant))
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"%{escaped}%"
    return sa.or_(
        Case.number.like(pattern, escape="\\"), Case.employer_name.like(pattern, escape="\\")
    )


def _people(cases: list[Case]) -> dict[int, str]:
    ids = [case.id for case in cases]
    query = sa.select(Claimant).where(Claimant.case_id.in_(ids)).order_by(Claimant.id.desc())
    return {person.case_id: masking.name(person.name) for person in db.session.scalars(query)}


def _officers(cases: list[Case]) -> dict[int, str]:
    ids = {case.officer_id for case in cases if case.officer_id is not None}
    rows = db.session.execute(sa.select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return dict(rows.all())


def _waiting(cases: list[Case]) -> set[int]:
    ids = [case.id for case in cases]
    query = sa.select(Approval.case_id).where(
        Approval.case_id.in_(ids), Approval.state == "pending"
    )
    return set(db.session.scalars(query))


def _row(
    case: Case, today: date, people: dict[int, str], officers: dict[int, str], waiting: set[int]
) -> Row:
    officer = officers.get(case.officer_id or 0, "")
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
        who="实名举报" if is_report and not case.is_anonymous else people.get(case.id, "匿名"),
        employer_name=case.employer_name or "（不知道全名）",
        owed_fen=case.owed_fen,
        officer_name=officer,
        next_step=_NEXT.get(case.state, "送达文书"),
        waiting_for="等批准" if case.id in waiting else officer or "还没人承办",
        unread=case.unread_by_bureau,
        alarm=case.alarm,
        is_final=case.is_final,
    )


def _days_left(due_on: date | None, today: date) -> int | None:
    """Working days until the last day; negative once it has passed."""
    if due_on is None:
        return None
    calendar = default_calendar()
    if is_past(due_on, today):
        return -calendar.working_days_between(due_on, today)
    return calendar.working_days_left(today, due_on)


def bucket_of(due_on: date | None, today: date) -> str:
    """The group a date stands in: overdue, today, soon, later, or paused."""
    if due_on is None:
        return "paused"
    if due_on <= today:
        return "today" if due_on == today else "overdue"
    return "soon" if due_on <= _last_soon_day(today) else "later"


def counts(actor: Actor, now: datetime, wanted: Filter | None = None) -> dict[str, int]:
    """How many open cases stand in each group, counted up to 500."""
    today = shanghai_today(now)
    base = wanted or Filter()
    result = {}
    for bucket in BUCKETS:
        narrowed = Filter(bucket=bucket, mine=base.mine, lane=base.lane, street=base.street)
        inner = sa.select(Case.id).where(*_conditions(narrowed, actor, today)).limit(COUNT_CAP)
        result[bucket] = (
            db.session.scalar(sa.select(sa.func.count()).select_from(inner.subquery())) or 0
        )
    return result


def waiting(actor: Actor, now: datetime) -> dict[str, int]:
    """Counts for the rail: requests I may answer, calls, unread, appointments, not delivered."""
    today = shanghai_today(now)
    calls = sa.select(OutboxMessage.id).where(
        OutboxMessage.channel == "phone", OutboxMessage.called_at.is_(None)
    )
    # the 0 stands in the statement itself, or SQLite would not see that ix_cases_unread fits
    has_unread = Case.unread_by_bureau > sa.literal_column("0")
    unread = sa.select(Case.id).where(Case.is_open.is_(True), has_unread)
    booked = sa.select(Appointment.id).where(
        Appointment.cancelled_at.is_(None),
        Appointment.is_kept.is_(None),
        Appointment.on_date >= add_days(today, -1),
    )
    return {
        "approvals": len(approvals.pending(actor)),
        "calls": _capped(calls),
        "unread": _capped(unread),
        "appointments": _capped(booked),
        "deliveries": _capped(sa.select(Delivery.id).where(Delivery.state.in_(NEED_A_LOOK))),
    }


def _capped(query: sa.Select[Any]) -> int:
    inner = query.limit(COUNT_CAP).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0


def open_states() -> list[tuple[str, str]]:
    """States and their words, for the filter."""
    return [(state.value, label(Lane.COMPLAINT, state)) for state in S if state in COMPLAINT_OPEN]
