"""Before an approval: the project's own questions (自有题目), whose right answers are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from backend.faqbot.service.changes import kind_of, words_of
from faq import floor
from faq.bot import Bot

# worse: right now and wrong then · better: wrong now and right then
# other: right or wrong both times, or no answer is the right one
Verdict = Literal["worse", "better", "other"]
ORDER: tuple[Verdict, ...] = ("worse", "better", "other")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: its share now and then, and the bound it may not cross."""

    key: str
    now: float
    then: float
    bound: floor.Bound

    @property
    def holds_now(self) -> bool:
        """Whether the bound is kept at present."""
        return self.bound.holds(self.now)

    @property
    def holds_then(self) -> bool:
        """Whether it would be kept with the proposal."""
        return self.bound.holds(self.then)


@dataclass(frozen=True, slots=True)
class OwnChange:
    """One question that would be answered differently."""

    text: str
    before: str
    after: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Own:
    """All measures, and the questions whose answer changes: those that get worse first."""

    asked: int
    rows: list[Row]
    changes: list[OwnChange]
    counts: dict[Verdict, int]

    @property
    def broken(self) -> list[Row]:
        """Bounds that are kept now and would not be kept with the proposal."""
        return [row for row in self.rows if row.holds_now and not row.holds_then]


def compare(before: Bot, after: Bot, entry_id: str) -> Own:
    """Two bots over the project's own questions."""
    questions = _questions()
    now, then = floor.shares(before, questions), floor.shares(after, questions)
    found = (_change(one, before, after, entry_id) for one in questions)
    changes = [change for change in found if change is not None]
    changes.sort(key=lambda change: ORDER.index(change.verdict))
    counted = Counter(change.verdict for change in changes)
    return Own(
        asked=len(questions),
        rows=[Row(b.key, now[b.key], then[b.key], b) for b in floor.FLOOR],
        changes=changes,
        counts={verdict: counted[verdict] for verdict in ORDER},
    )


@cache
def _questions() -> list[dict[str, Any]]:
    """Read once a process: they change only with a new release, as the files of the corpus do."""
    return floor.own_questions()


def _change(question: dict[str, Any], before: Bot, after: Bot, entry_id: str) -> OwnChange | None:
    then, now = after.decide(question["text"]), before.decide(question["text"])
    if kind_of(now, then) is None:
        return None
    was, will = floor.is_right(question, now), floor.is_right(question, then)
    verdict: Verdict = "other" if was == will else ("better" if will else "worse")
    said = words_of(now, before, entry_id), words_of(then, after, entry_id)
    return OwnChange(question["text"], *said, verdict)
