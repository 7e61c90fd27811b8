"""What the engine knows of words: dialect, slips of the pen, filler, concepts; compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Lexicon:
    """Tables of the folder `faq/lexicon`, in simplified script.

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
        table = {**self.repairs, **self.replacements}
        return _any_of(table), table

    @cached_property
    def filler(self) -> re.Pattern[str]:
        """Any filler."""
        return _any_of(self.fillers)

    @cached_property
    def concept_forms(self) -> dict[str, tuple[str, ...]]:
        """Surface form -> the concepts it stands for."""
        forms: dict[str, tuple[str, ...]] = {}
        for name, surfaces in self.concepts.items():
            for surface in surfaces:
                forms[surface] = (*forms.get(surface, ()), name)
        return forms

    @cached_property
    def concept(self) -> re.Pattern[str]:
        """Any surface form, the longest first."""
        return _any_of(self.concept_forms)


_NEVER = re.compile(r"(?!)")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """The longest of the words at a place; by first character, so that few are tried there."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    parts = (f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())
    return re.compile("|".join(parts)) if rests else _NEVER
