"""What a worker already told, for the complaint form: employer, place, months, money, contract.

Only what was plainly said; the worker checks every field, so a doubtful reading is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from faq.engine.facts import whole_number

Contract = Literal["written", "oral", "none"]

_N = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_KINDS = (
    "有限公司|公司|工厂|厂|工地|项目部|酒店|宾馆|饭店|餐厅|饭馆|超市|商场|店|学校|培训中心|养殖场|"
    "合作社|工作室|站点|物业|医院|诊所|美容院|理发店|网吧|会所|车间|仓库|劳务队|施工队"
)
_EMPLOYER = re.compile(
    rf"(?:在|是|给|帮|叫|进了?|去了?)(?P<name>(?:(?!在|是|给|帮|上班|做了)[\u3400-\u9fffA-Za-z0-9（）()]){{2,24}}?(?:{_KINDS}))"
)
_VAGUE = re.compile(
    rf"^(?:一|这|那|某|个|家|间|我们|我|他们|他|老板|外面|附近|同一|原来|别的|一个|一家|一间|这家|那家)*"
    rf"(?:小|大|新|老|私人|私|电子|服装|家具|五金|建筑|制衣|鞋|塑料|食品|物流|装修|外卖)*(?:{_KINDS})$"
)
#: 外海的工地, 朋友开的小饭店: a description, no name (美的 is one, so 的 alone is no sign).
_DESCRIBED = re.compile(rf"的(?:小|大|新|老|私人|电子|服装|家具|五金)*(?:{_KINDS})$")
_YUAN = re.compile(
    r"(?P<n>[0-9][0-9,，]*(?:\.[0-9]{1,2})?)\s*(?P<unit>万|千|块|元|百)?(?:(?P<more>[0-9])(?![0-9]))?"
)
_CHINESE_SUM = re.compile(
    r"(?P<wan>[一二两三四五六七八九十]+)万(?P<rest>[一二三四五六七八九])?(?P<k>千)?"
)
_OWED = re.compile(r"欠|没给|不给|没发|不发|未发|未付|没付|没结|不结|拖|差")
_MONTHLY = re.compile(
    r"(?:月薪|底薪|每月|一个月|月工资|工资)(?:是|有|都|大概|差不多|说好|讲好|谈好)?\s*$"
)
_SPAN = re.compile(rf"(?P<a>{_N})月份?(?:到|至|-|—|~)(?P<b>{_N})月")
_MONTH = re.compile(rf"(?<![0-9年个])(?P<m>{_N})月份?(?![0-9]{{1,2}}[日号]|前|内)")
_COUNT = re.compile(rf"(?P<n>{_N})个月(?:的)?(?:工资|工钱|钱|人工|薪水|没|未|都没|不)")
_NO_CONTRACT = re.compile(
    r"(?:没有?|未|冇|不|从来没|一直没)(?:跟我|给我|和我)?(?:签|订)(?:过|劳动|书面|任何)*合?同?|没合同|无合同"
)
_WRITTEN = re.compile(r"(?:签了|签过|有|订了)(?:劳动|书面|正式)?合同")
_ORAL = re.compile(r"口头(?:说|约定|讲|协议|答应)|口头上")


@dataclass(frozen=True, slots=True)
class Story:
    """What was said; empty where nothing was. Money in fen; months as (year, month)."""

    employer: str | None = None
    place: str | None = None
    months: tuple[tuple[int, int], ...] = ()
    owed_fen: int | None = None
    monthly_fen: int | None = None
    contract: Contract | None = None
    said: tuple[str, ...] = field(default=())


def tell(said: Sequence[str], today: date, places: Sequence[str]) -> Story:
    """Read the person's own words, in order; later words replace earlier ones of the same kind.

    `places` are the names of the district's streets: a place is only taken when it is one.
    """
    text = "。".join(said)
    owed, monthly = _money(text)
    return Story(
        employer=_employer(text),
        place=next((p for p in places if p in text or p.removesuffix("街道") in text), None),
        months=_months(text, today),
        owed_fen=owed,
        monthly_fen=monthly,
        contract=_contract(text),
        said=tuple(said),
    )


def _employer(text: str) -> str | None:
    names = [m.group("name") for m in _EMPLOYER.finditer(text)]
    named = [name for name in names if not _VAGUE.match(name) and not _DESCRIBED.search(name)]
    return named[-1] if named else None


def _money(text: str) -> tuple[int | None, int | None]:
    owed: int | None = None
    monthly: int | None = None
    for match in _YUAN.finditer(text):
        fen = _fen(match)
        if fen is None or not 100_00 <= fen <= 10_000_000_00:
            continue
        before = text[max(0, match.start() - 12) : match.start()]
        if _MONTHLY.search(before):
            monthly = fen
        elif _OWED.search(before) or _OWED.search(text[match.end() : match.end() + 6]):
            owed = fen
    if owed is None:
        owed = _chinese_sum(text)
    return owed, monthly


def _fen(match: re.Match[str]) -> int | None:
    whole = match.group("n").replace(",", "").replace("，", "")
    unit = match.group("unit") or ""
    digits = whole.replace(".", "")
    if not unit and (len(digits) < 3 or len(digits) > 7):
        return None
    times = {"万": 10_000, "千": 1000, "百": 100}.get(unit, 1)
    value = float(whole) * times
    if match.group("more") and times > 1:
        value += int(match.group("more")) * times / 10
    return round(value * 100)


def _chinese_sum(text: str) -> int | None:
    for match in _CHINESE_SUM.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        thousands = whole_number(match.group("wan"))
        if thousands is None or not _OWED.search(before):
            continue
        rest = whole_number(match.group("rest")) if match.group("rest") else 0
        return (thousands * 10_000 + (rest or 0) * 1000) * 100
    return None


def _months(text: str, today: date) -> tuple[tuple[int, int], ...]:
    span = _SPAN.search(text)
    if span:
        first, last = whole_number(span.group("a")), whole_number(span.group("b"))
        if first and last and 1 <= first <= 12 and 1 <= last <= 12:
            end = _latest(last, today)
            count = (last - first) % 12 + 1
            return tuple(_back(end, n) for n in reversed(range(count)))
    named = {m for match in _MONTH.finditer(text) if (m := whole_number(match.group("m")))}
    if named and all(1 <= m <= 12 for m in named) and _OWED.search(text):
        return tuple(sorted(_latest(m, today) for m in named))
    counted = _COUNT.search(text)
    number = whole_number(counted.group("n")) if counted and _OWED.search(text) else None
    if number and number <= 24:
        return tuple(_back((today.year, today.month), n) for n in range(number, 0, -1))
    return ()


def _latest(month: int, today: date) -> tuple[int, int]:
    """The last such month that is not to come."""
    return (today.year if month <= today.month else today.year - 1, month)


def _back(end: tuple[int, int], months: int) -> tuple[int, int]:
    number = end[0] * 12 + end[1] - 1 - months
    return number // 12, number % 12 + 1


def _contract(text: str) -> Contract | None:
    if _NO_CONTRACT.search(text):
        return "none"
    if _WRITTEN.search(text):
        return "written"
    return "oral" if _ORAL.search(text) else None
