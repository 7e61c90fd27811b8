"""A second model with other eyes: windows of two and three characters, each the strongest it finds.

The linear model adds up what is in a question; this one asks of each of its patterns how well the
best place of the question fits it, and characters that are used alike are alike to it. It errs
elsewhere, so the two together err less (docs/faq-engine.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from faq.engine.features import Sample
from faq.engine.linear import MOST, Bytes, Floats

Numbers = TypeVar("Numbers", Floats, NDArray[np.int16])

#: Characters of a window, for each half of the patterns.
WIDTHS = (2, 3)
#: What stands before and after a text, and for a character that too few phrasings have.
EDGE, UNKNOWN = 0, 1
#: Characters read; no more were learnt from.
LONGEST = 120
#: Enough for a window in which nothing stands, as shorter texts of a batch have them, too.
EDGES = max(WIDTHS)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Codes of the characters and of the concepts that a model has learnt; no concept is 0."""

    letters: dict[str, int]
    concepts: dict[str, int]

    def read(self, sample: Sample) -> tuple[list[int], list[int]]:
        """Codes of a question's characters with its edges, and of the concept each stands in."""
        code_of, edge = self.letters.get, [EDGE] * EDGES
        letters = [code_of(letter, UNKNOWN) for letter in sample.letters[:LONGEST]]
        concepts = [0] * (len(letters) + 2 * EDGES)
        for begin, end, names in sample.named:
            code = self.concepts.get(names[0], 0)
            for place in range(begin, min(end, LONGEST)):
                concepts[place + EDGES] = code
        return [*edge, *letters, *edge], concepts


@dataclass(frozen=True, slots=True)
class Windows:
    """Margins of every label.

    `letters` and `concepts` are codes x (characters of all windows x patterns): what a character,
    or the concept it stands in, adds to a pattern at each place of its window, in bytes that count
    `scales` of the pattern each. So no window has to be multiplied when a question is asked, and
    little memory is read. `bias` is by pattern, `weights` patterns x labels, `offsets` by label.
    """

    alphabet: Alphabet
    letters: Bytes
    concepts: Bytes
    scales: Floats
    bias: Floats
    weights: Floats
    offsets: Floats

    @classmethod
    def of(
        cls,
        alphabet: Alphabet,
        letters: Floats,
        concepts: Floats,
        bias: Floats,
        weights: Floats,
        offsets: Floats,
    ) -> Windows:
        """From what characters and concepts add, as it was learnt."""
        patterns = len(bias) // len(WIDTHS)
        largest = np.maximum(np.abs(letters).max(0), np.abs(concepts).max(0))
        places = largest.reshape(sum(WIDTHS), patterns)
        of_width = np.repeat(np.arange(len(WIDTHS)), WIDTHS)
        scales = np.full((len(WIDTHS), patterns), 1e-9, np.float32)
        np.maximum.at(scales, of_width, places / MOST)
        columns = scales[of_width].ravel()
        of_letters, of_concepts = (np.rint(one / columns) for one in (letters, concepts))
        return cls(
            alphabet,
            of_letters.astype(np.int8),
            of_concepts.astype(np.int8),
            scales.ravel(),
            bias,
            weights,
            offsets,
        )

    def margins(self, sample: Sample) -> Floats:
        """One number a label, in the order of the model's labels."""
        letters, concepts = self.alphabet.read(sample)
        parts = self.letters.take(letters, 0).astype(np.int16)
        if any(concepts):
            parts += self.concepts.take(concepts, 0)
        best = np.concatenate([windows.max(0) for windows in responses(parts)])
        margins: Floats = np.maximum(best * self.scales + self.bias, 0) @ self.weights
        return margins + self.offsets


def responses(parts: Numbers) -> list[Numbers]:
    """How well each place fits each pattern: for each width places x patterns.

    `parts` is ... x characters x (characters of all windows x patterns).
    """
    patterns = parts.shape[-1] // sum(WIDTHS)
    found = []
    begin = 0
    for width in WIDTHS:
        places = parts.shape[-2] - width + 1
        total = parts[..., :places, begin : begin + patterns].copy()
        for place in range(1, width):
            begin += patterns
            total += parts[..., place : place + places, begin : begin + patterns]
        begin += patterns
        found.append(total)
    return found
