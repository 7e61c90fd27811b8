"""Sums of money in somebody's own words: 12,500元, 2万3, 一万二, 三千五百蚊, 两万多."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_UNITS = {"万": 10_000, "千": 1000, "百": 100}

_YUAN = r"(?:块|元|蚊)"
#: What makes of a number something else than money: people, days, years, pieces, a date.
_NO_MONEY = r"(?![0-9]|\.[0-9]|[多几]?(?:个|人(?!工)|天|日|年|号|小时|岁|件|斤|公斤|公里|米|平|次|单|份|名|台|张|吨|度|里|字|分|月|级|条|层|路|楼|栋|点|后|％|%))"
_WRITTEN = re.compile(
    rf"(?<![0-9A-Za-z.第])(?<![0-9][,，])(?P<n>(?:[0-9]{{1,3}}(?:[,，][0-9]{{3}})+|[0-9]+)(?:\.[0-9]{{1,2}})?)\s*(?P<unit>[万千百])?"
    rf"(?P<more>(?<=[万千百])[0-9](?![0-9]))?[多几来]?(?P<yuan>{_YUAN})?{_NO_MONEY}"
)
_SPOKEN = re.compile(
    rf"(?<![第零一二两三四五六七八九十百千万之])(?P<n>[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万]*)"
    rf"(?P<many>[多几来])?(?P<unit>[万千百])?(?P<yuan>{_YUAN})?{_NO_MONEY}"
)
LEAST, MOST = 100_00, 10_000_000_00


class Sum(NamedTuple):
    """A sum in fen, and where in the text it stands."""

    fen: int
    start: int
    end: int


def sums(text: str) -> Iterator[Sum]:
    """Every sum that is one for certain, in order."""
    found = [(m, _of_digits(m)) for m in _WRITTEN.finditer(text)]
    found += [(m, _of_words(m)) for m in _SPOKEN.finditer(text)]
    for match, fen in sorted(found, key=lambda pair: pair[0].start()):
        if fen is not None and LEAST <= fen <= MOST:
            yield Sum(fen, match.start(), match.end())


def _of_digits(match: re.Match[str]) -> int | None:
    whole = re.sub("[,，]", "", match.group("n"))
    unit = match.group("unit") or ""
    if not unit and not 3 <= len(whole.partition(".")[0]) <= 7:
        return None
    times = _UNITS.get(unit, 1)
    more = int(match.group("more") or 0) * times / 10
    return round((float(whole) * times + more) * 100)


def _of_words(match: re.Match[str]) -> int | None:
    """Words are only a sum when they name thousands or say that they are money."""
    words, unit = match.group("n"), match.group("unit") or ""
    is_named = match.group("yuan") or unit in ("万", "千") or re.search("[万千]", words)
    value = spoken(words) if is_named else None
    return None if value is None else value * _UNITS.get(unit, 1) * 100


def spoken(words: str) -> int | None:
    """一万二 is 12000, 三千五百 3500, 两万零五十 20050; None for what is no number (七八)."""
    total = part = digit = 0
    place, is_open = 1, False  # the place of the last unit; whether a digit waits for its unit
    for c in words:
        if c == "万":
            total = (part + digit if part or digit else 1) * 10_000
            part, digit, place, is_open = 0, 0, 10_000, False
        elif c in _PLACES:
            part += (digit if is_open else 1) * _PLACES[c]
            digit, place, is_open = 0, _PLACES[c], False
        elif is_open:
            return None
        else:
            digit, is_open = _DIGITS[c], c not in "零〇"
            place = place if is_open else 10
    return total + part + digit * (place // 10 if place >= 100 else 1)
