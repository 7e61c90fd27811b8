"""What a normalised question is made of: words, pairs of words, characters, concepts, facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from faq.engine.facts import fact_words, without_numbers
from faq.engine.lexicon import Lexicon, any_of
from faq.engine.normalise import Normal, Normaliser
from faq.engine.tokens import Tokeniser

#: Groups are weighed one against another after each was brought to length one.
GROUPS = ("words", "characters", "concepts")

_DIGITS_ALIKE = str.maketrans("123456789", "0" * 9)


class Sample(NamedTuple):
    """A question as the models read it.

    `groups` are counted features in the order of GROUPS. `letters` is the text, its digits alike;
    `named` the concepts in it: where their words begin and end, and what they stand for.
    """

    groups: tuple[Counter[str], Counter[str], Counter[str]]
    letters: str
    named: list[tuple[int, int, tuple[str, ...]]]


class Features:
    """Turns a normalised question into what the models read."""

    def __init__(self, lexicon: Lexicon, cut: Tokeniser) -> None:
        self.cut = cut
        self.forms = _forms(lexicon)
        self._concept = any_of(self.forms)

    def __call__(self, normal: Normal) -> Sample:
        """A question's features."""
        text = without_numbers(normal.text)
        words = self._words(text)
        pairs = [f"{a}_{b}" for a, b in pairwise(words)]
        named = self.named(normal.text)
        groups = (
            Counter(words + pairs),
            Counter(characters(text)),
            Counter(concepts(named) + [f"#{f}" for f in fact_words(normal.text)]),
        )
        return Sample(groups, normal.text.translate(_DIGITS_ALIKE), named)

    def words(self, normal: Normal) -> list[str]:
        """The words of a question, numbers made alike."""
        return self._words(without_numbers(normal.text))

    def _words(self, text: str) -> list[str]:
        return [word for word in self.cut(text) if word != " "]

    def named(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Where words of concepts begin and end, and the concepts each stands for."""
        found = self._concept.finditer(text)
        return [(match.start(), match.end(), self.forms[match.group()]) for match in found]


def concepts(named: Iterable[tuple[int, int, tuple[str, ...]]]) -> list[str]:
    """The concepts named, each once and with its pairs."""
    single = list(dict.fromkeys(name for _, _, names in named for name in names))
    ordered = sorted(single)
    return [f"={n}" for n in single] + [
        f"={a}={b}" for i, a in enumerate(ordered) for b in ordered[i + 1 :]
    ]


def _forms(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """Surface form -> the concepts it stands for.

    Spelt as a normalised question is: 被炒 or N+1 would never be found in one otherwise.
    """
    spelt = Normaliser(lexicon).spelt
    forms: dict[str, tuple[str, ...]] = {}
    for name, surfaces in lexicon.concepts.items():
        for surface in dict.fromkeys(map(spelt, surfaces)):
            forms[surface] = (*forms.get(surface, ()), name)
    return forms


def characters(text: str) -> list[str]:
    """Runs of one, two and three characters inside each part between spaces."""
    grams: list[str] = []
    for part in text.split(" "):
        grams += part
        grams += [part[i : i + 2] for i in range(len(part) - 1)]
        grams += [part[i : i + 3] for i in range(len(part) - 2)]
    return grams
