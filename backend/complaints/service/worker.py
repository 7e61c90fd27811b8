"""What the worker does after filing: adds, corrects, withdraws, says whether the money came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.audit.record import record
from backend.complaints.access import case_for
from backend.complaints.models import Case, PaymentWord, Supplement
from backend.complaints.service.facts import facts_of, live_withdrawal
from backend.complaints.service.handling import refuse_unlawful, take_step
from backend.complaints.service.linked import follower, may_still_say_unpaid, open_linked
from backend.complaints.service.moves import open_corrections
from backend.complaints.service.stage import Stage
from backend.complaints.service.telling import Told, tell
from backend.complaints.states import Lane, S
from backend.complaints.steps import step
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError
from backend.law.days import shanghai_today


@one_transaction
def supplement(public_id: str, text: str, key: str, actor: Actor, now: datetime) -> Supplement:
    """Add to what was filed, which itself never changes; the same key twice is one supplement."""
    case = _own(actor, public_id)
    found: Supplement | None = db.session.scalar(
        sa.select(Supplement).where(
            Supplement.case_id == case.id, Supplement.key == crypto.token_hash(key)
        )
    )
    if found is not None:
        return found
    if case.is_final:
        raise Conflict("这件已经办结，不能再补。请发消息或打电话给我们。", code="closed")
    row = Supplement(case_id=case.id, key=crypto.token_hash(key), text=text, at=now)
    db.session.add(row)
    db.session.flush()
    _notice_bureau(case)
    record(case.chain, "supplement", actor, now, detail={"supplement_id": row.id})
    return row


@one_transaction
def resupply(public_id: str, answers: dict[int, str], actor: Actor, now: datetime) -> None:
    """Answer every item of the correction notice; a new acceptance clock starts (39(7))."""
    case = _own(actor, public_id)
    _lawful(case, "resupply", actor, now)
    items = open_corrections(case)
    errors = [
        FieldError(f"items.{number}", "这一样还没补，没有也请写一句为什么。")
        for number, item in enumerate(items)
        if not answers.get(item.id, "").strip()
    ]
    if errors:
        raise BadInput("还有几样没补。", errors=errors)
    values = {"answers": {str(key): text for key, text in answers.items()}}
    _take(case, "resupply", values, actor, now)
    _notice_bureau(case)


@one_transaction
def ask_withdrawal(public_id: str, reason: str | None, actor: Actor, now: datetime) -> datetime:
    """Ask to withdraw; it takes effect after an officer's call or 24 hours [POLICY].

    Returns the moment it takes effect. Asked twice, the first moment stands.
    """
    case = _own(actor, public_id)
    asked = live_withdrawal(case.id)
    if asked is not None:
        return asked.effective_at
    _lawful(case, "ask_withdrawal", actor, now)
    _take(case, "ask_withdrawal", {"note": reason}, actor, now)
    _notice_bureau(case)
    asked = live_withdrawal(case.id)
    if asked is None:
        raise LookupError("the withdrawal just written is not there")
    return asked.effective_at


@one_transaction
def undo_withdrawal(public_id: str, actor: Actor, now: datetime) -> None:
    """Take a withdrawal back before it takes effect."""
    case = _own(actor, public_id)
    _lawful(case, "undo_withdrawal", actor, now)
    _take(case, "undo_withdrawal", {}, actor, now)


@one_transaction
def say_paid(
    public_id: str,
    is_paid: bool,
    amount_fen: int | None,
    paid_on: date | None,
    note: str | None,
    key: str,
    actor: Actor,
    now: datetime,
) -> Case | None:
    """Say that the money came, or did not; the officer sees it and asks for proof.

    Within 30 days of closing "not paid" opens a linked case, which is returned; the closed one
    stays as it is. The same key twice is said once.
    """
    case = _own(actor, public_id)
    hashed = crypto.token_hash(key)
    repeated = sa.select(PaymentWord.id).where(
        PaymentWord.case_id == case.id, PaymentWord.key == hashed
    )
    if db.session.scalar(repeated) is not None:
        return follower(case)
    if paid_on is not None and paid_on > shanghai_today(now):
        raise BadInput("有几处要改，改好再交。", errors=[FieldError("paid_on", "这一天还没到。")])
    _refuse_unless_payable(case, is_paid, now)
    db.session.add(
        PaymentWord(
            case_id=case.id, key=hashed, is_paid=is_paid, amount_fen=amount_fen, paid_on=paid_on,
            note=note, at=now,
        )
    )  # fmt: skip
    db.session.flush()
    detail = {"is_paid": is_paid, "amount_fen": amount_fen}
    event_id = record(case.chain, _said(is_paid, amount_fen), actor, now, detail=detail)
    _notice_bureau(case)
    if is_paid or case.state != S.CLOSED:
        return None
    linked = follower(case)
    if linked is None:
        linked = open_linked(case, actor, now)
        told = Told("另开了一件接着办", f"您说没拿到钱，我们另开了一件（{linked.number}）接着办。")
        tell(case, "linked", told, event_id, now)
    return linked


def _said(is_paid: bool, amount_fen: int | None) -> str:
    """What stands in the record: it came, a part of it came, or it did not."""
    if is_paid:
        return "say_paid"
    return "say_partly_paid" if amount_fen else "say_unpaid"


def _refuse_unless_payable(case: Case, is_paid: bool, now: datetime) -> None:
    if case.lane != Lane.COMPLAINT:
        raise Conflict("举报不追讨您个人的工资。自己的工资没拿到，请走投诉。", code="not_a_claim")
    if not case.is_final or may_still_say_unpaid(case, now):
        return
    if is_paid and case.state == S.CLOSED:
        return
    raise Conflict(
        "这件办结已超过 30 天，或没有走到付钱这一步。请打电话或重新投诉。", code="too_late"
    )


def _own(actor: Actor, public_id: str) -> Case:
    return case_for(actor, public_id, for_change=True)


def _lawful(case: Case, key: str, actor: Actor, now: datetime) -> None:
    refuse_unlawful(step(case.lane, key), facts_of(case, actor, now), actor)


def _take(case: Case, key: str, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    facts = facts_of(case, actor, now)
    stage = Stage(case, key, values, actor, actor, facts, now, shanghai_today(now))
    take_step(stage, step(case.lane, key))


def _notice_bureau(case: Case) -> None:
    db.session.execute(
        sa.update(Case).where(Case.id == case.id).values(unread_by_bureau=Case.unread_by_bureau + 1)
    )
