"""What became of the demo's older messages: most went out, and two need somebody's look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.core.db import db, insert_rows, one_transaction
from backend.notify.models import OUTWARD, Delivery, OutboxMessage

# Younger ones are left to the job, so that something is sent while somebody looks.
_OLDER_THAN_S = 20 * 3600
_SENT_AFTER_S = 40
_TROUBLED = (("dead", 6, "sms_unavailable"), ("unknown", 1, "no_answer"))


@one_transaction
def remember(now: datetime) -> None:
    """Give every older message its delivery; the newest of them did not go out."""
    query = (
        sa.select(OutboxMessage.id, OutboxMessage.created_at)
        .where(
            OutboxMessage.channel.in_(OUTWARD),
            OutboxMessage.created_at < now - timedelta(seconds=_OLDER_THAN_S),
        )
        .order_by(OutboxMessage.created_at.desc())
    )
    found = db.session.execute(query).all()
    troubled, sent = found[: len(_TROUBLED)], found[len(_TROUBLED) :]
    rows = [_row(m.id, m.created_at, *how) for m, how in zip(troubled, _TROUBLED, strict=False)]
    insert_rows(Delivery, rows + [_row(m.id, m.created_at, "sent", 1, None) for m in sent])


def _row(
    outbox_id: int, at: datetime, state: str, attempts: int, error: str | None
) -> dict[str, Any]:
    return {
        "outbox_id": outbox_id,
        "channel": "sms",
        "state": state,
        "attempts": attempts,
        "last_error": error,
        "created_at": at,
        "sent_at": at + timedelta(seconds=_SENT_AFTER_S) if state == "sent" else None,
    }
