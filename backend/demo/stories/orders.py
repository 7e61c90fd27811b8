"""Complaints in which the employer was ordered to pay or told what is intended."""

from __future__ import annotations

from backend.complaints.service import worker
from backend.demo.bench import Bench
from backend.demo.scenes import (
    HEAD,
    ONE_TWO,
    THREE_ONE,
    TWO_THREE,
    approved,
    ordered,
    under_investigation,
)
from backend.demo.simulation import Story
from backend.law.days import add_days, shanghai_today


def pay_today(bench: Bench) -> Story:
    """Ordered to pay by today."""
    case = yield from under_investigation(bench, "pay_today", ONE_TWO, 22)
    reason = "工资表和银行流水相符，单位承认三个月没有发放。"
    yield from ordered(bench, case, ONE_TWO, bench.days.back(8), bench.days.today, reason)
    now = yield bench.days.back(6)
    bench.reply(case, "今天以前钱到没到，请在这里点“说一下钱的事”。", "jiancha1", now)
    now = yield bench.days.ago(30)
    bench.say(case, "今天到期了，银行卡还没动静。", now)


def ignored(bench: Bench) -> Story:
    """The order was ignored: additional compensation was ordered on top."""
    case = yield from under_investigation(bench, "ignored", TWO_THREE, 30)
    pay_by = shanghai_today(bench.days.back(5))
    reason = "考勤、工资台账齐全，单位对欠薪数额没有异议。"
    yield from ordered(bench, case, TWO_THREE, bench.days.back(14), pay_by, reason)
    now = yield bench.days.back(3)
    reason = "到期分文未付，也没有提出合理的支付计划。"
    bench.step(case, "order_compensation", "jiancha2", now, percent="60", reason=reason)
    yield from approved(bench, case, HEAD, now)


def part_paid(bench: Bench) -> Story:
    """Part of the money came, and then a withdrawal was asked for: it waits for a call."""
    case = yield from under_investigation(bench, "part_paid", THREE_ONE, 24)
    pay_by = add_days(bench.days.today, 9)
    reason = "合作社出具的卖虾结算单显示已收到货款。"
    yield from ordered(bench, case, THREE_ONE, bench.days.back(12), pay_by, reason)
    now = yield bench.days.back(5)
    worker.say_paid(
        case.public_id, True, 5_000_00, shanghai_today(now), "先转了一部分", bench.key(),
        case.worker, now,
    )  # fmt: skip
    now = yield bench.days.back(4)
    bench.pay(case, "jiancha3", now, share=40)
    now = yield bench.days.ago(180)
    reason = "社长说我不撤就不给剩下的。"
    worker.ask_withdrawal(case.public_id, reason, case.worker, now)


def prior_notice(bench: Bench) -> Story:
    """The employer refused its books: a penalty is intended and the employer may speak."""
    case = yield from under_investigation(bench, "prior_notice", ONE_TWO, 36)
    now = yield bench.days.back(6)
    reason = "两次书面要求提供工资台账，均拒绝提供。"
    bench.step(case, "give_prior_notice", "jiancha1", now, reason=reason)
    now = yield bench.days.back(5)
    bench.serve(case, "give_prior_notice", "jiancha1", now)


STORIES = (pay_today, ignored, part_paid, prior_notice)
