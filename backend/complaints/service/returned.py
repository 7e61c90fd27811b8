"""Requests that came back: the last word on a step was 退回, and the step can still be taken."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.complaints.models import Approval, Case
from backend.complaints.states import is_step_of
from backend.complaints.steps import step
from backend.core.actor import Actor
from backend.core.db import db

LATELY = 50


def of_cases(cases: Iterable[Case]) -> dict[int, list[Approval]]:
    """For each case what was returned and not asked again, the latest first."""
    by_id = {case.id: case for case in cases}
    query = (
        sa.select(Approval)
        .where(*_returned(), Approval.case_id.in_(by_id))
        .order_by(Approval.id.desc())
    )
    found: dict[int, list[Approval]] = {}
    for approval in db.session.scalars(query):
        if _is_possible(approval, by_id[approval.case_id]):
            found.setdefault(approval.case_id, []).append(approval)
    return found


def asked_by(actor: Actor) -> list[Approval]:
    """This officer's own requests that came back and are still to be put right."""
    query = (
        sa.select(Approval, Case)
        .join(Case, Case.id == Approval.case_id)
        .where(*_returned(), Approval.asked_by_id == actor.id, Case.is_open.is_(True))
        .order_by(Approval.id.desc())
        .limit(LATELY)
    )
    return [one for one, case in db.session.execute(query) if _is_possible(one, case)]


def values(approval: Approval) -> dict[str, Any]:
    """What was filled in when the step was asked for, as the service keeps it."""
    kept: dict[str, Any] = json.loads(approval.input)
    return kept


def _returned() -> tuple[sa.ColumnElement[bool], ...]:
    later = aliased(Approval)
    asked_again = sa.exists().where(
        later.case_id == Approval.case_id, later.step == Approval.step, later.id > Approval.id
    )
    return (Approval.state == "returned", ~asked_again)


def _is_possible(approval: Approval, case: Case) -> bool:
    return is_step_of(step(case.lane, approval.step), case.lane, case.state)
