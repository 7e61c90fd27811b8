"""Opening an entry or an article by its name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.core.errors import NotFound
from backend.faqbot.schemas import ArticleOut, FaqEntryOut
from backend.faqbot.service import shown
from backend.faqbot.service.library import library
from backend.law import statutes
from backend.law.days import shanghai_today
from faq.schema import Entry


def entry(entry_id: str, now: datetime) -> FaqEntryOut:
    """The entry in force; NotFound when there is none, or its time is over."""
    corpus = library().in_force(now).bot.corpus
    found = corpus.entries.get(entry_id)
    if found is None:
        raise NotFound("没有这一条，可能已经更新。您可以直接问。", code="no_entry")
    return shown.entry_out(found, titles(corpus.entries.values()), shanghai_today(now))


def titles(entries: Iterable[Entry]) -> dict[str, str]:
    """Question of each entry by id, for buttons."""
    return {entry.id: entry.question for entry in entries}


def article(law: str, number: str) -> ArticleOut:
    """An article as it is held; NotFound when nothing of it is."""
    held = statutes.statutes().get(law)
    text = held.articles.get(number) if held else None
    if held is None or text is None:
        raise NotFound("这一条的原文我们还没收，可以拨打 12333 核实。", code="no_article")
    version = held.version.isoformat() if held.version else None
    return ArticleOut(law=law, article=number, text=text, version=version, is_unverified=False)
