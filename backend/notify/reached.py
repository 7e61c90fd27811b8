"""How each person was reached: the last message of each subject, and every way it was tried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.core.db import db
from backend.notify.models import Delivery, OutboxMessage

WAY_WORDS = {"subscribe": "小程序", "wechat": "公众号", "sms": "短信"}
BOUNCED = "sms_refused"
_STATE_WORDS = {
    "waiting": "等着发",
    "sending": "正在发",
    "failed": "还没发出去，会再发",
    "unknown": "不知道发到没有",
    "dead": "没送到",
    "to_call": "要打电话",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One way that came to its end, and why (a code the desk has words for)."""

    way: str
    code: str


@dataclass(frozen=True, slots=True)
class Reached:
    """How the last message of a subject went: a word for a list, and what was tried before.

    `is_reached` tells whether it is known to have arrived where the person sees it.
    """

    word: str
    title: str
    at: datetime
    is_reached: bool
    needs_call: bool
    tried: tuple[Tried, ...] = ()


def reached(subjects: Iterable[str]) -> dict[str, Reached]:
    """How each subject's person was last written to, in one query; nothing written is not in it."""
    wanted = set(subjects)
    if not wanted:
        return {}
    newest = (
        sa.select(sa.func.max(OutboxMessage.id))
        .where(OutboxMessage.subject.in_(wanted))
        .group_by(OutboxMessage.subject)
    )
    return {row.subject: _reached(row) for row in _rows(OutboxMessage.id.in_(newest))}


def of_messages(outbox_ids: Iterable[int]) -> dict[int, Reached]:
    """How each of these messages went, in one query."""
    wanted = set(outbox_ids)
    if not wanted:
        return {}
    return {row.id: _reached(row) for row in _rows(OutboxMessage.id.in_(wanted))}


def _rows(which: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
    query = (
        sa.select(
            OutboxMessage.id,
            OutboxMessage.subject,
            OutboxMessage.title,
            OutboxMessage.channel.label("asked"),
            OutboxMessage.called_at,
            OutboxMessage.created_at,
            Delivery.channel,
            Delivery.state,
            Delivery.sent_at,
            Delivery.tried,
        )
        .outerjoin(Delivery, Delivery.outbox_id == OutboxMessage.id)
        .where(which)
    )
    return db.session.execute(query).all()


def _reached(row: sa.Row[Any]) -> Reached:
    tried = tuple(Tried(step["way"], step["code"]) for step in row.tried or ())
    word = _word(row, tried)
    return Reached(
        word=word,
        title=row.title,
        at=row.called_at or row.sent_at or row.created_at,
        is_reached=row.state == "sent" or row.called_at is not None,
        needs_call=row.asked == "phone" and row.called_at is None,
        tried=tried,
    )


def _word(row: sa.Row[Any], tried: tuple[Tried, ...]) -> str:
    if row.asked == "phone":
        return "打过电话了" if row.called_at is not None else "要打电话"
    if row.state is None:  # for the app alone, or not taken up yet
        return "只在程序里" if row.asked == "app" else "等着发"
    if row.state == "sent":
        return WAY_WORDS[row.channel]
    if row.state == "in_app":
        is_bounced = any(step.code == BOUNCED for step in tried)
        return "没送到·短信退回" if is_bounced else "只在程序里"
    return _STATE_WORDS[row.state]
