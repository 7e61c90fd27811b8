"""Parts of stories that many cases share: filed, accepted, filed as a case, ordered, decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.demo.bench import Bench, Filed
from backend.demo.simulation import Scene

UNIT_HEAD, HEAD, CLERK = "kezhang1", "juling", "chuangkou"
_HOUR = timedelta(minutes=55)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two inspectors of a case, the first one in charge."""

    first: str
    second: str


ONE_TWO = Pair("jiancha1", "jiancha2")
TWO_THREE = Pair("jiancha2", "jiancha3")
THREE_ONE = Pair("jiancha3", "jiancha1")


def complained(bench: Bench, name: str, at: datetime) -> Scene[Filed]:
    """A signed-in worker files the complaint of this name."""
    now = yield at
    return bench.complain(name, now)


def accepted(bench: Bench, case: Filed, pair: Pair, at: datetime) -> Scene[None]:
    """Taken, confirmed, and accepted with the unit head's approval."""
    now = yield at
    bench.step(case, "take", pair.first, now)
    now = yield now
    bench.confirm(case, pair.first, now, bench.random.choice(("visit", "visit", "video")))
    now = yield now
    bench.step(case, "accept", pair.first, now, second_officer_id=bench.officer_id(pair.second))
    now = yield now + _HOUR
    bench.answer(case, UNIT_HEAD, now)


def under_investigation(bench: Bench, name: str, pair: Pair, back: int) -> Scene[Filed]:
    """Accepted so many working days ago, filed two before that: where most stories begin."""
    case = yield from complained(bench, name, bench.days.back(back + 2))
    yield from accepted(bench, case, pair, bench.days.back(back))
    return case


def approved(bench: Bench, case: Filed, who: str, now: datetime) -> Scene[datetime]:
    """The request just made is approved within the hour."""
    now = yield now + _HOUR
    bench.answer(case, who, now)
    return now


def ordered(
    bench: Bench, case: Filed, pair: Pair, at: datetime, pay_by: date, reason: str
) -> Scene[None]:
    """The employer is ordered to pay the whole open sum, and served on the spot."""
    now = yield at
    bench.step(
        case, "order_payment", pair.first, now,
        amount_fen=bench.owed_yuan(case), pay_by=pay_by.isoformat(), reason=reason,
    )  # fmt: skip
    now = yield from approved(bench, case, HEAD, now)
    now = yield now + _HOUR
    bench.serve(case, "order_payment", pair.first, now)


def closed(
    bench: Bench,
    case: Filed,
    pair: Pair,
    at: datetime,
    outcome: str,
    reason: str,
    amount: str | None = None,
    unpaid_reason: str | None = None,
) -> Scene[None]:
    """Closed with its outcome and the unit head's approval."""
    now = yield at
    bench.step(
        case, "close", pair.first, now,
        outcome=outcome, reason=reason, amount_fen=amount, unpaid_reason=unpaid_reason,
    )  # fmt: skip
    yield from approved(bench, case, UNIT_HEAD, now)


def reported(bench: Bench, name: str, at: datetime) -> Scene[Filed]:
    """Somebody sends the report of this name."""
    now = yield at
    return bench.report(name, now)


def report_filed(bench: Bench, case: Filed, pair: Pair, at: datetime, reason: str) -> Scene[None]:
    """A report becomes a case with the unit head's approval."""
    now = yield at
    bench.step(
        case, "file_case", pair.first, now,
        second_officer_id=bench.officer_id(pair.second), reason=reason,
    )  # fmt: skip
    yield from approved(bench, case, UNIT_HEAD, now)
