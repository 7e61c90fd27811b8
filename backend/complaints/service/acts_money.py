"""What is recorded of service, mediation, money, the police and the demand to pay."""

from __future__ import annotations

import sqlalchemy as sa

from backend.complaints.models import ClaimLine, Document
from backend.complaints.service import clocks
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    issue,
    not_later_than_today,
    wrong,
)
from backend.complaints.service.telling import Told, day, until, yuan
from backend.core.db import db
from backend.law import deadlines


@effect("mediate")
def mediate(stage: Stage) -> Done:
    """Mediation beside the case; the clock runs on (粤监察 42-43)."""
    on, result = not_later_than_today(stage, "held_on"), stage.values["result"]
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
    on = not_later_than_today(stage, "served_on")
    document = db.session.get(Document, stage.values["document_id"])
    if document is None or document.case_id != stage.case.id or document.served_on is not None:
        raise wrong("document_id", "请选一份还没送达的文书。")
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
    if document.kind in ("decide:handling", "decide:penalty"):
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
    on = not_later_than_today(stage, "paid_on")
    lines = {
        str(line.id): line
        for line in db.session.scalars(
            sa.select(ClaimLine).where(ClaimLine.case_id == stage.case.id)
        )
    }
    total = 0
    for key, fen in stage.values["amounts"].items():
        if key not in lines:
            raise wrong("amounts", "有一个月份不属于这件案。")
        lines[key].received_fen += fen
        total += fen
    stage.case.received_fen += total
    add_act(
        stage,
        {"total_fen": total, "amounts": stage.values["amounts"], "proof": stage.values["proof"]},
        on=on,
    )
    told = Told("记下了收到的钱", f"我们记下单位付了 {yuan(total)}。不对，请马上告诉我们。")
    return Done({"total_fen": total, "paid_on": str(on)}, told)


@effect("order_compensation")
def order_compensation(stage: Stage) -> Done:
    """An ignored order: 50 to 100 per cent more for the worker (粤监察 51)."""
    percent = stage.values["percent"]
    open_fen = max(0, stage.case.owed_fen - stage.case.received_fen)
    amount = open_fen * percent // 100
    document = issue(stage)
    add_act(stage, {"percent": percent, "amount_fen": amount}, document=document)
    told = Told("已责令加付赔偿金", f"单位到期没付，已责令按 {percent}% 加付 {yuan(amount)}。")
    return Done({"percent": percent, "amount_fen": amount}, told, stage.values["reason"], document)


@effect("refer_to_police")
def refer_to_police(stage: Stage) -> Done:
    """The file goes to the police; the case itself goes on (粤监察 44(5))."""
    on = not_later_than_today(stage, "referred_on")
    document = issue(stage)
    authority = stage.values["authority"]
    add_act(stage, {"authority": authority}, on=on, text=stage.values["reason"], document=document)
    told = Told("案卷已交公安", f"单位涉嫌拒不支付劳动报酬罪，案卷已移送{authority}。")
    return Done({"authority": authority, "referred_on": str(on)}, told, document=document)


@effect("report_to_superior")
def report_to_superior(stage: Stage) -> Done:
    """A decision is filed with the superior authority within ten days (粤监察 48)."""
    on = not_later_than_today(stage, "reported_on")
    add_act(stage, {"proof": stage.values["proof"]}, on=on)
    clocks.meet(stage.case, "report_superior", stage.today)
    return Done({"reported_on": str(on)})


@effect("demand")
def demand(stage: Stage) -> Done:
    """Written demand before enforcement; ten days must pass (行政强制法 54)."""
    on = not_later_than_today(stage, "demanded_on")
    document = issue(stage)
    add_act(stage, {}, on=on, document=document)
    clock = clocks.start(stage.case, "demand_wait", on)
    told = Told("已催告单位", f"已书面催告单位。{until(clock)}还不付，可以申请法院强制执行。")
    return Done({"demanded_on": str(on), "due_on": str(clock.due_on)}, told, document=document)
