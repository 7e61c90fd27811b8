"""The linear model that answers: weights of features for every label, and how a row is weighed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from faq.engine.features import GROUPS

#: How much each group of features counts after it was brought to length one.
GROUP_WEIGHTS = (0.8, 1.0, 0.6)
assert len(GROUP_WEIGHTS) == len(GROUPS)

Floats = NDArray[np.float32]
#: Weights are kept in half precision, as files that all processes of a machine share.
Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Features of one group: column in the weights; `rarity` counts from the group's first."""

    ids: dict[str, int]
    rarity: list[float]
    first: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """How counted features become a row of numbers."""

    groups: tuple[Vocabulary, ...]

    @property
    def size(self) -> int:
        """Number of columns."""
        return sum(len(group.ids) for group in self.groups)

    def row(self, sample: Sequence[Counter[str]]) -> tuple[list[int], list[float]]:
        """Columns and values; each known group has its own weight as its length."""
        columns: list[int] = []
        values: list[float] = []
        for counted, group, weight in zip(sample, self.groups, GROUP_WEIGHTS, strict=True):
            ids, rarity, first = group.ids, group.rarity, group.first
            found = [(ids[f], n) for f, n in counted.items() if f in ids]
            known = [(column, rarity[column - first] * (1 + log(n))) for column, n in found]
            length = sqrt(sum(value * value for _, value in known))
            if length:
                scale = weight / length
                columns += [column for column, _ in known]
                values += [value * scale for _, value in known]
        return columns, values


@dataclass(frozen=True, slots=True)
class Linear:
    """Margins of every label: `weights` is columns x labels, so that a row is read in one piece."""

    weighing: Weighing
    labels: tuple[str, ...]
    weights: Halves
    offsets: Floats

    def margins(self, sample: Sequence[Counter[str]]) -> Floats:
        """One number a label: above zero speaks for it, below against it."""
        columns, values = self.weighing.row(sample)
        if not columns:
            return self.offsets
        rows = self.weights[columns].astype(np.float32)
        margins: Floats = np.array(values, np.float32) @ rows + self.offsets
        return margins

    def reasons(self, sample: Sequence[Counter[str]], label: str) -> list[tuple[str, float]]:
        """What each feature adds to the margin of `label`, the largest first."""
        columns, values = self.weighing.row(sample)
        names = {i: name for group in self.weighing.groups for name, i in group.ids.items()}
        number = self.labels.index(label)
        parts = [
            (names[column], value * float(self.weights[column, number]))
            for column, value in zip(columns, values, strict=True)
        ]
        return sorted(parts, key=lambda part: -abs(part[1]))
