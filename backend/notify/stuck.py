"""Messages that did not go out: what the desk sees of them, and sending one again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import Conflict, NotFound
from backend.notify.models import DELIVERY_STATES, Delivery, OutboxMessage

# In the order in which somebody should look at them.
STUCK = ("dead", "unknown", "failed")
COUNT_CAP = 501
SHOWN = 100


def stuck(limit: int = SHOWN) -> list[tuple[Delivery, OutboxMessage]]:
    """What did not go out, the given-up first, then the newest."""
    order = sa.case({state: place for place, state in enumerate(STUCK)}, value=Delivery.state)
    query = (
        sa.select(Delivery, OutboxMessage)
        .join(OutboxMessage, OutboxMessage.id == Delivery.outbox_id)
        .where(Delivery.state.in_(STUCK))
        .order_by(order, Delivery.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def counts() -> dict[str, int]:
    """How many deliveries stand in each state, each counted up to 501."""
    return {state: _count(state) for state in DELIVERY_STATES}


def _count(state: str) -> int:
    inner = sa.select(Delivery.id).where(Delivery.state == state).limit(COUNT_CAP).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0


@one_transaction
def send_again(delivery_id: int, actor: Actor, now: datetime) -> None:
    """Let a message that did not go out wait again, with all its attempts; Conflict otherwise."""
    row = db.session.get(Delivery, delivery_id, with_for_update=True)
    if row is None:
        raise NotFound("没有找到这条消息。")
    was = row.state
    again = (
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_(STUCK))
        .values(state="waiting", attempts=0, next_try_at=now, leased_until=None, last_error=None)
        .returning(Delivery.outbox_id)
    )
    outbox_id = db.session.scalar(again)
    if outbox_id is None:
        raise Conflict("这条消息刚才已经在发或者发出去了，请刷新再看。")
    message = db.session.get_one(OutboxMessage, outbox_id)
    detail = {"outbox_id": outbox_id, "channel": row.channel, "was": was}
    record(message.subject, "send_again", actor, now, detail=detail)
