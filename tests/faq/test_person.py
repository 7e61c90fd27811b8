"""Age, kind of work, days, job and boss: taken where said of the worker, and only there."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest

from faq.engine.story import tell

TODAY = date(2026, 11, 25)


def named(*said: str) -> dict[str, object]:
    return {name: it for name, it in asdict(tell(said, TODAY, []).person).items() if it}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我今年62了 跑外卖的", {"age_group": "60_plus", "worker_kind": "platform"}),
        ("我六十三岁，在工地做小工", {"age_group": "60_plus", "post": "小工"}),
        ("今年都61了，工资没给", {"age_group": "60_plus"}),
        ("我才15岁，老板不给钱", {"age_group": "under_16"}),
        ("我今年十七了，暑假工", {"age_group": "16_17", "worker_kind": "student"}),
        ("我今年45岁，欠我9000元", {"age_group": "18_59"}),
        ("我从15岁就开始打工 现在60岁了", {"age_group": "60_plus"}),
        ("我是送餐员，平台罚我钱", {"worker_kind": "platform", "post": "送餐员"}),
        ("我是在校大学生，寒假工", {"worker_kind": "student"}),
        ("给人家带孩子，工资没结", {"worker_kind": "household"}),
        ("今年3月6号进厂，11月5号走的，老板姓李，普工",
         {"from_on": date(2026, 3, 6), "to_on": date(2026, 11, 5), "contact": "李老板",
          "post": "普工"}),
        ("去年十二月一日入职 做文员", {"from_on": date(2025, 12, 1), "post": "文员"}),
        ("12月31号走的", {"to_on": date(2025, 12, 31)}),
        ("11月5号被辞退", {"to_on": date(2026, 11, 5)}),
    ],
)  # fmt: skip
def test_what_was_said_of_the_worker_is_taken(text: str, found: dict[str, object]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "60岁还能上班吗",
        "我爸今年62了，做保安没发工资",
        "我爸今年62岁",
        "我15岁的时候就打工",
        "我快60了",
        "我今年3月进厂",
        "我被外卖骑手撞了",
        "我不是骑手",
        "老板叫我们走",
        "老板说我是临时工",
        "我想问下骑手和保姆算不算劳动关系",
        "2月30号进厂",
        "工资标准是普工多少",
        "我今年62天没休息了",
    ],
)
def test_what_is_said_of_others_or_not_plainly_is_left_out(text: str) -> None:
    assert named(text) == {}


def test_the_last_word_counts_and_a_first_day_after_the_last_is_dropped() -> None:
    assert named("我今年58了", "说错了 我今年60了") == {"age_group": "60_plus"}
    assert named("9月9号进厂，3月3号走的") == {"to_on": date(2026, 3, 3)}
