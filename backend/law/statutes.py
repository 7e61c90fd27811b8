"""Articles whose text is held, by the law's full name and the article in Chinese numerals.

Few laws are held whole; of most of them it is known how many articles they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.law.articles import chinese_number

_FOLDER = Path(__file__).parent / "texts" / "statutes"
_LENGTHS = Path(__file__).parent / "texts" / "lengths.yaml"


@dataclass(frozen=True, slots=True)
class Statute:
    """One law as far as it is held: its edition, and its articles word for word."""

    law: str
    version: date | None
    articles: dict[str, str]


def article(law: str, number: str) -> str | None:
    """The text of an article such as 第四十四条, or None where it is not held."""
    found = statutes().get(law)
    return found.articles.get(number) if found else None


def missing(law: str, number: str) -> str | None:
    """What is wrong with naming an article that the law has not (第九百条), or None.

    None also where the law's articles were not counted: then nobody knows.
    """
    last = lengths().get(law)
    whole = number.partition("条")[0] + "条"  # 第二百七十六条之一 stands behind 第二百七十六条
    if last is None or whole in _numbers(last):
        return None
    return f"《{law}》没有{number}，最后一条是第{chinese_number(last)}条。请核对条数。"


@cache
def lengths() -> dict[str, int]:
    """The number of the last article of every law that was counted; read once."""
    content: dict[str, int] = yaml.safe_load(_LENGTHS.read_text("utf-8"))
    return content


@cache
def _numbers(last: int) -> frozenset[str]:
    return frozenset(f"第{chinese_number(n)}条" for n in range(1, last + 1))


@cache
def statutes() -> dict[str, Statute]:
    """Every law held, by full name; read once."""
    read = (_read(path) for path in sorted(_FOLDER.glob("*.yaml")))
    return {statute.law: statute for statute in read}


def _read(path: Path) -> Statute:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return Statute(content["law"], content["version"], content["articles"])
