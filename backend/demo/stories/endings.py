"""Complaints that are closed, each with its outcome, and one that goes on in a linked case."""

from __future__ import annotations

from backend.complaints.service import worker
from backend.demo.bench import Bench
from backend.demo.scenes import (
    CLERK,
    HEAD,
    ONE_TWO,
    THREE_ONE,
    TWO_THREE,
    UNIT_HEAD,
    approved,
    closed,
    ordered,
    under_investigation,
)
from backend.demo.simulation import Story
from backend.law.days import shanghai_today


def closed_paid(bench: Bench) -> Story:
    """Paid as soon as the inspectors came; a call afterwards found so."""
    case = yield from under_investigation(bench, "closed_paid", ONE_TWO, 19)
    now = yield bench.days.back(9)
    bench.pay(case, "jiancha1", now)
    reason = "监察员上门后单位当场转账，投诉人确认收到。"
    yield from closed(bench, case, ONE_TWO, bench.days.back(7), "paid_in_full", reason)
    now = yield bench.days.back(3)
    bench.step(case, "follow_up", CLERK, now, result="paid", note="本人说钱收到了，谢谢。")


def closed_order(bench: Bench) -> Story:
    """Paid within the time of the order."""
    case = yield from under_investigation(bench, "closed_order", TWO_THREE, 29)
    pay_by = shanghai_today(bench.days.back(8))
    reason = "计件单和出货记录相符。"
    yield from ordered(bench, case, TWO_THREE, bench.days.back(17), pay_by, reason)
    now = yield bench.days.back(10)
    bench.pay(case, "jiancha2", now)
    reason = "限期内付清，有银行回单。"
    yield from closed(bench, case, TWO_THREE, bench.days.back(9), "paid_after_order", reason)


def closed_settled(bench: Bench) -> Story:
    """Both sides agreed before the mediator."""
    case = yield from under_investigation(bench, "closed_settled", THREE_ONE, 27)
    now = yield bench.days.back(16)
    note = "双方自愿：单位当场付 14000 元，余款投诉人放弃，签了调解书。"
    bench.step(case, "mediate", "tiaojie", now, result="agreed", amount_fen="14000", note=note)
    reason = "按调解书履行完毕。"
    yield from closed(
        bench, case, THREE_ONE, bench.days.back(12), "settled", reason, amount="14000"
    )


def closed_arbitration(bench: Bench) -> Story:
    """The rate of commission cannot be proved: arbitration was advised."""
    case = yield from under_investigation(bench, "closed_arbitration", ONE_TWO, 38)
    now = yield bench.days.back(11)
    reason = "提成比例只有口头说法，没有制度、合同或结算记录，双方争议很大。"
    bench.step(case, "advise_arbitration", "jiancha1", now, reason=reason)
    now = yield from approved(bench, case, UNIT_HEAD, now)
    now = yield bench.days.back(10)
    bench.serve(case, "advise_arbitration", "jiancha1", now)


def closed_contractor(bench: Bench) -> Story:
    """Mediation failed; the general contractor paid first."""
    case = yield from under_investigation(bench, "closed_contractor", TWO_THREE, 32)
    now = yield bench.days.back(21)
    note = "分包负责人没有到场，总包不同意分期。"
    bench.step(case, "mediate", "tiaojie", now, result="failed", note=note)
    now = yield bench.days.back(13)
    bench.pay(case, "jiancha2", now)
    reason = "总包依照保障农民工工资支付条例先行清偿，由专用账户代发。"
    yield from closed(
        bench, case, TWO_THREE, bench.days.back(11), "paid_by_general_contractor", reason
    )


def closed_cancelled(bench: Bench) -> Story:
    """Filed in error: the wage had been paid to another account of the worker."""
    case = yield from under_investigation(bench, "closed_cancelled", THREE_ONE, 15)
    now = yield bench.days.back(6)
    reason = "工资已付到投诉人另一张卡，本人核对后确认。"
    content = "撤销立案。"
    bench.step(case, "decide", HEAD, now, kind="case_cancelled", reason=reason, content=content)
    reason = "撤销立案告知书已交本人。"
    yield from closed(bench, case, THREE_ONE, bench.days.back(4), "case_cancelled", reason)


def told_unpaid(bench: Bench) -> Story:
    """Closed as paid, but the worker says no: a linked case goes on, the closed one stays."""
    case = yield from under_investigation(bench, "told_unpaid", ONE_TWO, 23)
    reason = "单位出示了转账截图。"
    yield from closed(
        bench, case, ONE_TWO, bench.days.back(11), "paid_in_full", reason,
        unpaid_reason="截图显示全额转账，还没有和银行核对。",
    )  # fmt: skip
    now = yield bench.days.back(2)
    worker.say_paid(
        case.public_id, False, None, None, "截图是假的，一分钱都没到", bench.key(), case.worker, now
    )


STORIES = (
    closed_paid,
    closed_order,
    closed_settled,
    closed_arbitration,
    closed_contractor,
    closed_cancelled,
    told_unpaid,
)
