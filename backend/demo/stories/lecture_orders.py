"""Orders for lectures on site (点单): one waits for its orderer's word, one is over and rated."""

from __future__ import annotations

from datetime import time, timedelta

from backend.demo.bench import Bench
from backend.demo.lecture_bench import ORGANISER, at, order_version, worker
from backend.demo.simulation import Story
from backend.law.days import add_days
from backend.law.lecture_times import moment
from backend.lectures.service import orders
from backend.lectures.service.orders import Wanted

_FIRST, _SECOND = "13800000001", "13800000002"
_AN_HOUR = timedelta(hours=1)


def order_proposed(bench: Bench) -> Story:
    """A site asked for a lecture; a date is proposed and waits for the demo worker's word."""
    now = yield bench.days.back(3)
    row = orders.order(
        Wanted(
            org_name="示例花园二期项目部", contact_name="王示例", phone=_FIRST,
            place="项目部食堂", about="木工、泥工一起听，最好讲记工。", key=bench.key(),
            wished=_wishes(bench, 7, 9), org_kind="site", theme="讨薪", people=40,
        ),
        worker(bench, _FIRST, now), now,
    )  # fmt: skip
    public_id, organiser = row.public_id, bench.staff[ORGANISER]
    now = yield now + _AN_HOUR
    orders.assign(public_id, order_version(public_id), bench.officer_id(ORGANISER), organiser, now)
    now = yield bench.days.back(1)
    suits = moment(add_days(bench.days.today, 9), time(19))
    note = "投影我们自己带。"
    orders.propose(
        public_id, order_version(public_id), suits, "谭示例（监察二中队）", note, organiser, now
    )


def order_rated(bench: Bench) -> Story:
    """A school's order from beginning to end."""
    now = yield bench.days.back(10)
    listener = worker(bench, _SECOND, now)
    row = orders.order(
        Wanted(
            org_name="示例职业学校", org_kind="school", contact_name="林示例", phone=_SECOND,
            theme="学生打工", place="学校报告厅", people=120, key=bench.key(),
            wished=_wishes(bench, -3, -2),
        ),
        listener, now,
    )  # fmt: skip
    public_id, organiser = row.public_id, bench.staff[ORGANISER]
    now = yield bench.days.back(9)
    orders.assign(public_id, order_version(public_id), bench.officer_id(ORGANISER), organiser, now)
    now = yield now + _AN_HOUR
    suits = at(bench, -3, 15)
    orders.propose(
        public_id, order_version(public_id), suits, "苏示例（区人社局）", None, organiser, now
    )
    now = yield bench.days.back(8)
    orders.agree(public_id, order_version(public_id), listener, now)
    now = yield at(bench, -3, 17)
    orders.hold(public_id, order_version(public_id), 131, organiser, now)
    now = yield at(bench, -2, 12)
    orders.rate(public_id, "satisfied", "学生问了很多，下学期还想请。", listener, now)


def _wishes(bench: Bench, *in_days: int) -> list[dict[str, str]]:
    days = [add_days(bench.days.today, n).isoformat() for n in in_days]
    return [{"on": day, "part": "afternoon"} for day in days]


STORIES = (order_proposed, order_rated)
