"""Which of the sums that were said is owed, which is a month's wage, and which is one month's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from faq.engine.corrections import Part
from faq.engine.months import Month
from faq.engine.sums import Sum, sums
from faq.engine.tied import ties

_ABOUT = r"(?:我们?|他|她|你|的|了|着|住|紧|嘅|咗|大概|大约|差不多|快|有|将近|成|总共|一共|共|合计|加起来|整整|还|钱|个|是|系|:|：|\s)*"
_PAY = r"(?:工资|工钱|人工|薪水|薪金|粮|血汗钱|辛苦钱|货?款)"
_MONTHLY = (
    r"(?:月薪|底薪|(?<![0-9一二三四五六七八九十])月(?:工资|人工)|(?:每|一)个?月|按月|个月人工)(?:(?:的)?"
    rf"{_PAY})?(?:是|系|有|都|也|大概|大约|差不多|说好|讲好|谈好|讲明|说的|左右|拿|给|畀|俾|发|出|就|才|只有|只|得|能|挣|赚|我|:|：|\s)*$"
)
_BEFORE_MONTHLY = re.compile(_MONTHLY)
_AFTER_MONTHLY = re.compile(
    r"^(?:元|块|蚊|钱|多|左右|的|嘅|人工|工资)*(?:一个?月|每个?月|/月|个月薪)"
)
_BEFORE_PAY = re.compile(
    rf"{_PAY}(?:是|系|有|都|大概|大约|差不多|说好|讲好|谈好|讲明|定的?|:|：|\s)*$"
)
_DIRECTLY_OWED = re.compile(rf"(?:欠|差|争)(?:{_ABOUT}|{_PAY}|[一两三四五六七八九十0-9]+个月)*$")
_OWED = re.compile(r"欠|[没未冇不唔][有]?(?:给|发|付|结|出|畀|俾|拿|收|攞|到)|拖|差|争|要不回|剩")
_UNPAID = re.compile(
    r"^(?:血汗钱|辛苦钱|钱|的|嘅|工资|工钱|人工|粮|款|左右|多)*(?:到现在|一直|都|还|仲|至今|老板|又|也|就|全|分文)*"
    r"(?:[没未冇不唔]有?(?:给|发|付|结|出|畀|俾|拿|收|攞|到)|欠|拖|要不回|拿不到|攞唔)"
)
_UNPAID_LATER = re.compile(
    r"^[^，,。0-9]{0,6}[，,\s][^，,。0-9万千]{0,8}[没未冇不唔]有?(?:给|发|付|结|出|畀|俾|到手)"
)
#: Paid already, or of another kind: a deposit, a fine, rent, a bill, what was lent.
_NOT_WAGES = re.compile(
    r"(?:(?<![没未冇不唔])(?<![没未]有)(?:给|发|付|结|拿|领|支|收|畀|俾|攞|出)(?:了|过|到|咗)|押金|按金|罚款?|扣|房租|饭钱|伙食费?|"
    r"医药费|医疗费|住院费|生活费|社保|补偿金?|赔偿?|借给?|彩礼|车费|电话|电|打|拨|号码?|路费|中介费)"
    r"(?:我|他|老板|了|的|是|费|钱|一共|总共|合计|加起来|:|：|\s)*$"
)
_CLAUSE = re.compile(r"[，。！？；,!?;\n]")
_BACK, _AHEAD = 16, 20
#: 各7000 is each month's.
_EACH = re.compile(rf"月(?:份)?[^，。！？；,!?;\n0-9]*(?:各|每个?月)(?:{_PAY}|{_ABOUT})*$")
_TOTAL = re.compile(
    r"(?:一共|总共|合共|合计|加起来|总计|拢共|共计)(?:是|系|有|就|才|只|大概|大约|差不多|:|：|\s)*$"
)
_OTHER_TOTAL = re.compile(
    r"(?:给|发|付|结|拿|领|支|收|押金|按金|罚款?|扣|租|饭|伙食|医|住院|生活费|社保|补偿|赔偿?|借|彩礼|车费|路费|中介费)[^，。！？；!?;\n]*$"
)
_PUT_RIGHT = re.compile(r"(?:是|系|为|成)(?:欠)?(?:我)?(?:的)?(?:大概|大约|差不多|有|:|：|\s)*$")
#: 7月到9月工资12000: of all of them or of each, nobody knows.
_OF_MONTHS = re.compile(rf"[0-9一二三四五六七八九十]月(?:份)?(?:的|嘅)?(?:{_PAY}|{_ABOUT})*$")
_PLAIN_WAGE = "plain"


@dataclass(slots=True)
class Money:
    """Sums in fen; what belongs to one month alone, and the months whose sum was paid."""

    owed: int | None = None
    monthly: int | None = None
    by_month: dict[Month, int] = field(default_factory=dict)
    paid: set[Month] = field(default_factory=set)


def money(parts: Sequence[Part], months: Sequence[Month], today: date) -> Money:
    """What was said of money about these unpaid months; what was said later counts."""
    found = Money()
    is_owing = any(_OWED.search(part.text) for part in parts)
    last = None  # the kind of the last sum: a correction without words means that one
    for part in parts:
        tied = [tie for tie in ties(part.text, today) if tie.month in months]
        kinds = dict(_kinds(part, {tie.sum for tie in tied}, bool(months), is_owing, last))
        if part.is_correction and "owed" in kinds:
            _forget(found, kinds["owed"], len(months))
        for tie in tied:
            found.by_month[tie.month] = tie.sum.fen
            (found.paid.add if tie.is_paid else found.paid.discard)(tie.month)
        found.owed = kinds.get("owed", found.owed)
        found.monthly = kinds.get("monthly", found.monthly)
        last = next(reversed(kinds), last)
    unpaid = {month: fen for month, fen in found.by_month.items() if month not in found.paid}
    found.by_month = _agreeing(unpaid, set(months) == set(found.by_month), found)
    return found


def _agreeing(unpaid: dict[Month, int], is_whole: bool, found: Money) -> dict[Month, int]:
    """The months' own sums, which make the total; {} where they contradict the total that was said."""
    total = sum(unpaid.values())
    if found.owed is None:
        found.owed = total if unpaid and is_whole else None
        return unpaid
    return unpaid if total == found.owed or (not is_whole and total < found.owed) else {}


def _forget(found: Money, owed: int, months: int) -> None:
    """A total was put right: sums of months that do not make it are out of date."""
    found.by_month.clear()
    if found.monthly and found.monthly * months != owed:
        found.monthly = None


def _kinds(
    part: Part, tied: set[Sum], has_months: bool, is_owing: bool, last: str | None
) -> Iterator[tuple[str, int]]:
    """(kind, fen) of every other sum. Two different wages beside each other are none's."""
    plain: set[int] = set()
    for one in sums(part.text):
        if one in tied:
            continue
        kind = _kind(one, part.text)
        before = _CLAUSE.split(part.text[max(0, one.start - _BACK) : one.start])[-1]
        if kind is None and is_owing and _is_total(one, part.text, before):
            kind = "owed"
        if kind is None and part.is_correction and last and _PUT_RIGHT.search(before):
            kind = last
        if kind == _PLAIN_WAGE:
            plain.update([] if has_months and _OF_MONTHS.search(before) else [one.fen])
        elif kind:
            yield kind, one.fen
    if len(plain) == 1 and not tied:
        yield "monthly", plain.pop()


def _is_total(one: Sum, text: str, before: str) -> bool:
    """一共一万二: what is owed, unless the words before it speak of something else."""
    return bool(_TOTAL.search(before)) and not _OTHER_TOTAL.search(
        text[max(0, one.start - _BACK) : one.start]
    )


def _kind(one: Sum, text: str) -> str | None:
    before = _CLAUSE.split(text[max(0, one.start - _BACK) : one.start])[-1]
    after = text[one.end : one.end + _AHEAD]
    if _DIRECTLY_OWED.search(before):
        return "owed"
    if _BEFORE_MONTHLY.search(before) or _AFTER_MONTHLY.search(after) or _EACH.search(before):
        return "monthly"
    if _NOT_WAGES.search(before):
        return None
    if _OWED.search(before) or _UNPAID.search(after):
        return "owed"
    if _BEFORE_PAY.search(before):
        return _PLAIN_WAGE
    return "owed" if _UNPAID_LATER.search(after) else None
