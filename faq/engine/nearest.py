"""The phrasings most like a question: rare features first, then letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from faq.engine.normalise import Normal

#: Postings read for one question, rarest features first: time does not grow with the corpus.
MOST_POSTINGS = 1500
#: Phrasings compared letter by letter.
COMPARED = 24
#: A label's evidence is the mean of its best phrasings, so that one odd phrasing decides nothing.
BEST_OF_LABEL = 2

#: A character's code fits into so many bits.
_BITS = 21
#: A question has at most so many different pairs, in bits: normalising cuts it to 340 characters.
#: The other bits of a number hold a phrasing, which is enough for four millions of them.
_PAIR_BITS = 9

Codes = NDArray[np.uint64]
Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


class Neighbours(NamedTuple):
    """Phrasings like the question, best first: their numbers, and how like each is (0 to 1)."""

    phrasings: list[int]
    likeness: list[float]


NONE = Neighbours([], [])


@dataclass(frozen=True, slots=True)
class Nearest:
    """Inverted index over pairs of characters.

    `grams` are the pairs as sorted numbers; `starts` cuts `postings` by pair. `squares` are the
    squared rarities of the pairs.
    """

    grams: Codes
    starts: Ints
    postings: Ints
    squares: Floats
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
        squares = (np.log((1 + len(bare)) / (1 + counts)).astype(np.float32) + 1) ** 2
        sums = np.bincount(owners, np.repeat(squares, counts), minlength=len(bare))
        lengths = np.sqrt(np.maximum(sums, 1e-9)).astype(np.float32)
        return cls(grams, starts, owners, squares, lengths, labels, bare)

    def neighbours(self, question: Normal) -> Neighbours:
        """The phrasings most like the question, best first; at most COMPARED."""
        known = self._known(question.bare)
        if not len(known):
            return NONE
        sizes = self.starts[known + 1] - self.starts[known]
        rarest = sizes.argsort(kind="stable")
        read = sizes[rarest].cumsum()
        chosen = known[rarest[: max(1, int(read.searchsorted(MOST_POSTINGS, "right")))]]
        near, overlap = self._overlaps(chosen)
        cosine = overlap / (self.lengths[near] * sqrt(float(self.squares[known].sum())))
        return self._compare(question.bare, near, cosine)

    def _known(self, bare: str) -> Codes:
        """Numbers of the question's pairs that some phrasing has."""
        codes = np.array(sorted(set(_codes(_letters(bare)).tolist())), np.uint64)
        places = self.grams.searchsorted(codes)
        inside = places < len(self.grams)
        places, codes = places[inside], codes[inside]
        known: Codes = places[self.grams[places] == codes]
        return known

    def _overlaps(self, chosen: Codes) -> tuple[Ints, Floats]:
        """Phrasings with one of these pairs, and the squared rarity of what they share.

        Sorting what was read, rather than counting into a place for every phrasing, keeps the time
        of a question apart from the size of the corpus.
        """
        begins, ends = self.starts[chosen], self.starts[chosen + 1]
        places = zip(begins.tolist(), ends.tolist(), strict=True)
        found = np.concatenate([self.postings[begin:end] for begin, end in places])
        pairs = np.repeat(np.arange(len(chosen), dtype=np.int32), ends - begins)
        keys = found << _PAIR_BITS | pairs
        keys.sort()
        owners = keys >> _PAIR_BITS
        first = np.concatenate(([True], owners[1:] != owners[:-1])).nonzero()[0]
        weights = self.squares[chosen][keys & ((1 << _PAIR_BITS) - 1)]
        return owners[first], np.add.reduceat(weights, first)

    def _compare(self, asked: str, near: Ints, cosine: Floats) -> Neighbours:
        """The most alike by pairs, put in order by pairs and letters together."""
        if len(near) > COMPARED:  # far quicker than putting all of them in order
            most = np.sort(cosine.argpartition(-COMPARED)[-COMPARED:])
            near, cosine = near[most], cosine[most]
        bare = self.bare
        letters = process.cdist(
            [asked], [bare[i] for i in near.tolist()], scorer=fuzz.ratio, dtype=np.float32
        )[0]
        both = (cosine + letters / 100) / 2
        best = (-both).argsort(kind="stable")
        return Neighbours(near[best].tolist(), both[best].tolist())


def evidence(nearest: Nearest, neighbours: Neighbours, labels: int) -> Floats:
    """For every label the mean likeness of its best phrasings among the neighbours."""
    if not neighbours.phrasings:
        return np.zeros(labels, np.float32)
    sums = [0.0] * labels
    taken = [0] * labels
    owners = nearest.labels[neighbours.phrasings].tolist()
    for label, likeness in zip(owners, neighbours.likeness, strict=True):
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
