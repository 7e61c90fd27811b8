"""Whatever way a number that identifies somebody is typed, it is gone before the text is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.private import mask

GAPS = st.sampled_from(["", " ", "-", "  ", ".", "\n"])
WORDS = st.text("老板欠我工资没发，我的电话是 身份证", max_size=20)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("我电话13812345678，打给我", ("phone",)),
        ("138 1234 5678", ("phone",)),
        ("+86 138-1234-5678", ("phone",)),
        ("１３８１２３４５６７８", ("phone",)),
        ("0750-3861234", ("phone",)),
        ("440704199001011234", ("id_number",)),
        ("44070419900101123x", ("id_number",)),
        ("440704 19900101 1234", ("id_number",)),
        ("卡号6222021234567890123", ("bank_card",)),
        ("6222 0212 3456 7890", ("bank_card",)),
        ("440704900101123", ("bank_card",)),  # an old 15-digit identity number
        ("身份证440704199001011234 电话13812345678", ("id_number", "phone")),
    ],
)
def test_a_number_that_identifies_is_masked_and_named(typed: str, kinds: tuple[str, ...]) -> None:
    masked = mask(typed)
    assert masked.kinds == kinds
    assert not re.search(r"[0-9]{5}", masked.text)


@pytest.mark.parametrize(
    "typed",
    [
        "欠我12000元",
        "四个月是4800，4900，5000，5100",
        "2026年11月25日",
        "20261125",
        "打12333",
        "12345热线",
        "工资 4,650.50",
        "加班36小时",
        "3月份4800，4月份4900，5月份5000",
    ],
)
def test_amounts_dates_and_hotlines_stay(typed: str) -> None:
    assert mask(typed) == mask(typed).__class__(typed, ())


@given(
    WORDS,
    st.from_regex(r"\A(1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9X]|6[0-9]{15,18})\Z"),
    st.lists(GAPS, min_size=20, max_size=20),
    WORDS,
    st.booleans(),
)
def test_no_typed_number_survives(
    before: str, number: str, gaps: list[str], after: str, wide: bool
) -> None:
    typed = "".join(d + gap for d, gap in zip(number, gaps, strict=False)).rstrip(" -.\n")
    if wide:
        typed = typed.translate(FULL_WIDTH)
    text = f"{before}{typed}{after}"
    left = re.sub(r"[^0-9]", "", mask(text).text)
    assert len(left) <= 1, mask(text).text
    assert mask(text).kinds


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once
