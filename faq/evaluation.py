"""How often the bot is right, by group and by source, on questions with labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from faq.bot import Bot

_NOT_COUNTED = frozenset({"oos", "unclear", "none"})


@dataclass(slots=True)
class Tally:
    """Counts of one group: questions, first right, one of three right, answered, answered right."""

    asked: int = 0
    first: int = 0
    three: int = 0
    answered: int = 0
    answered_right: int = 0

    def line(self, name: str) -> str:
        """A row of the table, in per cent."""
        return (
            f"{name:32} {self.asked:5} {_share(self.first, self.asked)} "
            f"{_share(self.three, self.asked)} {_share(self.answered, self.asked)} "
            f"{_share(self.answered_right, self.answered)}"
        )


@dataclass(slots=True)
class Outside:
    """Questions that are not labour law, and how many were answered as if they were.

    `told` counts those that were told where else to go, some of them beside suggestions.
    """

    asked: int = 0
    answered: int = 0
    suggested: int = 0
    told: int = 0


@dataclass(slots=True)
class Table:
    """Results by group and source, and of what is outside by kind."""

    groups: dict[str, Tally]
    outside: dict[str, Outside]

    def lines(self) -> list[str]:
        """The table as text."""
        head = f"{'group or source':32} {'n':>5}  top-1  top-3  answered  right"
        rows = [tally.line(name) for name, tally in self.groups.items()]
        rows += ["", f"{'out of scope':32} {'n':>5}  answered as labour law  suggested  told where"]
        for kind, found in self.outside.items():
            counts = (found.answered, found.suggested, found.told)
            shares = " ".join(_share(count, found.asked) for count in counts)
            rows.append(f"{kind:32} {found.asked:5} {shares}")
        return [head, *rows]


def evaluate(bot: Bot, questions: Iterable[dict[str, Any]]) -> Table:
    """Right is an entry in {intent} and `also`; small talk may get the greeting."""
    groups: dict[str, Tally] = defaultdict(Tally)
    outside: dict[str, Outside] = defaultdict(Outside)
    for question in questions:
        decided = bot.decide(question["text"])
        right = {question["intent"], *question.get("also", [])}
        first = decided.entries[0] if decided.entries else ""
        if question["intent"] == "oos":
            for kind in ("all", question.get("oos_kind") or "?"):
                found = outside[kind]
                found.asked += 1
                found.answered += decided.decision == "answer" and first not in right
                found.suggested += decided.decision == "suggest"
                found.told += decided.outside is not None
        if question["intent"] in _NOT_COUNTED:
            continue
        for name in ("all", f"group {question['group']}", f"source {question['source']}"):
            tally = groups[name]
            tally.asked += 1
            tally.first += first in right
            tally.three += not right.isdisjoint(decided.entries[:3])
            tally.answered += decided.decision == "answer"
            tally.answered_right += decided.decision == "answer" and first in right
    return Table(dict(sorted(groups.items())), dict(sorted(outside.items())))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}%" if whole else "    –"
