"""What a worker already told, for the complaint form: who they are, where, months, money, contract.

Only what was plainly said; the worker checks every field, so a doubtful reading is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from faq.engine.corrections import Part, parts, without_denied
from faq.engine.employers import spans
from faq.engine.months import Month, unpaid_months
from faq.engine.person import Person, person
from faq.engine.script import simplified
from faq.engine.wages import money

_HALF_WIDTH = {0xFF10 + n: 0x30 + n for n in range(10)}

Contract = Literal["written", "oral", "none"]

_NO_CONTRACT = re.compile(
    r"(?:没有?|未|冇|不|从来没|一直没)(?:跟我|给我|和我)?(?:签|订)(?:过|劳动|书面|任何)*合?同?|[没无冇]合[同约]"
)
_WRITTEN = re.compile(r"(?:签[了咗过]|有|订了)(?:劳动|书面|正式)?合[同约]")
_ORAL = re.compile(r"口头(?:说|约定|讲|协议|答应)|口头上")


@dataclass(frozen=True, slots=True)
class Story:
    """What was said; empty where nothing was. Money in fen; months as (year, month)."""

    employer: str | None = None
    place: str | None = None
    months: tuple[Month, ...] = ()
    owed_fen: int | None = None
    monthly_fen: int | None = None
    due_by_month: tuple[tuple[Month, int], ...] = ()
    contract: Contract | None = None
    person: Person = field(default_factory=Person)
    said: tuple[str, ...] = field(default=())


def tell(said: Sequence[str], today: date, places: Sequence[str]) -> Story:
    """Read the person's own words, in order; later words replace earlier ones of the same kind.

    `places` are the names of the district's streets: a place is only taken when it is one, or a
    town that bears its name, and stays as it was said. A month's own sum (6月7000 8月6500) is that
    month's alone and never the wage of every month.
    """
    pairs = [_readable(one) for one in said]
    typed = "。".join(pair[0] for pair in pairs)
    told = parts([pair[1] for pair in pairs])
    read = "。".join(without_denied(pair[1], is_correction=False) for pair in pairs)
    names = spans(read)
    months = unpaid_months(told, today)
    sums = money(told, months, today)
    return Story(
        employer=typed[slice(*names[-1])] if names else None,
        place=_place(read, places),
        months=tuple(month for month in months if month not in sums.paid),
        owed_fen=sums.owed,
        monthly_fen=sums.monthly,
        due_by_month=tuple(sorted(sums.by_month.items())),
        contract=_contract(told),
        person=person(told, today),
        said=tuple(said),
    )


def _readable(said: str) -> tuple[str, str]:
    """The words as they were typed, and sign for sign the same in simplified script."""
    read = simplified(said.translate(_HALF_WIDTH))
    # one sign for two would put every name askew
    return (said, read) if len(read) == len(said) else (read, read)


def _place(text: str, streets: Sequence[str]) -> str | None:
    """The street or town that was named last."""
    found: list[tuple[int, str]] = []
    for street in streets:
        town = re.escape(street.removesuffix("街道"))
        for one in re.finditer(f"{re.escape(street)}|{town}([镇乡村]?)", text):
            is_whole = one.group() == street or one.group(1)
            found.append((one.start(), one.group() if is_whole else street))
    return max(found)[1] if found else None


def _contract(told: Sequence[Part]) -> Contract | None:
    put_right = [_contract_in(part.text) for part in told if part.is_correction]
    whole = _contract_in("。".join(part.text for part in told))
    return next(filter(None, reversed(put_right)), whole)


def _contract_in(text: str) -> Contract | None:
    if _NO_CONTRACT.search(text):
        return "none"
    if _WRITTEN.search(text):
        return "written"
    return "oral" if _ORAL.search(text) else None
