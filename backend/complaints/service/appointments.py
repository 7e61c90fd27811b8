"""Appointments at which a worker confirms the complaint: free places, booking, cancelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.complaints.access import case_for
from backend.complaints.models import Appointment, Case
from backend.complaints.service.handling import load
from backend.complaints.service.telling import Told, day, tell
from backend.complaints.states import Lane, S
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import Conflict, NotFound
from backend.core.installation import bureau
from backend.law.days import add_days, local_date, shanghai_today
from backend.law.workdays import is_working_day

PERIODS = {"am": "上午", "pm": "下午"}
_DAYS_SHOWN = 5
_SEARCHED = 20  # calendar days: the longest holiday is nine
_CONFIRMABLE = (S.SUBMITTED, S.CORRECTION_REQUESTED, S.INVESTIGATING)


@dataclass(frozen=True, slots=True)
class Slot:
    """Half a working day and how many places it has left."""

    on_date: date
    period: str
    left: int


def slots(now: datetime) -> list[Slot]:
    """The half days of the next five working days, beginning tomorrow."""
    today = shanghai_today(now)
    days = [d for n in range(1, _SEARCHED) if is_working_day(d := add_days(today, n))][:_DAYS_SHOWN]
    taken = _taken(days)
    places = bureau().policy.appointment_places_per_period
    return [
        Slot(on, period, max(0, places - taken.get((on, period), 0)))
        for on in days
        for period in PERIODS
    ]


def _taken(days: list[date]) -> dict[tuple[date, str], int]:
    rows = db.session.execute(
        sa.select(Appointment.on_date, Appointment.period, sa.func.count())
        .where(Appointment.on_date.in_(days), Appointment.cancelled_at.is_(None))
        .group_by(Appointment.on_date, Appointment.period)
    )
    return {(on, period): count for on, period, count in rows}


@one_transaction
def book(
    public_id: str, on_date: date, period: str, how: str, actor: Actor, now: datetime
) -> Appointment:
    """Book a place; a second booking replaces the first. Conflict `full` or `confirmed`."""
    case = case_for(actor, public_id, for_change=True)
    if case.lane != Lane.COMPLAINT or case.is_confirmed or case.state not in _CONFIRMABLE:
        raise Conflict("这件不用再约时间确认。", code="confirmed")
    free = {(slot.on_date, slot.period): slot.left for slot in slots(now)}
    old = live(case.id)
    if old is not None and (old.on_date, old.period, old.how) == (on_date, period, how):
        return old
    if free.get((on_date, period), 0) < 1:
        raise Conflict("这个时间刚被约满，请换一个。", code="full")
    if old is not None:
        old.cancelled_at = now
        db.session.flush()
    row = Appointment(case_id=case.id, on_date=on_date, period=period, how=how, booked_at=now)
    db.session.add(row)
    db.session.flush()
    detail = {"on_date": str(on_date), "period": period, "how": how}
    event_id = record(case.chain, "book_appointment", actor, now, detail=detail)
    place = bureau().confirmation_place
    where = "视频确认，到时我们联系您" if how == "video" else f"到{place.name}"
    told = Told("约好了", f"{day(on_date)}{PERIODS[period]}，{where}。请带身份证。")
    tell(case, "appointment", told, event_id, now)
    return row


@one_transaction
def cancel(public_id: str, appointment_id: int, actor: Actor, now: datetime) -> None:
    """Give the place back."""
    case = case_for(actor, public_id, for_change=True)
    row = live(case.id)
    if row is None or row.id != appointment_id:
        raise NotFound("没有找到这个预约，可能已经取消。")
    row.cancelled_at = now
    record(case.chain, "cancel_appointment", actor, now)


@one_transaction
def mark_kept(appointment_id: int, is_kept: bool, actor: Actor, now: datetime) -> None:
    """Staff note whether the worker came."""
    row = db.session.get(Appointment, appointment_id)
    if row is None or row.cancelled_at is not None:
        raise NotFound("没有找到这个预约。")
    row.is_kept = is_kept
    case = db.session.get_one(Case, row.case_id)
    load(case.public_id)
    record(case.chain, "appointment_kept" if is_kept else "appointment_missed", actor, now)


def live(case_id: int) -> Appointment | None:
    """The appointment that stands, if there is one."""
    return db.session.scalar(
        sa.select(Appointment).where(
            Appointment.case_id == case_id,
            Appointment.cancelled_at.is_(None),
            Appointment.is_kept.is_(None),
        )
    )


def coming(now: datetime) -> list[tuple[Appointment, Case]]:
    """Appointments from today on, earliest first, for the desk."""
    rows = db.session.execute(
        sa.select(Appointment, Case)
        .join(Case, Case.id == Appointment.case_id)
        .where(
            Appointment.cancelled_at.is_(None),
            Appointment.is_kept.is_(None),
            Appointment.on_date >= add_days(local_date(now), -1),
        )
        .order_by(Appointment.on_date, Appointment.period, Appointment.id)
        .limit(100)
    )
    return [(appointment, case) for appointment, case in rows]
