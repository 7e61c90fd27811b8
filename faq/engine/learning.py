"""Learning the linear model from the phrasings: softmax regression by AdaGrad over sparse rows.

Needs scipy, so it is imported by the process that learns (`python -m faq.fitting`) and never by
one that answers. Tried on the same phrasings: liblinear's separators took three times as long and
ranked worse, because the labels do not compete in them (docs/faq-engine.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from faq.engine.linear import GROUP_WEIGHTS, Floats, Linear, Weighing

#: By group (words, characters, concepts): a feature of fewer phrasings teaches nothing that another
#: question could use. Runs of characters are the most of them, and say again what words say.
LEAST_PHRASINGS = (2, 3, 2)
EPOCHS, BATCH = 8, 1024
STEP, FIRST_SQUARE, DECAY = 0.7, 5e-2, 5e-4
#: Each time a phrasing is seen some of its features are hidden: no single word may decide.
HIDDEN = 0.3

Counted = Sequence[Counter[str]]


def learn(samples: Sequence[Counted], labels: Sequence[str]) -> Linear:
    """Weights for every label, each label counting the same however many phrasings it has."""
    weighing = _weighing(samples)
    names = tuple(sorted(set(labels)))
    targets, balance = balance_of(labels)
    weights, offsets = _descend(_matrix(weighing, samples), targets, len(names), balance)
    return Linear.of(weighing, names, weights, offsets)


def balance_of(labels: Sequence[str]) -> tuple[Any, Floats]:
    """By phrasing: the number of its label in sorted order, and what it counts."""
    names, targets, counts = np.unique(labels, return_inverse=True, return_counts=True)
    balance = len(labels) / (len(names) * counts)
    return targets, balance[targets].astype(np.float32)


def _weighing(samples: Sequence[Counted]) -> Weighing:
    vocabularies: list[dict[str, int]] = []
    rarity: list[float] = []
    for group in range(len(GROUP_WEIGHTS)):
        frequency: Counter[str] = Counter()
        for sample in samples:
            frequency.update(sample[group].keys())
        least = LEAST_PHRASINGS[group]
        kept = sorted(word for word, count in frequency.items() if count >= least)
        vocabularies.append({word: n for n, word in enumerate(kept, len(rarity))})
        rarity += [log((1 + len(samples)) / (1 + frequency[word])) + 1 for word in kept]
    return Weighing(tuple(vocabularies), np.array(rarity, np.float32))


def _matrix(weighing: Weighing, samples: Iterable[Counted]) -> csr_matrix:
    columns, values = zip(*map(weighing.row, samples), strict=True)
    ends = np.cumsum([0, *map(len, columns)])
    shape = (len(columns), weighing.size)
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)


def _descend(rows: csr_matrix, targets: Any, labels: int, balance: Floats) -> tuple[Floats, Floats]:
    weights = np.zeros((rows.shape[1], labels), np.float32)
    squares = np.full(weights.shape, FIRST_SQUARE, np.float32)
    offsets = np.zeros(labels, np.float32)
    offset_squares = np.full(labels, FIRST_SQUARE, np.float32)
    chance = np.random.default_rng(0)
    for _ in range(EPOCHS):
        order = chance.permutation(rows.shape[0])
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            columns, part = _touched(rows[batch], chance)
            touched = weights[columns]
            errors = shares(part @ touched + offsets)
            errors[np.arange(len(batch)), targets[batch]] -= 1
            errors *= balance[batch][:, None]
            slope = part.T @ errors + DECAY * touched
            squares[columns] += slope * slope
            weights[columns] = touched - STEP * slope / np.sqrt(squares[columns])
            slope_of_offsets = errors.sum(0)
            offset_squares += slope_of_offsets**2
            offsets -= STEP * slope_of_offsets / np.sqrt(offset_squares)
    return weights, offsets


def _touched(rows: csr_matrix, chance: np.random.Generator) -> tuple[Any, csr_matrix]:
    """The columns a batch uses, and the batch over those only, with some features hidden."""
    columns, places = np.unique(rows.indices, return_inverse=True)
    seen = chance.random(len(rows.data), dtype=np.float32) >= HIDDEN
    values = rows.data * seen / np.float32(1 - HIDDEN)
    shape = (rows.shape[0], len(columns))
    return columns, csr_matrix((values, places.astype(np.int32), rows.indptr), shape=shape)


def shares(scores: Floats) -> Floats:
    """Scores of each row as shares of one."""
    powers = np.exp(scores - scores.max(1)[:, None])
    divided: Floats = powers / powers.sum(1)[:, None]
    return divided
