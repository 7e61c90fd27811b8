"""Typed text made safe and comparable: no NUL, no control characters, numbers in one form."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]"
)
# [0-9], not \d: that would take digits of every script
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{9,11}")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def has_control(text: str) -> bool:
    """Whether the text holds characters no keyboard types (NUL, text-direction tricks)."""
    return bool(_CONTROL.search(text))


def normal_phone(typed: str) -> str | None:
    """A telephone as digits (spaces, dashes, +86 and full-width digits accepted), or None."""
    digits = re.sub(r"[\s\-－—()（）.]", "", unicodedata.normalize("NFKC", typed))
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    return digits if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) else None


def is_mobile(digits: str) -> bool:
    """Whether a normal phone can receive SMS."""
    return bool(_MOBILE.fullmatch(digits))


def normal_id_number(typed: str) -> str | None:
    """An 18-digit identity number whose check digit is right (GB 11643), or None."""
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    if not _ID_NUMBER.fullmatch(number):
        return None
    total = sum(int(d) * w for d, w in zip(number[:17], _ID_WEIGHTS, strict=True))
    return number if _ID_CHECKS[total % 11] == number[17] else None
