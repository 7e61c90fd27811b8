"""The tables of all moves and acts, as the rules in states.py read them."""

from __future__ import annotations

from backend.complaints.states import (
    COMPLAINANT,
    COMPLAINT_FINAL,
    COMPLAINT_OPEN,
    HEAD,
    INSPECTOR,
    REPORT_FINAL,
    REPORT_OPEN,
    REVIEWER,
    SYSTEM,
    UNDER_INVESTIGATION,
    UNIT_HEAD,
    Act,
    Lane,
    Move,
    S,
)
from backend.core.errors import Conflict

_C, _R = Lane.COMPLAINT, Lane.REPORT
_DESK = INSPECTOR | {"clerk"}
_CASEWORK = ("mine", "not_paused", "no_approval")
# a handling rests on what two inspectors found (粤监察 11); a deemed acceptance has named none yet
_FINDING = (*_CASEWORK, "two_officers")


def _moves(*moves: Move) -> dict[tuple[Lane, str], Move]:
    return {(move.lane, move.key): move for move in moves}


def _s(*states: S) -> frozenset[S]:
    return frozenset(states)


MOVES = _moves(
    Move("request_correction", "要求补正", _C, _s(S.SUBMITTED), S.CORRECTION_REQUESTED, INSPECTOR,
         "gd_supervision_39_1_7", (*_CASEWORK, "accept_open")),
    Move("resupply", "补正材料", _C, _s(S.CORRECTION_REQUESTED), S.SUBMITTED,
         COMPLAINANT | _DESK, "gd_supervision_39_1_7"),
    Move("accept", "受理并立案", _C, _s(S.SUBMITTED), S.INVESTIGATING, INSPECTOR,
         "gd_supervision_36_1", (*_CASEWORK, "confirmation"), UNIT_HEAD),
    Move("deem_accepted", "逾期视为受理", _C, _s(S.SUBMITTED), S.INVESTIGATING, SYSTEM,
         "gd_supervision_39_2", ("deemable",)),
    Move("refuse", "不予受理", _C, _s(S.SUBMITTED, S.CORRECTION_REQUESTED), S.NOT_ACCEPTED,
         INSPECTOR, "gd_supervision_39_1_3", (*_CASEWORK, "accept_open"), UNIT_HEAD),
    Move("redirect", "告知去向", _C, _s(S.SUBMITTED, S.CORRECTION_REQUESTED), S.REDIRECTED,
         INSPECTOR, "gd_supervision_39_1_1", (*_CASEWORK, "accept_open")),
    Move("order_payment", "责令支付", _C, _s(S.INVESTIGATING, S.PRIOR_NOTICE_GIVEN), S.ORDERED,
         INSPECTOR, "gd_supervision_51_1", _FINDING, HEAD),
    Move("give_prior_notice", "事先告知单位", _C, _s(S.INVESTIGATING, S.ORDERED),
         S.PRIOR_NOTICE_GIVEN, INSPECTOR, "penalty_44", _FINDING),
    Move("send_to_review", "送法制审核", _C,
         _s(S.INVESTIGATING, S.ORDERED, S.PRIOR_NOTICE_GIVEN), S.IN_LEGAL_REVIEW, INSPECTOR,
         "penalty_58", _FINDING),
    Move("return_from_review", "审核退回", _C, _s(S.IN_LEGAL_REVIEW), S.INVESTIGATING, REVIEWER,
         "penalty_58", ("not_paused",)),
    Move("decide", "作出决定", _C,
         _s(S.INVESTIGATING, S.ORDERED, S.PRIOR_NOTICE_GIVEN, S.IN_LEGAL_REVIEW), S.DECIDED, HEAD,
         "gd_supervision_44_1", ("not_paused", "no_approval")),
    Move("apply_enforcement", "申请强制执行", _C, _s(S.DECIDED), S.ENFORCING, INSPECTOR,
         "enforcement_53", (*_CASEWORK, "demand_waited", "remedy_over"), UNIT_HEAD),
    Move("advise_arbitration", "告知仲裁并结案", _C, _s(S.INVESTIGATING), S.CLOSED, INSPECTOR,
         "gd_supervision_44_4", _FINDING, UNIT_HEAD),
    Move("close", "结案", _C, _s(S.INVESTIGATING, S.ORDERED, S.DECIDED, S.ENFORCING), S.CLOSED,
         INSPECTOR, "gd_supervision_46", _CASEWORK, UNIT_HEAD),
    Move("withdraw", "撤回生效", _C, COMPLAINT_OPEN, S.WITHDRAWN, SYSTEM | INSPECTOR,
         "gd_supervision_46", ("withdrawal_asked", "others_record")),
    Move("file_case", "立案", _R, _s(S.RECEIVED), S.FILED, INSPECTOR, "gd_supervision_32",
         _CASEWORK, UNIT_HEAD),
    Move("transfer", "移送", _R, _s(S.RECEIVED), S.TRANSFERRED, INSPECTOR, "gd_supervision_33",
         _CASEWORK),
    Move("not_file", "不立案", _R, _s(S.RECEIVED), S.NOT_FILED, INSPECTOR, "gd_supervision_32",
         _CASEWORK, UNIT_HEAD),
    Move("investigate", "开始调查", _R, _s(S.FILED), S.INVESTIGATING, INSPECTOR,
         "gd_supervision_11", _CASEWORK),
    Move("close", "结案", _R, _s(S.INVESTIGATING), S.CLOSED, INSPECTOR, "gd_supervision_44_1",
         _CASEWORK, UNIT_HEAD),
)  # fmt: skip

_OPEN = {_C: COMPLAINT_OPEN, _R: REPORT_OPEN}
_INVESTIGATION = {_C: UNDER_INVESTIGATION, _R: _s(S.FILED, S.INVESTIGATING)}
_ALL = {_C: COMPLAINT_OPEN | COMPLAINT_FINAL, _R: REPORT_OPEN | REPORT_FINAL}
_ANY_STAFF = frozenset({"inspector", "unit_head", "head", "mediator", "clerk", "legal_reviewer"})


def _acts(*acts: Act) -> dict[str, Act]:
    return {act.key: act for act in acts}


ACTS = _acts(
    Act("take", "我来承办", _OPEN, INSPECTOR, None, ("no_officer",)),
    Act("name_second", "指定另一名监察员", _INVESTIGATION, INSPECTOR, "gd_supervision_11",
        ("mine", "no_second")),
    Act("hand_over", "移交", _OPEN, INSPECTOR | UNIT_HEAD, None, ()),
    Act("accept_handover", "接手", _OPEN, INSPECTOR, None, ("handover",)),
    Act("confirm", "本人确认", {_C: _s(S.SUBMITTED, S.CORRECTION_REQUESTED, S.INVESTIGATING)},
        _DESK, "gd_supervision_39_1_8", ("not_paused",)),
    Act("override_correction", "准许第二次补正",
        {_C: _s(S.SUBMITTED)}, UNIT_HEAD, "gd_supervision_39_1_7", ("accept_open",)),
    Act("extend", "延长期限", _INVESTIGATION, INSPECTOR, "gd_supervision_44_2",
        (*_CASEWORK, "clock_running", "not_passed", "not_extended"), HEAD),
    Act("suspend", "中止计时", _INVESTIGATION, INSPECTOR, "gd_supervision_45_1",
        (*_CASEWORK, "clock_running"), HEAD),
    Act("resume", "恢复计时", _INVESTIGATION, INSPECTOR, "gd_supervision_45_2",
        ("mine", "suspended")),
    Act("exclude_time", "扣除时间", _INVESTIGATION, INSPECTOR, "gd_supervision_44_2",
        (*_CASEWORK, "clock_running")),
    Act("end_excluded_time", "扣除结束", _INVESTIGATION, INSPECTOR, "gd_supervision_44_2",
        ("mine", "time_excluded")),
    Act("mediate", "记录调解", {_C: UNDER_INVESTIGATION | {S.DECIDED}}, INSPECTOR | {"mediator"},
        "gd_supervision_42", ("not_paused",)),
    Act("serve", "记录送达", _ALL, _DESK, "gd_supervision_47_1", ("mine", "unserved")),
    Act("record_payment", "记录收到的钱", {_C: COMPLAINT_OPEN}, INSPECTOR, None,
        ("mine", "not_paused")),
    Act("order_compensation", "责令加付赔偿金",
        {_C: _s(S.ORDERED, S.PRIOR_NOTICE_GIVEN, S.DECIDED)}, INSPECTOR, "gd_supervision_51_1",
        (*_CASEWORK, "order_ignored", "no_compensation"), HEAD),
    Act("refer_to_police", "移送公安",
        {_C: UNDER_INVESTIGATION | {S.DECIDED, S.ENFORCING}, _R: _s(S.INVESTIGATING)}, INSPECTOR,
        "gd_supervision_44_5", _CASEWORK, HEAD),
    Act("report_to_superior", "报上一级备案", {_C: _s(S.DECIDED, S.ENFORCING, S.CLOSED)},
        INSPECTOR, "gd_supervision_48", ("mine", "reportable")),
    Act("demand", "催告", {_C: _s(S.DECIDED)}, INSPECTOR, "enforcement_54",
        (*_CASEWORK, "decision_served", "no_demand")),
    Act("pass_review", "审核通过", {_C: _s(S.IN_LEGAL_REVIEW)}, REVIEWER, "penalty_58",
        ("not_paused",)),
    Act("follow_up", "回访", {_C: COMPLAINT_FINAL, _R: _s(S.CLOSED)}, _DESK, None, ()),
    Act("answer_reporter", "答复举报人", {_R: REPORT_OPEN | REPORT_FINAL}, INSPECTOR,
        "gd_supervision_34", ("mine", "not_paused", "answerable")),
    Act("note", "内部记录", _ALL, _ANY_STAFF, None, ()),
    Act("ask_withdrawal", "申请撤回", {_C: COMPLAINT_OPEN}, COMPLAINANT | _DESK,
        "gd_supervision_46", ("no_withdrawal",)),
    Act("undo_withdrawal", "取消撤回", {_C: COMPLAINT_OPEN}, COMPLAINANT | _DESK,
        "gd_supervision_46", ("withdrawal_asked",)),
)  # fmt: skip

Step = Move | Act


def step(lane: str, key: str) -> Step:
    """The move or act of this name in this lane; Conflict when there is none."""
    found = MOVES.get((Lane(lane), key)) or ACTS.get(key)
    if found is None:
        raise Conflict("这件案没有这个步骤。", code="no_such_step")
    return found


def all_steps(lane: str) -> list[Step]:
    """Every move of a lane, then every act."""
    moves: list[Step] = [move for (of, _key), move in MOVES.items() if of == lane]
    acts: list[Step] = [act for act in ACTS.values() if Lane(lane) in act.sources]
    return moves + acts


def next_state(lane: str, state: str, key: str) -> S:
    """The state a move leads to; Conflict when the move does not start from `state`."""
    move = MOVES.get((Lane(lane), key))
    if move is None or state not in move.sources:
        raise Conflict("现在这个状态不能办这一步，请刷新再看。", code="wrong_state")
    return move.target
