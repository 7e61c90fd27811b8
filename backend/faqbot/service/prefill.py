"""“要不要现在帮您填投诉？”: what was said in the chat, for the form; the worker checks every field."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.db import db
from backend.core.installation import bureau
from backend.faqbot.models import Turn
from backend.faqbot.schemas import PrefillOut
from backend.faqbot.service import turns
from backend.faqbot.service.asking import facts_of
from backend.law.days import shanghai_today
from faq.engine.months import Month
from faq.engine.story import tell

_LAST = 20
_FACTS_MAX = 1500


def of_conversation(key: str, actor: Actor, now: datetime) -> PrefillOut:
    """Employer, place, months, money and contract as far as they were plainly said."""
    conversation = turns.find(key, actor)
    if conversation is None:
        return PrefillOut()
    query = (
        sa.select(Turn)
        .where(
            Turn.conversation_id == conversation.id,
            Turn.author == "person",
            Turn.kind == "asked",
            Turn.id > conversation.restarted_after,
        )
        .order_by(Turn.id.desc())
        .limit(_LAST)
    )
    said = [turn.text for turn in reversed(list(db.session.scalars(query)))]
    story = tell(said, shanghai_today(now), bureau().streets)
    contract = story.contract or facts_of(conversation, now).get("contract")
    return PrefillOut(
        employer=story.employer,
        place=story.place,
        months=[_written(month) for month in story.months],
        amount_fen=story.owed_fen,
        monthly_fen=story.monthly_fen,
        due_by_month={_written(month): fen for month, fen in story.due_by_month},
        contract=contract if contract in ("written", "oral", "none") else None,
        **asdict(story.person),
        facts="\n".join(said)[-_FACTS_MAX:],
    )


def _written(month: Month) -> str:
    return f"{month[0]}-{month[1]:02d}"
