"""What an approver judges by: the money, what was said and proved, and what the system checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.complaints.evidence import service as evidence
from backend.complaints.evidence.models import SEALED, Evidence
from backend.complaints.models import Case
from backend.complaints.service import clocks
from backend.complaints.service.facts import acts_of
from backend.complaints.service.telling import yuan
from backend.complaints.states import PAID_OUTCOMES, Lane
from backend.complaints.words import OUTCOME_WORDS
from backend.identity.service import staff_by_id
from backend.law.days import is_past

_WAYS = {"visit": "当面", "video": "视频", "esignature": "电子签名"}
_BEFORE_ACCEPTANCE = ("accept", "refuse")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked up; `is_open` when it is for the approver to judge."""

    text: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """The case behind a request, as it stands now."""

    open_fen: int
    confirmation: str
    evidence: list[Evidence]
    checks: list[Check]


def basis_of(case: Case, step: str, values: dict[str, Any], today: date) -> Basis:
    """Money, confirmation, sealed evidence and checks of one request."""
    open_fen = case.open_fen
    sealed = [one for one in evidence.of_case(case.id) if one.status == SEALED]
    checks = [
        _confirmed(case),
        _two_officers(case, values),
        _in_time(case, step, today),
        _figures(case, values, open_fen),
        _outcome(case, values, open_fen),
        _has_evidence(sealed),
    ]
    found = [check for check in checks if check is not None]
    return Basis(open_fen, _confirmation(case), sealed, found)


def _confirmation(case: Case) -> str:
    if case.lane == Lane.REPORT:
        return "举报不需要"
    acts = acts_of(case.id, "confirm")
    if not acts:
        return "已确认" if case.is_confirmed else "还没有"
    way = _WAYS.get(acts[-1].detail["way"], "")
    return f"{acts[-1].on_date} {way}，{acts[-1].staff_name}记录"


def _confirmed(case: Case) -> Check | None:
    if case.lane == Lane.REPORT:
        return None
    if case.is_confirmed:
        return Check("投诉人本人确认过", is_open=False)
    return Check("投诉人还没有本人确认", is_open=True)


def _two_officers(case: Case, values: dict[str, Any]) -> Check:
    ids = [case.officer_id, case.second_officer_id or values.get("second_officer_id")]
    names = [staff.name for i in ids if i is not None and (staff := staff_by_id(i)) is not None]
    if len(names) == len(ids):
        return Check(f"两名承办人：{'、'.join(names)}", is_open=False)
    return Check("不足两名承办人", is_open=True)


def _in_time(case: Case, step: str, today: date) -> Check | None:
    """The clock inside which this step has to be taken, while it runs."""
    key = "accept" if step in _BEFORE_ACCEPTANCE else "investigate"
    name = "受理" if key == "accept" else "调查"
    clock = clocks.live(case.id, key)
    if clock is None:
        return None
    if clock.due_on is None:
        return Check(f"{name}期限停着，没有在走", is_open=False)
    day = f"约 {clock.due_on}" if clock.is_provisional else str(clock.due_on)
    if is_past(clock.due_on, today):
        return Check(f"{name}期限 {day} 已过，超期原因是否成立", is_open=True)
    return Check(f"{name}期限 {day}，没有过", is_open=False)


def _figures(case: Case, values: dict[str, Any], open_fen: int) -> Check | None:
    amount = values.get("amount_fen")
    if amount is None or case.lane == Lane.REPORT:
        return None
    if amount == open_fen:
        return Check(f"金额与还欠的一致：{yuan(amount)}", is_open=False)
    more = "多" if amount > open_fen else "少"
    gap = yuan(abs(amount - open_fen))
    return Check(f"金额 {yuan(amount)}，比还欠的 {yuan(open_fen)} {more} {gap}", is_open=True)


def _outcome(case: Case, values: dict[str, Any], open_fen: int) -> Check | None:
    outcome = values.get("outcome")
    if outcome not in PAID_OUTCOMES or case.lane == Lane.REPORT:
        return None
    words = OUTCOME_WORDS[outcome][0]
    if open_fen > 0:
        return Check(f"办理结果是“{words}”，记录里还欠 {yuan(open_fen)}", is_open=True)
    return Check(f"办理结果是“{words}”，记录里已经不欠", is_open=False)


def _has_evidence(sealed: list[Evidence]) -> Check:
    if sealed:
        return Check(f"证据 {len(sealed)} 件，原件已封存", is_open=False)
    return Check("系统里没有证据", is_open=True)
