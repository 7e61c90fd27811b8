"""Pages by cursor: stable while rows come and go, and as fast on the last page as on the first."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from backend.core.errors import BadRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and the cursor of the next page, if there is one."""

    items: list[T]
    next_cursor: str | None


def encode(*values: Any) -> str:
    """A cursor that holds the sort key of the last row shown."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any]:
    """What `encode` put in; BadRequest when it was not made by us."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeError) as error:
        raise BadRequest("翻页的位置不对，请从头看。", code="bad_cursor") from error
    if not isinstance(values, list) or len(values) != length:
        raise BadRequest("翻页的位置不对，请从头看。", code="bad_cursor")
    return values
