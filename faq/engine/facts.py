"""Numbers that mean something in a labour question: ages, grades, hours, years."""

from __future__ import annotations

import re

_CHINESE = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
            "八": 8, "九": 9}  # fmt: skip
_NUMBER = r"([0-9]{1,4}|[一二两三四五六七八九十]{1,3})"
_AGE = re.compile(_NUMBER + r"(?:多)?(?:周)?岁")
_GRADE = re.compile(r"(?<![0-9])(10|[1-9]|[一二三四五六七八九十])级(?!别)")
_HOURS = re.compile(r"(48|四十八|24|二十四)个?小时")
_YEARS = re.compile(_NUMBER + r"年")
_DIGITS = re.compile(r"[0-9]+")


def whole_number(written: str) -> int | None:
    """A small number in digits or Chinese: 62, 六十二, 十五; None when it is none."""
    if written.isdecimal():
        return int(written)
    tens, sep, ones = written.partition("十")
    if not sep:
        return _CHINESE.get(written) if len(written) == 1 else None
    ten = _CHINESE.get(tens, 1) if tens else 1
    one = _CHINESE.get(ones, 0) if ones else 0
    return ten * 10 + one


def fact_words(text: str) -> list[str]:
    """Names of the facts found: age band, grade, hours to death, length of service."""
    found = [_age_band(whole_number(m.group(1))) for m in _AGE.finditer(text)]
    found += ["grade"] * bool(_GRADE.search(text))
    found += [f"hours{2 if m.group(1) in ('48', '四十八') else 1}" for m in _HOURS.finditer(text)]
    found += [_service_band(whole_number(m.group(1))) for m in _YEARS.finditer(text)]
    return [fact for fact in found if fact]


def _age_band(age: int | None) -> str:
    if age is None or not 5 <= age <= 99:
        return ""
    for limit, name in ((16, "child"), (18, "teen"), (45, "adult"), (50, "late40s"), (60, "50s")):
        if age < limit:
            return f"age_{name}"
    return "age_over60"


def _service_band(years: int | None) -> str:
    if years is None:
        return ""
    if years > 1900:
        return "calendar_year"
    return "years_10" if years >= 10 else "years_few"


def without_numbers(text: str) -> str:
    """The text with every run of digits as one 0: amounts and dates are noise to the words."""
    return _DIGITS.sub("0", text)
