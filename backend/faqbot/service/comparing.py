"""Before an approval: which stored questions would be answered differently afterwards."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from backend.core.db import db
from backend.faqbot.models import Override, Turn
from backend.faqbot.service.library import bot_with, entry_of, files, library, live_overrides
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY
from faq.bot import Bot
from faq.engine.decide import SUGGESTED, Decided

MOST_QUESTIONS = 2000
_KEPT_REPORTS = 16

# gained: answered now, was not · switched: another entry answers · lost: no longer answered
# suggested: other buttons or another way out
Kind = Literal["gained", "switched", "lost", "suggested"]
#: Those to be looked at one by one come first.
ORDER: tuple[Kind, ...] = ("switched", "lost", "gained", "suggested")


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
    """What a proposal would do to the questions of the last months, the graver changes first."""

    compared: int
    same: int
    reworded: int
    changes: list[Change]
    counts: dict[Kind, int]
    seconds: float


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
        kind = _kind(then, now)
        if kind is not None:
            said = (_words(then, before, entry_id), _words(now, after, entry_id))
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
    )


def _kind(before: Decided, after: Decided) -> Kind | None:
    if _essence(before) == _essence(after):
        return None
    if before.decision == after.decision == "answer":
        return "switched"
    if after.decision == "answer":
        return "gained"
    return "lost" if before.decision == "answer" else "suggested"


def _essence(decided: Decided) -> tuple[str, object]:
    """What a person would notice of a decision."""
    if decided.decision == "answer":
        return "answer", decided.entries[0]
    if decided.decision == "suggest":
        return "suggest", decided.entries[:SUGGESTED]
    return "handoff", decided.outside


def _words(decided: Decided, bot: Bot, entry_id: str) -> str:
    if decided.decision == "answer":
        return bot.corpus.entries[decided.entries[0]].question
    if decided.decision == "suggest":
        offered = decided.entries[:SUGGESTED]
        has_it = "（含本条）" if entry_id in offered else ""
        return f"给 {len(offered)} 个建议{has_it}"
    outside = bot.corpus.outside.get(decided.outside or "")
    return f"不归这里管：{outside.title}" if outside else "转人工"
