"""Pages by cursor: stable while rows come and go, and as fast on the last page as on the first."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from backend.core import crypto
from backend.core.errors import BadRequest

_SIGNATURE = 32  # hex digits of crypto.sign

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and the cursor of the next page, if there is one."""

    items: list[T]
    next_cursor: str | None


def encode(*values: Any) -> str:
    """A cursor that holds the sort key of the last row shown."""
    text = json.dumps(values)
    signed = f"{crypto.sign('cursor', text)}{text}"
    return base64.urlsafe_b64encode(signed.encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any]:
    """What `encode` put in; BadRequest when it was not made by us.

    The signature is what makes the values' types safe to compare with columns.
    """
    try:
        signed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise _bad_cursor() from error
    signature, text = signed[:_SIGNATURE], signed[_SIGNATURE:]
    if not crypto.is_signed("cursor", text, signature):
        raise _bad_cursor()
    values: list[Any] = json.loads(text)
    if len(values) != length:
        raise _bad_cursor()
    return values


def _bad_cursor() -> BadRequest:
    return BadRequest("翻页的位置不对，请从头看。", code="bad_cursor")
