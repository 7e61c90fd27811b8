"""What the bot reached once on the project's own questions, and may not fall under again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faq.bot import Bot
from faq.corpus import ROOT
from faq.engine.decide import Decided
from faq.evaluation import evaluate


@dataclass(frozen=True, slots=True)
class Bound:
    """A share that may not fall under its limit, or with `is_most` not rise over it."""

    key: str
    limit: float
    is_most: bool = False

    def holds(self, share: float) -> bool:
        """Whether a share keeps to it."""
        return share <= self.limit if self.is_most else share >= self.limit


FLOOR = (
    Bound("first", 0.94),
    Bound("three", 0.98),
    Bound("answered", 0.80),
    Bound("answered_right", 0.97),
    Bound("outside_answered", 0.03, is_most=True),
)


def own_questions(root: Path = ROOT) -> list[dict[str, Any]]:
    """The questions with their labels, in the order of the file."""
    lines = (root / "eval" / "own.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def shares(bot: Bot, questions: Iterable[dict[str, Any]]) -> dict[str, float]:
    """What a bot reaches, by the keys of FLOOR.

    Of all questions of ours: the first entry right, one of three right, answered directly; of
    those answered: right; of what is not ours: answered as if it were.
    """
    table = evaluate(bot, questions)
    found, outside = table.groups["all"], table.outside["all"]
    return {
        "first": found.first / found.asked,
        "three": found.three / found.asked,
        "answered": found.answered / found.asked,
        "answered_right": found.answered_right / found.answered if found.answered else 0.0,
        "outside_answered": outside.answered / outside.asked,
    }


def is_right(question: dict[str, Any], decided: Decided) -> bool:
    """Whether a person was served well: the right answer, or none where nothing of ours fits."""
    right = {question["intent"], *question.get("also", [])}
    if decided.decision == "answer":
        return decided.entries[0] in right
    if question["intent"] in ("oos", "unclear", "none"):
        return True
    return decided.decision == "suggest" and not right.isdisjoint(decided.entries[:3])
