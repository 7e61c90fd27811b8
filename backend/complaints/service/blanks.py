"""The blanks of a draft: filled from the step's own form, so that paper and record say the same.

A blank is a field's label in 【】. Nothing is issued with one left, or with an empty ending.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from backend.complaints import forms
from backend.complaints.fields import Field
from backend.complaints.models import Case
from backend.complaints.service.telling import yuan

# a year in such brackets is part of somebody's number and no blank
_BLANK = re.compile(r"【[^】\d]+】")


def fill(case: Case, key: str, values: dict[str, Any]) -> dict[str, Any]:
    """The cleaned form with the blanks of its documents filled; filling twice changes nothing."""
    fields = forms.fields(case.lane, key)
    says = {f"【{field.label}】": _words(field, values.get(field.name)) for field in fields}
    if key == "order_compensation":
        says["【加付金额】"] = yuan(compensation_fen(case, values["percent"]))
    return {
        field.name: _filled(values[field.name], says)
        if field.kind == "document" and values.get(field.name)
        else values.get(field.name)
        for field in fields
    } | {name: value for name, value in values.items() if name not in {f.name for f in fields}}


def compensation_fen(case: Case, percent: int) -> int:
    """So many per cent of what is still open (粤监察 51)."""
    return case.open_fen * percent // 100


def fault(text: str) -> str:
    """Why a text cannot be issued, in words for the officer; empty when it can."""
    left = _BLANK.search(text)
    if left is not None:
        return f"文书里的{left.group()}还没有填。请照实写上，或删掉。"
    if text.rstrip().endswith(("：", ":")):
        return "文书在最后的冒号后面是空的，请把内容写完。"
    return ""


def says_amount(text: str, fen: int) -> bool:
    """Whether a text names this sum, with or without separators and cents."""
    whole, rest = divmod(fen, 100)
    cents = rf"\.{rest:02d}" if rest else r"(\.00?)?"
    pattern = rf"(?<![\d.]){whole}{cents}\s*元"
    return re.search(pattern, text.replace(",", "")) is not None


def says_day(text: str, on: date) -> bool:
    """Whether a text names this day in Chinese or as 2026-12-05."""
    return _zh(on) in re.sub(r"(?<=[年月])0", "", text) or on.isoformat() in text


def says(text: str, words: str) -> bool:
    """Whether a text holds these words, however the lines are broken."""
    return re.sub(r"\s", "", words) in re.sub(r"\s", "", text)


def _filled(text: str, says: Mapping[str, str | None]) -> str:
    for blank, words in says.items():
        if words is not None:
            text = text.replace(blank, words)
    return text


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "long": str,
    "money": yuan,
    "percent": str,
    "date": lambda value: _zh(date.fromisoformat(value)),
    "lines": lambda value: "\n".join(f"{n}. {line}" for n, line in enumerate(value, 1)),
}


def _words(field: Field, value: Any) -> str | None:
    """A value as it stands in a document; None for what never stands in one."""
    if field.kind not in _WORDS:
        return None
    return "" if value is None else _WORDS[field.kind](value)


def _zh(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
