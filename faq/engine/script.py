"""One alphabet: full width, capitals and traditional script as what people type most."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

#: opencc would write these in forms that nobody types (嗰 as 𠮶), or take a simplified character
#: for an old one (打坏 as 打坯): they stay as they are.
KEPT = "坏嗰喎餸劏"
_KEPT = re.compile(f"([{KEPT}])")


def simplified(text: str) -> str:
    """Traditional script as simplified; a text that is simplified already stays what it is."""
    if _KEPT.search(text) is None:
        return _convert(text)
    parts = _KEPT.split(text)
    return "".join(part if part in KEPT else _convert(part) for part in parts)


def folded(text: str) -> str:
    """The text in the one alphabet; for the words of our tables just as for what was typed."""
    return simplified(unicodedata.normalize("NFKC", text).lower())


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _convert(text: str) -> str:
    converted: str = _converter().convert(text)
    return converted
