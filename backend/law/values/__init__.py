"""Values that change by year or place, each dated, with its source and whether it was verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: What a worker reads where a value is missing or nobody has verified it.
UNCERTAIN = "（以当地公布为准，可打12333问）"
_PACKAGED = Path(__file__).parent / "jiangmen.yaml"


@dataclass(frozen=True, slots=True)
class Value:
    """One value in force: `shown` is what a worker may read."""

    key: str
    name: str
    amount: str | None
    unit: str
    source: str
    is_verified: bool

    @property
    def shown(self) -> str:
        """The value with its unit, or UNCERTAIN unless it was verified."""
        return f"{self.amount}{self.unit}" if self.amount and self.is_verified else UNCERTAIN


def keys() -> frozenset[str]:
    """Every value's key, computed ones too."""
    return frozenset(_table())


def value(key: str, on: date) -> Value:
    """The value in force on a day; KeyError for a key that is not in the table.

    A day before the first row has no amount. A computed value is as verified as its origin.
    """
    row = _table()[key]
    if "of" in row:
        origin = value(row["of"], on)
        amount = _times(origin.amount, row["times"]) if origin.amount else None
        return Value(key, row["name"], amount, row["unit"], origin.source, origin.is_verified)
    begun = [r for r in row["rows"] if r["from"] <= on]
    if not begun:
        return Value(key, row["name"], None, row["unit"], "", False)
    last = max(begun, key=lambda r: r["from"])
    is_verified = last["state"] == "verified"
    return Value(key, row["name"], last["value"], row["unit"], last["source"], is_verified)


def _times(amount: str, factor: str) -> str:
    product = (Decimal(amount) * Decimal(factor)).normalize()
    return f"{product:f}"


class _Current:
    """The table of this process: the first deployment's, or the bureau's own."""

    file = _PACKAGED


def use_file(path: Path | None) -> None:
    """Take the values from another bureau's file; None: as packaged.

    ValueError when the file lacks a value that an answer may name.
    """
    file = path or _PACKAGED
    missing = _read(_PACKAGED).keys() - _read(file).keys()
    if missing:
        raise ValueError(f"{file}: no value for {', '.join(sorted(missing))}")
    _Current.file = file


def _table() -> dict[str, dict[str, Any]]:
    return _read(_Current.file)


@cache
def _read(path: Path) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return table
