"""The clocks of a case: started, met, stopped, paused, extended, and the next date they give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from backend.complaints.models import Case, Clock, ClockChange
from backend.complaints.models.clock import MET, PAUSED, RUNNING, STOPPED
from backend.complaints.states import OPEN
from backend.core.db import db
from backend.core.errors import Conflict
from backend.law import deadlines

# Dates the bureau must keep; the others (a hearing request, a waiting time) belong to others.
DUTIES = frozenset(
    {
        "accept",
        "investigate",
        "pay_by",
        "report_file",
        "discover_file",
        "serve",
        "suspension_notice",
        "enforce_apply",
        "report_superior",
    }
)
ORDERED = "ordered"  # version of a date an officer set, not a law


def start(case: Case, key: str, started_on: date, subject: str = "") -> Clock:
    """Start a statutory clock; the event day itself is not counted (民法典 201)."""
    due = deadlines.due(key, started_on)
    clock = Clock(
        case_id=case.id,
        key=key,
        version=deadlines.clock(key).version,
        subject=subject,
        started_on=started_on,
        due_on=due.due,
        is_provisional=due.is_provisional,
        state=RUNNING,
    )
    db.session.add(clock)
    return clock


def start_until(case: Case, key: str, started_on: date, due_on: date) -> Clock:
    """Start a clock whose last day an officer set, such as the day to pay by."""
    clock = Clock(
        case_id=case.id,
        key=key,
        version=ORDERED,
        started_on=started_on,
        due_on=due_on,
        is_provisional=False,
        state=RUNNING,
    )
    db.session.add(clock)
    return clock


def of_case(case_id: int) -> list[Clock]:
    """Every clock of a case, oldest first."""
    return list(
        db.session.scalars(sa.select(Clock).where(Clock.case_id == case_id).order_by(Clock.id))
    )


def live(case_id: int, key: str, subject: str | None = None) -> Clock | None:
    """The running or paused clock of this kind, if there is one."""
    query = sa.select(Clock).where(
        Clock.case_id == case_id, Clock.key == key, Clock.state.in_((RUNNING, PAUSED))
    )
    if subject is not None:
        query = query.where(Clock.subject == subject)
    return db.session.scalars(query.order_by(Clock.id.desc())).first()


def meet(case: Case, key: str, on: date, subject: str | None = None) -> None:
    """What the clock asked for was done."""
    _end(live(case.id, key, subject), MET, on)


def stop(case: Case, key: str, on: date) -> None:
    """The clock no longer matters; it was neither met nor missed."""
    _end(live(case.id, key), STOPPED, on)


def stop_all(case: Case, on: date, *, but: Iterable[str] = ()) -> None:
    """End every live clock of a case that came to its end."""
    kept = set(but)
    for clock in of_case(case.id):
        if clock.state in (RUNNING, PAUSED) and clock.key not in kept:
            _end(clock, STOPPED, on)


def _end(clock: Clock | None, state: str, on: date) -> None:
    if clock is None:
        return
    for change in open_changes(clock.id):
        change.to_on = on
    clock.state, clock.ended_on = state, on


def changes(clock_id: int) -> list[ClockChange]:
    """Extensions and pauses of a clock, oldest first."""
    query = sa.select(ClockChange).where(ClockChange.clock_id == clock_id)
    return list(db.session.scalars(query.order_by(ClockChange.id)))


def open_changes(clock_id: int) -> list[ClockChange]:
    """The pause that is open now, if there is one."""
    return [c for c in changes(clock_id) if c.kind != "extension" and c.to_on is None]


def extend(clock: Clock, act_id: int, reason: str, on: date) -> None:
    """Add the one extension the law allows (粤监察 44(2))."""
    db.session.add(
        ClockChange(
            clock_id=clock.id, kind="extension", from_on=on, to_on=on, reason=reason, act_id=act_id
        )
    )
    db.session.flush()
    recompute(clock)


def pause(clock: Clock, kind: str, act_id: int, reason: str, from_on: date) -> None:
    """Stop counting from this day on; the last day is unknown until it runs again."""
    if from_on < clock.started_on:
        raise Conflict("开始的日子早于这个期限的起算日。", code="pause_before_start")
    db.session.add(
        ClockChange(
            clock_id=clock.id, kind=kind, from_on=from_on, to_on=None, reason=reason, act_id=act_id
        )
    )
    db.session.flush()
    clock.state = PAUSED
    recompute(clock)


def resume(clock: Clock, to_on: date) -> None:
    """Count again after this day, which is the last one left out."""
    for change in open_changes(clock.id):
        if to_on < change.from_on:
            raise Conflict("结束的日子早于开始的日子。", code="pause_ends_early")
        change.to_on = to_on
    db.session.flush()
    clock.state = RUNNING
    recompute(clock)


def recompute(clock: Clock) -> bool:
    """Count the last day again from its rows; returns whether the date or its certainty changed."""
    if clock.version == ORDERED:
        return False
    rows = changes(clock.id)
    due = deadlines.due(
        clock.key,
        clock.started_on,
        extensions=sum(1 for row in rows if row.kind == "extension"),
        pauses=[deadlines.Pause(r.from_on, r.to_on) for r in rows if r.kind != "extension"],
        version=clock.version,
    )
    before = (clock.due_on, clock.is_provisional)
    clock.due_on, clock.is_provisional = due.due, due.is_provisional
    return before != (clock.due_on, clock.is_provisional)


def refresh(case: Case) -> None:
    """Write the earliest duty into the case row, by which the queue is ordered."""
    db.session.flush()
    clocks = [c for c in of_case(case.id) if c.key in DUTIES]
    running = [c for c in clocks if c.state == RUNNING and c.due_on is not None]
    first = min(running, key=lambda c: (c.due_on, c.id), default=None)
    case.next_due_on = first.due_on if first else None
    case.next_due_key = first.key if first else None
    case.is_next_due_provisional = bool(first and first.is_provisional)
    case.is_paused = any(c.state == PAUSED for c in clocks)
    case.is_open = case.state in OPEN or bool(running)
