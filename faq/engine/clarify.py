"""One fact that decides between the two best entries: read from what was said, or asked once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Fact:
    """A fact worth asking for: the question, its answers as buttons, and how people say it."""

    name: str
    ask: str
    options: Mapping[str, str]
    says: Mapping[str, Sequence[str]]

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {value: re.compile("|".join(forms)) for value, forms in self.says.items()}

    def read(self, text: str) -> str | None:
        """The value that the text states; None when it states none, or two."""
        found = [value for value, pattern in self._patterns.items() if pattern.search(text)]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Rule:
    """Which entry each value of a fact leads to."""

    fact: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Clarify:
    """All facts and rules."""

    facts: Mapping[str, Fact]
    rules: Sequence[Rule]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Clarify:
        """From the table of the lexicon; KeyError or ValueError when it does not fit together."""
        facts = {
            name: Fact(name, f["ask"], f["options"], f.get("says", {}))
            for name, f in content["facts"].items()
        }
        rules = [Rule(r["fact"], r["answers"]) for r in content["rules"]]
        for rule in rules:
            unknown = set(rule.answers) - set(facts[rule.fact].options)
            if unknown:
                raise ValueError(f"{rule.fact}: no option is called {sorted(unknown)}")
        return cls(facts, rules)

    def read(self, text: str) -> dict[str, str]:
        """Every fact that the text states."""
        found = {name: fact.read(text) for name, fact in self.facts.items()}
        return {name: value for name, value in found.items() if value is not None}

    def rule_for(self, first: str, second: str) -> Rule | None:
        """The rule whose answers hold both entries."""
        both = {first, second}
        return next((rule for rule in self.rules if both <= set(rule.answers.values())), None)
