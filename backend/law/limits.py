"""How soon a matter's own time limit ends: of several matters the most urgent comes first."""

from __future__ import annotations

from dataclasses import dataclass

from backend.law.counting import Unit

_DAYS = {Unit.WORKING_DAY: 1.4, Unit.CALENDAR_DAY: 1.0, Unit.MONTH: 30.4, Unit.YEAR: 365.25}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit a worker must keep: its length, what starts it, the law and article it stands in."""

    n: int
    unit: Unit
    words: str
    law: str
    article: str

    @property
    def about_days(self) -> float:
        """Roughly how many days, to put limits of different units in order; never a date."""
        return self.n * _DAYS[self.unit]


_APPEAL = Limit(
    15, Unit.CALENDAR_DAY, "不服裁决，收到之日起15日内起诉", "劳动争议调解仲裁法", "第五十条"
)
_REASSESS = Limit(
    15, Unit.CALENDAR_DAY, "不服鉴定，15日内申请再次鉴定", "工伤保险条例", "第二十六条"
)
_INJURY = Limit(1, Unit.YEAR, "单位30日内、您本人1年内申请工伤认定", "工伤保险条例", "第十七条")
_DISPUTED = Limit(60, Unit.CALENDAR_DAY, "不服认定，60日内申请行政复议", "行政复议法", "第二十条")
_ARBITRATION = Limit(1, Unit.YEAR, "申请劳动仲裁一般要在1年内", "劳动争议调解仲裁法", "第二十七条")
_SUPERVISION = Limit(2, Unit.YEAR, "向监察投诉要在2年内", "劳动保障监察条例", "第二十条")

# The longest beginning of an entry's id counts.
_BY_ENTRY = {
    "arb.appeal": _APPEAL,
    "injury.reassess": _REASSESS,
    "injury.disputed": _DISPUTED,
    "injury": _INJURY,
    "gig.injury": _INJURY,
    "dismiss": _ARBITRATION,
    "resign": _ARBITRATION,
    "contract": _ARBITRATION,
    "probation": _ARBITRATION,
    "relation": _ARBITRATION,
    "women": _ARBITRATION,
    "leave": _ARBITRATION,
    "hours": _ARBITRATION,
    "arb": _ARBITRATION,
    "wage": _SUPERVISION,
    "construction": _SUPERVISION,
    "gig": _SUPERVISION,
    "inspect": _SUPERVISION,
    "social.not_paid": _SUPERVISION,
}


def limit_of(entry_id: str) -> Limit | None:
    """The worker's own limit in the matter of an FAQ entry, or None where there is none."""
    parts = entry_id.split(".")
    beginnings = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((_BY_ENTRY[b] for b in beginnings if b in _BY_ENTRY), None)


def most_urgent_first(entry_ids: list[str]) -> list[str]:
    """The entries by the earliest legal limit; those without one last, as they came."""
    return sorted(entry_ids, key=_urgency)


def _urgency(entry_id: str) -> float:
    limit = limit_of(entry_id)
    return limit.about_days if limit else float("inf")
