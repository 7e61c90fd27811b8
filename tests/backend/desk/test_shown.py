"""How figures look at the desk, and the geometry of the clock's bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from backend.complaints.fields import Field
from backend.complaints.words import CLOCK_TITLES
from backend.core.errors import FieldError
from backend.desk import shown, typed
from backend.desk.clock_bar import bar
from backend.desk.labels import label
from tests.clock import HeldClock

START, DUE = date(2026, 10, 15), date(2026, 12, 24)


@dataclass
class Change:
    """A pause or an extension of a clock."""

    kind: str
    from_on: date
    to_on: date | None


@pytest.mark.parametrize(
    ("fen", "words"),
    [(0, "0.00"), (5, "0.05"), (4_800_000, "48,000.00"), (-150, "-1.50"), (None, "—")],
)
def test_money_to_the_fen(fen: int | None, words: str) -> None:
    assert shown.yuan(fen) == words


def test_money_in_lists_has_no_fen_and_a_dash_for_nothing() -> None:
    assert shown.whole_yuan(1_234_599) == "12,345"
    assert shown.whole_yuan(0) == "—"


def test_dates_and_moments_are_those_of_shanghai(clock: HeldClock) -> None:
    assert shown.day(date(2026, 12, 24)) == "2026-12-24 周四"
    assert shown.short_day(date(2026, 12, 24)) == "12-24"
    assert shown.short_day(date(2027, 1, 4)) == "2027-01-04"
    assert shown.moment(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == "今天 00:30"
    assert shown.moment(datetime(2026, 11, 21, 2, 0, tzinfo=UTC)) == "11-21 10:00"
    assert shown.moment(datetime(2025, 11, 21, 2, 0, tzinfo=UTC)) == "2025-11-21 10:00"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ({"seconds": 20}, "不到 1 分钟"),
        ({"minutes": 2, "seconds": 59}, "2 分钟"),
        ({"hours": 3}, "3 小时"),
        ({"days": 5}, "5 天"),
    ],
)
def test_how_long_ago_in_one_unit(clock: HeldClock, length: dict[str, float], words: str) -> None:
    then = clock.now()
    clock.advance(**length)
    assert shown.ago(then) == words


def test_numbers_laws_months_and_clocks_in_short() -> None:
    assert shown.short_number("示人社监投〔2026〕00412号") == "投2026-00412"
    assert shown.short_number("示人社监举〔2026〕00412号") == "举2026-00412"
    assert shown.short_number("别的写法") == "别的写法"
    assert shown.short_law("《广东省劳动保障监察条例》第四十四条") == "省监察条例第四十四条"
    assert shown.months(["2026-08", "2026-06"]) == "2026-06 至 08"
    assert shown.months(["2025-12", "2026-01"]) == "2025-12 至 2026-01"
    assert shown.months(["2026-06"]) == "2026-06"
    assert shown.months([]) == "—"
    assert shown.ground("audit") == "委托审计"


def test_every_clock_has_its_word_at_the_desk() -> None:
    assert set(shown.CLOCK_WORDS) == set(CLOCK_TITLES)


def test_the_bar_marks_what_does_not_count() -> None:
    pause = Change("excluded", date(2026, 10, 26), date(2026, 10, 30))
    extension = Change("extension", date(2026, 11, 1), None)
    drawn = bar(START, DUE, [pause, extension], date(2026, 11, 23))
    assert drawn is not None
    assert (drawn.total, drawn.used, drawn.outs) == (70, 39, [(11, 5)])


def test_the_bar_of_an_open_pause_reaches_today_and_never_leaves_the_bar() -> None:
    open_pause = Change("suspension", date(2026, 11, 20), None)
    drawn = bar(START, DUE, [open_pause], date(2026, 11, 23))
    assert drawn is not None and drawn.outs == [(36, 4)]
    late = bar(START, DUE, [open_pause], date(2027, 3, 1))
    assert late is not None and late.used == 70 and late.outs == [(36, 34)]


def test_there_is_no_bar_without_a_last_day() -> None:
    assert bar(START, None, [], START) is None
    assert bar(START, START, [], START) is None


def test_errors_name_fields_by_their_labels() -> None:
    assert label("claims.4.due_fen") == "第 5 行应发"
    assert label("claimant.name") == "姓名"
    assert label("unknown.path") == ""


def test_a_prefilled_value_looks_as_it_would_be_typed() -> None:
    assert typed.as_typed(Field("a", "钱", "money"), 4_800_050) == "48000.50"
    assert typed.as_typed(Field("a", "单子", "lines"), ["一", "二"]) == "一\n二"
    assert typed.as_typed(Field("a", "各月", "amounts"), {7: 100}) == {"7": "1.00"}
    assert typed.as_typed(Field("a", "打勾", "tick"), True) is True
    assert typed.as_typed(Field("a", "空"), None) is None


def test_a_value_that_the_case_contradicts_is_marked_and_kept() -> None:
    money, text = Field("amount", "钱", "money"), Field("note", "话")
    says = {"amount": "45700.00", "note": "别的"}
    errors = [FieldError("amount", "不对")]
    found = typed.slots([money, text], {"amount": "48000", "note": "我的"}, errors, says)
    assert [slot.value for slot in found] == ["48000", "我的"]
    assert [slot.differs_from for slot in found] == ["45700.00", None]
    assert [slot.error for slot in found] == ["不对", None]
