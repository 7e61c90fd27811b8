"""What was plainly said is taken over into the form; what is vague is left out."""

from __future__ import annotations

from datetime import date

import pytest

from faq.engine.story import Story, tell

TODAY = date(2026, 11, 25)
STREETS = ["外海街道", "礼乐街道"]


def story(text: str) -> Story:
    return tell([text], TODAY, STREETS)


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("我在星辉酒店做服务员", "星辉酒店"),
        ("在江海区示例电子有限公司上班", "江海区示例电子有限公司"),
        ("在一家电子厂做了半年", None),
        ("帮一个老板干活", None),
        ("那个工地不给钱", None),
    ],
)
def test_a_named_employer_is_taken_and_a_vague_one_is_not(text: str, employer: str | None) -> None:
    assert story(text).employer == employer


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("欠我12000元", 1200000),
        ("包工头欠我一万二没给", 1200000),
        ("欠我2万3", 2300000),
        ("欠1.5万", 1500000),
        ("我2026年3月1日进厂", None),
        ("我电话12333", None),
    ],
)
def test_what_is_owed(text: str, fen: int | None) -> None:
    assert story(text).owed_fen == fen


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("8月到10月的工资没发", ((2026, 8), (2026, 9), (2026, 10))),
        ("11月到2月欠着", ((2025, 11), (2025, 12), (2026, 1), (2026, 2))),
        ("拖欠我三个月工资", ((2026, 8), (2026, 9), (2026, 10))),
        ("9月份和10月份工资都不给", ((2026, 9), (2026, 10))),
        ("十二月没发", ((2025, 12),)),
        ("我做了三个月", ()),
    ],
)
def test_which_months(text: str, months: tuple[tuple[int, int], ...]) -> None:
    assert story(text).months == months


@pytest.mark.parametrize(
    ("text", "contract"),
    [("没签合同", "none"), ("签了合同的", "written"), ("口头说好的", "oral"), ("欠钱", None)],
)
def test_the_contract(text: str, contract: str | None) -> None:
    assert story(text).contract == contract


def test_place_and_monthly_wage() -> None:
    told = story("在外海那个工地，月薪5000，两个月没发")
    assert (told.place, told.monthly_fen, told.owed_fen) == ("外海街道", 500000, None)
