"""What the worker reads: a case with its dates, steps and possible actions; lists; receipts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from backend.audit.record import events
from backend.complaints import documents as document_kinds
from backend.complaints import words
from backend.complaints.access import case_for, mine
from backend.complaints.evidence import service as evidence
from backend.complaints.evidence import viewing
from backend.complaints.models import Case, Claimant, ClaimLine, Document, Withdrawal
from backend.complaints.schemas import (
    AppointmentOut,
    CaseListOut,
    CaseOut,
    CaseRowOut,
    ClaimOut,
    CorrectionItemOut,
    CorrectionOut,
    DocumentOut,
    DocumentRef,
    DocumentTextOut,
    EntryOut,
    GenuineOut,
    LinkedOut,
    MessageOut,
    OutcomeOut,
    ReceiptOut,
    StatusOut,
    WorkOut,
)
from backend.complaints.service import appointments, clocks, dates, linked, standing, talk, timeline
from backend.complaints.service.facts import facts_of
from backend.complaints.service.filing import Filed
from backend.complaints.service.moves import open_corrections
from backend.complaints.service.telling import unpaid_sentence
from backend.complaints.states import PAID_OUTCOMES, Lane, S, label, may
from backend.complaints.steps import ACTS, MOVES
from backend.core import crypto, paging
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import NotFound
from backend.core.installation import bureau
from backend.identity.service import staff_by_id
from backend.law.days import shanghai_today

PAGE = 20


def receipt(filed: Filed, now: datetime) -> ReceiptOut:
    """The receipt of a filing: what the worker keeps."""
    is_report = filed.lane == Lane.REPORT
    first = dates.date_out(
        filed.due_key,
        filed.due_version,
        filed.due_on,
        filed.is_due_provisional,
        shanghai_today(now),
    )
    return ReceiptOut(
        id=filed.public_id,
        number=filed.number,
        lane=filed.lane,
        filed_at=filed.filed_at,
        received_on=filed.received_on,
        receipt_code=filed.receipt_code,
        digest=filed.digest,
        is_phone_verified=filed.is_phone_verified,
        owed_fen=filed.owed_fen,
        next=first,
        what_next=list(words.NEXT_AFTER_REPORT if is_report else words.NEXT_AFTER_FILING),
        advice=list(words.REPORT_ADVICE if is_report else words.SAVE_EVIDENCE),
        case_token=filed.case_token,
        evidence_allowed=bureau().policy.evidence_max_files,
    )


def _is_phone_verified(case: Case) -> bool:
    query = sa.select(Claimant.is_phone_verified).where(Claimant.case_id == case.id)
    return bool(db.session.scalars(query.order_by(Claimant.id).limit(1)).first())


def of_worker(actor: Actor, cursor: str | None, now: datetime) -> CaseListOut:
    """The worker's cases, newest first, a page at a time."""
    query = sa.select(Case).order_by(Case.id.desc()).limit(PAGE + 1)
    if actor.case_id is not None:
        query = query.where(Case.id == actor.case_id)
    else:
        query = query.where(mine(actor))
    if cursor:
        query = query.where(Case.id < paging.decode(cursor, 1)[0])
    rows = list(db.session.scalars(query))
    today = shanghai_today(now)
    more = len(rows) > PAGE
    asked = standing.live_withdrawals(rows)
    return CaseListOut(
        items=[_row(case, asked.get(case.id), today) for case in rows[:PAGE]],
        next_cursor=paging.encode(rows[PAGE - 1].id) if more else None,
    )


def _row(case: Case, asked: Withdrawal | None, today: date) -> CaseRowOut:
    return CaseRowOut(
        id=case.public_id,
        number=case.number,
        lane=case.lane,
        state=case.state,
        state_label=label(case.lane, case.state),
        headline=standing.headline(case, asked),
        withdrawal=standing.withdrawal_out(asked),
        filed_at=case.filed_at,
        is_final=case.is_final,
        next=None if case.is_final else dates.next_of(case, today),
        unread=case.unread_by_worker,
    )


def status(case: Case, now: datetime) -> StatusOut:
    """Where a case stands, for whoever holds its receipt: no name and no money."""
    asked = standing.live_withdrawals([case]).get(case.id)
    today = shanghai_today(now)
    coming = [] if case.is_final else dates.coming(clocks.of_case(case.id), today)
    return StatusOut(
        number=case.number,
        lane=case.lane,
        is_anonymous=case.is_anonymous,
        state=case.state,
        state_label=label(case.lane, case.state),
        headline=standing.headline(case, asked),
        what_now=standing.what_now(case, asked),
        is_final=case.is_final,
        filed_at=case.filed_at,
        dates=coming,
        timeline=_entries(case, timeline.for_receipt(events(case.chain)), {}),
        overdue=dates.overdue(case, coming, today),
    )


def _timeline(case: Case) -> list[EntryOut]:
    titles = {d.id: d.title for d in _documents(case.id)}
    return _entries(case, timeline.for_worker(events(case.chain)), titles)


def _entries(case: Case, found: list[timeline.Entry], titles: Mapping[int, str]) -> list[EntryOut]:
    entries: list[EntryOut] = []
    for entry in found:
        step = MOVES.get((Lane(case.lane), entry.act)) or ACTS.get(entry.act)
        has_document = entry.document_id in titles
        entries.append(
            EntryOut(
                at=entry.at,
                title=entry.title,
                who=entry.who,
                text=entry.text,
                kind="now" if not entries and not case.is_final else "done",
                document=DocumentRef(id=entry.document_id, title=titles[entry.document_id])
                if has_document and entry.document_id is not None
                else None,
                law=dates.law_of(step.law) if step else None,
            )
        )
    return entries


def _documents(case_id: int) -> list[Document]:
    query = sa.select(Document).where(Document.case_id == case_id, Document.is_for_worker)
    return list(db.session.scalars(query.order_by(Document.id)))


def case_out(public_id: str, actor: Actor, now: datetime) -> CaseOut:
    """The whole case for the worker who owns it; NotFound for anybody else."""
    return of_case(case_for(actor, public_id), actor, now)


def of_case(case: Case, actor: Actor, now: datetime) -> CaseOut:
    """The same for a case that was loaded and checked already."""
    common = status(case, now).model_dump()
    common["timeline"] = _timeline(case)
    lines = db.session.scalars(
        sa.select(ClaimLine).where(ClaimLine.case_id == case.id).order_by(ClaimLine.month)
    )
    # what was still open when the case ended otherwise asks nothing of the worker any more
    correction = [] if case.is_final else open_corrections(case)
    booked = None if case.is_final else appointments.live(case.id)
    asked = standing.live_withdrawals([case]).get(case.id)
    return CaseOut(
        **common,
        id=case.public_id,
        received_on=case.received_on,
        receipt_code=case.receipt_code,
        digest=case.digest,
        is_phone_verified=_is_phone_verified(case),
        employer_name=case.employer_name,
        place=case.place,
        street=case.street,
        work=WorkOut(from_on=case.work_from_on, to_on=case.work_to_on, post=case.post),
        claims=[ClaimOut.model_validate(line) for line in lines],
        owed_fen=case.owed_fen,
        received_fen=case.received_fen,
        request=case.request,
        facts=case.facts,
        actions=_actions(case, actor, now),
        correction=CorrectionOut(
            asked_at=correction[0].asked_at,
            items=[CorrectionItemOut(id=c.id, text=c.item) for c in correction],
        )
        if correction
        else None,
        appointment=AppointmentOut.model_validate(booked) if booked else None,
        withdrawal=standing.withdrawal_out(asked),
        outcome=_outcome(case),
        officers=_officers(case),
        linked=_linked(case),
        messages=[_message(m) for m in talk.messages(case.id)],
        unread=case.unread_by_worker,
        evidence=[viewing.out(e, now) for e in evidence.of_case(case.id)],
        documents=[DocumentOut.model_validate(d) for d in _documents(case.id)],
        version=case.version,
    )


def _actions(case: Case, actor: Actor, now: datetime) -> list[str]:
    """What the worker can do now; the software turns nobody away without words."""
    facts = facts_of(case, actor, now)
    actions = [] if case.is_anonymous else ["message"]
    if not case.is_final:
        actions += ["supplement", "evidence"]
    if case.lane == Lane.REPORT:
        return actions
    if may(MOVES[Lane.COMPLAINT, "resupply"], facts, actor):
        actions.append("resupply")
    if not case.is_confirmed and case.state in (
        S.SUBMITTED,
        S.CORRECTION_REQUESTED,
        S.INVESTIGATING,
    ):
        actions.append("appointment")
    if may(ACTS["ask_withdrawal"], facts, actor):
        actions.append("withdraw")
    if may(ACTS["undo_withdrawal"], facts, actor):
        actions.append("undo_withdraw")
    if not case.is_final or linked.may_still_say_unpaid(case, now):
        actions.append("say_paid")
    return actions


def _outcome(case: Case) -> OutcomeOut | None:
    if case.outcome is None:
        return None
    title, sentence = words.OUTCOME_WORDS[case.outcome]
    if case.outcome in PAID_OUTCOMES and case.open_fen:
        sentence = unpaid_sentence(case, case.outcome)
    return OutcomeOut(key=case.outcome, label=title, sentence=sentence)


def _officers(case: Case) -> list[str]:
    people = [staff_by_id(i) for i in (case.officer_id, case.second_officer_id) if i is not None]
    return [person.name for person in people if person is not None]


def linked_out(case: Case) -> LinkedOut:
    """The case that was opened after a closed one."""
    return LinkedOut(id=case.public_id, number=case.number, relation="after")


def _linked(case: Case) -> list[LinkedOut]:
    found = []
    if case.linked_from_id is not None:
        before = db.session.get_one(Case, case.linked_from_id)
        found.append(LinkedOut(id=before.public_id, number=before.number, relation="before"))
    after = linked.follower(case)
    if after is not None:
        found.append(linked_out(after))
    return found


def _message(message: talk.CaseMessage) -> MessageOut:
    who = message.staff_name or "经办人" if message.author == "bureau" else "您"
    return MessageOut(
        id=message.id, from_=message.author, who=who, text=message.text, at=message.at
    )


def message_out(message: talk.CaseMessage) -> MessageOut:
    """A message as both sides see it."""
    return _message(message)


def document_out(public_id: str, document_id: int, actor: Actor) -> DocumentTextOut:
    """A document that is for the worker, whole."""
    case = case_for(actor, public_id)
    document = db.session.get(Document, document_id)
    if document is None or document.case_id != case.id or not document.is_for_worker:
        raise NotFound("没有找到这份文书。")
    kind = document_kinds.KINDS[document.kind]
    return DocumentTextOut(
        id=document.id,
        kind=document.kind,
        title=document.title,
        number=document.number,
        issued_at=document.issued_at,
        text=document.text,
        law=dates.law_of(kind.law),
    )


def by_receipt(code: str) -> Case | None:
    """The case with this receipt code, however it was typed."""
    normal = crypto.normal_receipt_code(code)
    if not normal:
        return None
    query = sa.select(Case).where(Case.receipt_index == crypto.blind_index("receipt", normal))
    return db.session.scalar(query)


def genuine(code: str) -> GenuineOut:
    """Whether a receipt is ours, when it was filed and where it stands; NotFound otherwise."""
    case = by_receipt(code)
    if case is None:
        raise NotFound("没有这张回执。请看一下查询码有没有抄错。", code="receipt_not_found")
    return GenuineOut(
        is_genuine=True,
        lane=case.lane,
        number=case.number,
        filed_at=case.filed_at,
        state_label=label(case.lane, case.state),
        digest=case.digest,
    )


def lookup(code: str, phone_tail: str, now: datetime) -> StatusOut:
    """Where a case stands for whoever has the code and the telephone's last four digits.

    A wrong code and a wrong tail give the same answer. A report without a person has no
    telephone: the code alone, of 80 random bits, opens it.
    """
    case = by_receipt(code)
    if case is None or not _is_tail(case, phone_tail):
        raise NotFound("查询码和手机尾号对不上。请看一下有没有抄错。", code="receipt_not_found")
    return status(case, now)


def _is_tail(case: Case, tail: str) -> bool:
    query = sa.select(Claimant).where(Claimant.case_id == case.id).order_by(Claimant.id).limit(1)
    person = db.session.scalars(query).first()
    return person is None or (person.phone or "").endswith(tail)
