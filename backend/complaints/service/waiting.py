"""How much waits for a member of staff: the counts beside the entries of the desk's rail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.complaints.models import Appointment, Case
from backend.complaints.service import approvals, returned
from backend.core.actor import Actor
from backend.core.db import db
from backend.law.days import add_days, shanghai_today
from backend.notify.models import NEED_A_LOOK, Delivery, OutboxMessage
from backend.notify.outbox import is_open_call

COUNT_CAP = 501  # one more than the desk shows, which then says 500+


def waiting(actor: Actor, now: datetime) -> dict[str, int]:
    """Requests I may answer, my own that came back, cases handed to me, calls, unread and more."""
    today = shanghai_today(now)
    calls = sa.select(OutboxMessage.id).where(is_open_call())
    # the 0 stands in the statement itself, or SQLite would not see that ix_cases_unread fits
    has_unread = Case.unread_by_bureau > sa.literal_column("0")
    unread = sa.select(Case.id).where(Case.is_open.is_(True), has_unread)
    offered = sa.select(Case.id).where(Case.is_open.is_(True), Case.offered_to_id == actor.id)
    booked = sa.select(Appointment.id).where(
        Appointment.cancelled_at.is_(None),
        Appointment.is_kept.is_(None),
        Appointment.on_date >= add_days(today, -1),
    )
    return {
        "approvals": len(approvals.pending(actor)),
        "returned": len(returned.asked_by(actor)),
        "offered": capped(offered),
        "calls": capped(calls),
        "unread": capped(unread),
        "appointments": capped(booked),
        "deliveries": capped(sa.select(Delivery.id).where(Delivery.state.in_(NEED_A_LOOK))),
    }


def capped(query: sa.Select[Any]) -> int:
    """How many rows a query finds, counted no further than the desk shows."""
    inner = query.limit(COUNT_CAP).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0
