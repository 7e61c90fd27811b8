"""The linear model that answers: weights of features for every label, and how a row is weighed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from faq.engine.features import GROUPS

#: How much each group of features counts after it was brought to length one.
GROUP_WEIGHTS = (0.8, 1.0, 0.6)
assert len(GROUP_WEIGHTS) == len(GROUPS)

Floats = NDArray[np.float32]
Columns = NDArray[np.int64]
#: Weights are kept as one byte each, in a file that all processes of a machine share.
Bytes = NDArray[np.int8]
MOST = 127


@dataclass(frozen=True, slots=True)
class Weighing:
    """How counted features become a row of numbers.

    `groups` give the column of each known feature; `rarity` is by column.
    """

    groups: tuple[dict[str, int], ...]
    rarity: Floats

    @property
    def size(self) -> int:
        """Number of columns."""
        return len(self.rarity)

    def row(self, sample: Sequence[Counter[str]]) -> tuple[Columns, Floats]:
        """Columns and values; each known group has its own weight as its length."""
        columns: list[int] = []
        often: list[tuple[int, int]] = []
        ends = [0]
        for counted, group in zip(sample, self.groups, strict=True):
            columns += [column for column in map(group.get, counted) if column is not None]
            often += [(group[f], times) for f, times in counted.items() if times > 1 and f in group]
            ends.append(len(columns))
        values: Floats = self.rarity.take(columns) if columns else np.zeros(0, np.float32)
        for column, times in often:
            values[columns.index(column)] *= 1 + log(times)
        for (begin, end), weight in zip(pairwise(ends), GROUP_WEIGHTS, strict=True):
            part = values[begin:end]
            part *= weight / (sqrt(part @ part) or 1)
        return np.array(columns, np.int64), values


@dataclass(frozen=True, slots=True)
class Linear:
    """Margins of every label: `weights` is columns x labels, so that a row is read in one piece.

    A weight is its byte times the scale of its row.
    """

    weighing: Weighing
    labels: tuple[str, ...]
    weights: Bytes
    scales: Floats
    offsets: Floats

    @classmethod
    def of(
        cls, weighing: Weighing, labels: tuple[str, ...], weights: Floats, offsets: Floats
    ) -> Linear:
        """From weights as they were learnt."""
        scales = np.maximum(np.abs(weights).max(1, initial=0), 1e-9).astype(np.float32) / MOST
        return cls(
            weighing, labels, np.rint(weights / scales[:, None]).astype(np.int8), scales, offsets
        )

    def margins(self, sample: Sequence[Counter[str]]) -> Floats:
        """One number a label: above zero speaks for it, below against it."""
        columns, values = self.weighing.row(sample)
        rows = self.weights.take(columns, 0).astype(np.float32)
        scaled: Floats = values * self.scales[columns]
        margins: Floats = scaled @ rows + self.offsets
        return margins

    def reasons(self, sample: Sequence[Counter[str]], label: str) -> list[tuple[str, float]]:
        """What each feature adds to the margin of `label`, the largest first."""
        columns, values = self.weighing.row(sample)
        names = {i: name for group in self.weighing.groups for name, i in group.items()}
        number = self.labels.index(label)
        parts = [
            (names[column], value * float(self.scales[column] * self.weights[column, number]))
            for column, value in zip(columns.tolist(), values.tolist(), strict=True)
        ]
        return sorted(parts, key=lambda part: -abs(part[1]))
