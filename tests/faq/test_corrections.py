"""Who takes back what they said is believed; who says more is not."""

from __future__ import annotations

import time
from datetime import date

import pytest

from faq.engine.corrections import parts
from faq.engine.story import Story, tell

TODAY = date(2026, 11, 25)
STREETS = ["外海街道", "礼乐街道"]
JUL, AUG, SEP, OCT = (2026, 7), (2026, 8), (2026, 9), (2026, 10)


def story(*said: str) -> Story:
    return tell(said, TODAY, STREETS)


def test_months_total_and_employer_are_put_right() -> None:
    told = story("老板欠我7月到9月的钱 一共一万二", "说错了 是8月到9月 一共8000 公司叫星河电子厂")
    assert (told.months, told.owed_fen, told.employer) == ((AUG, SEP), 8_000_00, "星河电子厂")


@pytest.mark.parametrize(
    ("said", "months"),
    [
        (["不是7月到9月，是8月到9月没发"], (AUG, SEP)),
        (["欠我8月到10月工资，讲错了，是8月"], (AUG,)),
        (["欠我8月到10月工资", "不对，只有9月和10月的没给"], (SEP, OCT)),
        (["欠我7月工资", "8月也没发", "9月也没给"], (JUL, AUG, SEP)),
        (["7月到9月没发工资", "8月到9月的没发"], (AUG, SEP)),
        (["拖欠三个月工资", "是7月8月9月的"], (JUL, AUG, SEP)),
        (["8月9月没发", "三个月工资都拖着"], (AUG, SEP)),
        (["老板算错了，8月工资没发", "7月也没发"], (JUL, AUG)),
    ],
)
def test_months_are_replaced_by_a_correction_and_added_to_by_more(
    said: list[str], months: tuple[tuple[int, int], ...]
) -> None:
    assert story(*said).months == months


@pytest.mark.parametrize(
    "later", ["不是12000，是8000", "打错了，是8000", "说错了，总共8000", "更正一下：欠我8000"]
)
def test_a_sum_is_put_right_however_it_is_said(later: str) -> None:
    assert story("老板欠我12000", later).owed_fen == 8_000_00


def test_a_month_s_own_sum_is_put_right_and_the_months_stay() -> None:
    told = story("7月欠3000 8月欠4000", "说错了 8月是4500")
    assert told.due_by_month == ((JUL, 3_000_00), (AUG, 4_500_00))
    assert told.owed_fen == 7_500_00


def test_a_new_total_drops_the_sums_that_do_not_make_it() -> None:
    told = story("7月欠3000 8月欠4000", "说错了，一共欠5000")
    assert (told.owed_fen, told.due_by_month) == (5_000_00, ())
    told = story("每月4000，8到10月没发，共12000", "说错了，一共8000")
    assert (told.owed_fen, told.monthly_fen) == (8_000_00, None)


@pytest.mark.parametrize(
    ("said", "contract"),
    [
        (["签了合同的", "说错了，没签合同"], "none"),
        (["没签合同", "说错了，签了合同的"], "written"),
        (["没签合同", "有合同才能告吗"], "none"),
    ],
)
def test_the_contract_is_put_right_only_by_a_correction(said: list[str], contract: str) -> None:
    assert story(*said).contract == contract


def test_employer_and_place_are_put_right() -> None:
    told = story("我在宏达五金厂上班，在外海街道", "不是宏达五金厂，是星河电子厂，在礼乐街道")
    assert (told.employer, told.place) == ("星河电子厂", "礼乐街道")
    assert story("是在礼乐街道", "说错了，是外海那边").place == "外海街道"


@pytest.mark.parametrize("text", ["老板算错了工资", "老板写错我名字", "是不是说错话就能辞退我"])
def test_a_mistake_of_somebody_else_is_no_correction(text: str) -> None:
    assert [part.is_correction for part in parts([text])] == [False]


@pytest.mark.parametrize("unit", [" ", "，", "我，", "今年", "不是1，", "应该8月欠9000", "月各我"])
def test_no_text_keeps_the_reading_busy(unit: str) -> None:
    began = time.perf_counter()
    story(*[(unit * 2000)[:2000]] * 20)
    assert time.perf_counter() - began < 3
