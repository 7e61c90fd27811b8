"""The form of a new entry filled with what is known: an answered question, or a group of like ones."""

from __future__ import annotations

import re
from datetime import datetime

import sqlalchemy as sa

from backend.core import private
from backend.core.actor import Actor
from backend.core.db import db
from backend.escalations import service as escalations
from backend.escalations.service.queue import is_call_for_a_person
from backend.faqbot.models import Turn
from backend.faqbot.service.drafts import LONGEST_QUESTION, Draft
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY
from faq.schema import LONGEST_PHRASING

_MASK = re.compile(r"【[^】]*】")


def from_question(public_id: str, actor: Actor, now: datetime) -> Draft:
    """A draft of an answered question: the person's own words, and the answer they got.

    Reading the question is recorded, as on its own page. NotFound when there is none.
    """
    question = escalations.read(public_id, actor, now)
    said = [
        line["text"]
        for line in question.transcript
        if line.get("author") == "person" and line.get("kind") == "asked"
    ]
    short, _, long = (question.answer or "").partition("\n")
    asked = [text for text in (question.headline, *said) if not is_call_for_a_person(text)]
    words = _phrasings(asked)
    return Draft(
        question=(words[0] if words else "")[:LONGEST_QUESTION],
        phrasings=words,
        short=short.strip(),
        answer=long.strip(),
        citations=[(one["law"], one["article"]) for one in question.citations],
        review_by=_review_by(now),
    )


def from_group(likeness: str, now: datetime) -> Draft:
    """A draft of a group of like questions; an empty one when there is no such group."""
    query = sa.select(Turn.text).where(Turn.likeness == likeness).order_by(Turn.id.desc())
    words = _phrasings(list(db.session.scalars(query.limit(10)))) if likeness else []
    return Draft(
        question=(words[0] if words else "")[:LONGEST_QUESTION],
        phrasings=words,
        review_by=_review_by(now),
    )


def _phrasings(said: list[str]) -> list[str]:
    """What people said, once each, without what was masked in it."""
    plain = (" ".join(_MASK.sub("", private.mask(text).text).split()) for text in said)
    return list(dict.fromkeys(text for text in plain if 2 <= len(text) <= LONGEST_PHRASING))


def _review_by(now: datetime) -> str:
    return DEFAULT_POLICY.review_by_after(shanghai_today(now)).isoformat()
