"""Reports (举报) in every state of their own small machine."""

from __future__ import annotations

from backend.demo import pictures
from backend.demo.bench import Bench, Filed
from backend.demo.scenes import (
    CLERK,
    HEAD,
    ONE_TWO,
    THREE_ONE,
    TWO_THREE,
    UNIT_HEAD,
    Pair,
    approved,
    closed,
    report_filed,
    reported,
)
from backend.demo.simulation import Scene, Story


def fresh_anonymous(bench: Bench) -> Story:
    """Sent today by nobody knows whom, with a picture whose place was removed."""
    case = yield from reported(bench, "fresh_anonymous", bench.days.ago(200))
    now = yield bench.days.ago(195)
    bench.upload(case, "签名纸.jpg", pictures.payslip(bench.random), now, strip_place=True)


def fresh_named(bench: Bench) -> Story:
    """Sent today by somebody who wants an answer."""
    yield from reported(bench, "fresh_named", bench.days.ago(320))


def by_telephone(bench: Bench) -> Story:
    """Spoken on the telephone and written down at the window."""
    now = yield bench.days.back(1)
    extra = {"channel": "telephone", "contact_by": "phone", "spoken_by": "本人来电"}
    bench.write_down("report", "by_telephone", CLERK, now, extra)


def filed(bench: Bench) -> Story:
    """Filed as a case; the investigation has not begun."""
    case = yield from reported(bench, "filed", bench.days.back(6))
    yield from report_filed(bench, case, ONE_TWO, bench.days.back(3), "线索具体，属本区管辖。")


def audited(bench: Bench) -> Story:
    """Under investigation; the reporter was answered and an audit is not counted."""
    case = yield from reported(bench, "audited", bench.days.back(17))
    yield from _investigated(bench, case, TWO_THREE, 15, "先查押金收据，再看离职结算。")
    now = yield bench.days.back(12)
    answer = "您举报的事已经立案，两名监察员在查。不会把您的身份告诉单位。"
    bench.step(case, "answer_reporter", "jiancha2", now, answer=answer)
    now = yield bench.days.back(7)
    reason = "委托审计押金账目，委托书已入卷。"
    bench.step(case, "exclude_time", "jiancha2", now, ground="audit", reason=reason)


def closing(bench: Bench) -> Story:
    """Under investigation; closing is asked for and lies with the unit head."""
    case = yield from reported(bench, "closing", bench.days.back(24))
    yield from _investigated(bench, case, THREE_ONE, 21, "夜间突击检查考勤。")
    now = yield bench.days.ago(150)
    reason = "单位已补签合同、调整工时并补发加班费，复查属实。"
    bench.step(case, "close", "jiancha3", now, outcome="paid_in_full", reason=reason)


def transferred(bench: Bench) -> Story:
    """The factory is in another city: transferred."""
    case = yield from reported(bench, "transferred", bench.days.back(8))
    now = yield bench.days.back(5)
    bench.step(
        case, "transfer", "jiancha1", now,
        body="鹤山市人力资源和社会保障局", reason="用工所在地在鹤山市。",
    )  # fmt: skip


def not_filed(bench: Bench) -> Story:
    """Too vague to act on."""
    case = yield from reported(bench, "not_filed", bench.days.back(10))
    now = yield bench.days.back(7)
    reason = "没有单位名称、地点和联系方式，无法核查；有新线索可再举报。"
    bench.step(case, "not_file", "jiancha2", now, reason=reason)
    yield from approved(bench, case, UNIT_HEAD, now)


def closed_report(bench: Bench) -> Story:
    """Looked into, put right, answered and closed."""
    case = yield from reported(bench, "closed", bench.days.back(37))
    yield from _investigated(bench, case, ONE_TWO, 34, "抽查近一年离职人员的工资。")
    reason = "单位补发试用期工资十二人，修改了规章制度。"
    yield from closed(bench, case, ONE_TWO, bench.days.back(10), "paid_in_full", reason)
    now = yield bench.days.back(9)
    answer = "您举报的事查实了，单位已经补发并改了制度。谢谢您。"
    bench.step(case, "answer_reporter", "jiancha1", now, answer=answer)


def closed_police(bench: Bench) -> Story:
    """The owner ran away: to the police, and closed."""
    case = yield from reported(bench, "closed_police", bench.days.back(33))
    yield from _investigated(bench, case, TWO_THREE, 30, "走访看塘人员，核对卖鱼款去向。")
    now = yield bench.days.back(14)
    bench.step(
        case, "refer_to_police", "jiancha2", now, authority="江门市公安局江海分局",
        reason="转移财产后逃匿，涉嫌拒不支付劳动报酬。",
    )  # fmt: skip
    yield from approved(bench, case, HEAD, now)
    reason = "公安机关已立案侦查。"
    yield from closed(bench, case, TWO_THREE, bench.days.back(8), "referred_to_police", reason)


def _investigated(bench: Bench, case: Filed, pair: Pair, back: int, plan: str) -> Scene[None]:
    """Filed as a case on one working day, and begun on the next."""
    reason = "线索具体，需要核查。"
    yield from report_filed(bench, case, pair, bench.days.back(back), reason)
    now = yield bench.days.back(back - 1)
    bench.step(case, "investigate", pair.first, now, plan=plan)


STORIES = (
    fresh_anonymous,
    fresh_named,
    by_telephone,
    filed,
    audited,
    closing,
    transferred,
    not_filed,
    closed_report,
    closed_police,
)
