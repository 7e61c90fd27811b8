"""Learning the model of windows: characters as vectors, patterns over them, their best places.

Needs scipy, like `learning`. Adam over batches of texts of like length; only the best place of a
pattern hands its error back, so that most of a batch costs nothing on the way back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from faq.engine.features import Sample
from faq.engine.learning import balance_of, shares
from faq.engine.linear import Floats
from faq.engine.windows import UNKNOWN, WIDTHS, Alphabet, Windows, responses

#: A character of fewer phrasings is unknown.
LEAST_PHRASINGS = 3
SIZE, PATTERNS = 48, 128
EPOCHS, BATCH = 10, 256
#: Highest step, reached after a third of the way; forgetting of the moments; pull towards zero.
STEP, MOMENTS, DECAY = 3e-3, (0.9, 0.999), 1e-2
#: Shares of the characters, of their vectors' numbers and of the patterns that are hidden each
#: time: no single one may decide.
HIDDEN_LETTERS, HIDDEN_NUMBERS, HIDDEN_PATTERNS = 0.15, 0.2, 0.4

Ints = NDArray[np.int64]


@dataclass(slots=True)
class _Net:
    """What is learnt: vectors, patterns over them, and what a pattern says of a label."""

    letters: Floats
    concepts: Floats
    patterns: Floats
    bias: Floats
    weights: Floats
    offsets: Floats

    @classmethod
    def of(cls, alphabet: Alphabet, labels: int, chance: np.random.Generator) -> _Net:
        """A net that knows nothing yet."""
        letters = chance.standard_normal((len(alphabet.letters) + 2, SIZE), np.float32)
        concepts = chance.standard_normal((len(alphabet.concepts) + 1, SIZE), np.float32)
        parts = [
            _even(chance, (SIZE, width * PATTERNS), 1 / np.sqrt(width * SIZE)) for width in WIDTHS
        ]
        found = len(WIDTHS) * PATTERNS
        weights = _even(chance, (found, labels), 1 / np.sqrt(found))
        bias, offsets = np.zeros(found, np.float32), np.zeros(labels, np.float32)
        net = cls(letters, concepts, np.concatenate(parts, 1), bias, weights, offsets)
        net.blank()
        return net

    def blank(self) -> None:
        """An edge is no character, and no concept is none."""
        self.letters[0] = self.concepts[0] = 0

    def all(self) -> tuple[Floats, ...]:
        """Everything that is learnt."""
        return self.letters, self.concepts, self.patterns, self.bias, self.weights, self.offsets


def learn(samples: Sequence[Sample], labels: Sequence[str]) -> Windows:
    """Margins for every label in sorted order, each counting the same."""
    alphabet = _alphabet(samples)
    targets, balance = balance_of(labels)
    read = [np.array(alphabet.read(sample)) for sample in samples]
    chance = np.random.default_rng(0)
    net = _Net.of(alphabet, int(targets.max()) + 1, chance)
    adam = _Adam(net.all(), -(-len(read) // BATCH) * EPOCHS)
    for batch in _batches([one.shape[1] for one in read], chance):
        letters, concepts = _hidden(_padded([read[i] for i in batch]), chance)
        adam.step(_slopes(net, letters, concepts, targets[batch], balance[batch], chance))
        net.blank()
    of_letters, of_concepts = net.letters @ net.patterns, net.concepts @ net.patterns
    return Windows.of(alphabet, of_letters, of_concepts, net.bias, net.weights, net.offsets)


def _alphabet(samples: Sequence[Sample]) -> Alphabet:
    among = Counter(letter for sample in samples for letter in set(sample.letters))
    known = sorted(letter for letter, count in among.items() if count >= LEAST_PHRASINGS)
    letters = {letter: code for code, letter in enumerate(known, UNKNOWN + 1)}
    named = sorted({names[0] for sample in samples for _, _, names in sample.named})
    return Alphabet(letters, {name: code for code, name in enumerate(named, 1)})


def _batches(lengths: Sequence[int], chance: np.random.Generator) -> Iterator[Ints]:
    """Every text once an epoch, with others of about its length."""
    for _ in range(EPOCHS):
        order = np.argsort(lengths + 6 * chance.random(len(lengths)), kind="stable")
        begins = np.arange(0, len(order), BATCH)
        chance.shuffle(begins)
        for begin in begins:
            yield order[begin : begin + BATCH]


def _padded(read: Sequence[Ints]) -> Ints:
    """2 x texts x characters: codes of letters and of concepts, all as long as the longest."""
    table = np.zeros((2, len(read), max(one.shape[1] for one in read)), np.int64)
    for number, one in enumerate(read):
        table[:, number, : one.shape[1]] = one
    return table


def _hidden(padded: Ints, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Letters and concepts, some of each out of sight."""
    letters, concepts = padded
    unseen = chance.random(padded.shape, np.float32) < HIDDEN_LETTERS
    return np.where(unseen[0] & (letters > 0), UNKNOWN, letters), np.where(unseen[1], 0, concepts)


def _slopes(
    net: _Net,
    letters: Ints,
    concepts: Ints,
    targets: Ints,
    balance: Floats,
    chance: np.random.Generator,
) -> tuple[Floats, ...]:
    """How the loss of a batch changes with everything that is learnt."""
    kept = _kept((letters.size, SIZE), HIDDEN_NUMBERS, chance)
    seen: Floats = (net.letters[letters.ravel()] + net.concepts[concepts.ravel()]) * kept
    places, best = _best(responses((seen @ net.patterns).reshape(*letters.shape, -1)))
    found = np.maximum(best + net.bias, 0)
    shown = (found > 0) * _kept(found.shape, HIDDEN_PATTERNS, chance)
    found *= shown
    errors = shares(found @ net.weights + net.offsets)
    errors[np.arange(len(errors)), targets] -= 1
    errors *= (balance / len(balance))[:, None]
    back = (errors @ net.weights.T) * shown
    handed = _handed_back(back, places, letters.shape)
    of_seen = np.asarray(handed.T @ net.patterns.T) * kept
    return (
        _gathered(letters, of_seen, len(net.letters)),
        _gathered(concepts, of_seen, len(net.concepts)),
        np.asarray(handed @ seen).T,
        back.sum(0),
        found.T @ errors,
        errors.sum(0),
    )


def _best(responded: Sequence[Floats]) -> tuple[Ints, Floats]:
    """For each pattern the place that fits it best, and how well: texts x patterns."""
    places = [windows.argmax(1) for windows in responded]
    best = [
        np.take_along_axis(windows, place[:, None], 1)[:, 0]
        for windows, place in zip(responded, places, strict=True)
    ]
    return np.concatenate(places, 1), np.concatenate(best, 1)


def _handed_back(back: Floats, places: Ints, shape: tuple[int, ...]) -> csr_matrix:
    """(characters of all windows x patterns) x (texts x characters): each error at its place."""
    texts, length = shape
    first = np.arange(texts) * length
    columns, values = [], []
    for number, width in enumerate(WIDTHS):
        own = slice(number * PATTERNS, (number + 1) * PATTERNS)
        for place in range(width):
            columns.append((places[:, own] + first[:, None] + place).T.ravel())
            values.append(back[:, own].T.ravel())
    ends = np.arange(0, len(columns) * PATTERNS * texts + 1, texts)
    matrix = csr_matrix(
        (np.concatenate(values), np.concatenate(columns), ends),
        shape=(len(columns) * PATTERNS, texts * length),
    )
    matrix.eliminate_zeros()
    return matrix


def _gathered(codes: Ints, slopes: Floats, known: int) -> Floats:
    """The slopes of all places of a code, added up."""
    ones, flat = np.ones(codes.size, np.float32), codes.ravel()
    places = csr_matrix((ones, flat, np.arange(codes.size + 1)), shape=(codes.size, known))
    return np.asarray(places.T @ slopes)


def _kept(shape: tuple[int, ...], hidden: float, chance: np.random.Generator) -> Floats:
    """One over the share that is kept, or zero."""
    kept = chance.random(shape, np.float32) >= hidden
    return kept * np.float32(1 / (1 - hidden))


def _even(chance: np.random.Generator, shape: tuple[int, ...], most: float) -> Floats:
    return chance.uniform(-most, most, shape).astype(np.float32)


class _Adam:
    """Adam with decoupled decay; steps grow for a third of the way and shrink to nothing."""

    def __init__(self, learnt: Sequence[Floats], steps: int) -> None:
        self.learnt, self.steps, self.taken = learnt, steps, 0
        self.means = [np.zeros_like(one) for one in learnt]
        self.squares = [np.zeros_like(one) for one in learnt]

    def step(self, slopes: Sequence[Floats]) -> None:
        """Move everything that is learnt a little down its slope."""
        way = self.taken / self.steps
        size = STEP * min(way * 3, (1 - way) * 1.5)
        self.taken += 1
        first, second = (1 - moment**self.taken for moment in MOMENTS)
        each = zip(self.learnt, slopes, self.means, self.squares, strict=True)
        for learnt, slope, mean, square in each:
            mean += (1 - MOMENTS[0]) * (slope - mean)
            square += (1 - MOMENTS[1]) * (slope * slope - square)
            learnt *= 1 - size * DECAY
            learnt -= size / first * mean / (np.sqrt(square / second) + 1e-8)
