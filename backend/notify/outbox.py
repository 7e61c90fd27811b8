"""Queueing messages, reading them in the app, and the list of people to telephone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, insert_once, one_transaction
from backend.core.errors import NotFound
from backend.notify.kinds import LECTURES
from backend.notify.models import CallRecord, OutboxMessage

Channel = Literal["app", "wechat", "sms", "phone"]


class Facts(TypedDict, total=False):
    """What a subscribe message may say; `when` is a day or a moment in ISO form."""

    what: str
    when: str
    where: str
    note: str


def queue(
    *,
    subject: str,
    worker_id: int | None,
    channel: Channel,
    template: str,
    title: str,
    text: str,
    lock_screen: str,
    dedupe_key: str,
    now: datetime,
    facts: Facts | None = None,
) -> None:
    """Write a message inside the caller's transaction; nothing is sent here.

    The same `dedupe_key` a second time (a job run again) writes nothing. `facts` may stand on a
    lock screen; what they leave out, and whatever is not neutral in them, is said in general words.
    """
    values = {
        "subject": subject,
        "worker_id": worker_id,
        "channel": channel,
        "template": template,
        "title": title,
        "text": text,
        "lock_screen": lock_screen,
        "facts": facts,
        "dedupe_key": dedupe_key,
        "created_at": now,
    }
    insert_once(OutboxMessage, values, "dedupe_key")


def messages(subject: str) -> list[OutboxMessage]:
    """Every message of a case, newest first."""
    query = sa.select(OutboxMessage).where(OutboxMessage.subject == subject)
    return list(db.session.scalars(query.order_by(OutboxMessage.id.desc())))


def to_call(limit: int = 50) -> list[OutboxMessage]:
    """Messages to people without WeChat or SMS that nobody has told them yet, oldest first."""
    query = (
        sa.select(OutboxMessage)
        .where(is_open_call())
        .order_by(OutboxMessage.created_at)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def is_open_call() -> sa.ColumnElement[bool]:
    """Whether a message is still to be told by telephone.

    Of what belongs to a lecture only the newest is told, whatever way it goes: it says how things
    stand, while an older one would offer a seat that has gone since. Of a case each is told.
    """
    newer = aliased(OutboxMessage)
    is_outdated = sa.and_(
        sa.or_(*(OutboxMessage.subject.like(f"{one}:%") for one in LECTURES)),
        sa.exists().where(newer.subject == OutboxMessage.subject, newer.id > OutboxMessage.id),
    )
    return sa.and_(
        OutboxMessage.channel == "phone", OutboxMessage.called_at.is_(None), ~is_outdated
    )


def calls(outbox_ids: list[int]) -> list[CallRecord]:
    """The calls made for these messages, oldest first."""
    query = sa.select(CallRecord).where(CallRecord.outbox_id.in_(outbox_ids))
    return list(db.session.scalars(query.order_by(CallRecord.id)))


@one_transaction
def record_call(
    outbox_id: int, actor: Actor, now: datetime, *, is_reached: bool, note: str | None
) -> None:
    """Note a call; once the person was reached the message leaves the list."""
    record_calls([outbox_id], actor, now, is_reached=is_reached, note=note)


@one_transaction
def record_calls(
    outbox_ids: Iterable[int], actor: Actor, now: datetime, *, is_reached: bool, note: str | None
) -> None:
    """Note one call in which a person was told several messages; all of it or nothing.

    Where messages belong to the same case, its record and the worker's timeline name the call once.
    """
    told: dict[str, int] = {}
    for outbox_id in sorted(set(outbox_ids)):  # in this order everywhere: no two wait crosswise
        message = _note_call(outbox_id, actor, now, is_reached=is_reached, note=note)
        told.setdefault(message.subject, outbox_id)
    for subject, outbox_id in told.items():
        detail = {"outbox_id": outbox_id, "is_reached": is_reached}
        record(subject, "call", actor, now, detail=detail)


def _note_call(
    outbox_id: int, actor: Actor, now: datetime, *, is_reached: bool, note: str | None
) -> OutboxMessage:
    message = db.session.get(OutboxMessage, outbox_id, with_for_update=True)
    if message is None or message.channel != "phone":
        raise NotFound("没有找到这条要电话通知的消息。")
    db.session.add(
        CallRecord(
            outbox_id=outbox_id,
            staff_id=actor.id,
            staff_name=actor.name,
            at=now,
            is_reached=is_reached,
            note=note,
        )
    )
    if is_reached and message.called_at is None:
        message.called_at = now
    return message
