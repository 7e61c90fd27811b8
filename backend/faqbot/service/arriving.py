"""Answers of staff that are not in the chat yet come into it, once, before anything else is said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.escalations.models import Escalation
from backend.escalations.states import S
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import CitationOut
from backend.faqbot.service import turns
from backend.faqbot.service.turns import Said
from backend.law import statutes


def bring_in(conversation: Conversation) -> list[Turn]:
    """Write the answers that are missing, inside the caller's transaction; gives their turns.

    The conversation is locked by the caller (`turns.find_or_begin`).
    """
    return [turn for answered in _missing(conversation) for turn in write(conversation, answered)]


def catch_up(conversation: Conversation, key: str, actor: Actor, now: datetime) -> None:
    """The same for somebody who only reads: usually one look at an index, and nothing to write.

    Whoever has signed in since takes the conversation along by opening it.
    """
    if turns.is_to_adopt(conversation, actor) or _missing(conversation):
        _catch_up(key, actor, now)


def write(conversation: Conversation, answered: Escalation) -> list[Turn]:
    """A person's answer as a turn, in the caller's transaction; [] when it is there already."""
    key = reply_key(answered.public_id)
    if turns.already(conversation.id, key):
        return []
    if answered.answer is None or answered.answered_at is None:
        raise LookupError(f"question {answered.id} has no answer")
    payload = {"escalation": answered.public_id, "citations": _citations(answered.citations)}
    said = Said("staff", "reply", answered.answer, payload=payload)
    return turns.write(conversation, [said], key, "", answered.answered_at)


def _citations(cited: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles of an answer as the chat shows them."""
    return [
        CitationOut(
            law=one["law"],
            article=one["article"],
            has_text=statutes.article(one["law"], one["article"]) is not None,
            is_unverified=one["is_unverified"],
        ).model_dump()
        for one in cited
    ]


@one_transaction
def _catch_up(key: str, actor: Actor, now: datetime) -> None:
    bring_in(turns.find_or_begin(key, actor, now))


def _missing(conversation: Conversation) -> list[Escalation]:
    """Answered questions of this conversation without their turn, the earliest answer first."""
    query = sa.select(Escalation).where(
        Escalation.subject == turns.subject(conversation.id),
        Escalation.state == S.ANSWERED.value,
        # a number may be used again once its conversation is deleted: not that one's answers
        Escalation.asked_at >= conversation.created_at,
    )
    answered = list(db.session.scalars(query.order_by(Escalation.answered_at, Escalation.id)))
    if not answered:
        return []
    keys = [reply_key(row.public_id) for row in answered]
    there = sa.select(Turn.ask_key).where(
        Turn.conversation_id == conversation.id, Turn.ask_key.in_(keys)
    )
    found = set(db.session.scalars(there))
    return [row for row in answered if reply_key(row.public_id) not in found]


def reply_key(public_id: str) -> str:
    """The key of the turn in which the answer to this question stands."""
    return f"reply.{public_id}"
