"""What each act records about the people of a case: who handles, confirms, withdraws, is asked."""

from __future__ import annotations

import sqlalchemy as sa

from backend.complaints.models import Claimant, Withdrawal
from backend.complaints.service.facts import live_withdrawal
from backend.complaints.service.linked import follower, open_linked
from backend.complaints.service.moves import name_officers, refuse_own_review
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    happened_on,
    wrong,
)
from backend.complaints.service.telling import Told
from backend.complaints.states import Lane
from backend.core.db import db
from backend.core.errors import Conflict
from backend.identity.service import staff_by_id
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
    on = happened_on(stage, "confirmed_on", stage.case.received_on, "这天才收到投诉")
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
    """A withdrawal is asked for; it can be undone until it takes effect (粤监察 46(4)).

    What a member of staff writes down is their record, not the person's own deed: who wrote it
    stays with it, and somebody else makes the call that lets it take effect at once.
    """
    effective_at = DEFAULT_POLICY.withdraw_effective_at(stage.now)
    db.session.add(
        Withdrawal(
            case_id=stage.case.id,
            asked_at=stage.now,
            effective_at=effective_at,
            reason=stage.text("note") or None,
        )
    )
    detail = {"effective_at": effective_at.isoformat()}
    if not stage.actor.is_staff:
        told = Told("收到您的撤回申请", "24 小时内可以反悔。不是您自己愿意的，请马上告诉我们。")
        return Done(detail, told)
    add_act(stage, {}, text=stage.text("note") or None)
    told = Told(
        "记下了您要撤回投诉",
        f"{stage.actor.name}记下：您说要撤回。24 小时内可以反悔。"
        "您没说过，或不是自己愿意的，请马上告诉我们。",
    )
    return Done(detail | {"recorded_by": stage.actor.name}, told)


@effect("undo_withdrawal")
def undo_withdrawal(stage: Stage) -> Done:
    """The worker changed their mind, or never wanted it."""
    asked = live_withdrawal(stage.case.id)
    if asked is None:
        raise Conflict("没有等着生效的撤回。", code="not_asked")
    asked.undone_at = stage.now
    if stage.actor.is_staff:
        add_act(stage, {}, text=stage.text("note") or None)
    return Done({}, Told("撤回取消了", "您的投诉照常办。"))


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
