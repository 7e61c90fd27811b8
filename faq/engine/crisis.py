"""Words that bring help before any answer: self-harm, violence, a child, an injury right now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

_PATTERN = "re:"
_NEVER = "(?!)"
_ANY_LENGTH = 10_000
_PART = re.compile(r"\{([a-z_]+)\}")
ORDER = ("self_harm", "injury_now", "violence", "child", "gathering")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Words that mean danger unless the text tells that it is over; `but` outweighs that.

    An injury long past is told in the words of one right now: what differs stands beside them,
    and the length, for nobody beside a bleeding man writes a long story.
    """

    group: str
    words: re.Pattern[str]
    unless: re.Pattern[str]
    but: re.Pattern[str]
    longest: int

    def hears(self, text: str) -> bool:
        """Whether the text speaks of this danger as of now."""
        if self.words.search(text) is None:
            return False
        is_over = len(text) > self.longest or self.unless.search(text) is not None
        return not is_over or self.but.search(text) is not None


@dataclass(frozen=True)
class Crisis:
    """Compiled groups, asked in the order of `order`: what endangers life comes first.

    `groups` are heard wherever they stand, `guarded` only as far as it is not over. `harmless`
    are patterns of talk that only sounds so (somebody else's banner, a road blocked by a storm):
    it is taken out first, and what is left is still heard.
    """

    groups: Mapping[str, re.Pattern[str]]
    guarded: Sequence[Guarded] = ()
    harmless: re.Pattern[str] = field(default_factory=lambda: re.compile(_NEVER))
    order: tuple[str, ...] = ORDER

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Compile the table of the file; KeyError for a missing group or part, re.error."""
        parts = _whole_parts(table["parts"])
        groups = {name: _any((_plain(w) for w in table["groups"][name]), parts) for name in ORDER}
        guarded = [_guarded(one, parts) for one in table["guarded"]]
        return cls(groups, guarded, _any(table["harmless"], parts))

    def find(self, text: str) -> str | None:
        """The most urgent group that the text speaks of, or None."""
        found = self._first(text)
        if found is None or self.harmless.search(text) is None:
            return found
        return self._first(self.harmless.sub("，", text))

    def _first(self, text: str) -> str | None:
        return next((name for name in self.order if self._speaks_of(name, text)), None)

    def _speaks_of(self, name: str, text: str) -> bool:
        if self.groups[name].search(text):
            return True
        return any(one.group == name and one.hears(text) for one in self.guarded)


def _guarded(one: Mapping[str, Any], parts: Mapping[str, str]) -> Guarded:
    if one["group"] not in ORDER:
        raise KeyError(one["group"])
    unless, but = _any([one["unless"]], parts), _any([one.get("but", _NEVER)], parts)
    longest = int(one.get("longest", _ANY_LENGTH))
    return Guarded(one["group"], _any(one["words"], parts), unless, but, longest)


def _any(patterns: Iterable[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_filled(p, parts)})" for p in patterns) or _NEVER)


def _whole_parts(parts: Mapping[str, str]) -> dict[str, str]:
    """Each part with the parts before it filled in."""
    whole: dict[str, str] = {}
    for name, pattern in parts.items():
        whole[name] = _filled(pattern, whole)
    return whole


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda match: parts[match.group(1)], pattern)


def _plain(word: str) -> str:
    return word.removeprefix(_PATTERN) if word.startswith(_PATTERN) else re.escape(word)
