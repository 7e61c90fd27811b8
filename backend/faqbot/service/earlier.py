"""以前怎么答的: answers of staff to like questions, for whoever writes the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from backend.core import private
from backend.core.db import db
from backend.core.errors import NotFound
from backend.core.installation import bureau
from backend.escalations.models import Escalation
from backend.escalations.service import Cited
from backend.escalations.service.queue import headline
from backend.escalations.service.reaching import number
from backend.escalations.states import S
from backend.faqbot.models import StaffAnswer, Turn
from backend.faqbot.service import arriving
from backend.faqbot.service.library import library
from backend.faqbot.service.likeness import has_words, likeness_of
from backend.faqbot.service.turns import conversation_id_of
from faq.bot import Bot

MOST = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question belongs: with those of the same words, and with those of an entry."""

    likeness: str | None
    entry_id: str | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer given before, without the numbers of the person it was given to.

    `feedback` is what that person said of it in the chat; `has_masked` says that a number was
    taken out and has to be filled in again.
    """

    public_id: str
    number: str
    question: str
    answer: str
    citations: list[Cited]
    by: str
    at: datetime
    feedback: str | None
    has_masked: bool


def place_of(bot: Bot, text: str) -> Place:
    """The place of a question as this bot sees it; nowhere when nothing is said in it."""
    if not has_words(bot, text):
        return Place(None, None)
    decided = bot.decide(text)
    # the bot's own first thought: what it would answer or offer, or whose matter it would say it is
    first = decided.entries[0] if decided.decision != "handoff" else decided.outside
    return Place(likeness_of(bot, text), first)


def keep(row: Escalation, bot: Bot) -> None:
    """Remember where an answer that was just given belongs, in the caller's transaction."""
    if row.answered_at is None:
        raise LookupError(f"question {row.id} has no answer")
    place = place_of(bot, headline(row))
    kept = StaffAnswer(
        escalation_id=row.id,
        answered_at=row.answered_at,
        likeness=place.likeness,
        entry_id=place.entry_id,
    )
    db.session.add(kept)


def answers(text: str, now: datetime, *, but: str = "") -> list[Earlier]:
    """Up to MOST answers to like questions: those of the same words first, then the newest.

    `but` is the public id of the question that is being answered.
    """
    place = place_of(library().in_force(now).bot, text)
    by_words = _ids(StaffAnswer.likeness, place.likeness)
    by_entry = _ids(StaffAnswer.entry_id, place.entry_id)
    ids = list(dict.fromkeys([*by_words, *by_entry]))
    found = sa.select(Escalation).where(Escalation.id.in_(ids), Escalation.public_id != but)
    rows = sorted(db.session.scalars(found), key=lambda row: ids.index(row.id))[:MOST]
    rated = _feedback(rows)
    return [_earlier(row, rated.get(row.public_id)) for row in rows]


def one(public_id: str) -> Earlier:
    """One answer that was given; NotFound when there is none."""
    query = sa.select(Escalation).where(
        Escalation.public_id == public_id, Escalation.state == S.ANSWERED.value
    )
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("没有找到这个答复。")
    return _earlier(row, None)


def newest(column: InstrumentedAttribute[str | None], value: str) -> sa.Select[int]:
    """The newest answers with this value, one more than are shown: one may be the same question."""
    query = sa.select(StaffAnswer.escalation_id).where(column == value)
    return query.order_by(StaffAnswer.answered_at.desc()).limit(MOST + 1)


def _ids(column: InstrumentedAttribute[str | None], value: str | None) -> list[int]:
    return list(db.session.scalars(newest(column, value))) if value else []


def _feedback(rows: Iterable[Escalation]) -> dict[str, str]:
    """What was said of these answers where they stand in a chat that still exists."""
    places = [
        (conversation_id, arriving.reply_key(row.public_id))
        for row in rows
        if (conversation_id := conversation_id_of(row.subject)) is not None
    ]
    if not places:
        return {}
    one_of = sa.tuple_(Turn.conversation_id, Turn.ask_key).in_(places)
    query = sa.select(Turn.payload, Turn.feedback).where(one_of, Turn.feedback.is_not(None))
    return {str(payload["escalation"]): str(said) for payload, said in db.session.execute(query)}


def _earlier(row: Escalation, feedback: str | None) -> Earlier:
    answer, has_masked = masked(row.answer or "")
    if row.answered_at is None:
        raise LookupError(f"question {row.id} has no answer")
    return Earlier(
        public_id=row.public_id,
        number=number(row),
        question=private.mask(" ".join(headline(row).split())).text,
        answer=answer,
        citations=[Cited(one["law"], one["article"]) for one in row.citations],
        by=row.answered_by_name,
        at=row.answered_at,
        feedback=feedback,
        has_masked=has_masked,
    )


def masked(text: str) -> tuple[str, bool]:
    """An answer without anybody's numbers, and whether there were any; public ones stay."""
    public = _public_numbers()
    if not public:
        hidden = private.mask(text)
        return hidden.text, bool(hidden.kinds)
    # whole numbers only: the digits of an office may stand inside somebody's own
    one_of = "|".join(re.escape(one) for one in sorted(public, key=len, reverse=True))
    pieces = re.split(f"(?<![0-9])({one_of})(?![0-9])", text)
    hidden_pieces = [private.mask(piece) for piece in pieces[::2]]
    pieces[::2] = [hidden.text for hidden in hidden_pieces]
    return "".join(pieces), any(hidden.kinds for hidden in hidden_pieces)


def _public_numbers() -> set[str]:
    """Telephones of offices that the bureau names itself and that would be masked as anybody's."""
    own = bureau()
    offices = [*own.offices, own.confirmation_place, own.legal_aid, *own.other_districts]
    found = {one.phone for one in (*own.hotlines, *offices) if one is not None}
    return {one for one in {*found, own.supervision_phone} if one and private.mask(one).kinds}
