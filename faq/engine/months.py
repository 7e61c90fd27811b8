"""The months that were not paid: 七八月份, 8月到10月, 去年年底到今年三月, 三个月工资."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from faq.engine.corrections import Part
from faq.engine.facts import whole_number
from faq.engine.sums import sums

Month = tuple[int, int]

_N = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_YEAR = r"(?:去年|旧年|上年|今年|前年|20[0-9]{2}年)"
_LAST = {"去年": 1, "旧年": 1, "上年": 1, "今年": 0, "前年": 2}
TO = r"(?:开始|起)?(?:一直)?(?:到|至|-|—|~|～)(?:了)?"
_FIRST = rf"(?P<y>{_YEAR})?(?:(?P<m>{_N})(?:月(?:份|底|初|中)?)?|(?P<e>年?[底尾初]))"
_SECOND = rf"(?P<y2>{_YEAR})?(?:(?P<m2>{_N})月|(?P<e2>年?[底尾初])|(?P<now>现在|今天|今日|而家|依家|目前|如今))"
_SPAN = re.compile(rf"(?<![0-9]){_FIRST}{TO}{_SECOND}")
#: After a month: a day, or what happened in it instead of not being paid.
_ELSE = r"(?!份?[0-9]{1,2}[日号]|前|内|份?(?:的时候)?[^，。,工资]{0,3}(?:进|入职|来|开始|辞|离职|走|受伤|签))"
_LIST = re.compile(
    rf"(?P<y>{_YEAR})?(?<![0-9个年一二两三四五六七八九十])(?P<all>{_N}(?:月?份?[、,，和跟及同]{_N})*)月(?:份)?{_ELSE}"
)
_YEARED = re.compile(
    rf"(?P<y>{_YEAR})的?(?P<all>{_N}(?:月?份?[、,，和跟及同]{_N})*)月(?:份)?{_ELSE}"
)
_PAY = r"(?:的|嘅)?(?:工资|工钱|人工|钱|粮|薪水|薪|没|未|冇|都没|都未|都冇|不|唔)"
_COUNT = re.compile(rf"(?P<n>半年|{_N}个(?:多)?月){_PAY}")
_LAST_MONTH = re.compile(rf"(?<!每)上个?月(?:份)?(?P<both>(?:和|跟|同|、)(?:这|今)个月)?{_PAY}")
_OWED = re.compile(r"欠|[没未冇不唔]有?(?:给|发|付|结|出|畀|俾|拿|收|攞)|拖|差|要不回|扣")
#: Between the months of a list.
LISTED = r"[、,，和跟及同]"
#: One month by itself.
MONTH = rf"(?P<y>{_YEAR})?的?(?<![0-9一二两三四五六七八九十])(?P<m>{_N})月"
_ONLY = re.compile(rf"(?:是|系|只有?|就|到|至)(?:欠|有|差)?(?:{_YEAR})?{_N}月|月(?:份)?{TO}")
MOST = 36


def unpaid_months(parts: Sequence[Part], today: date) -> tuple[Month, ...]:
    """The months named, in order; none where nothing was said to be owed.

    A correction and a span that goes over the same months again replace what was named before;
    other months are more of them. A count (三个月工资) counts only where no month was named.
    """
    if not any(_OWED.search(part.text) for part in parts):
        return ()
    this = (today.year, today.month)
    known: set[Month] = set()
    is_counted = False
    for text, is_correction in parts:
        span = _SPAN.search(text)
        spanned = set(_span(span, today)) if span else set()
        found = spanned or set(_named(text, today))
        if found:
            is_anew = is_counted or not known.isdisjoint(spanned)
            is_anew = is_anew or (is_correction and not (found <= known and _is_about_money(text)))
            known, is_counted = found if is_anew else known | found, False
        elif is_correction or is_counted or not known:
            counted = set(_counted(text, this))
            known, is_counted = counted or known, is_counted or bool(counted)
    return tuple(sorted(known)) if all(month <= this for month in known) else ()


def _is_about_money(text: str) -> bool:
    """8月是4500 puts a sum right and leaves the months as they were; 是8月 does not."""
    return any(True for _ in sums(text)) and not _ONLY.search(text)


def one_month(match: re.Match[str], today: date) -> Month | None:
    """The month that MONTH found, the last such one that is not to come."""
    number = _number(match["m"], None)
    if not number:
        return None
    return (_year(match["y"], today), number) if match["y"] else _latest(number, today)


def _span(span: re.Match[str], today: date) -> tuple[Month, ...]:
    last = _end(span, today)
    number = _number(span["m"], span["e"])
    if last is None or number is None:
        return ()
    year = last[0] if number <= last[1] else last[0] - 1
    first = (_year(span["y"], today) if span["y"] else year, number)
    count = 12 * (last[0] - first[0]) + last[1] - first[1] + 1
    return tuple(_back(last, n) for n in reversed(range(count))) if 0 < count <= MOST else ()


def _end(span: re.Match[str], today: date) -> Month | None:
    """The last month; up to now means the last one that is over."""
    if span["now"]:
        return _back((today.year, today.month), 1)
    number = _number(span["m2"], span["e2"])
    if number is None:
        return None
    if span["y2"]:
        return _year(span["y2"], today), number
    if span["y"]:  # from August of last year to February: the next February there was
        begun = _number(span["m"], span["e"]) or 1
        year = _year(span["y"], today)
        return (year if number >= begun else year + 1, number)
    return _latest(number, today)


def _named(text: str, today: date) -> Iterator[Month]:
    for match in [*_LIST.finditer(text), *_YEARED.finditer(text)]:
        year = match["y"]
        for number in _numbers(match["all"]):
            if 1 <= number <= 12:
                yield (_year(year, today), number) if year else _latest(number, today)
    last = _LAST_MONTH.search(text)
    if last:
        yield _back((today.year, today.month), 1)
        if last["both"]:
            yield today.year, today.month


def _numbers(listed: str) -> Iterator[int]:
    """The months of 8、9, of 七八 and of 十一."""
    for one in re.findall(_N, listed):
        number = whole_number(one)
        each = [number] if number is not None else [whole_number(c) for c in one]
        yield from (n for n in each if n is not None)


def _counted(text: str, this: Month) -> tuple[Month, ...]:
    match = _COUNT.search(text)
    if match is None:
        return ()
    said = match["n"]
    number = 6 if said == "半年" else whole_number(said.partition("个")[0])
    if not number or number > 24:
        return ()
    return tuple(_back(this, n) for n in range(number, 0, -1))


def _number(month: str | None, edge: str | None) -> int | None:
    if month is None:
        return 1 if edge and edge.endswith("初") else 12
    number = whole_number(month)
    return number if number and number <= 12 else None


def _year(said: str, today: date) -> int:
    return today.year - _LAST[said] if said in _LAST else int(said[:4])


def _latest(month: int, today: date) -> Month:
    """The last such month that is not to come."""
    return (today.year if month <= today.month else today.year - 1, month)


def _back(end: Month, months: int) -> Month:
    number = end[0] * 12 + end[1] - 1 - months
    return number // 12, number % 12 + 1
