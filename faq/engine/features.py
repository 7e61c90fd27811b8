"""What a normalised question is made of: words, pairs of words, characters, concepts, facts."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from faq.engine.facts import fact_words, without_numbers
from faq.engine.lexicon import Lexicon, any_of
from faq.engine.normalise import Normal, Normaliser
from faq.engine.tokens import Tokeniser

#: Groups are weighed one against another after each was brought to length one.
GROUPS = ("words", "characters", "concepts")


class Features:
    """Turns a normalised question into counted features of each group."""

    def __init__(self, lexicon: Lexicon, cut: Tokeniser) -> None:
        self.cut = cut
        self.forms = _forms(lexicon)
        self._concept = any_of(self.forms)

    def __call__(self, normal: Normal) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """Features of the groups in the order of GROUPS."""
        text = without_numbers(normal.text)
        words = self._words(text)
        pairs = [f"{a}_{b}" for a, b in pairwise(words)]
        return (
            Counter(words + pairs),
            Counter(characters(text)),
            Counter(self.concepts(normal.text) + [f"#{f}" for f in fact_words(normal.text)]),
        )

    def words(self, normal: Normal) -> list[str]:
        """The words of a question, numbers made alike."""
        return self._words(without_numbers(normal.text))

    def _words(self, text: str) -> list[str]:
        return [word for word in self.cut(text) if word != " "]

    def concepts(self, text: str) -> list[str]:
        """Concepts named in the text, each once and with its pairs."""
        names: dict[str, None] = {}
        for match in self._concept.finditer(text):
            names.update(dict.fromkeys(self.forms[match.group()]))
        single = list(names)
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
