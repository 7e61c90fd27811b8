"""Before an approval the project's own questions are asked: what gets worse, which bound breaks."""

from __future__ import annotations

from typing import Any

import pytest

from backend.faqbot.service import comparing, own_questions
from backend.faqbot.service.library import bot_with, files, library
from backend.law.days import shanghai_today
from faq import floor
from faq.bot import Bot
from faq.engine.decide import Decided
from faq.floor import FLOOR
from tests.backend.faqbot.test_overrides import ENTRY, edited, proposed
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]


def with_phrasings(bureau: Bureau, entry_id: str, *texts: str) -> tuple[Bot, Bot]:
    """The bot in force, and one in which an entry has these phrasings too."""
    now = bureau.clock.now()
    entry = files().entries[entry_id]
    more = entry.model_copy(update={"phrasings": [*entry.phrasings, *texts]})
    return library().in_force(now).bot, bot_with([more], shanghai_today(now))


def ours(intent: str | None = None) -> list[dict[str, Any]]:
    """Own questions of one intent; without one, those that have any."""
    every = own_questions._questions()
    if intent is not None:
        return [one for one in every if one["intent"] == intent]
    return [one for one in every if one["intent"] not in ("oos", "unclear", "none")]


def test_new_wording_changes_no_answer_and_no_share(bureau: Bureau) -> None:
    with bureau.app.app_context():
        row = proposed(bureau, edited(bureau, short="换了说法。"))
        own = comparing.report(row, bureau.clock.now()).own
    assert (own.changes, own.broken, own.asked) == ([], [], len(own_questions._questions()))
    assert [r.key for r in own.rows] == [b.key for b in FLOOR]
    assert all(r.now == r.then and r.holds_now for r in own.rows)


def test_a_question_drawn_to_the_wrong_entry_is_worse_and_comes_first(bureau: Bureau) -> None:
    stolen = next(one for one in ours() if one["intent"] not in (ENTRY, *one["also"]))
    with bureau.app.app_context():
        before, after = with_phrasings(bureau, ENTRY, stolen["text"])
        assert floor.is_right(stolen, before.decide(stolen["text"]))
        own = own_questions.compare(before, after, ENTRY)
    assert own.changes[0].text == stolen["text"] and own.changes[0].verdict == "worse"
    assert own.changes[0].after == files().entries[ENTRY].question
    assert own.counts["worse"] >= 1


def test_a_bound_that_would_break_is_named(bureau: Bureau) -> None:
    others = [one["text"] for one in ours() if ENTRY not in (one["intent"], *one["also"])]
    with bureau.app.app_context():
        own = own_questions.compare(*with_phrasings(bureau, ENTRY, *others[:60]), ENTRY)
    assert {row.key for row in own.broken} >= {"first", "answered_right"}
    assert all(row.holds_now and not row.holds_then for row in own.broken)


def test_what_is_not_ours_and_would_be_answered_is_worse(bureau: Bureau) -> None:
    outside = [one["text"] for one in ours("oos")]
    with bureau.app.app_context():
        own = own_questions.compare(*with_phrasings(bureau, ENTRY, *outside), ENTRY)
    assert [row.key for row in own.broken] == ["outside_answered"]
    assert {change.verdict for change in own.changes} == {"worse"}


def test_a_question_that_gets_its_answer_is_better(bureau: Bureau) -> None:
    with bureau.app.app_context():
        bot = library().in_force(bureau.clock.now()).bot
        missed = next(one for one in ours() if not floor.is_right(one, bot.decide(one["text"])))
        before, after = with_phrasings(bureau, missed["intent"], missed["text"])
        own = own_questions.compare(before, after, missed["intent"])
    assert missed["text"] in [c.text for c in own.changes if c.verdict == "better"]


@pytest.mark.parametrize(("decision", "entries", "right"), [
    ("answer", ("a",), True), ("answer", ("b",), True), ("answer", ("c",), False),
    ("suggest", ("c", "a"), True), ("suggest", ("c", "d", "e", "a"), False),
    ("handoff", ("a",), False),
])  # fmt: skip
def test_right_is_the_answer_or_a_button_for_it(
    decision: Any, entries: tuple[str, ...], right: bool
) -> None:
    decided = Decided(decision, entries, None, 0.5, "")
    assert floor.is_right({"intent": "a", "also": ["b"]}, decided) is right
    outside = floor.is_right({"intent": "oos"}, decided)
    assert outside is (decision != "answer")
