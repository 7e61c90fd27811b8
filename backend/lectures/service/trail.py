"""What the record says of a lecture, a booking or an order: the course, and whose hand was last."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from backend.audit.models import AuditEvent
from backend.core.db import db
from backend.core.errors import Conflict

MOST = 50


def latest(chain: str) -> list[AuditEvent]:
    """The last events of a chain, the newest first."""
    query = sa.select(AuditEvent).where(AuditEvent.chain == chain)
    return list(db.session.scalars(query.order_by(AuditEvent.seq.desc()).limit(MOST)))


def stale(chain: str, words: str) -> Conflict:
    """Somebody was first: who and when, as far as the record names a person."""
    by, at = _last_hand(chain)
    return Conflict(words, code="stale", by=by, at=at.isoformat() if at else None)


def _last_hand(chain: str) -> tuple[str, datetime | None]:
    query = (
        sa.select(AuditEvent.actor_name, AuditEvent.at)
        .where(AuditEvent.chain == chain, AuditEvent.actor_kind == "staff")
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    return (row.actor_name, row.at) if row is not None else ("", None)
