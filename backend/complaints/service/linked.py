"""A closed case never changes: "not paid" opens a new one that is linked to it."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.complaints import numbering
from backend.complaints.models import Case, Claimant, ClaimLine
from backend.complaints.service import clocks
from backend.complaints.service.digest import digest_of
from backend.complaints.states import Lane, S
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.installation import bureau
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY

_COPIED = (
    "worker_id", "privacy_version", "employer_id", "employer_name", "employer_address",
    "employer_phone", "employer_contact", "street", "place", "other_district", "work_from_on",
    "work_to_on", "post", "screening", "request", "facts", "officer_id", "second_officer_id",
    "is_confirmed",
)  # fmt: skip


def open_linked(closed: Case, actor: Actor, now: datetime) -> Case:
    """Open the case that follows a closed one, inside the caller's transaction.

    It counts as found by the bureau: filed within five working days (粤监察 32). Only once; the
    claim lines carry over what is still open.
    """
    if closed.state != S.CLOSED or closed.lane != Lane.COMPLAINT:
        raise Conflict("只有办结的投诉才能接着另开一件。", code="not_closed")
    today = shanghai_today(now)
    content = json.dumps({"linked_from": closed.number, "on": str(today)}, ensure_ascii=False)
    code = crypto.new_receipt_code()
    case = Case(
        **{name: getattr(closed, name) for name in _COPIED},
        public_id=crypto.new_public_id(),
        lane=Lane.COMPLAINT.value,
        state=S.SUBMITTED.value,
        is_open=True,
        number=numbering.case_number(bureau().document_prefix, Lane.COMPLAINT, today.year),
        receipt_index=crypto.blind_index("receipt", code),
        receipt_code=code,
        sender=f"case:{closed.id}",
        key_hash=crypto.token_hash(f"linked:{closed.public_id}"),
        digest=digest_of(content),
        filed_content=content,
        filed_at=now,
        received_on=today,
        channel="linked",
        author_staff_id=actor.id if actor.is_staff else None,
        linked_from_id=closed.id,
        is_anonymous=False,
    )
    db.session.add(case)
    db.session.flush()
    _copy_claims(closed, case)
    clocks.start(case, "discover_file", today)
    clocks.refresh(case)
    record(case.chain, "link", actor, now, to_state=case.state, is_first=True,
           detail={"from_number": closed.number, "due_on": str(case.next_due_on)})  # fmt: skip
    record(closed.chain, "linked", actor, now, detail={"to_number": case.number})
    return case


def follower(case: Case) -> Case | None:
    """The case that was opened after this one, if there is one."""
    return db.session.scalar(sa.select(Case).where(Case.linked_from_id == case.id))


def may_still_say_unpaid(case: Case, now: datetime) -> bool:
    """Whether "not paid" still opens a linked case [POLICY: 30 days after closing]."""
    if case.state != S.CLOSED or case.lane != Lane.COMPLAINT or case.closed_at is None:
        return False
    closed_on = shanghai_today(case.closed_at)
    return shanghai_today(now) <= DEFAULT_POLICY.not_paid_until(closed_on)


def _copy_claims(closed: Case, case: Case) -> None:
    people = db.session.scalars(sa.select(Claimant).where(Claimant.case_id == closed.id))
    for person in list(people):
        copy = Claimant(
            case_id=case.id,
            role=person.role,
            name=person.name,
            phone=person.phone,
            phone_index=person.phone_index,
            is_phone_verified=person.is_phone_verified,
            service_address=person.service_address,
            id_number=person.id_number,
            contact_by=person.contact_by,
        )
        db.session.add(copy)
        db.session.flush()
        _copy_lines(case, person.id, copy.id)


def _copy_lines(case: Case, from_claimant: int, to_claimant: int) -> None:
    lines = db.session.scalars(sa.select(ClaimLine).where(ClaimLine.claimant_id == from_claimant))
    for line in list(lines):
        paid = line.paid_fen + line.received_fen
        db.session.add(
            ClaimLine(
                case_id=case.id,
                claimant_id=to_claimant,
                month=line.month,
                due_fen=line.due_fen,
                paid_fen=paid,
                received_fen=0,
            )
        )
        case.owed_fen = (case.owed_fen or 0) + max(0, line.due_fen - paid)
