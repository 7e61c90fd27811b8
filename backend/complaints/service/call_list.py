"""Whom the messages of the list 电话通知 are for: name and telephone, and that they were read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.complaints.models import Case, Claimant
from backend.complaints.service.facts import is_officer
from backend.complaints.states import Lane
from backend.core.actor import Actor
from backend.core.db import db, one_transaction


@dataclass(frozen=True, slots=True)
class Callee:
    """The person of a case to be telephoned; name and phone are empty where they are hidden."""

    public_id: str
    number: str
    lane: str
    name: str
    phone: str


@one_transaction
def callees(subjects: Iterable[str], actor: Actor, now: datetime) -> dict[str, Callee]:
    """The person behind each message's subject (`case:17`); reading them is recorded once.

    Who reported is shown to the officers of the case alone (粤监察 35).
    """
    ids = {int(s.removeprefix("case:")) for s in subjects if s.startswith("case:")}
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(Case, Claimant)
        .join(Claimant, Claimant.case_id == Case.id)
        .where(Case.id.in_(ids))
        .order_by(Claimant.id.desc())
    )
    found = {case.chain: _callee(case, person, actor) for case, person in rows}
    shown = [callee.number for callee in found.values() if callee.phone]
    if shown:
        record(f"staff:{actor.id}", "call_list_read", actor, now, detail={"cases": sorted(shown)})
    return found


def _callee(case: Case, person: Claimant, actor: Actor) -> Callee:
    is_hidden = case.lane == Lane.REPORT and not is_officer(case, actor)
    return Callee(
        public_id=case.public_id,
        number=case.number,
        lane=case.lane,
        name="" if is_hidden else person.name,
        phone="" if is_hidden else person.phone or "",
    )
