"""What is recorded of service, mediation, money, the police and the demand to pay."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from backend.complaints.models import ClaimLine, Document
from backend.complaints.service import blanks, clocks, remedies
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    happened_on,
    issue,
    wrong,
)
from backend.complaints.service.telling import Told, day, until, yuan
from backend.core.db import db
from backend.core.errors import Conflict
from backend.law import deadlines
from backend.law.days import local_date


@effect("mediate")
def mediate(stage: Stage) -> Done:
    """Mediation beside the case; the clock runs on (粤监察 42-43)."""
    on = happened_on(stage, "held_on", stage.case.received_on, "这天才收到投诉")
    result = stage.values["result"]
    amount = stage.values.get("amount_fen")
    if result == "agreed" and not amount:
        raise wrong("amount_fen", "达成协议要写明金额。")
    add_act(stage, {"result": result, "amount_fen": amount}, on=on, text=stage.values["note"])
    words = {
        "agreed": "调解达成了协议。单位不照做，请马上告诉我们。",
        "failed": "调解没有谈成，我们接着查。",
        "going_on": "正在调解，期限照常算。",
    }
    return Done({"result": result, "amount_fen": amount}, Told("调解有了记录", words[result]))


@effect("serve")
def serve(stage: Stage) -> Done:
    """A document was served, how and with what proof (粤监察 47)."""
    document = db.session.get(Document, stage.values["document_id"])
    if document is None or document.case_id != stage.case.id or document.served_on is not None:
        raise wrong("document_id", "请选一份还没送达的文书。")
    issued_on = local_date(document.issued_at)
    on = happened_on(stage, "served_on", issued_on, "文书这天才作出")
    document.served_on = on
    add_act(
        stage,
        {"way": stage.values["way"], "proof": stage.values["proof"]},
        on=on,
        document=document,
    )
    clocks.meet(stage.case, "serve", stage.today, f"document:{document.id}")
    if document.kind == "suspend":
        clocks.meet(stage.case, "suspension_notice", stage.today)
    if document.kind == remedies.NOTICE and not stage.case.is_final:
        # the employer's five days begin when it is told of its right (行政处罚法 64(1))
        clocks.stop(stage.case, "hearing_request", stage.today)
        db.session.flush()
        clocks.start(stage.case, "hearing_request", on)
    if document.kind in remedies.DECISIONS and not stage.case.is_final:
        # the three months begin when the employer's time to sue has run out (行政强制法 53)
        ends_on = deadlines.due("sue_limit", on).due
        if ends_on is not None:
            clocks.start(stage.case, "enforce_apply", ends_on)
    told = (
        Told("文书已送达", f"《{document.title}》已于{day(on)}送达。")
        if document.is_for_worker
        else None
    )
    return Done(
        {"way": stage.values["way"], "document": document.title, "served_on": str(on)},
        told,
        document=document,
    )


@effect("record_payment")
def record_payment(stage: Stage) -> Done:
    """Money that came in, month by month."""
    lines = {
        str(line.id): line
        for line in db.session.scalars(
            sa.select(ClaimLine).where(ClaimLine.case_id == stage.case.id)
        )
    }
    amounts: dict[str, int] = stage.values["amounts"]
    if not amounts.keys() <= lines.keys():
        raise wrong("amounts", "有一个月份不属于这件案。")
    month = max(lines[key].month for key in amounts)
    worked_from = date.fromisoformat(f"{month}-01")
    on = happened_on(stage, "paid_on", worked_from, f"记的钱里有 {month} 的工资")
    _refuse_silent_excess(stage, {lines[key]: fen for key, fen in amounts.items()})
    for key, fen in amounts.items():
        lines[key].received_fen += fen
    total = sum(amounts.values())
    stage.case.received_fen += total
    add_act(
        stage,
        {"total_fen": total, "amounts": amounts, "proof": stage.values["proof"]},
        on=on,
        text=stage.text("excess") or None,
    )
    told = Told("记下了收到的钱", f"我们记下单位付了 {yuan(total)}。不对，请马上告诉我们。")
    return Done({"total_fen": total, "paid_on": str(on)}, told)


def _refuse_silent_excess(stage: Stage, received: dict[ClaimLine, int]) -> None:
    """More than a month was owed is a slip of the pen, or money for something else."""
    for line, fen in received.items():
        if fen > line.owed_fen and not stage.text("excess"):
            raise wrong(
                "excess",
                f"{line.month} 还欠 {yuan(line.owed_fen)}，这里填了 {yuan(fen)}。"
                "请改金额，或写明多出来的是什么钱。",
            )


@effect("order_compensation")
def order_compensation(stage: Stage) -> Done:
    """An ignored order: 50 to 100 per cent more for the worker (粤监察 51)."""
    percent = stage.values["percent"]
    amount = blanks.compensation_fen(stage.case, percent)
    document = issue(stage)
    add_act(stage, {"percent": percent, "amount_fen": amount}, document=document)
    told = Told("已责令加付赔偿金", f"单位到期没付，已责令按 {percent}% 加付 {yuan(amount)}。")
    return Done({"percent": percent, "amount_fen": amount}, told, stage.values["reason"], document)


@effect("refer_to_police")
def refer_to_police(stage: Stage) -> Done:
    """The file goes to the police; the case itself goes on (粤监察 44(5))."""
    filed_on = stage.case.case_filed_on or stage.case.received_on
    on = happened_on(stage, "referred_on", filed_on, "这天才立案")
    document = issue(stage)
    authority = stage.values["authority"]
    add_act(stage, {"authority": authority}, on=on, text=stage.values["reason"], document=document)
    told = Told("案卷已交公安", f"单位涉嫌拒不支付劳动报酬罪，案卷已移送{authority}。")
    return Done({"authority": authority, "referred_on": str(on)}, told, document=document)


@effect("report_to_superior")
def report_to_superior(stage: Stage) -> Done:
    """A decision is filed with the superior authority within ten days (粤监察 48)."""
    decision = remedies.last(remedies.papers(stage.case.id), *remedies.DECISIONS)
    decided_on = local_date(decision.issued_at) if decision else stage.case.received_on
    on = happened_on(stage, "reported_on", decided_on, "决定这天才作出")
    add_act(stage, {"proof": stage.values["proof"]}, on=on)
    clocks.meet(stage.case, "report_superior", stage.today)
    return Done({"reported_on": str(on)})


@effect("demand")
def demand(stage: Stage) -> Done:
    """Written demand before enforcement; ten days must pass (行政强制法 54)."""
    decision = remedies.last(remedies.papers(stage.case.id), *remedies.DECISIONS)
    if decision is None or decision.served_on is None:
        raise Conflict("决定书还没有送达单位，先记录送达。", code="decision_not_served")
    on = happened_on(stage, "demanded_on", decision.served_on, "决定书这天才送达单位")
    document = issue(stage)
    add_act(stage, {}, on=on, document=document)
    clock = clocks.start(stage.case, "demand_wait", on)
    told = Told("已催告单位", f"已书面催告单位。{until(clock)}还不付，可以申请法院强制执行。")
    return Done({"demanded_on": str(on), "due_on": str(clock.due_on)}, told, document=document)
