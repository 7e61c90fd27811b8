"""How whoever asked hears of the answer: in the chat, outside it, or by a telephone call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.installation import bureau
from backend.escalations.models import Escalation
from backend.escalations.service.asking import chain
from backend.identity.service import worker_by_id
from backend.notify import outbox
from backend.notify.outbox import Channel

TITLE = "您问的，有人答复了"
LOCK_SCREEN = "您在{bureau}问的事有新消息，请打开查看。"
#: In the official account there is no page to open: the answer comes for the asking.
ACCOUNT_LOCK_SCREEN = "您在{bureau}问的事有新消息，回复“看答复”就能看到。"
_PREFIX = "question:"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asked and is to be telephoned."""

    public_id: str
    number: str
    phone: str


def number(row: Escalation) -> str:
    """What staff call a question: Z-17."""
    return f"Z-{row.id}"


def named(escalation_id: int | None) -> tuple[str, str] | None:
    """Public id and number of a question, for a link to it."""
    row = db.session.get(Escalation, escalation_id) if escalation_id is not None else None
    return (row.public_id, number(row)) if row is not None else None


def tell(row: Escalation, now: datetime) -> None:
    """Queue the message about an answer inside the caller's transaction.

    Somebody who is neither signed in nor left a telephone finds it in the chat only.
    """
    channel = channel_of(row)
    if channel is None:
        return
    words = ACCOUNT_LOCK_SCREEN if channel == "wechat" else LOCK_SCREEN
    outbox.queue(
        # a call is noted in the record of the question; a message leads to the conversation
        subject=chain(row.id) if channel == "phone" else row.subject,
        worker_id=row.worker_id,
        channel=channel,
        template="question_answered",
        title=TITLE,
        text=row.answer or "",
        lock_screen=words.format(bureau=bureau().short_name),
        dedupe_key=f"{chain(row.id)}:answer",
        now=now,
    )


def channel_of(row: Escalation) -> Channel | None:
    """How this person is reached outside the chat; None when there is no way."""
    worker = worker_by_id(row.worker_id) if row.worker_id is not None else None
    if worker is None:
        return "phone" if row.phone else None
    if worker.account_openid_index is not None:
        return "wechat"
    if worker.phone_verified_at is not None:
        return "sms"
    return "phone" if row.phone else "app"


def phone_of(row: Escalation) -> str | None:
    """A telephone under which whoever asked can be called: left here, or signed in with."""
    worker = worker_by_id(row.worker_id) if row.worker_id is not None else None
    return row.phone or (worker.phone if worker is not None else None)


@one_transaction
def callers(subjects: Iterable[str], actor: Actor, now: datetime) -> dict[str, Caller]:
    """Whom the calls about `question:17` are for; that their telephones were read is recorded."""
    found = (s.removeprefix(_PREFIX) for s in subjects if s.startswith(_PREFIX))
    ids = {int(one) for one in found if one.isdigit()}
    if not ids:
        return {}
    rows = db.session.scalars(sa.select(Escalation).where(Escalation.id.in_(ids)))
    people = {chain(r.id): Caller(r.public_id, number(r), r.phone or "") for r in rows}
    read = sorted(person.number for person in people.values())
    if read:
        record(f"staff:{actor.id}", "call_list_read", actor, now, detail={"questions": read})
    return people
