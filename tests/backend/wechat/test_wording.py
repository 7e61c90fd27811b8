"""Texts cut to what WeChat takes, where a reader would stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.wechat.wording import TEXT_BYTES, fit


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("短的。", 2048, "短的。"),
        (" 两边。 ", 2048, "两边。"),
        ("第一句。第二句！第三句", 29, "第一句。第二句！"),
        ("没有标点的一长串字", 15, "没有标点…"),
        ("短。" + "很长的一句没有标点的话说个不停", 30, "短。很长的一句没有…"),
        ("一\x00二\x0b", 2048, "一二"),
        ("𠮷𠮷𠮷", 8, "𠮷…"),
        ("一行\n二行\n三行", 16, "一行\n二行"),
    ],
)
def test_it_ends_where_a_sentence_or_at_least_a_character_ends(
    text: str, limit: int, expected: str
) -> None:
    assert fit(text, limit) == expected


@given(st.text(max_size=3000))
def test_it_always_fits_and_can_always_be_written(text: str) -> None:
    assert len(fit(text).encode()) <= TEXT_BYTES
