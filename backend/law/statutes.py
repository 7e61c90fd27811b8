"""Articles whose text is held, by the law's full name and the article in Chinese numerals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "texts" / "statutes"


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


@cache
def statutes() -> dict[str, Statute]:
    """Every law held, by full name; read once."""
    read = (_read(path) for path in sorted(_FOLDER.glob("*.yaml")))
    return {statute.law: statute for statute in read}


def _read(path: Path) -> Statute:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return Statute(content["law"], content["version"], content["articles"])
