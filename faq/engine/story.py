"""What a worker already told, for the complaint form: employer, place, months, money, contract.

Only what was plainly said; the worker checks every field, so a doubtful reading is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from faq.engine.employers import spans
from faq.engine.months import unpaid_months
from faq.engine.script import simplified
from faq.engine.wages import owed_and_monthly

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
    months: tuple[tuple[int, int], ...] = ()
    owed_fen: int | None = None
    monthly_fen: int | None = None
    contract: Contract | None = None
    said: tuple[str, ...] = field(default=())


def tell(said: Sequence[str], today: date, places: Sequence[str]) -> Story:
    """Read the person's own words, in order; later words replace earlier ones of the same kind.

    `places` are the names of the district's streets: a place is only taken when it is one, or a
    town that bears its name, and stays as it was said.
    """
    typed = "。".join(said)
    read = simplified(typed.translate(_HALF_WIDTH))
    if len(read) != len(typed):  # one sign for two would put every name askew
        typed = read
    owed, monthly = owed_and_monthly(read)
    names = spans(read)
    return Story(
        employer=typed[slice(*names[-1])] if names else None,
        place=_place(read, places),
        months=unpaid_months(read, today),
        owed_fen=owed,
        monthly_fen=monthly,
        contract=_contract(read),
        said=tuple(said),
    )


def _place(text: str, streets: Sequence[str]) -> str | None:
    for street in streets:
        if street in text:
            return street
        town = re.search(re.escape(street.removesuffix("街道")) + "([镇乡村]?)", text)
        if town:
            return town.group() if town.group(1) else street
    return None


def _contract(text: str) -> Contract | None:
    if _NO_CONTRACT.search(text):
        return "none"
    if _WRITTEN.search(text):
        return "written"
    return "oral" if _ORAL.search(text) else None
