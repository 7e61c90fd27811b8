"""Requests for approval and their answers: always by somebody else than the case's officers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.audit.record import record
from backend.complaints import forms
from backend.complaints.models import Approval, Case
from backend.complaints.service import handling
from backend.complaints.service.approval_basis import Basis, basis_of
from backend.complaints.service.facts import facts_of
from backend.complaints.service.stage import Stage
from backend.complaints.service.telling import yuan
from backend.complaints.steps import step
from backend.core import masking
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError, Forbidden, NotFound
from backend.identity.service import staff_by_id
from backend.law.articles import cite
from backend.law.days import shanghai_today


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One request as the approver reads it; `values` are shown as the officer typed them."""

    approval: Approval
    case: Case
    step_label: str
    law_title: str | None
    values: list[tuple[str, str]]
    document_text: str
    basis: Basis
    preview: handling.Preview | None
    may_answer: bool
    why_not: str


def pending(actor: Actor) -> list[tuple[Approval, Case]]:
    """Requests this person may answer, oldest first; their own are left out."""
    rows = db.session.execute(
        sa.select(Approval, Case)
        .join(Case, Case.id == Approval.case_id)
        .where(Approval.state == "pending")
        .order_by(Approval.id)
        .limit(200)
    )
    return [(approval, case) for approval, case in rows if not _why_not(approval, case, actor)]


def asked_by(actor: Actor) -> list[tuple[Approval, Case]]:
    """What this officer asked for lately, with the answers, newest first."""
    rows = db.session.execute(
        sa.select(Approval, Case)
        .join(Case, Case.id == Approval.case_id)
        .where(Approval.asked_by_id == actor.id)
        .order_by(Approval.id.desc())
        .limit(50)
    )
    return [(approval, case) for approval, case in rows]


@one_transaction
def show(approval_id: int, actor: Actor, now: datetime) -> ApprovalView:
    """One request, whole; NotFound when there is none. Reading it is recorded."""
    approval = _get(approval_id)
    # locked: two readers at once would both write the next link of the case's record
    case = db.session.get_one(Case, approval.case_id, with_for_update=True)
    record(case.chain, "read", actor, now, detail={"approval_id": approval.id})
    values = json.loads(approval.input)
    wanted = step(case.lane, approval.step)
    why_not = _why_not(approval, case, actor)
    return ApprovalView(
        approval=approval,
        case=case,
        step_label=wanted.label,
        law_title=cite(wanted.law).title if wanted.law else None,
        values=_shown(case, approval.step, values),
        document_text=values.get("document") or "",
        basis=basis_of(case, approval.step, values, shanghai_today(now)),
        preview=_preview(approval, case, values, now),
        may_answer=not why_not,
        why_not=why_not,
    )


@one_transaction
def answer(
    approval_id: int, is_approved: bool, opinion: str | None, actor: Actor, now: datetime
) -> handling.Performed:
    """Approve (the step happens at once) or return with an opinion.

    Forbidden for the asker, an officer of the case or the wrong role; Conflict when it was
    answered already or the case has moved on since; BadInput for a return without opinion.
    """
    approval = _get(approval_id, for_change=True)
    case = db.session.scalars(
        sa.select(Case).where(Case.id == approval.case_id).with_for_update()
    ).one()
    if approval.state != "pending":
        who = approval.answered_by_name or "系统"
        raise Conflict(f"{who}已经处理过这份请示。", code="stale", by=who, did=approval.state)
    why_not = _why_not(approval, case, actor)
    if why_not:
        raise Forbidden(why_not)
    opinion = (opinion or "").strip()
    if not is_approved and not opinion:
        message = "退回要写意见，让承办人知道改哪里。"
        raise BadInput(message, errors=[FieldError("opinion", message)])
    approval.state = "approved" if is_approved else "returned"
    approval.answered_by_id, approval.answered_by_name = actor.id, actor.name
    approval.answered_at, approval.opinion = now, opinion or None
    db.session.flush()
    act = "approval_given" if is_approved else "approval_returned"
    record(case.chain, act, actor, now, detail={"step": approval.step})
    wanted = step(case.lane, approval.step)
    if not is_approved:
        return handling.Performed(False, f"{wanted.label}：已退回。")
    asker = _actor_of(approval)
    facts = facts_of(case, asker, now)
    handling.refuse_unlawful(wanted, facts, asker)
    values = json.loads(approval.input)
    stage = Stage(case, approval.step, values, actor, asker, facts, now, shanghai_today(now))
    handling.take_step(stage, wanted)
    return handling.Performed(False, f"{wanted.label}：已批准，办好了。")


def _get(approval_id: int, *, for_change: bool = False) -> Approval:
    query = sa.select(Approval).where(Approval.id == approval_id)
    approval: Approval | None = db.session.scalar(query.with_for_update() if for_change else query)
    if approval is None:
        raise NotFound("没有找到这份请示。")
    return approval


def _why_not(approval: Approval, case: Case, actor: Actor) -> str:
    wanted = step(case.lane, approval.step)
    if approval.state != "pending":
        return "这份请示已经处理过。"
    if actor.id == approval.asked_by_id:
        return "自己请示的，要由别人批。"
    if actor.id in (case.officer_id, case.second_officer_id):
        return "您是这件案的承办人，要由别人批。"
    if wanted.approver.isdisjoint(actor.roles):
        return "您的岗位不能批这一步。"
    return ""


def _actor_of(approval: Approval) -> Actor:
    staff = staff_by_id(approval.asked_by_id)
    if staff is None or not staff.is_active:
        raise Conflict("请示的人已不在岗，请退回重新请示。", code="asker_gone")
    return Actor(kind="staff", id=staff.id, name=staff.name, roles=frozenset(staff.roles))


def _preview(
    approval: Approval, case: Case, values: dict[str, Any], now: datetime
) -> handling.Preview | None:
    if approval.state != "pending":
        return None
    try:
        return handling.preview_values(
            case.public_id, approval.step, values, _actor_of(approval), now
        )
    except (Conflict, BadInput):
        return None  # the case, or its money, moved on: what was asked can only be returned


def _shown(case: Case, key: str, values: dict[str, Any]) -> list[tuple[str, str]]:
    lines = []
    for field in forms.fields(case.lane, key):
        value = values.get(field.name)
        if value in (None, "", False) or field.kind == "document":
            continue
        lines.append((field.label, _words(field.kind, dict(field.choices), value)))
    return lines


def _words(kind: str, choices: dict[str, str], value: Any) -> str:
    if kind == "money":
        return yuan(value)
    if kind == "choice":
        return choices[value]
    if kind == "officer":
        staff = staff_by_id(value)
        return staff.name if staff else "（已不在岗）"
    if kind == "tick":
        return "是"
    if kind == "lines":
        return "；".join(value)
    if kind == "id_number":
        return masking.id_number(value)
    return str(value)
