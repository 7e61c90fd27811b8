"""Cursors: given back whole, and refused when anybody else made them."""

from __future__ import annotations

import base64

import pytest

from backend.core import crypto, paging
from backend.core.errors import BadRequest


@pytest.fixture(autouse=True, scope="module")
def _keys() -> None:
    crypto.configure(field=b"f" * 32, index=b"i" * 32, session=b"s" * 32, audit=b"a" * 32)


def test_a_cursor_gives_back_what_was_put_in() -> None:
    assert paging.decode(paging.encode("2026-11-23", 17, None), 3) == ["2026-11-23", 17, None]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "\x00", base64.urlsafe_b64encode(b'["a", {}]').decode(), "A" * 5000],
)
def test_a_cursor_of_somebody_elses_making_is_refused(cursor: str) -> None:
    with pytest.raises(BadRequest):
        paging.decode(cursor, 2)


def test_a_changed_cursor_and_one_of_another_list_are_refused() -> None:
    cursor = paging.encode(17)
    changed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).replace(b"17", b"18")
    with pytest.raises(BadRequest):
        paging.decode(base64.urlsafe_b64encode(changed).decode(), 1)
    with pytest.raises(BadRequest):
        paging.decode(cursor, 2)
