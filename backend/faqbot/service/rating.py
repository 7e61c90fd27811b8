"""有用 or 没用: kept with the answer it is about, and put on the desk's list."""

from __future__ import annotations

from datetime import datetime

from backend.core import private
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import Conflict, NotFound
from backend.faqbot.models import Turn
from backend.faqbot.schemas import TurnOut
from backend.faqbot.service import turns


@one_transaction
def rate(
    key: str, turn_id: int, verdict: str, note: str | None, now: datetime, actor: Actor
) -> TurnOut:
    """Rate an answer; again replaces the earlier word. NotFound for another conversation's."""
    conversation = turns.find(key, actor)
    turn = db.session.get(Turn, turn_id)
    if conversation is None or turn is None or turn.conversation_id != conversation.id:
        raise NotFound("没有找到这条回答。", code="no_turn")
    if turn.author == "person":
        raise Conflict("只能给回答打分。", code="not_an_answer")
    turn.feedback, turn.feedback_at = verdict, now
    turn.feedback_note = private.mask(note).text if note else None
    return turns.show([turn], now)[0]
