"""Which of the sums that were said is owed, and which is a month's wage."""

from __future__ import annotations

import re

from faq.engine.sums import Sum, sums

_ABOUT = r"(?:我们?|他|她|你|的|了|着|住|紧|嘅|咗|大概|大约|差不多|快|有|将近|成|总共|一共|共|合计|加起来|整整|还|钱|个|是|系|:|：|\s)*"
_PAY = r"(?:工资|工钱|人工|薪水|薪金|粮|血汗钱|辛苦钱|货?款)"
_MONTHLY = (
    r"(?:月薪|底薪|月工资|月人工|(?:每|一)个?月|按月|个月人工)(?:(?:的)?"
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
    r"(?:我|他|老板|了|的|是|费|钱|:|：|\s)*$"
)
_CLAUSE = re.compile(r"[，。！？；,!?;\n]")
_BACK, _AHEAD = 16, 20


def owed_and_monthly(text: str) -> tuple[int | None, int | None]:
    """(owed, a month's wage) in fen; what was said later counts."""
    owed: int | None = None
    monthly: int | None = None
    for one in sums(text):
        kind = _kind(one, text)
        if kind == "owed":
            owed = one.fen
        elif kind == "monthly":
            monthly = one.fen
    return owed, monthly


def _kind(one: Sum, text: str) -> str | None:
    before = _CLAUSE.split(text[max(0, one.start - _BACK) : one.start])[-1]
    after = text[one.end : one.end + _AHEAD]
    if _DIRECTLY_OWED.search(before):
        return "owed"
    if _BEFORE_MONTHLY.search(before) or _AFTER_MONTHLY.search(after):
        return "monthly"
    if _NOT_WAGES.search(before):
        return None
    if _OWED.search(before) or _UNPAID.search(after):
        return "owed"
    if _BEFORE_PAY.search(before):
        return "monthly"
    return "owed" if _UNPAID_LATER.search(after) else None
