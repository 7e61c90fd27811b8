"""The bar of a running clock, in calendar days: what is used, what does not count, what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Change(Protocol):
    """An extension or a stretch that does not count, as the clock keeps it."""

    kind: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Bar:
    """Widths in days; `outs` are (start, width) of the stretches that do not count."""

    total: int
    used: int
    outs: list[tuple[int, int]]


def bar(
    started_on: date, due_on: date | None, changes: Iterable[Change], today: date
) -> Bar | None:
    """The bar from start to last day; None while the last day is unknown or is the first."""
    if due_on is None or due_on <= started_on:
        return None
    total = (due_on - started_on).days
    outs = []
    for change in changes:
        if change.kind == "extension":
            continue
        start = max(0, (change.from_on - started_on).days)
        end = min(total, ((change.to_on or today) - started_on).days + 1)
        if end > start:
            outs.append((start, end - start))
    used = min(total, max(0, (today - started_on).days))
    return Bar(total, used, outs)
