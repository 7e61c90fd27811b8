"""The phrasings most like a question: rare features first, then letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from faq.engine.normalise import Normal

#: Postings read for one question, rarest features first: time does not grow with the corpus.
MOST_POSTINGS = 2000
#: Phrasings compared letter by letter.
COMPARED = 48
#: A label's evidence is the mean of its best phrasings, so that one odd phrasing decides nothing.
BEST_OF_LABEL = 3

#: A character's code fits into so many bits.
_BITS = 21

Codes = NDArray[np.uint64]
Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


class Neighbour(NamedTuple):
    """A phrasing like the question: its number, and how like it is (0 to 1)."""

    phrasing: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """Inverted index over pairs of characters.

    `grams` are the pairs as sorted numbers; `starts` cuts `postings` by pair.
    """

    grams: Codes
    starts: Ints
    postings: Ints
    rarity: Floats
    lengths: Floats
    labels: Ints
    bare: Sequence[str]

    @classmethod
    def build(cls, bare: Sequence[str], labels: Ints) -> Nearest:
        """Index all phrasings, each as normalised and without spaces."""
        codes, owners = _pairs_of_all(bare)
        order = np.argsort(codes, kind="stable")
        codes, owners = codes[order], owners[order]
        del order  # the arrays of 100,000 phrasings are large: only two are held at a time
        once = np.ones(len(codes), bool)
        once[1:] = (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])
        codes, owners = codes[once], owners[once]
        first = np.ones(len(codes), bool)
        first[1:] = codes[1:] != codes[:-1]
        grams, begins = codes[first], np.flatnonzero(first)
        starts = np.append(begins, len(codes)).astype(np.int32)
        counts = np.diff(starts)
        rarity = np.log((1 + len(bare)) / (1 + counts)).astype(np.float32) + 1
        squares = np.bincount(owners, np.repeat(rarity**2, counts), minlength=len(bare))
        lengths = np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)
        return cls(grams, starts, owners, rarity, lengths, labels, bare)

    def neighbours(self, question: Normal) -> list[Neighbour]:
        """The phrasings most like the question, best first; at most COMPARED."""
        known = self._known(question.bare)
        if not len(known):
            return []
        sizes = self.starts[known + 1] - self.starts[known]
        rarest = np.argsort(sizes, kind="stable")
        read = np.cumsum(sizes[rarest])
        chosen = known[rarest[: max(1, int(np.searchsorted(read, MOST_POSTINGS, "right")))]]
        begins, ends = self.starts[chosen], self.starts[chosen + 1]
        places = zip(begins.tolist(), ends.tolist(), strict=True)
        found = np.concatenate([self.postings[begin:end] for begin, end in places])
        weights = np.repeat(self.rarity[chosen] ** 2, ends - begins)
        length = float(np.sqrt((self.rarity[known] ** 2).sum()))
        return self._compare(question, found, weights, length)

    def _known(self, bare: str) -> Codes:
        """Numbers of the question's pairs that some phrasing has."""
        codes = np.array(sorted(set(_codes(_letters(bare)).tolist())), np.uint64)
        places = np.searchsorted(self.grams, codes)
        inside = places < len(self.grams)
        places, codes = places[inside], codes[inside]
        known: Codes = places[self.grams[places] == codes]
        return known

    def _compare(
        self, question: Normal, found: Ints, weights: Floats, length: float
    ) -> list[Neighbour]:
        overlap = np.bincount(found, weights=weights, minlength=len(self.bare))
        likeness = overlap[found] / (self.lengths[found] * length)
        if len(found) > 4 * COMPARED:
            found = found[np.argpartition(-likeness, 4 * COMPARED)[: 4 * COMPARED]]
        found = np.sort(found)
        unique = found[np.concatenate(([True], found[1:] != found[:-1]))]
        cosine = overlap[unique] / (self.lengths[unique] * length)
        order = np.argsort(-cosine, kind="stable")[:COMPARED]
        near = unique[order]
        bare, asked = self.bare, question.bare
        letters = process.cdist(
            [asked], [bare[i] for i in near.tolist()], scorer=fuzz.ratio, dtype=np.float32
        )[0]
        both = (cosine[order] + letters / 100) / 2
        best = np.argsort(-both, kind="stable")
        return list(map(Neighbour, near[best].tolist(), both[best].tolist()))


def evidence(nearest: Nearest, neighbours: Sequence[Neighbour], labels: int) -> Floats:
    """For every label the mean likeness of its best phrasings among the neighbours."""
    if not neighbours:
        return np.zeros(labels, np.float32)
    sums = [0.0] * labels
    taken = [0] * labels
    owners = nearest.labels[[n.phrasing for n in neighbours]].tolist()
    for label, (_, likeness) in zip(owners, neighbours, strict=True):
        if taken[label] < BEST_OF_LABEL:
            taken[label] += 1
            sums[label] += likeness
    return np.array(sums, np.float32) / np.float32(BEST_OF_LABEL)


def _letters(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _codes(letters: Codes) -> Codes:
    """Pairs of neighbouring characters as numbers, and the character itself when it is alone."""
    if len(letters) < 2:
        return letters
    return letters[:-1] << np.uint64(_BITS) | letters[1:]


def _pairs_of_all(bare: Sequence[str]) -> tuple[Codes, Ints]:
    """The pairs inside each text, and the number of the text."""
    lengths = np.fromiter(map(len, bare), np.int32, len(bare))
    owners = np.repeat(np.arange(len(bare), dtype=np.int32), lengths)
    letters = _letters("".join(bare))
    inside = owners[:-1] == owners[1:]
    alone = lengths[owners] == 1
    codes = np.concatenate((_codes(letters)[inside], letters[alone]))
    return codes, np.concatenate((owners[:-1][inside], owners[alone]))
