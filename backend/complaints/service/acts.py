"""What each act records: confirmations, pauses, service, money, police, hand-over."""

from __future__ import annotations

import sqlalchemy as sa

from backend.complaints.models import Claimant, ClaimLine, Document, Withdrawal
from backend.complaints.service import clocks
from backend.complaints.service.facts import live_withdrawal
from backend.complaints.service.linked import follower, open_linked
from backend.complaints.service.moves import name_officers, refuse_own_review
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    issue,
    not_later_than_today,
    wrong,
)
from backend.complaints.service.telling import Told, day, yuan
from backend.complaints.states import Lane
from backend.core.db import db
from backend.core.errors import Conflict
from backend.identity.service import staff_by_id
from backend.law import deadlines
from backend.law.days import add_days
from backend.law.policy import DEFAULT_POLICY


@effect("take")
def take(stage: Stage) -> Done:
    """An inspector takes a case that nobody has."""
    stage.case.officer_id = stage.actor.id
    add_act(stage, {})
    return Done({"officer": stage.actor.name})


@effect("name_second")
def name_second(stage: Stage) -> Done:
    """The second inspector of a case that came without one (粤监察 11)."""
    name_officers(stage)
    add_act(stage, {})
    return Done({})


@effect("hand_over")
def hand_over(stage: Stage) -> Done:
    """Offered to another inspector; it stays on the first list until accepted."""
    to = staff_by_id(stage.values["to_id"])
    if to is None or not to.is_active or "inspector" not in to.roles:
        raise wrong("to_id", "请选一名在岗的监察员。")
    if to.id in (stage.case.officer_id, stage.case.second_officer_id):
        raise wrong("to_id", "这名监察员已经在办这件案。")
    is_boss = stage.actor.has_role("unit_head", "head")
    if not is_boss and stage.case.officer_id not in (None, stage.actor.id):
        raise Conflict("这件案由别的监察员承办，只能由他或负责人移交。", code="not_mine")
    stage.case.offered_to_id = to.id
    add_act(stage, {"to_id": to.id, "to": to.name}, text=stage.text("note") or None)
    return Done({"to": to.name})


@effect("accept_handover")
def accept_handover(stage: Stage) -> Done:
    """The colleague takes it; messages and evidence stay with the case."""
    stage.case.officer_id = stage.actor.id
    if stage.case.second_officer_id == stage.actor.id:
        stage.case.second_officer_id = None
    stage.case.offered_to_id = None
    add_act(stage, {})
    told = Told("换了承办人", f"您的事现在由{stage.actor.name}承办，之前说过的都在。")
    return Done({"officer": stage.actor.name}, told)


@effect("confirm")
def confirm(stage: Stage) -> Done:
    """The complainant confirmed in person, by video or e-signature (粤监察 36(2), 39(8))."""
    on = not_later_than_today(stage, "confirmed_on")
    claimant = _first_claimant(stage)
    claimant.id_number = stage.values["id_number"]
    stage.case.is_confirmed = True
    if stage.case.alarm == "deemed_unconfirmed":
        stage.case.alarm = "deemed_accepted"
    add_act(
        stage,
        {"way": stage.values["way"], "claimant_id": claimant.id},
        on=on,
        text=stage.text("note") or None,
    )
    told = Told("本人确认好了", "您本人确认的手续办好了。")
    return Done({"way": stage.values["way"], "confirmed_on": str(on)}, told)


def _first_claimant(stage: Stage) -> Claimant:
    query = sa.select(Claimant).where(Claimant.case_id == stage.case.id).order_by(Claimant.id)
    claimant = db.session.scalars(query).first()
    if claimant is None:
        raise Conflict("这件案没有投诉人。", code="no_claimant")
    return claimant


@effect("override_correction")
def override_correction(stage: Stage) -> Done:
    """A second correction notice is an exception the head allows with a reason."""
    stage.case.may_correct_again = True
    add_act(stage, {}, text=stage.values["reason"])
    return Done({}, None, stage.values["reason"])


@effect("extend")
def extend(stage: Stage) -> Done:
    """Thirty more working days, once, before expiry, told in writing (粤监察 44(2))."""
    clock = _investigation(stage)
    document = issue(stage)
    act = add_act(stage, {}, text=stage.values["reason"], document=document)
    clocks.extend(clock, act.id, "情况复杂", stage.today)
    due = _due(clock)
    told = Told("办案期限延长了", f"情况复杂，经批准延长 30 个工作日，最晚{due}作出处理。")
    detail = {"due_on": str(clock.due_on), "is_provisional": clock.is_provisional}
    return Done(detail, told, stage.values["reason"], document)


@effect("suspend")
def suspend(stage: Stage) -> Done:
    """The clock stops from the day of approval; notice within three working days (45)."""
    clock = _investigation(stage)
    document = issue(stage)
    act = add_act(
        stage, {"ground": stage.values["ground"]}, text=stage.values["reason"], document=document
    )
    clocks.pause(clock, "suspension", act.id, stage.values["ground"], stage.today)
    clocks.start(stage.case, "suspension_notice", stage.today)
    told = Told("办案期限中止了", "因为下面的原因，期限先停下来，不是不办了。恢复时再通知您。")
    return Done({"ground": stage.values["ground"]}, told, stage.values["reason"], document)


@effect("resume")
def resume(stage: Stage) -> Done:
    """The ground is gone and the clock runs on from today (45(2))."""
    clock = _investigation(stage)
    _end_pause(stage, clock)
    add_act(stage, {}, text=stage.values["reason"])
    told = Told("恢复办理", f"期限从今天起接着算，最晚{_due(clock)}作出处理。")
    return Done({"due_on": str(clock.due_on)}, told, stage.values["reason"])


def _end_pause(stage: Stage, clock: clocks.Clock) -> None:
    # the day of resumption counts again, so the last day left out is the one before it
    last = add_days(stage.today, -1)
    first = min((c.from_on for c in clocks.open_changes(clock.id)), default=last)
    clocks.resume(clock, max(last, first))


@effect("exclude_time")
def exclude_time(stage: Stage) -> Done:
    """Public notice, audit or appraisal are not counted (粤监察 44(2))."""
    clock = _investigation(stage)
    from_on = not_later_than_today(stage, "from_on")
    ground = stage.values["ground"]
    act = add_act(stage, {"ground": ground}, on=from_on, text=stage.values["reason"])
    clocks.pause(clock, "excluded", act.id, ground, from_on)
    told = Told("有一段时间不计算", "公告、审计或鉴定的时间不算在期限里，办完接着算。")
    return Done({"ground": ground, "from_on": str(from_on)}, told, stage.values["reason"])


@effect("end_excluded_time")
def end_excluded_time(stage: Stage) -> Done:
    """The notice, audit or appraisal is over."""
    clock = _investigation(stage)
    to_on = not_later_than_today(stage, "to_on")
    clocks.resume(clock, to_on)
    add_act(stage, {"to_on": str(to_on)}, text=stage.values["reason"])
    told = Told("期限接着算", f"不计算的时间结束了，最晚{_due(clock)}作出处理。")
    return Done({"to_on": str(to_on), "due_on": str(clock.due_on)}, told, stage.values["reason"])


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
    told = Told("已催告单位", f"已书面催告单位。{_due(clock)}还不付，可以申请法院强制执行。")
    return Done({"demanded_on": str(on), "due_on": str(clock.due_on)}, told, document=document)


@effect("pass_review")
def pass_review(stage: Stage) -> Done:
    """The legal review is passed by somebody who does not handle the case (58)."""
    refuse_own_review(stage)
    add_act(stage, {}, text=stage.values["opinion"])
    return Done({}, Told("审核通过了", "法制审核通过，接下来作决定。"))


@effect("answer_reporter")
def answer_reporter(stage: Stage) -> Done:
    """A real-name reporter who asked is answered (粤监察 34)."""
    add_act(stage, {}, text=stage.values["answer"])
    return Done({}, Told("答复您的举报", stage.values["answer"]))


@effect("note")
def note(stage: Stage) -> Done:
    """A note for colleagues; the worker does not see it."""
    add_act(stage, {}, text=stage.values["note"])
    return Done()


@effect("ask_withdrawal")
def ask_withdrawal(stage: Stage) -> Done:
    """A withdrawal is asked for; it can be undone until it takes effect (粤监察 46(4))."""
    effective_at = DEFAULT_POLICY.withdraw_effective_at(stage.now)
    db.session.add(
        Withdrawal(
            case_id=stage.case.id,
            asked_at=stage.now,
            effective_at=effective_at,
            reason=stage.text("note") or None,
        )
    )
    told = Told("收到您的撤回申请", "24 小时内可以反悔。不是您自己愿意的，请马上告诉我们。")
    return Done({"effective_at": effective_at.isoformat()}, told)


@effect("undo_withdrawal")
def undo_withdrawal(stage: Stage) -> Done:
    """The worker changed their mind, or never wanted it."""
    asked = live_withdrawal(stage.case.id)
    if asked is None:
        raise Conflict("没有等着生效的撤回。", code="not_asked")
    asked.undone_at = stage.now
    return Done({}, Told("撤回取消了", "您的投诉照常办。"))


def _investigation(stage: Stage) -> clocks.Clock:
    clock = clocks.live(stage.case.id, "investigate")
    if clock is None:
        raise Conflict("调查期限没有在走。", code="no_clock")
    return clock


def _due(clock: clocks.Clock) -> str:
    return (
        day(clock.due_on, is_provisional=clock.is_provisional) if clock.due_on else "（恢复后再算）"
    )


@effect("follow_up")
def follow_up(stage: Stage) -> Done:
    """A call after the end; "not paid" opens a linked case (粤监察 32)."""
    result = stage.values["result"]
    add_act(stage, {"result": result}, text=stage.text("note") or None)
    if result not in ("unpaid", "partly") or stage.case.outcome is None:
        return Done({"result": result})
    if stage.case.lane != Lane.COMPLAINT or follower(stage.case) is not None:
        return Done({"result": result})
    case = open_linked(stage.case, stage.actor, stage.now)
    told = Told("另开了一件接着办", f"您说没拿到钱，我们另开了一件（{case.number}）接着办。")
    return Done({"result": result, "to_number": case.number}, told)
