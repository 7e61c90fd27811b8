"""Fields of the desk's forms: how each is read, and what is said when it is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core import texts
from backend.core.schemas import EARLIEST, LATEST

MAX_FEN = 100_000_000_00


class Wrong(Exception):
    """A field's value cannot be taken; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` chooses how it is shown and read; `choices` are (value, label)."""

    name: str
    label: str
    kind: str = "text"
    is_required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    max_length: int = 200


def read(field: Field, raw: Any) -> Any:
    """The field's value in a form that JSON can hold, or None when left empty; raises Wrong."""
    if raw is None or raw == "" or raw == [] or raw == {}:
        if field.is_required:
            raise Wrong(f"请填“{field.label}”。")
        return False if field.kind == "tick" else None
    return _READERS[field.kind](field, raw)


def _text(field: Field, raw: Any) -> str:
    text = str(raw).replace("\r\n", "\n").strip()
    if not text:
        raise Wrong(f"请填“{field.label}”。")
    if len(text) > field.max_length:
        raise Wrong(f"“{field.label}”太长，最多 {field.max_length} 个字。")
    if texts.has_control(text):
        raise Wrong(f"“{field.label}”里有看不见的特殊字符，请重新打一遍。")
    return text


def _lines(field: Field, raw: Any) -> list[str]:
    items = raw if isinstance(raw, list) else str(raw).splitlines()
    lines = [_text(field, item) for item in items if str(item).strip()]
    if not lines:
        raise Wrong(f"请填“{field.label}”，一行一项。")
    return lines


def _date(field: Field, raw: Any) -> str:
    try:
        day = date.fromisoformat(str(raw))
    except ValueError as error:
        raise Wrong(f"“{field.label}”要写成 2026-11-23 这样。") from error
    if not EARLIEST <= day <= LATEST:
        raise Wrong(f"“{field.label}”离现在太远，请再看一下。")
    return day.isoformat()


def _money(field: Field, raw: Any) -> int:
    typed = unicodedata.normalize("NFKC", str(raw)).replace(",", "").replace("元", "").strip()
    try:
        fen = Decimal(typed) * 100
    except InvalidOperation as error:
        raise Wrong(f"“{field.label}”要填数字，例如 4800 或 4800.50。") from error
    if not fen.is_finite() or fen < 0 or fen > MAX_FEN or fen != int(fen):
        raise Wrong(f"“{field.label}”不对：不能小于 0，最多到分。")
    return int(fen)


def _percent(field: Field, raw: Any) -> int:
    if not re.fullmatch(r"\d{1,3}", str(raw)) or not 50 <= int(raw) <= 100:
        raise Wrong(f"“{field.label}”要在 50 到 100 之间（粤监察 51）。")
    return int(raw)


def _choice(field: Field, raw: Any) -> str:
    if str(raw) not in {value for value, _label in field.choices}:
        raise Wrong(f"请从“{field.label}”的选项里选一个。")
    return str(raw)


def _row_id(field: Field, raw: Any) -> int:
    if not re.fullmatch(r"\d{1,15}", str(raw)):
        raise Wrong(f"请选“{field.label}”。")
    return int(raw)


def _tick(_field: Field, raw: Any) -> bool:
    return raw in (True, "1", "on", "true")


def _id_number(field: Field, raw: Any) -> str:
    number = texts.normal_id_number(str(raw))
    if number is None:
        raise Wrong("身份证号不对，请照着证件再看一遍（18 位，最后一位可能是 X）。")
    return number


def _amounts(field: Field, raw: Any) -> dict[str, int]:
    if not isinstance(raw, Mapping):
        raise Wrong(f"请填“{field.label}”。")
    amounts = {
        str(key): _money(field, value) for key, value in raw.items() if value not in ("", None)
    }
    amounts = {key: fen for key, fen in amounts.items() if fen > 0}
    if not amounts:
        raise Wrong(f"“{field.label}”至少填一个月，要大于 0。")
    return amounts


_READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long": _text,
    "document": _text,
    "lines": _lines,
    "date": _date,
    "money": _money,
    "percent": _percent,
    "choice": _choice,
    "officer": _row_id,
    "document_id": _row_id,
    "tick": _tick,
    "id_number": _id_number,
    "amounts": _amounts,
}
