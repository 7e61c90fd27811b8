"""What the moves at the end of a case do: enforcement, arbitration, closing, withdrawal."""

from __future__ import annotations

from backend.complaints.models import Case
from backend.complaints.service import clocks
from backend.complaints.service.facts import acts_of, live_withdrawal
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    issue,
    late_reason,
    not_later_than_today,
    wrong,
)
from backend.complaints.service.telling import Told, words_for_close
from backend.complaints.states import DecisionKind, Lane, Outcome, S
from backend.core.errors import Conflict


@effect("apply_enforcement")
def apply_enforcement(stage: Stage) -> Done:
    """Application to the court within three months (行政强制法 53-54)."""
    on = not_later_than_today(stage, "applied_on")
    document = issue(stage)
    clocks.meet(stage.case, "enforce_apply", stage.today)
    court = stage.values["court"]
    told = Told("已申请强制执行", f"单位没照决定做，我们已向{court}申请强制执行。")
    return Done({"court": court, "applied_on": str(on)}, told, document=document)


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
    end_case(stage)
    detail = {"outcome": outcome, "amount_fen": stage.values.get("amount_fen"), "late_reason": late}
    reason = stage.values["reason"]
    if stage.case.lane == Lane.REPORT:
        told = Told("举报已办结", "您举报的事已办结，结果写在里面。")
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
