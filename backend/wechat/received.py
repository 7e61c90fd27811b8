"""Messages that have arrived: WeChat delivers each up to three times, answered once."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import sqlalchemy as sa

from backend.core import crypto
from backend.core.db import db, insert_once, one_transaction
from backend.wechat.models import WeChatReceived

KEEP_S = 24 * 3600
LOOK_EVERY_S = 0.1


@one_transaction
def first_time(message_key: str, now: datetime) -> bool:
    """Whether this delivery is the message's first, of all processes; only that one answers."""
    row = {"key_hash": _hash(message_key), "received_at": now}
    return insert_once(WeChatReceived, row, "key_hash")


@one_transaction
def keep_reply(message_key: str, reply: str) -> None:
    """Keep what the first delivery answered, for the others; "" means that nothing is said."""
    db.session.execute(
        sa.update(WeChatReceived)
        .where(WeChatReceived.key_hash == _hash(message_key))
        .values(reply=reply)
    )


def reply_of(message_key: str) -> str | None:
    """What was answered, or None while that is being found out."""
    query = sa.select(WeChatReceived.reply).where(WeChatReceived.key_hash == _hash(message_key))
    return db.session.scalar(query)


def wait_for_reply(message_key: str, budget_s: float) -> str | None:
    """What the first delivery answered, waiting for it up to `budget_s` seconds."""
    give_up_at = time.monotonic() + budget_s
    while (reply := reply_of(message_key)) is None and time.monotonic() < give_up_at:
        db.session.rollback()  # the next look must see what others wrote since
        time.sleep(LOOK_EVERY_S)
    return reply


@one_transaction
def forget_old(now: datetime) -> int:
    """Delete messages of yesterday, which WeChat will not deliver again; returns how many."""
    before = now - timedelta(seconds=KEEP_S)
    old = sa.delete(WeChatReceived).where(WeChatReceived.received_at < before)
    return len(db.session.scalars(old.returning(WeChatReceived.key_hash)).all())


def _hash(message_key: str) -> str:
    return crypto.blind_index("wechat_message", message_key)
