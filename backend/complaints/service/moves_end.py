"""What the moves at the end of a case do: enforcement, arbitration, closing, withdrawal."""

from __future__ import annotations

from datetime import date

from backend.complaints.models import Case
from backend.complaints.service import clocks, remedies
from backend.complaints.service.facts import acts_of, live_withdrawal
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    happened_on,
    issue,
    late_reason,
    wrong,
)
from backend.complaints.service.telling import Told, words_for_close, words_for_unpaid, yuan
from backend.complaints.states import PAID_OUTCOMES, DecisionKind, Lane, Outcome, S
from backend.core.errors import Conflict
from backend.law.days import add_days


@effect("apply_enforcement")
def apply_enforcement(stage: Stage) -> Done:
    """Application to the court within three months (行政强制法 53-54)."""
    on = happened_on(stage, "applied_on", _possible_from(stage), "这天起才可以申请强制执行")
    document = issue(stage)
    clocks.meet(stage.case, "enforce_apply", stage.today)
    court = stage.values["court"]
    told = Told("已申请强制执行", f"单位没照决定做，我们已向{court}申请强制执行。")
    return Done({"court": court, "applied_on": str(on)}, told, document=document)


def _possible_from(stage: Stage) -> date:
    """The day after the employer's time to appeal and that of the demand have both run out."""
    appeal = remedies.time_to_appeal(remedies.papers(stage.case.id))
    demands = [c.due_on for c in clocks.of_case(stage.case.id) if c.key == "demand_wait"]
    ends = [on for on in (appeal.due if appeal else None, *demands) if on is not None]
    return add_days(max(ends, default=stage.case.received_on), 1)


@effect("advise_arbitration")
def advise_arbitration(stage: Stage) -> Done:
    """Facts that cannot be proved go to arbitration, with the form filled in (粤监察 44(4))."""
    late = late_reason(stage)
    document = issue(stage)
    end_case(stage)
    told = words_for_close(Outcome.ADVISED_ARBITRATION, stage.values["reason"])
    outcome = Outcome.ADVISED_ARBITRATION.value
    detail = {"outcome": outcome, "late_reason": late}
    return Done(detail, told, stage.values["reason"], document, outcome)


@effect("close")
def close(stage: Stage) -> Done:
    """Closed with exactly one outcome (粤监察 46)."""
    outcome, late = stage.values["outcome"], late_reason(stage)
    _refuse_unlikely_outcome(stage, outcome)
    unpaid = _unpaid(stage, outcome)
    end_case(stage)
    detail = {
        "outcome": outcome,
        "amount_fen": stage.values.get("amount_fen"),
        "unpaid_fen": unpaid or None,
        "late_reason": late,
    }
    reason = stage.values["reason"]
    if stage.case.lane == Lane.REPORT:
        told = Told("举报已办结", "您举报的事已办结，结果写在里面。")
    elif unpaid:
        told = words_for_unpaid(stage.case, outcome, stage.text("unpaid_reason"))
    else:
        told = words_for_close(outcome, reason)
    return Done(detail, told, reason, outcome=outcome)


def _refuse_unlikely_outcome(stage: Stage, outcome: str) -> None:
    """An outcome says what happened; some need the step that it names."""
    state = stage.case.state
    if outcome == Outcome.PAID_AFTER_ORDER and state == S.INVESTIGATING:
        raise wrong("outcome", "还没有责令支付，请选“已全部付清”。")
    if outcome == Outcome.PAID_AFTER_DECISION and state not in (S.DECIDED, S.ENFORCING):
        raise wrong("outcome", "还没有作出决定。")
    if outcome == Outcome.ENFORCED_BY_COURT and state != S.ENFORCING:
        raise wrong("outcome", "还没有申请强制执行。")
    if outcome == Outcome.REFERRED_TO_POLICE and not acts_of(stage.case.id, "refer_to_police"):
        raise wrong("outcome", "还没有移送公安。")
    if outcome == Outcome.CASE_CANCELLED and not _is_cancelled(stage.case):
        raise wrong("outcome", "还没有作出撤销立案的决定。")
    if outcome == Outcome.SETTLED and not stage.values.get("amount_fen"):
        raise wrong("amount_fen", "达成协议要写明金额。")


def _unpaid(stage: Stage, outcome: str) -> int:
    """What is still open though the case ends as paid; needs a written reason, and no other sum."""
    case = stage.case
    if case.lane != Lane.COMPLAINT or outcome not in PAID_OUTCOMES:
        return 0
    said = stage.values.get("amount_fen")
    if said and said != case.received_fen:
        message = f"记下收到的是 {yuan(case.received_fen)}，这里写 {yuan(said)}，请改成一样。"
        raise wrong("amount_fen", message)
    still = case.open_fen
    if still and not stage.text("unpaid_reason"):
        raise wrong(
            "unpaid_reason",
            f"账上还欠 {yuan(still)}（记下收到 {yuan(case.received_fen)}）。"
            "请先记录收到的钱，或写明为什么算付清。",
        )
    return still


def _is_cancelled(case: Case) -> bool:
    """Whether the decision that stands cancels the case; a report's closing says it itself."""
    if case.lane == Lane.REPORT:
        return True
    decisions = acts_of(case.id, "decide")
    return bool(decisions) and decisions[-1].detail["kind"] == DecisionKind.CASE_CANCELLED


def end_case(stage: Stage) -> None:
    """Note the end and end every clock but the duties that outlive a case."""
    stage.case.closed_at = stage.now
    clocks.meet(stage.case, "investigate", stage.today)
    clocks.stop_all(stage.case, stage.today, but=("serve", "report_superior"))


@effect("withdraw")
def withdraw(stage: Stage) -> Done:
    """A withdrawal takes effect after an officer's call or 24 hours (粤监察 46(4), [POLICY])."""
    asked = live_withdrawal(stage.case.id)
    if asked is None:
        raise Conflict("投诉人没有申请撤回。", code="not_asked")
    asked.effected_at = stage.now
    stage.case.closed_at = stage.now
    clocks.stop_all(stage.case, stage.today)
    if stage.actor.is_staff:
        add_act(stage, {}, text=stage.values["call_note"])
    told = Told("投诉已撤回", "您的投诉已撤回。钱的事没解决，还可以再投诉，注意期限。")
    return Done({"by_call": stage.actor.is_staff}, told)
