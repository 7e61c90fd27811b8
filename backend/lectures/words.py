"""Moments and head-counts of lectures in words."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from backend.law.days import SHANGHAI, WEEKDAYS_ZH


@lru_cache(maxsize=1024)
def moment(at: datetime) -> str:
    """12月10日 周四 14:30."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {WEEKDAYS_ZH[local.weekday()]} {local:%H:%M}"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """12月10日 周四 14:30–16:00; the second day is named when it is another one."""
    end = ends_at.astimezone(SHANGHAI)
    same_day = end.date() == starts_at.astimezone(SHANGHAI).date()
    return f"{moment(starts_at)}–{f'{end:%H:%M}' if same_day else moment(ends_at)}"


def where(place: str, online: str | None) -> str:
    """The place, or that it is online."""
    if place and online:
        return f"{place}，也能在线听"
    return place or "在线听"


def people(party: int) -> str:
    """1 座, 12 座."""
    return f"{party} 座"


def number(booking_id: int) -> str:
    """What a booking is called: B-1041."""
    return f"B-{booking_id}"


def order_number(order_id: int) -> str:
    """What an order is called: D-17."""
    return f"D-{order_id}"


#: Names of forms, audiences and the like for screens of staff; keys of the models' choices.
FORM_WORDS = {
    "talk": "讲座",
    "mock_hearing": "模拟仲裁庭",
    "site_class": "工地、站点课",
    "quiz": "知识竞答",
}
AUDIENCE_WORDS = {
    "everyone": "谁都能来",
    "riders": "骑手、网约车司机",
    "site_workers": "工地工友",
    "employers": "用人单位",
    "students": "学生、实习生",
}
ORG_WORDS = {
    "company": "企业",
    "site": "工地",
    "village": "村、社区",
    "rider_station": "骑手站点",
    "school": "学校",
    "other": "别的地方",
}
PART_WORDS = {"morning": "上午", "afternoon": "下午", "evening": "晚上"}
VERDICT_WORDS = {"useful": "有用", "partly": "一部分有用", "not_useful": "没用"}
ORDER_VERDICT_WORDS = {"satisfied": "满意", "so_so": "一般", "not_satisfied": "不满意"}
#: A year of monthly themes (每月一主题) to begin from; staff change them as they like.
MONTHLY_THEMES = (
    "过年前，工资拿到手了没有",
    "节后找工作，先看这几样",
    "劳动合同：签什么、留什么",
    "工资条上的每一项",
    "加班费怎么算",
    "骑手摔伤了，谁来赔",
    "夏天高温，津贴和休息",
    "暑假工、实习生的工资",
    "工地记工和考勤",
    "女职工的产假和工资",
    "被辞退、要离开，钱怎么算",
    "年底讨薪，先找谁",
)
