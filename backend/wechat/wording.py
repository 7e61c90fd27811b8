"""Texts as WeChat takes them: at most 2,048 bytes, ending where a sentence ends."""

from __future__ import annotations

import re

TEXT_BYTES = 2048
_SENTENCE_END = re.compile(r"[。！？!?\n]")
# What XML cannot carry at all, and half characters that cannot be written as UTF-8.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MORE = "…"


def fit(text: str, limit: int = TEXT_BYTES) -> str:
    """The text in at most `limit` bytes of UTF-8: whole sentences, or at least whole characters."""
    text = _UNWRITABLE.sub("", text).strip()
    if len(text.encode()) <= limit:
        return text
    room = _first_bytes(text, limit)
    ends = [found.end() for found in _SENTENCE_END.finditer(room)]
    # a last sentence that began long ago is better broken than left out
    if ends and ends[-1] * 2 >= len(room):
        return room[: ends[-1]].rstrip()
    return _first_bytes(text, limit - len(_MORE.encode())).rstrip() + _MORE


def _first_bytes(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")
