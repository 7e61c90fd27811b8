"""What the engine knows of words: dialect, slips of the pen, filler, concepts; compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from faq.engine.script import folded

#: What is between words once a text is in the one alphabet.
NOT_WORDS = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")


@dataclass(frozen=True)
class Lexicon:
    """Tables of the folder `faq/lexicon`, written as people type.

    replacements: dialect word -> standard word. repairs: wrongly typed word -> right one.
    fillers: words without meaning for the question. concepts: name -> surface forms.
    words: (word, frequency, tag) for the tokeniser.
    """

    replacements: Mapping[str, str]
    repairs: Mapping[str, str]
    fillers: tuple[str, ...]
    concepts: Mapping[str, tuple[str, ...]]
    words: tuple[tuple[str, int, str], ...]

    @cached_property
    def rewriting(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        """Dialect words and slips in one pass, the longest form first."""
        table = {folded(word): right for word, right in self.repairs.items()}
        table |= {folded(word): right for word, right in self.replacements.items()}
        return any_of(table), table

    @cached_property
    def filler(self) -> re.Pattern[str]:
        """Any filler, a comma in it as the space that stands for it in a normalised text."""
        return any_of({NOT_WORDS.sub(" ", folded(word)) for word in self.fillers} - {" "})


_NEVER = re.compile(r"(?!)")


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """The longest of the words at a place; by first character, so that few are tried there."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    parts = (f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())
    return re.compile("|".join(parts)) if rests else _NEVER
