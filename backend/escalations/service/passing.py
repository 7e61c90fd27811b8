"""What becomes of a question that nobody answers in time: the next person, then the head."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import SYSTEM
from backend.core.db import db, one_transaction
from backend.escalations.models import Escalation
from backend.escalations.service.asking import chain, due_at
from backend.escalations.service.handling import free
from backend.escalations.states import S, next_state
from backend.identity.models import Staff
from backend.identity.service import active_staff

NEXT_PERSON, THE_HEAD = 1, 2
_BATCH = 500


def late(now: datetime) -> list[int]:
    """Questions that go up at this moment, the oldest first."""
    query = sa.select(Escalation.id).where(
        Escalation.state != S.ANSWERED.value, Escalation.goes_up_at <= now
    )
    return list(db.session.scalars(query.order_by(Escalation.goes_up_at).limit(_BATCH)))


@one_transaction
def go_up(escalation_id: int, now: datetime) -> bool:
    """Take one late question one level up; False when something came first.

    A crisis alarms everybody at once and stays with whoever has it.
    """
    row = db.session.get(Escalation, escalation_id, with_for_update=True, populate_existing=True)
    if row is None or row.state == S.ANSWERED or row.goes_up_at is None or row.goes_up_at > now:
        return False
    if row.is_crisis:
        row.level, row.goes_up_at = THE_HEAD, None
        record(chain(row.id), "alarm", SYSTEM, now, detail={"level": row.level})
        return True
    row.level = min(row.level + 1, THE_HEAD)
    row.goes_up_at = due_at(now) if row.level < THE_HEAD else None
    _pass_on(row, _next_one(row), now)
    return True


def _pass_on(row: Escalation, receiver: Staff | None, now: datetime) -> None:
    before, held_by = row.state, row.taken_by_id
    free(row)
    row.offered_to_id = receiver.id if receiver else None
    row.offered_to_name = receiver.name if receiver else ""
    target = next_state("pass_on", S(before))
    assert target is not None  # an answered question never comes here
    row.state = target.value
    record(
        chain(row.id), "pass_on", SYSTEM, now,
        from_state=before, to_state=row.state,
        detail={"level": row.level, "from": held_by, "to": row.offered_to_id},
    )  # fmt: skip


def _next_one(row: Escalation) -> Staff | None:
    """The head at the last level, else an answerer, whoever has fewest open and had it not yet."""
    role = "head" if row.level == THE_HEAD else "answerer"
    had = {*row.had_by_ids, row.taken_by_id, row.offered_to_id}
    able = [one for one in active_staff(role) if one.id not in had or row.level == THE_HEAD]
    open_now = _open_counts()
    return min(able, key=lambda one: (open_now.get(one.id, 0), one.id), default=None)


def _open_counts() -> dict[int, int]:
    """How many open questions each member of staff has or was offered."""
    whose = sa.func.coalesce(Escalation.taken_by_id, Escalation.offered_to_id)
    query = (
        sa.select(whose, sa.func.count())
        .where(Escalation.state != S.ANSWERED.value, whose.is_not(None))
        .group_by(whose)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
