"""A person's answer reaches the chat it was asked in, in the same transaction in which it is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.service import Cited
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import TurnOut
from backend.faqbot.service import arriving, earlier, turns
from backend.faqbot.service.library import library
from faq.bot import Bot

MOST_TURNS = 500


def answer(
    public_id: str,
    version: int,
    text: str,
    citations: Sequence[Cited],
    actor: Actor,
    now: datetime,
) -> Escalation:
    """Answer a question: it stands in the chat at once, and whoever asked is told.

    Raises what `escalations.answer` raises.
    """
    bot = library().in_force(now).bot  # before the transaction: it may have to be built
    return _answered(public_id, version, text, citations, actor, now, bot)


@one_transaction
def _answered(
    public_id: str,
    version: int,
    text: str,
    citations: Sequence[Cited],
    actor: Actor,
    now: datetime,
    bot: Bot,
) -> Escalation:
    row = escalations.answer(public_id, version, text, citations, actor, now)
    conversation = _conversation(row.subject)
    earlier.keep(row, bot)
    if conversation is not None:  # deleted after its time: the answer goes out by message only
        arriving.write(conversation, row)
    return row


@one_transaction
def as_it_was(public_id: str, reason: str, actor: Actor, now: datetime) -> list[TurnOut]:
    """Everything said in a question's conversation, each answer in the words it had then.

    NotFound without the question, BadInput without a reason; both it and the reader are recorded.
    """
    row = escalations.read_conversation(public_id, reason, actor, now)
    conversation = _conversation(row.subject)
    if conversation is None:
        return []
    query = sa.select(Turn).where(Turn.conversation_id == conversation.id).order_by(Turn.id)
    return turns.show(db.session.scalars(query.limit(MOST_TURNS)), now)


def _conversation(subject: str) -> Conversation | None:
    """The conversation a question came from; None once it is deleted, or for another source."""
    number = turns.conversation_id_of(subject)
    return db.session.get(Conversation, number) if number is not None else None
