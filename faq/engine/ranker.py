"""Every label's score for a question: what was learnt, nearest phrasings, exact matches."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from faq.engine.features import Features
from faq.engine.lexicon import Lexicon
from faq.engine.model import Model
from faq.engine.nearest import Nearest, Neighbours, evidence
from faq.engine.normalise import Normal, Normaliser
from faq.engine.tokens import Tokeniser

#: What the nearest phrasings count beside the margins of the model.
NEAREST_WEIGHT = 3.0
#: How sharply scores become shares: fitted on phrasings the model had not seen.
SHARPNESS = 1.0
CANDIDATES, LIKEST = 12, 3

Floats = NDArray[np.float32]


class Candidate(NamedTuple):
    """A label with its score, its share of all belief, and the parts of the score."""

    label: str
    score: float
    share: float
    margin: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """All labels, best first; `exact` is the label of a phrasing with the very same words.

    `likest` are the labels whose phrasings are most like the question, whatever the model says.
    """

    question: Normal
    candidates: tuple[Candidate, ...]
    neighbours: Neighbours
    likest: tuple[str, ...]
    exact: str | None


class Ranker:
    """Ranks the labels of one corpus; built once, never changed."""

    def __init__(
        self,
        lexicon: Lexicon,
        cut: Tokeniser,
        model: Model,
        phrasings: Iterable[tuple[str, str]],
    ) -> None:
        """`phrasings` are (text, label); a label not learnt yet ranks by likeness only."""
        self.normalise = Normaliser(lexicon)
        self.features = Features(lexicon, cut)
        self.model = model
        texts, labels = zip(*phrasings, strict=True)
        self.labels = tuple(dict.fromkeys((*model.labels, *labels)))
        number = {label: i for i, label in enumerate(self.labels)}
        bare = [self._bare(text) for text in texts]
        owners = np.array([number[label] for label in labels], np.int32)
        self.texts = texts
        self.nearest = Nearest.build(bare, owners)
        self._exact = dict(zip(bare, labels, strict=True))
        self._unlearnt = float(np.median(model.margins(self.features(self.normalise("")))))
        _give_back()

    def rank(self, typed: str) -> Ranking:
        """Rank every label for what was typed."""
        question = self.normalise(typed)
        learnt = self.model.margins(self.features(question))
        margins = np.full(len(self.labels), self._unlearnt, np.float32)
        margins[: len(learnt)] = learnt
        neighbours = self.nearest.neighbours(question)
        likeness = evidence(self.nearest, neighbours, len(self.labels))
        scores = margins + NEAREST_WEIGHT * likeness
        shares = np.exp(SHARPNESS * (scores - scores.max()))
        shares /= shares.sum()
        best = (-scores).argsort(kind="stable")[:CANDIDATES]
        parts = (part[best].tolist() for part in (scores, shares, margins, likeness))
        candidates = tuple(map(Candidate, self._named(best), *parts))
        likest = self._named((-likeness).argsort(kind="stable")[:LIKEST])
        exact = self._exact.get(question.bare)
        return Ranking(question, candidates, neighbours, likest, exact)

    def _named(self, numbers: NDArray[np.int64]) -> tuple[str, ...]:
        return tuple([self.labels[i] for i in numbers.tolist()])

    def _bare(self, text: str) -> str:
        """The normalised text without spaces; the very text where it is that already."""
        bare = self.normalise(text).bare
        return text if bare == text else bare


def _give_back() -> None:
    """Hand what building took back to the machine: glibc keeps twice the bot for itself."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # other C libraries give back unasked
        trim(0)
