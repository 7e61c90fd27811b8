"""The phrasings most like a question: rare features first, then letter by letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from faq.engine.normalise import Normal

#: Postings read for one question, rarest features first: time does not grow with the corpus.
MOST_POSTINGS = 4000
#: Phrasings compared letter by letter.
COMPARED = 48
#: A label's evidence is the mean of its best phrasings, so that one odd phrasing decides nothing.
BEST_OF_LABEL = 3

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A phrasing like the question: its number, and how like it is (0 to 1)."""

    phrasing: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """Inverted index over pairs of characters: `starts` cuts `postings` by feature."""

    grams: dict[str, int]
    starts: Ints
    postings: Ints
    rarity: Floats
    lengths: Floats
    labels: Ints
    bare: Sequence[str]

    @classmethod
    def build(cls, phrasings: Sequence[Normal], labels: Ints) -> Nearest:
        """Index all phrasings."""
        grams: dict[str, int] = {}
        rows = [
            np.array([grams.setdefault(g, len(grams)) for g in set(pairs(p.bare))], np.int32)
            for p in phrasings
        ]
        sizes = np.fromiter((len(row) for row in rows), np.int32, len(rows))
        flat = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
        order = np.argsort(flat, kind="stable")
        counts = np.bincount(flat, minlength=len(grams))
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        rarity = np.log((1 + len(rows)) / (1 + counts)).astype(np.float32) + 1
        squares = np.bincount(owners, weights=rarity[flat] ** 2, minlength=len(rows))
        lengths = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
        bare = [p.bare for p in phrasings]
        return cls(grams, starts, owners[order], rarity, lengths, labels, bare)

    def neighbours(self, question: Normal) -> list[Neighbour]:
        """The phrasings most like the question, best first; at most COMPARED."""
        known = {self.grams[g] for g in pairs(question.bare) if g in self.grams}
        if not known:
            return []
        rarest = sorted(known, key=lambda g: self.starts[g + 1] - self.starts[g])
        chosen: list[int] = []
        read = 0
        for gram in rarest:
            size = int(self.starts[gram + 1] - self.starts[gram])
            if chosen and read + size > MOST_POSTINGS:
                break
            chosen.append(gram)
            read += size
        found = np.concatenate([self.postings[self.starts[g] : self.starts[g + 1]] for g in chosen])
        sizes = [int(self.starts[g + 1] - self.starts[g]) for g in chosen]
        weights = np.repeat(self.rarity[chosen] ** 2, sizes)
        return self._compare(
            question, found, weights, float(np.sqrt((self.rarity[list(known)] ** 2).sum()))
        )

    def _compare(
        self, question: Normal, found: Ints, weights: Floats, length: float
    ) -> list[Neighbour]:
        overlap = np.bincount(found, weights=weights, minlength=len(self.bare))
        likeness = overlap[found] / (self.lengths[found] * length)
        if len(found) > 4 * COMPARED:
            found = found[np.argpartition(-likeness, 4 * COMPARED)[: 4 * COMPARED]]
        unique = np.unique(found)
        cosine = overlap[unique] / (self.lengths[unique] * length)
        best = unique[np.argsort(-cosine, kind="stable")[:COMPARED]]
        letters = process.cdist(
            [question.bare], [self.bare[i] for i in best], scorer=fuzz.ratio, dtype=np.float32
        )[0]
        both = (overlap[best] / (self.lengths[best] * length) + letters / 100) / 2
        order = np.argsort(-both, kind="stable")
        return [Neighbour(int(best[i]), float(both[i])) for i in order]


def evidence(nearest: Nearest, neighbours: Sequence[Neighbour], labels: int) -> Floats:
    """For every label the mean likeness of its best phrasings among the neighbours."""
    sums = np.zeros(labels, np.float32)
    taken: Counter[int] = Counter()
    for neighbour in neighbours:
        label = int(nearest.labels[neighbour.phrasing])
        if taken[label] < BEST_OF_LABEL:
            taken[label] += 1
            sums[label] += neighbour.likeness
    return sums / np.float32(BEST_OF_LABEL)


def pairs(bare: str) -> list[str]:
    """Pairs of neighbouring characters, and the text itself when it is a single one."""
    return [bare[i : i + 2] for i in range(len(bare) - 1)] or [bare]
