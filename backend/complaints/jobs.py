"""What time brings: deemed acceptance, ripe withdrawals, warnings and reminders about a date.

Each run scans the database for what is due and takes one case a transaction, so that a run
after a crash, or two at once, change nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
import structlog

from backend.audit.record import record
from backend.complaints.models import Case, Clock, Withdrawal
from backend.complaints.models.clock import RUNNING
from backend.complaints.service import clocks
from backend.complaints.service.facts import facts_of
from backend.complaints.service.handling import take_step
from backend.complaints.service.reminding import remind
from backend.complaints.service.stage import Stage
from backend.complaints.service.telling import Told, day, tell
from backend.complaints.states import COMPLAINT_OPEN, S, may
from backend.complaints.steps import step
from backend.complaints.words import CLOCK_TITLES
from backend.core.actor import SYSTEM
from backend.core.db import db, one_transaction
from backend.law.days import is_past, shanghai_today
from backend.law.policy import DEFAULT_POLICY
from backend.law.workdays import default_calendar

log = structlog.get_logger()
_BATCH = 500


@dataclass(slots=True)
class Ran:
    """How many cases each scan changed."""

    deemed: int = 0
    withdrawn: int = 0
    warned: int = 0
    recounted: int = 0
    reminded: int = 0


def run(now: datetime) -> Ran:
    """Find and do everything that is due at `now`."""
    today = shanghai_today(now)
    return Ran(
        recounted=_each(_provisional(), lambda i: recount(i, now)),
        # withdrawals first: after a standstill nobody is told of a lapse in a case they left
        withdrawn=_each(_ripe(now), lambda i: effect_withdrawal(i, now)),
        deemed=_each(_deemable(today), lambda i: deem(i, now)),
        warned=_each(_to_warn(today), lambda i: warn(i, now)),
        # last: what was just withdrawn or counted again is not reminded of
        reminded=remind(now),
    )


def _each(ids: list[int], act: Callable[[int], bool]) -> int:
    return sum(1 for row_id in ids if act(row_id))


def _deemable(today: date) -> list[int]:
    query = (
        sa.select(Clock.case_id)
        .join(Case, Case.id == Clock.case_id)
        .where(
            Clock.key == "accept",
            Clock.state == RUNNING,
            Clock.due_on < today,
            Clock.is_provisional.is_(False),
            Case.state == S.SUBMITTED.value,
        )
    )
    return list(db.session.scalars(query.limit(_BATCH)))


@one_transaction
def deem(case_id: int, now: datetime) -> bool:
    """Accept by lapse of time (粤监察 39(2)); False when something came first."""
    return _take_by_system(case_id, "deem_accepted", now)


def _ripe(now: datetime) -> list[int]:
    # a case that ended otherwise keeps its withdrawal unanswered: it must not fill the batch
    query = (
        sa.select(Withdrawal.case_id)
        .join(Case, Case.id == Withdrawal.case_id)
        .where(
            Withdrawal.effected_at.is_(None),
            Withdrawal.undone_at.is_(None),
            Withdrawal.effective_at <= now,
            Case.state.in_([state.value for state in COMPLAINT_OPEN]),
        )
    )
    return list(db.session.scalars(query.limit(_BATCH)))


@one_transaction
def effect_withdrawal(case_id: int, now: datetime) -> bool:
    """Let a withdrawal take effect that nobody undid in 24 hours [POLICY]."""
    case = _locked(case_id)
    if not facts_of(case, SYSTEM, now).is_withdrawal_ripe:
        return False
    return _take_by_system(case_id, "withdraw", now)


def _take_by_system(case_id: int, key: str, now: datetime) -> bool:
    case = _locked(case_id)
    facts = facts_of(case, SYSTEM, now)
    wanted = step(case.lane, key)
    if not may(wanted, facts, SYSTEM):
        return False
    stage = Stage(case, key, {}, SYSTEM, SYSTEM, facts, now, shanghai_today(now))
    take_step(stage, wanted)
    return True


def _to_warn(today: date) -> list[int]:
    soon = default_calendar().add_working_days(today, DEFAULT_POLICY.due_soon_working_days)
    query = sa.select(Clock.id).where(
        Clock.state == RUNNING,
        Clock.key.in_(clocks.DUTIES),
        sa.or_(
            sa.and_(Clock.due_on < today, Clock.alarmed.is_distinct_from("overdue")),
            sa.and_(Clock.due_on >= today, Clock.due_on <= soon, Clock.alarmed.is_(None)),
        ),
    )
    return list(db.session.scalars(query.order_by(Clock.due_on).limit(_BATCH)))


@one_transaction
def warn(clock_id: int, now: datetime) -> bool:
    """Mark a clock as due soon or overdue, once each; the worker hears of a passed date."""
    case, clock = _locked_with(clock_id)
    if clock.state != RUNNING or clock.due_on is None:
        return False
    today = shanghai_today(now)
    kind = "overdue" if is_past(clock.due_on, today) else "due_soon"
    mark = "overdue" if kind == "overdue" else "soon"
    if clock.alarmed == mark or case.is_paused:
        return False
    clock.alarmed = mark
    if kind == "overdue" and case.alarm is None:
        # an alarm, not a move: on a provisional date nothing else happens
        case.alarm = "provisional_passed" if clock.is_provisional else "overdue"
    record(case.chain, kind, SYSTEM, now, detail={"key": clock.key, "due_on": str(clock.due_on)})
    return True


def _provisional() -> list[int]:
    query = sa.select(Clock.id).where(
        Clock.state == RUNNING,
        Clock.is_provisional.is_(True),
        # only once the year is published can counting again change anything
        sa.extract("year", Clock.due_on) <= default_calendar().last_published_year,
    )
    return list(db.session.scalars(query.limit(_BATCH)))


@one_transaction
def recount(clock_id: int, now: datetime) -> bool:
    """Count a provisional date again after its year was published, and tell the worker."""
    case, clock = _locked_with(clock_id)
    if clock.state != RUNNING or not clock.is_provisional:
        return False
    before = clock.due_on
    if not clocks.recompute(clock):
        return False
    clocks.refresh(case)
    detail = {
        "key": clock.key,
        "before": str(before),
        "due_on": str(clock.due_on),
        "is_provisional": clock.is_provisional,
    }
    event_id = record(case.chain, "date_changed", SYSTEM, now, detail=detail)
    if clock.due_on is not None:
        title = CLOCK_TITLES[clock.key][0]
        until = day(clock.due_on, is_provisional=clock.is_provisional)
        told = Told("日期定下来了", f"放假安排公布了。{title}：{until}。")
        tell(case, "date_changed", told, event_id, now)
    return True


def _locked(case_id: int) -> Case:
    return db.session.scalars(sa.select(Case).where(Case.id == case_id).with_for_update()).one()


def _locked_with(clock_id: int) -> tuple[Case, Clock]:
    """A clock and its case; read after the lock, so that a second process sees the first's work."""
    case_id = db.session.scalars(sa.select(Clock.case_id).where(Clock.id == clock_id)).one()
    return _locked(case_id), db.session.get_one(Clock, clock_id, populate_existing=True)
