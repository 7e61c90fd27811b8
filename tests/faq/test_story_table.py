"""Sentences as workers say them, with traps, and what the form may take from each."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.engine.story import Story, tell

TODAY = date(2026, 11, 25)
STREETS = ["外海街道", "礼乐街道", "江南街道"]
WAN = 10_000_00


def story(*said: str) -> Story:
    return tell(said, TODAY, STREETS)


def named(text: str) -> dict[str, object]:
    """What was found, by name."""
    told = story(text)
    found = {field.name: getattr(told, field.name) for field in fields(told)}
    found |= asdict(found.pop("person"))
    return {name: value for name, value in found.items() if value and name != "said"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("老板不给钱", {}),
        ("我在一家电子厂上班", {}),
        ("在那个工地干了半年", {}),
        ("在我们公司做文员", {"post": "文员"}),
        ("给一个私人小工厂打工", {}),
        ("我在宏达五金厂上班", {"employer": "宏达五金厂"}),
        ("我是江门市示例服装有限公司的员工", {"employer": "江门市示例服装有限公司"}),
        (
            "我在海天酒店当服务员，没签合同",
            {"employer": "海天酒店", "contract": "none", "post": "服务员"},
        ),
        ("在外海的工地", {"place": "外海街道"}),
        ("在朋友开的小饭店帮忙", {}),
        ("在美的空调有限公司上班", {"employer": "美的空调有限公司"}),
        ("礼乐街道那边的仓库", {"place": "礼乐街道"}),
        ("欠我2万3", {"owed_fen": 23_000_00}),
        ("一共欠我一万二", {"owed_fen": 12_000_00}),
        ("还欠三万块", {"owed_fen": 3 * WAN}),
        ("拖欠12,500元", {"owed_fen": 12_500_00}),
        ("欠我1.5万", {"owed_fen": 15_000_00}),
        ("欠了8千5", {"owed_fen": 8_500_00}),
        ("差我3百块", {"owed_fen": 300_00}),
        ("4800元没给", {"owed_fen": 4_800_00}),
        ("他欠我十二万没给", {"owed_fen": 12 * WAN}),
        ("月薪6000", {"monthly_fen": 6_000_00}),
        ("工资说好5500，还欠我11000", {"monthly_fen": 5_500_00, "owed_fen": 11_000_00}),
        ("我今年45岁，欠我9000元", {"owed_fen": 9_000_00, "age_group": "18_59"}),
        ("2026年3月1日进厂", {"from_on": date(2026, 3, 1)}),
        ("我身份证440701199001011234", {}),
        ("打12333没人接", {}),
        ("电话13800138000", {}),
        ("3月份的工资没发", {"months": ((2026, 3),)}),
        ("12月份的工资没发", {"months": ((2025, 12),)}),
        ("11月工资没发", {"months": ((2026, 11),)}),
        ("八月九月的工资都没发", {"months": ((2026, 8), (2026, 9))}),
        ("7月到9月没发工资", {"months": ((2026, 7), (2026, 8), (2026, 9))}),
        ("从十月到一月一直拖着", {"months": ((2025, 10), (2025, 11), (2025, 12), (2026, 1))}),
        ("两个月工资没给", {"months": ((2026, 9), (2026, 10))}),
        ("我做了三个月", {}),
        ("13月没发", {}),
        ("三月份进厂的", {}),
        ("签过合同的", {"contract": "written"}),
        ("他口头答应的", {"contract": "oral"}),
        ("老板一直没签合同，口头说的", {"contract": "none"}),
        ("公司从来没跟我签劳动合同", {"contract": "none"}),
    ],
)
def test_what_is_taken(text: str, found: dict[str, object]) -> None:
    assert named(text) == found


def test_later_words_replace_earlier_ones() -> None:
    told = story("我在宏达五金厂上班，欠我5000元", "不对，我是在海天酒店上班，欠我8000元")
    assert (told.employer, told.owed_fen) == ("海天酒店", 8_000_00)


def test_what_was_said_is_kept_in_order() -> None:
    assert story("一", "二").said == ("一", "二")


def test_nothing_said_is_an_empty_story() -> None:
    assert tell([], TODAY, STREETS) == Story()


@settings(deadline=None)
@given(
    st.lists(
        st.text("我在厂是给公司欠一二十万千百元块0123456789.,月份到个没发签合同年日", max_size=40)
    ),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_whatever_is_said_months_are_months_and_sums_are_sums(said: list[str], on: date) -> None:
    told = tell(said, on, STREETS)
    assert list(told.months) == sorted(set(told.months))
    assert all(
        1 <= month <= 12 and (year, month) <= (on.year, on.month) for year, month in told.months
    )
    for fen in (told.owed_fen, told.monthly_fen):
        assert fen is None or 100_00 <= fen <= 10_000_000_00
