"""An entry as staff type it: read from a form, checked as the files are, faults in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from backend.core import crypto, private
from backend.core.errors import BadInput, FieldError
from backend.faqbot.service import shown
from backend.faqbot.service.library import library
from backend.law import statutes
from backend.law.days import shanghai_today
from faq.bot import Bot
from faq.schema import (
    LONGEST_ANSWER,
    LONGEST_PHRASING,
    LONGEST_SHORT,
    STAFF_PREFIX,
    Citation,
    Entry,
)

LONGEST_QUESTION = 60
MOST_PHRASINGS = 1000
#: No answer may promise how a matter ends.
PROMISES = ("包赢", "一定能赢", "肯定能赢", "一定拿得到", "保证拿到", "百分之百能")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into the form of an entry; `entry_id` is empty for a new one."""

    entry_id: str = ""
    question: str = ""
    phrasings: list[str] = field(default_factory=list)
    short: str = ""
    answer: str = ""
    citations: list[tuple[str, str]] = field(default_factory=list)
    review_by: str = ""


def of_entry(entry: Entry) -> Draft:
    """The form filled with an entry as it is now; placeholders stay placeholders."""
    return Draft(
        entry_id=entry.id,
        question=entry.question,
        phrasings=entry.phrasings,
        short=entry.short,
        answer=entry.answer,
        citations=[(c.law, c.article) for c in entry.citations],
        review_by=entry.review_by.isoformat(),
    )


def entry_of(draft: Draft, now: datetime) -> Entry:
    """The entry that a draft asks for; BadInput names every field that is wrong."""
    today, bot = shanghai_today(now), library().in_force(now).bot
    base = bot.corpus.entries.get(draft.entry_id)
    review_by = _date(draft.review_by)
    wrong = [*_lengths(draft), *_words(draft, today), *_phrasings(draft, base, bot)]
    wrong += _citations(draft)
    if review_by is None or review_by <= today:
        wrong.append(FieldError("review_by", "请填下次复核的日期，要晚于今天。"))
    if draft.entry_id and base is None:
        wrong.append(FieldError("question", "这一条已经不在题库里，请另提新的。"))
    if wrong:
        raise BadInput("有几处要改，改好再交。", errors=wrong)
    return Entry.model_validate(_content(draft, base, today), strict=False)


def _content(draft: Draft, base: Entry | None, today: date) -> dict[str, object]:
    kept: dict[str, object] = {"handoff": "offer", "actions": [{"kind": "human"}], "related": []}
    if base is not None:
        kept = base.model_dump(mode="json", exclude_defaults=True)
    return kept | {
        "id": draft.entry_id or f"{STAFF_PREFIX}q{crypto.new_public_id()[:10]}",
        "question": draft.question,
        "phrasings": draft.phrasings,
        "short": draft.short,
        "answer": draft.answer,
        "citations": [citation(*one).model_dump() for one in draft.citations],
        "reviewed_on": today.isoformat(),
        "review_by": draft.review_by,
    }


def citation(law: str, article: str) -> Citation:
    """An article as the corpus names it, marked where no checked text is held."""
    is_held = statutes.article(law, article) is not None
    return Citation(law=law, article=article, unverified=not is_held)


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _lengths(draft: Draft) -> Iterable[FieldError]:
    limits = (
        ("question", "问题", draft.question, LONGEST_QUESTION),
        ("short", "先说一句", draft.short, LONGEST_SHORT),
        ("answer", "再说清楚", draft.answer, LONGEST_ANSWER),
    )
    for name, word, text, longest in limits:
        if len(text) < 2:
            yield FieldError(name, f"请写“{word}”。")
        elif len(text) > longest:
            yield FieldError(name, f"“{word}”最多 {longest} 个字，现在 {len(text)} 个。")


def _words(draft: Draft, today: date) -> Iterable[FieldError]:
    for name, text in (("short", draft.short), ("answer", draft.answer)):
        if said := [word for word in PROMISES if word in text]:
            yield FieldError(name, f"不能打包票，请改掉“{said[0]}”。")
        try:
            shown.filled(text, today)
        except KeyError as error:
            yield FieldError(name, f"没有叫 {error.args[0]} 的数额，请检查大括号里的名字。")


def _phrasings(draft: Draft, base: Entry | None, bot: Bot) -> Iterable[FieldError]:
    if not draft.phrasings:
        yield FieldError("phrasings", "请至少写一句工友会怎么问。")
    if len(draft.phrasings) > MOST_PHRASINGS:
        yield FieldError("phrasings", f"问法最多 {MOST_PHRASINGS} 句。")
        return
    known = set(base.phrasings) if base else set()
    for text in (t for t in draft.phrasings if t not in known):
        if fault := _fault_of_phrasing(text, draft.entry_id, bot):
            yield FieldError("phrasings", fault)


def _fault_of_phrasing(text: str, entry_id: str, bot: Bot) -> str:
    if len(text) > LONGEST_PHRASING:
        return f"“{text[:12]}…”太长，一句问法最多 {LONGEST_PHRASING} 个字。"
    if private.mask(text).kinds or "【" in text:
        return f"“{text[:12]}…”里有号码，请去掉。"
    owner = bot.rank(text).exact
    if owner is None or owner == entry_id:
        return ""
    other = bot.corpus.entries.get(owner)
    title = other.question if other else "不归我们管的事"
    return f"“{text[:20]}”已经是《{title}》的问法，一句话只能归一条。"


def _citations(draft: Draft) -> Iterable[FieldError]:
    for law, article in draft.citations:
        if not 2 <= len(law) <= 80 or "《" in law or not 1 <= len(article) <= 30:
            yield FieldError("citations", "依据要写法律全名（不带书名号）和第几条。")
        elif fault := statutes.missing(law, article):
            yield FieldError("citations", fault)
