"""Which moves and acts are lawful now for this person, and what keeps the others back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.complaints import documents, fields, forms
from backend.complaints.models import Case, ClaimLine
from backend.complaints.service.facts import facts_of
from backend.complaints.states import Move, is_in_place, label, missing, role_names
from backend.complaints.steps import Step, all_steps
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import NotFound
from backend.law.articles import cite
from backend.law.days import shanghai_today

_TITLES = {"unit_head": "科长", "head": "局领导"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One step that is possible now: its form and what is filled in already."""

    key: str
    label: str
    law_title: str | None
    from_label: str
    to_label: str | None
    approver_label: str | None
    fields: tuple[fields.Field, ...]
    defaults: dict[str, Any]
    is_move: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be done, and for the rest of this state's steps what is missing."""

    moves: list[Offer]
    acts: list[Offer]
    blocked: list[tuple[str, list[str]]]


def offers(public_id: str, actor: Actor, now: datetime) -> Offers:
    """The lawful steps of a case for this person; unlawful ones are absent, with their reason."""
    case = db.session.scalar(sa.select(Case).where(Case.public_id == public_id))
    if case is None:
        raise NotFound("没有找到这件案。")
    facts = facts_of(case, actor, now)
    moves: list[Offer] = []
    acts: list[Offer] = []
    blocked: list[tuple[str, list[str]]] = []
    for step in all_steps(case.lane):
        if not is_in_place(step, facts) or step.by.isdisjoint(role_names(actor)):
            continue
        if step.key == "resupply":
            continue  # handed in through its own form, with one answer an item
        reasons = missing(step, facts)
        if reasons:
            blocked.append((step.label, reasons))
        elif isinstance(step, Move):
            moves.append(_offer(case, step, now))
        else:
            acts.append(_offer(case, step, now))
    return Offers(moves, acts, blocked)


def _offer(case: Case, step: Step, now: datetime) -> Offer:
    return Offer(
        key=step.key,
        label=step.label,
        law_title=cite(step.law).title if step.law else None,
        from_label=label(case.lane, case.state),
        to_label=label(case.lane, step.target) if isinstance(step, Move) else None,
        approver_label=_approver(step),
        fields=forms.fields(case.lane, step.key),
        defaults=_defaults(case, step, now),
        is_move=isinstance(step, Move),
    )


def _approver(step: Step) -> str | None:
    if not step.approver:
        return None
    return _TITLES["unit_head"] if "unit_head" in step.approver else _TITLES["head"]


def _defaults(case: Case, step: Step, now: datetime) -> dict[str, Any]:
    today = shanghai_today(now).isoformat()
    values: dict[str, Any] = {}
    for field in forms.fields(case.lane, step.key):
        if field.kind == "document":
            values[field.name] = documents.draft(case, step.key, now)
        elif field.kind == "date" and field.name not in ("pay_by", "to_on"):
            values[field.name] = today
        elif field.kind == "officer" and field.name == "second_officer_id":
            values[field.name] = case.second_officer_id
    if step.key == "order_payment":
        values["amount_fen"] = case.open_fen
    if step.key == "record_payment":
        lines = sa.select(ClaimLine).where(ClaimLine.case_id == case.id).order_by(ClaimLine.month)
        values["amounts"] = {str(line.id): line.owed_fen for line in db.session.scalars(lines)}
    return values
