"""Numbers that identify a person, found in free text and masked before it is kept anywhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from backend.core import texts

# no comma: 4800，4900，5000，5100 are four months' wages
_GAP = r"[\s\-－—–_.·]{0,3}"


def _digits(pattern_of_one: str, count: str) -> str:
    return f"(?:{pattern_of_one}{_GAP}){count}"


# Longest first: an identity number holds a telephone, a bank card may hold an identity number.
_DIGIT = "[0-9]"
_ID_18 = re.compile(rf"(?<![0-9]){_digits(_DIGIT, '{17}')}[0-9Xx](?![0-9])")
_CARD = re.compile(rf"(?<![0-9]){_digits(_DIGIT, '{12,18}')}[0-9](?![0-9])")
_MOBILE = re.compile(rf"(?<![0-9])1{_GAP}[3-9]{_GAP}{_digits(_DIGIT, '{8}')}[0-9](?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0[0-9]{2,3}[\s\-－—]{0,2}[1-9][0-9]{6,7}(?![0-9])")
_ABROAD = re.compile(rf"(?<![0-9])(?:\+|00)86{_GAP}1{_GAP}{_digits(_DIGIT, '{9}')}[0-9](?![0-9])")
_KINDS = (
    ("phone", _ABROAD),
    ("id_number", _ID_18),
    ("bank_card", _CARD),
    ("phone", _MOBILE),
    ("phone", _LANDLINE),
)
_NAMES = {"id_number": "身份证号", "bank_card": "银行卡号", "phone": "电话号码"}


@dataclass(frozen=True, slots=True)
class Masked:
    """The text without the numbers, and which kinds were found.

    `phone` is the first telephone: for whoever asks to be called, never for lists or logs.
    """

    text: str
    kinds: tuple[str, ...]
    phone: str | None = field(default=None, repr=False)

    @property
    def names(self) -> list[str]:
        """The kinds in Chinese, as they are told to the person."""
        return [_NAMES[kind] for kind in self.kinds]


def mask(text: str) -> Masked:
    """Replace identity numbers, bank cards and telephones by a word that says what stood there.

    Gaps, dashes and digits of every script are seen through. Amounts and dates stay: they have
    fewer digits. Whatever was written in a number's place cannot be told from the result.
    """
    plain = "".join(_ascii_digit(character) for character in text)
    found: dict[str, None] = {}
    phone = None
    for kind, pattern in _KINDS:
        if kind == "phone" and phone is None and (first := pattern.search(plain)):
            phone = texts.normal_phone(re.sub(r"[_·]", "", first.group()))
        plain, count = pattern.subn(f"【{_NAMES[kind]}】", plain)
        if count:
            found[kind] = None
    return Masked(plain, tuple(found), phone)


def _ascii_digit(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)
