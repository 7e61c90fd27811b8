"""Messages between the worker and the unit that handles the case; they belong to the case."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from backend.audit.record import record
from backend.complaints.access import case_for
from backend.complaints.models import Case, CaseMessage
from backend.complaints.service.handling import load
from backend.complaints.service.telling import Told, tell
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError


@one_transaction
def say(public_id: str, text: str, key: str, actor: Actor, now: datetime) -> CaseMessage:
    """The worker writes to the unit; the same key twice is one message.

    NotFound for somebody else's case. A closed case still takes messages: the worker may not
    know that it is closed.
    """
    case = case_for(actor, public_id, for_change=True)
    found = _already(case, key)
    if found is not None:
        return found
    message = _add(case, "worker", text, key, actor, now)
    _count(case, Case.unread_by_bureau)
    record(case.chain, "message_from_worker", actor, now, detail={"message_id": message.id})
    return message


@one_transaction
def reply(public_id: str, text: str, key: str, actor: Actor, now: datetime) -> CaseMessage:
    """Staff write to the worker; Conflict for an anonymous report, which nobody would read."""
    case = load(public_id)
    text = text.strip()
    if not text or len(text) > 2000:
        message = "请写要说的话，最多 2000 个字。"
        raise BadInput(message, errors=[FieldError("text", message)])
    if case.is_anonymous:
        raise Conflict("匿名举报没有人能收到消息。", code="anonymous")
    found = _already(case, key)
    if found is not None:
        return found
    message_row = _add(case, "bureau", text, key, actor, now)
    _count(case, Case.unread_by_worker)
    event_id = record(
        case.chain, "message_to_worker", actor, now, detail={"message_id": message_row.id}
    )
    tell(case, "message", Told("您有一条新消息", text), event_id, now)
    return message_row


@one_transaction
def mark_read_by_worker(public_id: str, actor: Actor) -> None:
    """The worker has seen what the bureau wrote."""
    case = case_for(actor, public_id)
    _zero(case, Case.unread_by_worker)


@one_transaction
def mark_read_by_bureau(public_id: str, actor: Actor) -> None:
    """Somebody at the desk has seen what the worker wrote."""
    _zero(load(public_id), Case.unread_by_bureau)


def messages(case_id: int) -> list[CaseMessage]:
    """Every message of a case, oldest first."""
    query = sa.select(CaseMessage).where(CaseMessage.case_id == case_id).order_by(CaseMessage.id)
    return list(db.session.scalars(query))


def _already(case: Case, key: str) -> CaseMessage | None:
    return db.session.scalar(
        sa.select(CaseMessage).where(
            CaseMessage.case_id == case.id, CaseMessage.key == crypto.token_hash(key)
        )
    )


def _add(case: Case, author: str, text: str, key: str, actor: Actor, now: datetime) -> CaseMessage:
    message = CaseMessage(
        case_id=case.id,
        key=crypto.token_hash(key),
        author=author,
        staff_id=actor.id if actor.is_staff else None,
        staff_name=actor.name if actor.is_staff else "",
        text=text,
        at=now,
    )
    db.session.add(message)
    db.session.flush()
    return message


def _count(case: Case, column: InstrumentedAttribute[int]) -> None:
    # a plain update: a message must not make an officer's open form out of date
    db.session.execute(sa.update(Case).where(Case.id == case.id).values({column: column + 1}))


def _zero(case: Case, column: InstrumentedAttribute[int]) -> None:
    db.session.execute(sa.update(Case).where(Case.id == case.id, column > 0).values({column: 0}))
