"""Complaints that were decided: reviewed, served, reported upwards, demanded, taken to court."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.demo.bench import Bench, Filed
from backend.demo.scenes import (
    HEAD,
    ONE_TWO,
    THREE_ONE,
    TWO_THREE,
    UNIT_HEAD,
    Pair,
    accepted,
    approved,
    complained,
    under_investigation,
)
from backend.demo.simulation import Scene, Story


def decided_handling(bench: Bench) -> Story:
    """Time was left out for an appraisal, the review passed, decided, served and reported."""
    case = yield from under_investigation(bench, "decided_handling", ONE_TWO, 41)
    now = yield bench.days.back(30)
    reason = "对欠条笔迹委托鉴定，委托书已入卷。"
    bench.step(case, "exclude_time", "jiancha1", now, ground="appraisal", reason=reason)
    now = yield bench.days.back(22)
    bench.step(case, "end_excluded_time", "jiancha1", now, reason="鉴定意见：是单位负责人所写。")
    now = yield bench.days.back(15)
    draft = "拟决定单位支付拖欠的工资，十五日内履行。"
    bench.step(case, "send_to_review", "jiancha1", now, draft=draft)
    now = yield bench.days.back(12)
    opinion = "事实清楚，程序合法，同意。"
    bench.step(case, "pass_review", "fazhi2", now, opinion=opinion)
    now = yield bench.days.back(10)
    reason = "欠薪事实有考勤、欠条和鉴定意见证明。"
    bench.step(
        case, "decide", HEAD, now, kind="handling", needs_review="on", reason=reason,
        content=_pay(bench, case),
    )  # fmt: skip
    yield from _served_and_reported(bench, case, ONE_TWO, bench.days.back, 8, 5)


def decided_penalty(bench: Bench) -> Story:
    """A penalty for a grave case, decided together after the prior notice; not served yet."""
    case = yield from under_investigation(bench, "decided_penalty", TWO_THREE, 40)
    now = yield bench.days.back(14)
    reason = "拖欠二十余名保安员工资，拒不改正，拟处罚款。"
    bench.step(case, "give_prior_notice", "jiancha2", now, reason=reason)
    now = yield bench.days.back(13)
    bench.serve(case, "give_prior_notice", "jiancha2", now)
    now = yield bench.days.back(2)
    bench.step(
        case, "decide", HEAD, now, kind="penalty", is_grave="on",
        participants="容局长、谭中队、区大队", reason="单位书面表示不申辩、不要求听证，情节严重。",
        waiver="单位盖章的《放弃陈述申辩和听证声明》，案卷第 23 页",
        content="对你单位处以罚款 20000 元，自收到本决定书之日起十五日内缴纳。",
    )  # fmt: skip


def demanding(bench: Bench) -> Story:
    """Decided and served; the written demand waits its ten days."""
    case = yield from under_investigation(bench, "demanding", THREE_ONE, 60)
    now = yield bench.days.back(20)
    reason = "分部与站点为同一单位，分拣员由其管理和考勤。"
    content = _pay(bench, case)
    bench.step(case, "decide", HEAD, now, kind="handling", reason=reason, content=content)
    yield from _served_and_reported(bench, case, THREE_ONE, bench.days.back, 17, 14)
    now = yield bench.days.back(6)
    bench.step(case, "demand", "jiancha3", now)


def enforcing(bench: Bench) -> Story:
    """Every day to appeal has run out: the court was asked to enforce."""
    when = bench.days.settled
    case = yield from complained(bench, "enforcing", when(205))
    yield from accepted(bench, case, ONE_TWO, when(202))
    now = yield when(170)
    reason = "工资台账、考勤和工友证言互相印证，单位没有支付。"
    content = _pay(bench, case)
    bench.step(case, "decide", HEAD, now, kind="handling", reason=reason, content=content)
    yield from _served_and_reported(bench, case, ONE_TWO, when, 168, 165)
    now = yield when(20)
    bench.step(case, "demand", "jiancha1", now)
    now = yield when(5)
    bench.step(case, "apply_enforcement", "jiancha1", now, court="江海区人民法院")
    yield from approved(bench, case, UNIT_HEAD, now)


def _pay(bench: Bench, case: Filed) -> str:
    """The operative part of a decision that the whole open sum be paid."""
    return f"自收到本决定书之日起十五日内，向投诉人付清拖欠的工资 {bench.owed_yuan(case)} 元。"


def _served_and_reported(
    bench: Bench,
    case: Filed,
    pair: Pair,
    when: Callable[[int], datetime],
    served: int,
    reported: int,
) -> Scene[None]:
    """The decision is served and filed with the superior authority."""
    now = yield when(served)
    bench.serve(case, "decide:handling", pair.first, now)
    now = yield when(reported)
    proof = f"备案回执 {bench.random.randrange(100, 999)}"
    bench.step(case, "report_to_superior", pair.first, now, proof=proof)


STORIES = (decided_handling, decided_penalty, demanding, enforcing)
