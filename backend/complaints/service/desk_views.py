"""A case as its handlers see it: everything on one page; reading it is itself recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.audit.record import events, record
from backend.complaints.evidence import service as evidence
from backend.complaints.evidence.models import Evidence
from backend.complaints.models import (
    ActRecord,
    Appointment,
    Approval,
    Case,
    CaseMessage,
    Claimant,
    ClaimLine,
    Correction,
    Document,
    PaymentWord,
    Supplement,
    Withdrawal,
)
from backend.complaints.schemas import DateOut
from backend.complaints.service import clocks, dates, linked, talk, timeline
from backend.complaints.service.facts import is_officer, live_withdrawal, recorder
from backend.complaints.states import Lane, label
from backend.complaints.words import CLOCK_TITLES
from backend.core import masking
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import NotFound
from backend.identity.service import staff_by_id
from backend.law import deadlines
from backend.law.articles import cite
from backend.law.days import shanghai_today
from backend.law.workdays import default_calendar
from backend.notify import outbox
from backend.notify.models import OutboxMessage

_UNITS = {
    deadlines.Unit.WORKING_DAY: "个工作日",
    deadlines.Unit.CALENDAR_DAY: "天",
    deadlines.Unit.MONTH: "个月",
    deadlines.Unit.YEAR: "年",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A claimant or reporter as the desk sees them; the ID number stays masked."""

    name: str
    phone: str
    service_address: str
    id_number: str
    is_phone_verified: bool
    contact_by: str
    wants_reply: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock with its article, its changes and how it was counted."""

    key: str
    title: str
    law_title: str
    started_on: date
    due_on: date | None
    is_provisional: bool
    state: str
    working_days_left: int | None
    length: str
    subject: str
    changes: list[Any]
    explanation: str
    is_duty: bool


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """Everything of one case."""

    case: Case
    number: str
    lane: str
    state_label: str
    people: list[Person] | None
    lines: list[ClaimLine]
    clocks: list[ClockView]
    limitation: DateOut | None
    timeline: list[timeline.Entry]
    acts: list[ActRecord]
    documents: list[Document]
    evidence: list[Evidence]
    messages: list[CaseMessage]
    supplements: list[Supplement]
    corrections: list[Correction]
    appointments: list[Appointment]
    payment_words: list[PaymentWord]
    withdrawal: Withdrawal | None
    withdrawal_by: str
    pending_approval: Approval | None
    officer_name: str
    second_officer_name: str
    offered_to_name: str
    linked: list[tuple[str, str, str]]
    outbox: list[OutboxMessage]
    is_mine: bool


@one_transaction
def case(public_id: str, actor: Actor, now: datetime, *, read_as: str = "read") -> CaseDesk:
    """One case, whole; NotFound when there is none. Who read (or printed) it is recorded."""
    # locked: two readers at once would both write the next link of the case's record
    query = sa.select(Case).where(Case.public_id == public_id).with_for_update()
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("没有找到这件案。")
    record(found.chain, read_as, actor, now)
    own = is_officer(found, actor)
    # a reporter's identity is for the officers of the case alone (粤监察 35)
    hides_people = found.lane == Lane.REPORT and not own
    today = shanghai_today(now)
    withdrawal = live_withdrawal(found.id)
    return CaseDesk(
        case=found,
        number=found.number,
        lane=found.lane,
        state_label=label(found.lane, found.state),
        people=None if hides_people else [_person(p) for p in _all(Claimant, found)],
        lines=_all(ClaimLine, found),
        clocks=[_clock(c, today) for c in clocks.of_case(found.id)],
        limitation=dates.limitation(found, today),
        timeline=timeline.for_staff(events(found.chain)),
        acts=_all(ActRecord, found),
        documents=_all(Document, found),
        evidence=evidence.of_case(found.id),
        messages=talk.messages(found.id),
        supplements=_all(Supplement, found),
        corrections=_all(Correction, found),
        appointments=_all(Appointment, found),
        payment_words=_all(PaymentWord, found),
        withdrawal=withdrawal,
        withdrawal_by=_recorder(withdrawal),
        pending_approval=_pending(found),
        officer_name=_name(found.officer_id),
        second_officer_name=_name(found.second_officer_id),
        offered_to_name=_name(found.offered_to_id),
        linked=_linked(found),
        outbox=outbox.messages(found.chain),
        is_mine=own,
    )


@one_transaction
def receipt_printed(public_id: str, actor: Actor, now: datetime) -> None:
    """Somebody printed the receipt of a case they wrote down; NotFound when there is none."""
    query = sa.select(Case).where(Case.public_id == public_id).with_for_update()
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("没有找到这件案。")
    record(found.chain, "print_receipt", actor, now)


def _all(model: Any, found: Case) -> list[Any]:
    query = sa.select(model).where(model.case_id == found.id).order_by(model.id)
    return list(db.session.scalars(query))


def _person(row: Claimant) -> Person:
    return Person(
        name=row.name,
        phone=row.phone or "",
        service_address=row.service_address or "",
        id_number=masking.id_number(row.id_number) if row.id_number else "",
        is_phone_verified=row.is_phone_verified,
        contact_by=row.contact_by,
        wants_reply=row.wants_reply,
    )


def _clock(row: clocks.Clock, today: date) -> ClockView:
    calendar = default_calendar()
    article = dates.article_of(row.key, row.version)
    left = None
    if row.due_on is not None:
        left = calendar.working_days_left(today, row.due_on)
        if today > row.due_on:
            left = -calendar.working_days_between(row.due_on, today)
    return ClockView(
        key=row.key,
        title=CLOCK_TITLES[row.key][0],
        law_title=cite(article).title if article else "",
        started_on=row.started_on,
        due_on=row.due_on,
        is_provisional=row.is_provisional,
        state=row.state,
        working_days_left=left,
        length=_length(row),
        subject=row.subject,
        changes=clocks.changes(row.id),
        explanation=_explanation(row),
        is_duty=row.key in clocks.DUTIES,
    )


def _length(row: clocks.Clock) -> str:
    """How long the law gives, in the law's own unit: 45 + 30 个工作日, 3 个月."""
    if row.version == clocks.ORDERED:
        return ""
    limit = deadlines.by_version(row.version)
    extensions = sum(1 for change in clocks.changes(row.id) if change.kind == "extension")
    lengths = [limit.n, *[limit.extension_n] * extensions]
    return f"{' + '.join(map(str, lengths))} {_UNITS[limit.unit]}"


def _explanation(row: clocks.Clock) -> str:
    if row.version == clocks.ORDERED:
        return "由责令支付的文书定的日子。"
    changes = clocks.changes(row.id)
    return deadlines.due(
        row.key,
        row.started_on,
        extensions=sum(1 for c in changes if c.kind == "extension"),
        pauses=[deadlines.Pause(c.from_on, c.to_on) for c in changes if c.kind != "extension"],
        version=row.version,
    ).explanation


def _pending(found: Case) -> Approval | None:
    return db.session.scalar(
        sa.select(Approval).where(Approval.case_id == found.id, Approval.state == "pending")
    )


def _name(staff_id: int | None) -> str:
    staff = staff_by_id(staff_id) if staff_id is not None else None
    return staff.name if staff else ""


def _recorder(withdrawal: Withdrawal | None) -> str:
    """Who at the desk wrote the withdrawal down; empty when the person asked for it."""
    written = recorder(withdrawal) if withdrawal is not None else None
    return written.staff_name if written is not None else ""


def _linked(found: Case) -> list[tuple[str, str, str]]:
    links = []
    if found.linked_from_id is not None:
        before = db.session.get_one(Case, found.linked_from_id)
        links.append((before.public_id, before.number, "前一件"))
    after = linked.follower(found)
    if after is not None:
        links.append((after.public_id, after.number, "后一件"))
    return links
