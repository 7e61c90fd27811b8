"""Sealed values, blind indexes, signatures and codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import crypto

PLACE = "workers.phone"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@pytest.fixture(autouse=True, scope="module")
def _keys() -> None:
    crypto.configure(field=b"f" * 32, index=b"i" * 32, session=b"s" * 32, audit=b"a" * 32)


@given(TEXT)
def test_what_was_sealed_is_read_back_and_shows_nothing(text: str) -> None:
    sealed = crypto.seal(text, PLACE)
    assert crypto.unseal(sealed, PLACE) == text
    assert len(text) < 4 or text.encode() not in sealed


@given(TEXT, st.integers(min_value=0), st.integers(1, 255))
def test_any_changed_byte_is_found(text: str, where: int, change: int) -> None:
    sealed = bytearray(crypto.seal(text, PLACE))
    sealed[where % len(sealed)] ^= change
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(bytes(sealed), PLACE)


def test_a_value_cannot_be_moved_to_another_column() -> None:
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(crypto.seal("13800000001", PLACE), "claimants.phone")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + b"x" * 40, b"\x01" + b"x" * 10])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(sealed, PLACE)


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert crypto.seal("a", PLACE) != crypto.seal("a", PLACE)


@given(TEXT, TEXT)
def test_blind_indexes_meet_only_for_the_same_kind_and_value(one: str, other: str) -> None:
    assert (crypto.blind_index("phone", one) == crypto.blind_index("phone", other)) is (
        one == other
    )
    assert crypto.blind_index("phone", one) != crypto.blind_index("openid", one)


def test_a_signature_is_for_one_purpose_and_value() -> None:
    signature = crypto.sign("evidence", "7")
    assert crypto.is_signed("evidence", "7", signature)
    assert not crypto.is_signed("csrf", "7", signature)
    assert not crypto.is_signed("evidence", "8", signature)
    assert not crypto.is_signed("evidence", "7", "签名")


@given(st.integers(min_value=0, max_value=50))
def test_a_receipt_code_is_known_however_it_is_typed(_run: int) -> None:
    code = crypto.new_receipt_code()
    assert len(code.replace("-", "")) == 16
    for typed in (code, code.lower(), code.replace("-", " "), f" {code} ", code.replace("-", "－")):
        assert crypto.normal_receipt_code(typed) == code
    assert crypto.normal_receipt_code(code.replace("0", "O").replace("1", "l")) == code


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * 16, "A" * 17, "\x00" * 16, "𠮷" * 16])
def test_what_is_no_receipt_code_is_empty(typed: str) -> None:
    assert crypto.normal_receipt_code(typed) == ""


def test_tokens_and_ids_do_not_repeat() -> None:
    assert len({crypto.new_token() for _ in range(1000)}) == 1000
    assert len({crypto.new_public_id() for _ in range(1000)}) == 1000
