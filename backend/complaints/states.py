"""States, moves and acts of a complaint and of a report: what may follow what, by whom, on what.

Pure: reads facts, changes nothing. A state says who must act next; what runs beside it (a pause,
a mediation, an extension) is an act. Source: 广东省劳动保障监察条例 and the articles named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.core.actor import Actor


class Lane(StrEnum):
    """投诉 carries a claim and a legal clock; 举报 is a tip-off and may be anonymous."""

    COMPLAINT = "complaint"
    REPORT = "report"


class S(StrEnum):
    """Every state of both lanes."""

    SUBMITTED = "submitted"
    CORRECTION_REQUESTED = "correction_requested"
    INVESTIGATING = "investigating"
    ORDERED = "ordered"
    PRIOR_NOTICE_GIVEN = "prior_notice_given"
    IN_LEGAL_REVIEW = "in_legal_review"
    DECIDED = "decided"
    ENFORCING = "enforcing"
    NOT_ACCEPTED = "not_accepted"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    RECEIVED = "received"
    FILED = "filed"
    TRANSFERRED = "transferred"
    NOT_FILED = "not_filed"


COMPLAINT_OPEN = frozenset(
    {
        S.SUBMITTED,
        S.CORRECTION_REQUESTED,
        S.INVESTIGATING,
        S.ORDERED,
        S.PRIOR_NOTICE_GIVEN,
        S.IN_LEGAL_REVIEW,
        S.DECIDED,
        S.ENFORCING,
    }
)
COMPLAINT_FINAL = frozenset({S.NOT_ACCEPTED, S.REDIRECTED, S.WITHDRAWN, S.CLOSED})
REPORT_OPEN = frozenset({S.RECEIVED, S.FILED, S.INVESTIGATING})
REPORT_FINAL = frozenset({S.TRANSFERRED, S.NOT_FILED, S.CLOSED})
STATES = {
    Lane.COMPLAINT: COMPLAINT_OPEN | COMPLAINT_FINAL,
    Lane.REPORT: REPORT_OPEN | REPORT_FINAL,
}
OPEN = COMPLAINT_OPEN | REPORT_OPEN
FINAL = COMPLAINT_FINAL | REPORT_FINAL
UNDER_INVESTIGATION = frozenset(
    {S.INVESTIGATING, S.ORDERED, S.PRIOR_NOTICE_GIVEN, S.IN_LEGAL_REVIEW}
)

COMPLAINT_LABELS = {
    S.SUBMITTED: "待审查",
    S.CORRECTION_REQUESTED: "待补正",
    S.INVESTIGATING: "已受理立案",
    S.ORDERED: "已责令支付",
    S.PRIOR_NOTICE_GIVEN: "已事先告知",
    S.IN_LEGAL_REVIEW: "法制审核中",
    S.DECIDED: "已作决定",
    S.ENFORCING: "申请强制执行",
    S.NOT_ACCEPTED: "不予受理",
    S.REDIRECTED: "已告知去向",
    S.WITHDRAWN: "已撤回",
    S.CLOSED: "已结案",
}
REPORT_LABELS = {
    S.RECEIVED: "已收到",
    S.FILED: "已立案",
    S.INVESTIGATING: "调查中",
    S.TRANSFERRED: "已移送",
    S.NOT_FILED: "未立案",
    S.CLOSED: "已结案",
}


def label(lane: str, state: str) -> str:
    """The state's word, as the law and both screens use it."""
    labels = REPORT_LABELS if lane == Lane.REPORT else COMPLAINT_LABELS
    return labels[S(state)]


class RefuseReason(StrEnum):
    """Why a complaint is not accepted (粤监察 39(3)-(6))."""

    TIME_BARRED = "time_barred"
    ALREADY_IN_ARBITRATION_OR_COURT = "already_in_arbitration_or_court"
    MUST_GO_TO_ARBITRATION = "must_go_to_arbitration"
    ALREADY_HANDLED = "already_handled"


class RedirectReason(StrEnum):
    """Why a complaint belongs elsewhere (粤监察 39(1)(2))."""

    OUT_OF_SCOPE = "out_of_scope"
    OTHER_JURISDICTION = "other_jurisdiction"


class DecisionKind(StrEnum):
    """What kind of decision was made (粤监察 44)."""

    HANDLING = "handling"
    PENALTY = "penalty"
    CASE_CANCELLED = "case_cancelled"


class Outcome(StrEnum):
    """How a case ended; every closed case has exactly one."""

    PAID_IN_FULL = "paid_in_full"
    PAID_AFTER_ORDER = "paid_after_order"
    PAID_AFTER_DECISION = "paid_after_decision"
    SETTLED = "settled"
    PAID_BY_GENERAL_CONTRACTOR = "paid_by_general_contractor"
    PAID_FROM_EMERGENCY_FUND = "paid_from_emergency_fund"
    ENFORCED_BY_COURT = "enforced_by_court"
    REFERRED_TO_POLICE = "referred_to_police"
    ADVISED_ARBITRATION = "advised_arbitration"
    NOT_SUBSTANTIATED = "not_substantiated"
    NO_VIOLATION = "no_violation"
    CASE_CANCELLED = "case_cancelled"


# Outcomes that tell the worker and the statistics that the wages are paid.
PAID_OUTCOMES = frozenset(
    {
        Outcome.PAID_IN_FULL,
        Outcome.PAID_AFTER_ORDER,
        Outcome.PAID_AFTER_DECISION,
        Outcome.PAID_BY_GENERAL_CONTRACTOR,
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know of one case at one moment; computed, never stored."""

    lane: str
    state: str
    is_mine: bool = True
    has_officer: bool = True
    has_two_officers: bool = True
    is_confirmed: bool = False
    is_accept_open: bool = True
    is_accept_deemable: bool = False
    is_paused: bool = False
    is_suspended: bool = False
    is_time_excluded: bool = False
    corrections: int = 0
    has_investigate_clock: bool = False
    is_investigate_passed: bool = False
    is_extended: bool = False
    has_prior_notice: bool = False
    is_notice_waited: bool = False
    is_decision_served: bool = False
    is_remedy_over: bool = False
    is_review_passed: bool = False
    is_demand_waited: bool = False
    has_demand: bool = False
    is_order_ignored: bool = False
    is_compensation_ordered: bool = False
    is_withdrawal_asked: bool = False
    is_withdrawal_ripe: bool = False
    is_withdrawal_recorded_by_me: bool = False
    has_other_approval: bool = False
    has_unserved_document: bool = False
    has_handover_to_me: bool = False
    is_reporter_answerable: bool = False
    is_decided_reportable: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must hold before a move or act; `missing` says so when it does not."""

    fact: str
    missing: str
    expected: bool = True

    def holds(self, facts: Facts) -> bool:
        """Whether the facts satisfy it."""
        return bool(getattr(facts, self.fact)) is self.expected


CONDITIONS: Mapping[str, Condition] = {
    "mine": Condition("is_mine", "这件案由别的监察员承办，要先办移交。"),
    "two_officers": Condition("has_two_officers", "还没有两名承办的监察员（粤监察 11）。"),
    "no_second": Condition("has_two_officers", "已经有两名承办人。", expected=False),
    "confirmation": Condition("is_confirmed", "还没有投诉人本人确认的记录（粤监察 36、39(8)）。"),
    "accept_open": Condition("is_accept_open", "受理期限已过，逾期未告知的即为受理（粤监察 39）。"),
    "deemable": Condition("is_accept_deemable", "受理期限还没过，或日期是暂定的，或正在等补正。"),
    "not_paused": Condition("is_paused", "办案时限已中止或扣除，要先恢复。", expected=False),
    "suspended": Condition("is_suspended", "现在没有中止。"),
    "time_excluded": Condition("is_time_excluded", "现在没有扣除的时间。"),
    "clock_running": Condition("has_investigate_clock", "调查期限没有在走。"),
    "not_passed": Condition(
        "is_investigate_passed", "延长要在期限届满前办（粤监察 44）。", expected=False
    ),
    "not_extended": Condition("is_extended", "已经延长过一次，不能再延。", expected=False),
    "prior_notice": Condition("has_prior_notice", "处罚前要先告知单位（行政处罚法 44）。"),
    "decision_served": Condition("is_decision_served", "决定书还没有送达单位，先记录送达。"),
    "remedy_over": Condition(
        "is_remedy_over",
        "单位复议和起诉的期限还没过：从决定书送达起六个月（行政强制法 53、行政诉讼法 46）。",
    ),
    "review_passed": Condition("is_review_passed", "法制审核还没有通过（行政处罚法 58）。"),
    "demand_waited": Condition("is_demand_waited", "要先催告，并等满十日（行政强制法 54）。"),
    "no_demand": Condition("has_demand", "已经催告过。", expected=False),
    "order_ignored": Condition("is_order_ignored", "限期支付的日子还没过，或已经付清。"),
    "no_compensation": Condition("is_compensation_ordered", "已经责令加付过。", expected=False),
    "withdrawal_asked": Condition("is_withdrawal_asked", "投诉人没有申请撤回。"),
    "withdrawal_ripe": Condition("is_withdrawal_ripe", "撤回还没满 24 小时。"),
    "others_record": Condition(
        "is_withdrawal_recorded_by_me",
        "撤回是您自己记下的，请另一名监察员打电话问本人；没有反悔，满 24 小时自动生效。",
        expected=False,
    ),
    "no_withdrawal": Condition("is_withdrawal_asked", "已经申请撤回，可以取消。", expected=False),
    "no_approval": Condition("has_other_approval", "这件案有一份请示还没批。", expected=False),
    "unserved": Condition("has_unserved_document", "没有等着送达的文书。"),
    "handover": Condition("has_handover_to_me", "没有移交给您。"),
    "answerable": Condition("is_reporter_answerable", "举报人匿名，或没有要求答复。"),
    "reportable": Condition("is_decided_reportable", "没有要报上一级备案的决定。"),
    "no_officer": Condition("has_officer", "这件案已经有承办人。", expected=False),
}

INSPECTOR = frozenset({"inspector"})
UNIT_HEAD = frozenset({"unit_head", "head"})  # the head may stand in for the unit head
HEAD = frozenset({"head"})
REVIEWER = frozenset({"legal_reviewer"})
COMPLAINANT = frozenset({"complainant"})
SYSTEM = frozenset({"system"})


@dataclass(frozen=True, slots=True)
class Move:
    """A step from some states to another: who may take it, who approves, what must hold."""

    key: str
    label: str
    lane: Lane
    sources: frozenset[S]
    target: S
    by: frozenset[str]
    law: str | None
    needs: tuple[str, ...] = ()
    approver: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """A dated record beside the state: it changes no state, and so hides no phase underneath."""

    key: str
    label: str
    sources: Mapping[Lane, frozenset[S]]
    by: frozenset[str]
    law: str | None
    needs: tuple[str, ...] = ()
    approver: frozenset[str] = frozenset()


def role_names(actor: Actor) -> frozenset[str]:
    """The names under which an actor stands in the tables above."""
    if actor.kind == "worker":
        return COMPLAINANT
    if actor.kind == "system":
        return SYSTEM
    return actor.roles


def missing(step: Move | Act, facts: Facts) -> list[str]:
    """What keeps the step from being taken now, one sentence each; empty when nothing does."""
    return [CONDITIONS[need].missing for need in step.needs if not CONDITIONS[need].holds(facts)]


def is_in_place(step: Move | Act, facts: Facts) -> bool:
    """Whether the step belongs to this lane and state at all."""
    return is_step_of(step, facts.lane, facts.state)


def is_step_of(step: Move | Act, lane: str, state: str) -> bool:
    """Whether a lane has the step in this state, whatever else must hold."""
    if isinstance(step, Move):
        return lane == step.lane and state in step.sources
    return state in step.sources.get(Lane(lane), frozenset())


def may(step: Move | Act, facts: Facts, actor: Actor) -> bool:
    """Whether this actor may take the step now (or, where it needs one, ask for its approval)."""
    return (
        is_in_place(step, facts)
        and not step.by.isdisjoint(role_names(actor))
        and not missing(step, facts)
    )
