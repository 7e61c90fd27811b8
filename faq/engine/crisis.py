"""Words that bring help before any answer: self-harm, violence, a child, an injury right now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_PATTERN = "re:"
_HARMLESS, _NEVER = "harmless", "(?!)"


@dataclass(frozen=True)
class Crisis:
    """Compiled groups, asked in the order of `order`: what endangers life comes first.

    `harmless` are patterns of talk that only sounds so (somebody else's banner, a road blocked by
    a storm): it is taken out first, and what is left is still heard.
    """

    groups: Mapping[str, Sequence[str]]
    harmless: Sequence[str] = ()
    order: tuple[str, ...] = ("self_harm", "injury_now", "violence", "child", "gathering")
    compiled: dict[str, re.Pattern[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.order:
            self.compiled[name] = re.compile("|".join(_part(w) for w in self.groups[name]))
        self.compiled[_HARMLESS] = re.compile("|".join(self.harmless) or _NEVER)

    def find(self, text: str) -> str | None:
        """The most urgent group that the text speaks of, or None."""
        found = self._first(text)
        if found is None or self.compiled[_HARMLESS].search(text) is None:
            return found
        return self._first(self.compiled[_HARMLESS].sub("，", text))

    def _first(self, text: str) -> str | None:
        return next((name for name in self.order if self.compiled[name].search(text)), None)


def _part(word: str) -> str:
    if word.startswith(_PATTERN):
        return f"(?:{word.removeprefix(_PATTERN)})"
    return re.escape(word)
