"""Before an approval: which stored questions would be answered differently afterwards."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.core.db import db
from backend.faqbot.models import Override, Turn
from backend.faqbot.service import own_questions
from backend.faqbot.service.changes import ORDER, Kind, kind_of, words_of
from backend.faqbot.service.library import bot_with, entry_of, files, library, live_overrides
from backend.faqbot.service.own_questions import Own
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY
from faq.bot import Bot

MOST_QUESTIONS = 2000
_KEPT_REPORTS = 16


@dataclass(frozen=True, slots=True)
class Change:
    """One question with what is answered now and what would be."""

    text: str
    asked: int
    before: str
    after: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Report:
    """What a proposal would do to the questions of the last months, the graver changes first.

    `own` is the same over the project's own questions, of which the right answers are known.
    """

    compared: int
    same: int
    reworded: int
    changes: list[Change]
    counts: dict[Kind, int]
    seconds: float
    own: Own


@dataclass(frozen=True, slots=True)
class Stored:
    """One distinct question: its words (masked), and how often it was asked."""

    text: str
    asked: int


_kept: OrderedDict[tuple[int, str, str, int], Report] = OrderedDict()


def report(row: Override, now: datetime) -> Report:
    """Answer the stored questions with and without the proposal; made once for the same state."""
    before = library().in_force(now).bot
    newest = db.session.scalar(sa.select(sa.func.max(Turn.id))) or 0
    entry = entry_of(row)
    key = (row.id, entry.content_hash, before.corpus.version, newest)
    found = _kept.get(key)
    if found is None:
        after = bot_with([*live_overrides(files()), entry], shanghai_today(now))
        found = compare(before, after, entry.id, stored(now))
        _kept[key] = found
        while len(_kept) > _KEPT_REPORTS:
            _kept.popitem(last=False)
    return found


def stored(now: datetime) -> list[Stored]:
    """The distinct questions people asked lately, the often asked first."""
    since = DEFAULT_POLICY.answers_compared_since(now)
    count = sa.func.count()
    groups = (
        sa.select(sa.func.max(Turn.id).label("id"), count.label("asked"))
        .where(
            Turn.author == "person",
            Turn.kind == "asked",
            Turn.likeness.is_not(None),
            Turn.at >= since,
        )
        .group_by(Turn.likeness)
        .order_by(count.desc(), sa.func.max(Turn.id).desc())
        .limit(MOST_QUESTIONS)
        .subquery()
    )
    query = sa.select(Turn.text, groups.c.asked).join(groups, groups.c.id == Turn.id)
    rows = db.session.execute(query.order_by(groups.c.asked.desc(), groups.c.id.desc()))
    return [Stored(row.text, row.asked) for row in rows]


def compare(before: Bot, after: Bot, entry_id: str, questions: list[Stored]) -> Report:
    """The differences between two bots over some questions."""
    began = time.perf_counter()
    changes, reworded = [], 0
    for question in questions:
        now, then = after.decide(question.text), before.decide(question.text)
        kind = kind_of(then, now)
        if kind is not None:
            said = (words_of(then, before, entry_id), words_of(now, after, entry_id))
            changes.append(Change(question.text, question.asked, *said, kind))
        elif now.decision == "answer" and now.entries[0] == entry_id:
            reworded += 1
    changes.sort(key=lambda change: (ORDER.index(change.kind), -change.asked))
    counted = Counter(change.kind for change in changes)
    return Report(
        compared=len(questions),
        same=len(questions) - len(changes),
        reworded=reworded,
        changes=changes,
        counts={kind: counted[kind] for kind in ORDER},
        seconds=round(time.perf_counter() - began, 1),
        own=own_questions.compare(before, after, entry_id),
    )
