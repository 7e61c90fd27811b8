"""Finding entries for staff: by the bot's own ranking beside an answer, and in the list of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from backend.faqbot.service import shown, topics
from backend.faqbot.service.library import library
from backend.law.days import shanghai_today
from faq.bot import Bot
from faq.engine.ranker import Ranking
from faq.schema import Citation, Entry

MOST_FOUND = 5
PAGE = 50
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with today's values; `like` is the phrasing of it that is most like the search."""

    id: str
    question: str
    short: str
    answer: str
    citations: list[Citation]
    topic: str
    revision: str
    phrasings: int
    reviewed_on: date
    review_by: date
    is_changed_by_staff: bool
    like: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list of entries."""

    rows: list[Found]
    total: int
    number: int
    has_more: bool


def ranked(words: str, now: datetime, most: int = MOST_FOUND) -> list[Found]:
    """The entries the bot holds likeliest for these words, best first."""
    bot, words = library().in_force(now).bot, words.strip()[:LONGEST_SEARCH]
    if not words:
        return []
    ranking = bot.rank(words)
    ids = [c.label for c in ranking.candidates if c.label in bot.corpus.entries]
    return [_found(bot.corpus.entries[i], now, _like(bot, ranking, i)) for i in ids[:most]]


def one(entry_id: str, now: datetime) -> Found | None:
    """The entry in force with this id."""
    entry = library().in_force(now).bot.corpus.entries.get(entry_id)
    return _found(entry, now) if entry else None


def listed(words: str, topic: str, page: int, now: datetime) -> Page:
    """The list: of a topic, or those that hold the words, then those the bot would think of."""
    corpus = library().in_force(now).bot.corpus
    entries = [e for e in corpus.entries.values() if topic in ("", topics.topic_of(e.id))]
    if words := words.strip()[:LONGEST_SEARCH]:
        entries = list(_matching(entries, words, now))
    else:
        order = list(topics.titles())
        entries.sort(key=lambda e: (order.index(topics.topic_of(e.id)), e.id))
    begin = (page - 1) * PAGE
    rows = [_found(entry, now) for entry in entries[begin : begin + PAGE]]
    return Page(rows, len(entries), page, len(entries) > begin + PAGE)


def _matching(entries: list[Entry], words: str, now: datetime) -> Iterator[Entry]:
    plain = [e for e in entries if any(words in t for t in (e.id, e.question, e.short, e.answer))]
    yield from plain
    by_id = {entry.id: entry for entry in entries if entry not in plain}
    for found in ranked(words, now, most=10):
        if found.id in by_id:
            yield by_id[found.id]


def _found(entry: Entry, now: datetime, like: str = "") -> Found:
    today = shanghai_today(now)
    return Found(
        id=entry.id,
        question=entry.question,
        short=shown.filled(entry.short, today),
        answer=shown.filled(entry.answer, today),
        citations=entry.citations,
        topic=topics.title_of(entry.id),
        revision=entry.revision,
        phrasings=len(entry.phrasings),
        reviewed_on=entry.reviewed_on,
        review_by=entry.review_by,
        is_changed_by_staff=library_differs(entry),
        like=like,
    )


def library_differs(entry: Entry) -> bool:
    """Whether this entry is not as it stands in the files."""
    base = topics.files().entries.get(entry.id)
    return base is None or base.content_hash != entry.content_hash


def _like(bot: Bot, ranking: Ranking, entry_id: str) -> str:
    ranker = bot.ranker
    for phrasing in ranking.neighbours.phrasings:
        if ranker.labels[ranker.nearest.labels[phrasing]] == entry_id:
            return str(ranker.texts[phrasing])
    return ""
