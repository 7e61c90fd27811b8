"""Telephones, identity numbers and characters nobody types; and how they look when masked."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import masking, texts

MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
SEVENTEEN = st.from_regex(r"[1-8][0-9]{16}", fullmatch=True)


def with_check_digit(body: str) -> str:
    """GB 11643 written another way: the whole number, weighted by powers of two, is 1 mod 11."""
    for digit in "0123456789X":
        value = 10 if digit == "X" else int(digit)
        total = sum(int(d) * 2 ** (17 - i) for i, d in enumerate(body)) + value
        if total % 11 == 1:
            return body + digit
    raise AssertionError(body)


@given(MOBILE, st.sampled_from(["", "+86", "86", "0086", "+86 "]))
def test_a_mobile_number_has_one_form(phone: str, prefix: str) -> None:
    assert texts.normal_phone(f" {prefix}{phone[:3]} {phone[3:7]}-{phone[7:]} ") == phone
    wide = phone.translate(str.maketrans(string.digits, "０１２３４５６７８９"))
    assert texts.normal_phone(wide) == phone
    assert texts.is_mobile(phone)


@pytest.mark.parametrize(
    "typed",
    ["", "1381234567", "138123456789", "23812345678", "1٣812345678", "13812345678a", "110", "\x00"],
)
def test_what_is_no_telephone_is_none(typed: str) -> None:
    assert texts.normal_phone(typed) is None


def test_a_landline_is_a_telephone_but_takes_no_sms() -> None:
    assert texts.normal_phone("(0750) 386-1234") == "07503861234"
    assert not texts.is_mobile("07503861234")


@given(SEVENTEEN)
def test_an_identity_number_with_the_right_check_digit_is_taken(body: str) -> None:
    number = with_check_digit(body)
    assert texts.normal_id_number(f" {number.lower()} ") == number


@given(SEVENTEEN, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_found(body: str, where: int, step: int) -> None:
    number = with_check_digit(body)
    digits = string.digits + ("X" if where == 17 else "")
    old = digits.index(number[where])
    new = digits[(old + step) % len(digits)]
    wrong = number[:where] + new + number[where + 1 :]
    assert (texts.normal_id_number(wrong) is None) is (wrong != number)


@given(SEVENTEEN, st.integers(0, 15))
def test_two_digits_swapped_are_found(body: str, where: int) -> None:
    number = with_check_digit(body)
    swapped = number[:where] + number[where + 1] + number[where] + number[where + 2 :]
    assert (texts.normal_id_number(swapped) is None) is (swapped != number)


@pytest.mark.parametrize("typed", ["", "4407041990010112", "٤٤٠٧٠٤١٩٩٠٠١٠١١٢٣٤", "X" * 18])
def test_what_is_no_identity_number_is_none(typed: str) -> None:
    assert texts.normal_id_number(typed) is None


@pytest.mark.parametrize("text", ["陈\x00", "a\x1bb", "\u202eabc", "\ufeff", "\x7f", "a\u2028b"])
def test_invisible_tricks_are_found(text: str) -> None:
    assert texts.has_control(text)


@pytest.mark.parametrize("text", ["𠮷野家", "👷‍♂️", "第一行\n第二行\t", "Ünïcode", ""])
def test_what_people_do_type_is_let_through(text: str) -> None:
    assert not texts.has_control(text)


@pytest.mark.parametrize(
    ("full", "masked"),
    [
        ("", ""),
        ("李", "李"),
        ("李四", "李*"),
        ("陈小明", "陈*明"),
        ("欧阳小明", "欧**明"),
        ("迪丽努尔·阿卜杜热依木江", "迪***江"),
    ],
)
def test_a_name_is_masked(full: str, masked: str) -> None:
    assert masking.name(full) == masked


def test_a_telephone_and_an_identity_number_are_masked() -> None:
    assert masking.phone("13812345678") == "138****5678"
    assert masking.phone("1234567") == "*******"
    assert masking.id_number("440704199001011234") == "440704********1234"
    assert masking.id_number("4407") == "****"
