"""What each move of a complaint does: dates, clocks, documents, words for the worker."""

from __future__ import annotations

import sqlalchemy as sa

from backend.complaints.models import Case, Correction
from backend.complaints.service import clocks, orders, remedies
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    issue,
    late_reason,
    wrong,
)
from backend.complaints.service.telling import Told, day, until, words_for_refusal, yuan
from backend.complaints.states import DecisionKind, S
from backend.core.db import db
from backend.core.errors import Conflict
from backend.identity.service import staff_by_id


@effect("request_correction")
def request_correction(stage: Stage) -> Done:
    """One list of everything missing; the acceptance clock stops (粤监察 39(7))."""
    case, items = stage.case, stage.values["items"]
    if case.correction_count > 0 and not case.may_correct_again:
        raise Conflict("只能一次性告知补正；要再补一次，先请负责人准许。", code="corrected_once")
    case.correction_count += 1
    case.may_correct_again = False
    for item in items:
        db.session.add(
            Correction(case_id=case.id, round=case.correction_count, asked_at=stage.now, item=item)
        )
    clocks.stop(case, "accept", stage.today)
    clocks.stop(case, "discover_file", stage.today)
    document = issue(stage)
    told = Told("请补材料", f"还缺 {len(items)} 样材料，单子在这件投诉里。请一次补齐。")
    return Done({"items": len(items)}, told, document=document)


def restart_acceptance(case: Case, stage: Stage) -> None:
    """The material is complete again: a new acceptance clock from today [POLICY]."""
    clocks.start(case, "accept", stage.today)


def answered(case: Case, stage: Stage) -> None:
    """The written answer is out: the clock that asked for it is met, whichever of the two ran."""
    clocks.meet(case, "accept", stage.today)  # a complaint's (粤监察 39)
    clocks.meet(case, "discover_file", stage.today)  # a linked case's, found by us (粤监察 32)


@effect("resupply")
def resupply(stage: Stage) -> Done:
    """The worker (or staff for them) handed in what was missing."""
    answers = stage.values.get("answers")
    if not answers:  # the items are answered in their own form, not in that of a plain step
        raise wrong("items", "要逐项写明补了什么，请在“补正”的表里填。")
    for row in open_corrections(stage.case):
        row.answer = answers.get(str(row.id)) or "已补"
        row.answered_at = stage.now
    restart_acceptance(stage.case, stage)
    return Done({}, Told("收到补的材料", "您补的材料收到了，从今天起重新算答复的期限。"))


def open_corrections(case: Case) -> list[Correction]:
    """Items of the correction notice that were not answered yet."""
    query = sa.select(Correction).where(
        Correction.case_id == case.id, Correction.answered_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Correction.id)))


@effect("accept")
def accept(stage: Stage) -> Done:
    """Accepted and filed on the same day, by two named officers (粤监察 36(1), 11)."""
    case = stage.case
    name_officers(stage)
    case.accepted_on = case.case_filed_on = stage.today
    answered(case, stage)
    clock = clocks.start(case, "investigate", stage.today)
    document = issue(stage)
    names = _officer_names(case)
    told = Told(
        "已受理立案",
        f"您的投诉已受理立案，承办人{names}。最晚{until(clock)}作出处理。",
    )
    return Done(
        {"due_on": str(clock.due_on), "is_provisional": clock.is_provisional},
        told,
        document=document,
    )


@effect("deem_accepted")
def deem_accepted(stage: Stage) -> Done:
    """No written answer in time: accepted from the day of receipt (粤监察 39(2))."""
    case = stage.case
    accept_clock = clocks.live(case.id, "accept")
    if accept_clock is None:
        raise Conflict("没有在走的受理期限。", code="no_clock")
    received = accept_clock.started_on
    case.accepted_on = case.case_filed_on = received
    case.is_deemed_accepted = True
    case.alarm = "deemed_accepted" if case.is_confirmed else "deemed_unconfirmed"
    accept_clock.state, accept_clock.ended_on = "passed", stage.today
    clock = clocks.start(case, "investigate", received)
    told = Told(
        "您的投诉视为已受理",
        f"我们没有按期答复，依法从收到之日（{day(received)}）起就算受理。最晚{until(clock)}作出处理。",
    )
    detail = {
        "received_on": str(received),
        "due_on": str(clock.due_on),
        "is_provisional": clock.is_provisional,
    }
    return Done(detail, told)


@effect("refuse")
def refuse(stage: Stage) -> Done:
    """Not accepted, in writing and with one reason (粤监察 39(3)-(6))."""
    ground, reason = stage.values["ground"], stage.values["reason"]
    answered(stage.case, stage)
    document = issue(stage)
    return Done({"ground": ground}, words_for_refusal(ground, reason), reason, document)


@effect("redirect")
def redirect(stage: Stage) -> Done:
    """Told in writing which body is competent (粤监察 39(1)(2))."""
    body, contact = stage.values["body"], stage.text("body_contact")
    answered(stage.case, stage)
    document = issue(stage)
    where = f"{body}（{contact}）" if contact else body
    told = Told("这件事要去别的单位办", f"请向{where}提出。告知书在这件投诉里，带上编号去就行。")
    return Done({"ground": stage.values["ground"], "body": body}, told, body, document)


@effect("order_payment")
def order_payment(stage: Stage) -> Done:
    """The employer is ordered to pay within a time limit (粤监察 51)."""
    late = late_reason(stage)
    amount, pay_by = orders.amount(stage), orders.pay_by(stage)
    orders.refuse_other_paper(stage, amount, pay_by)
    clocks.stop(stage.case, "pay_by", stage.today)
    db.session.flush()
    clocks.start_until(stage.case, "pay_by", stage.today, pay_by)
    document = issue(stage)
    told = Told(
        "已责令单位付钱",
        f"已责令单位最晚在{day(pay_by)}（当天也算）付清 {yuan(amount)}。"
        "到期不付，本局可责令再付 50% 到 100% 的赔偿金。",
    )
    detail = {"amount_fen": amount, "pay_by": str(pay_by), "late_reason": late}
    return Done(detail, told, stage.values["reason"], document)


@effect("give_prior_notice")
def give_prior_notice(stage: Stage) -> Done:
    """The employer is told what is intended and may ask for a hearing (行政处罚法 44, 63)."""
    late = late_reason(stage)
    document = issue(stage)
    # the employer's time begins when this notice is served; that of an older one is void
    clocks.stop(stage.case, "hearing_request", stage.today)
    add_act(stage, {}, document=document)
    told = Told("已事先告知单位", "我们把要作的决定先告知了单位。单位可以申辩，之后才作决定。")
    return Done({"late_reason": late}, told, stage.values["reason"], document)


@effect("send_to_review")
def send_to_review(stage: Stage) -> Done:
    """The draft decision goes to a reviewer who is not an officer of the case (58)."""
    late = late_reason(stage)
    add_act(stage, {}, text=stage.values["draft"])
    told = Told("决定正在审核", "决定草稿已送法制审核，审核的人不办这件案。")
    return Done({"late_reason": late}, told)


@effect("return_from_review")
def return_from_review(stage: Stage) -> Done:
    """The reviewer sends it back with an opinion."""
    refuse_own_review(stage)
    add_act(stage, {}, text=stage.values["opinion"])
    return Done({}, Told("审核后继续查", "法制审核要求补充，监察员接着查。"))


def refuse_own_review(stage: Stage) -> None:
    """An officer of the case cannot review it (行政处罚法 58)."""
    refuse_own_case(stage, "您是这件案的承办人，不能审核它。")


def refuse_own_case(stage: Stage, words: str) -> None:
    """Reviewing and deciding are for somebody who did not investigate the case."""
    if stage.actor.id in (stage.case.officer_id, stage.case.second_officer_id):
        raise Conflict(words, code="own_case")


@effect("decide")
def decide(stage: Stage) -> Done:
    """A decision in the bureau's name, with what §§44, 57 and 58 ask for before it."""
    refuse_own_case(stage, "您是这件案的承办人，要由别人作决定。")
    kind = stage.values["kind"]
    if stage.values["is_grave"] and not stage.text("participants"):
        raise wrong("participants", "集体讨论要写明参加的人（行政处罚法 57）。")
    if kind == DecisionKind.PENALTY:
        _refuse_unheard_penalty(stage)
    must_review = stage.values["needs_review"] or stage.case.state == S.IN_LEGAL_REVIEW
    if must_review and not stage.facts.is_review_passed:
        raise Conflict("法制审核还没有通过，不能作决定（行政处罚法 58）。", code="needs_review")
    late = late_reason(stage)
    orders.refuse_other_decision(stage)
    clocks.meet(stage.case, "investigate", stage.today)
    clocks.stop(stage.case, "hearing_request", stage.today)
    document = issue(stage, kind)
    if kind != DecisionKind.CASE_CANCELLED:
        clocks.start(stage.case, "report_superior", stage.today)
    add_act(
        stage,
        {
            "kind": kind,
            "is_grave": stage.values["is_grave"],
            "participants": stage.text("participants"),
            "waiver": stage.text("waiver"),
        },
        document=document,
    )
    told = Told("决定已经作出", f"我们作出了{document.title}，可以在这件投诉里打开看。")
    return Done({"kind": kind, "late_reason": late}, told, stage.values["reason"], document)


def _refuse_unheard_penalty(stage: Stage) -> None:
    """No penalty before the employer was told and had its time, or gave it up (62)."""
    if not stage.facts.has_prior_notice:
        raise Conflict("处罚前要先告知单位（行政处罚法 44）。", code="needs_prior_notice")
    time = remedies.time_to_speak(remedies.papers(stage.case.id))
    if time is None or time.due is None:
        raise Conflict(
            "事先告知书还没送达单位，不能作处罚决定。请先记录送达（行政处罚法 62）。",
            code="notice_not_served",
        )
    if not stage.facts.is_notice_waited and not stage.text("waiver"):
        last = day(time.due, is_provisional=time.is_provisional)
        raise Conflict(
            f"单位陈述申辩、要求听证的时间到{last}为止，过了这天才能作处罚决定"
            "（行政处罚法 44、45、62、64）。单位书面放弃的，请写明凭证。",
            code="hearing_time_runs",
        )


def name_officers(stage: Stage) -> None:
    """Write the two officers of the case; a field error when the second cannot be one."""
    first = stage.case.officer_id or stage.asked_by.id
    second = staff_by_id(stage.values["second_officer_id"])
    if second is None or not second.is_active or "inspector" not in second.roles:
        raise wrong("second_officer_id", "请选一名在岗的监察员。")
    if second.id == first:
        raise wrong("second_officer_id", "要两名不同的监察员（粤监察 11）。")
    if stage.actor.id == second.id:
        raise wrong("second_officer_id", "批准人不能当这件案的承办人。")
    stage.case.officer_id, stage.case.second_officer_id = first, second.id


def _officer_names(case: Case) -> str:
    people = [staff_by_id(i) for i in (case.officer_id, case.second_officer_id) if i]
    return "、".join(p.name for p in people if p is not None)
