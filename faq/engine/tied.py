"""Sums said for one month each: 6月工资7000 8月工资6500. None of them is every month's wage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from faq.engine.months import LISTED, MONTH, TO, Month, one_month
from faq.engine.sums import Sum, sums

_FILL = (
    r"(?:我们?|他|她|老板|老细|公司|厂里|厂方|包工头|的|嘅|份|那个月|整个月|这个月|还|仲|又|也|都|就|只|是|系|有|该|应该|应|"
    r"发|要|大概|大约|差不多|左右|将近|欠薪|欠|差|争|拖|没有?发|没有?给|没有?结|未发|未结|未畀|冇畀|冇发|不给|不发|"
    r"工资|工钱|人工|薪水|薪金|粮|月薪|钱|了|咗|着|:|：|\s)*"
)
_BEFORE = re.compile(rf"{MONTH}(?:份)?{_FILL}[，,]?{_FILL}$")
#: 7000是6月的.
_AFTER = re.compile(rf"^(?:钱|块钱)?(?:是|系){MONTH}(?:份)?(?:的|嘅|工资|工钱|人工)")
#: The month is the end of a span or a list: the sum is for all of them.
_MANY = re.compile(
    rf"(?:月(?:份|底|初|中)?|年?[底尾初]|(?<![0-9零一二两三四五六七八九十百千万])(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}))"
    rf"(?:的|嘅|工资)?(?:{TO}|{LISTED})(?:今年|去年)?$"
)
_PAID = re.compile(
    r"^(?:钱|左右|的|都|也|已经|已|就|倒|是|老板|给我|早就)*(?:发|给|付|结|拿|收|领|畀|出)(?:给我)?(?:了|过|到了?|咗|清|齐)"
)
_BACK, _AHEAD = 24, 14


class Tie(NamedTuple):
    """A month, the sum that belongs to it, and whether that sum was paid."""

    month: Month
    sum: Sum
    is_paid: bool


def ties(text: str, today: date) -> Iterator[Tie]:
    """Every sum that belongs to one month for certain, in order."""
    floor = 0  # a sum's month stands after the sum before it
    for one in sums(text):
        start, after = max(floor, one.start - _BACK), text[one.end : one.end + _AHEAD]
        floor = one.end
        found = _AFTER.search(after)
        if found:
            floor += found.end()
        else:
            found = _BEFORE.search(text[start : one.start])
            if found and _MANY.search(text[: start + found.start()]):
                continue
        month = one_month(found, today) if found else None
        if month:
            yield Tie(month, one, bool(_PAID.search(after)))
