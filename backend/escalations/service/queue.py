"""The queue of questions at the desk: who waits, until when, and who has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from backend.core.actor import Actor
from backend.core.db import db
from backend.escalations.models import Escalation
from backend.escalations.service.passing import THE_HEAD
from backend.escalations.service.reaching import number
from backend.escalations.states import ANSWERERS, LABELS, S
from backend.law.days import local_date

Scope = Literal["all", "mine", "free", "answered"]
SCOPES: tuple[Scope, ...] = ("all", "mine", "free", "answered")
BUCKETS = ("crisis", "overdue", "today", "later", "answered")
MOST_ROWS = 200
COUNT_CAP = 501
HOUR_S = 3600
_SHOWN = 60
_LONGEST_CALL = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One question in the list; `hours_left` is negative once its time has passed."""

    public_id: str
    number: str
    question: str
    state: str
    state_label: str
    bucket: str
    asked_at: datetime
    due_at: datetime
    hours_left: int
    taken_by_name: str
    offered_to_name: str
    is_mine: bool
    is_alarm: bool
    answered_by_name: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands beside 问题解答 in the rail: how many are open, late and in danger."""

    open: int
    overdue: int
    crisis: int
    next_due_at: datetime | None


def rows(scope: Scope, actor: Actor, now: datetime) -> list[Row]:
    """Open questions by due time, a crisis first; or the last ones that were answered."""
    query = sa.select(Escalation).limit(MOST_ROWS)
    if scope == "answered":
        query = query.where(Escalation.state == S.ANSWERED.value)
        query = query.order_by(Escalation.answered_at.desc(), Escalation.id.desc())
    else:
        query = query.where(*_open(scope, actor))
        query = query.order_by(Escalation.is_crisis.desc(), Escalation.due_at, Escalation.id)
    return [row_of(found, actor, now) for found in db.session.scalars(query)]


def counts(actor: Actor) -> dict[str, int]:
    """How many open questions each scope holds, counted up to 501."""
    return {s: _capped(_open(s, actor)) for s in SCOPES if s != "answered"}


def waiting(actor: Actor, now: datetime) -> Waiting:
    """What waits for this person's roles; nothing for roles that do not answer."""
    if not actor.has_role(*ANSWERERS):
        return Waiting(0, 0, 0, None)
    is_open = Escalation.state != S.ANSWERED.value
    first = sa.select(sa.func.min(Escalation.due_at)).where(is_open)
    return Waiting(
        open=_capped([is_open]),
        overdue=_capped([is_open, Escalation.due_at < now]),
        crisis=_capped([is_open, Escalation.is_crisis.is_(True)]),
        next_due_at=db.session.scalar(first),
    )


def row_of(row: Escalation, actor: Actor, now: datetime) -> Row:
    """A question as the list shows it; its words are masked already."""
    text = " ".join(headline(row).split())
    return Row(
        public_id=row.public_id,
        number=number(row),
        question=text[:_SHOWN] + ("…" if len(text) > _SHOWN else ""),
        state=row.state,
        state_label=LABELS[S(row.state)],
        bucket=bucket_of(row, now),
        asked_at=row.asked_at,
        due_at=row.due_at,
        hours_left=int((row.due_at - now).total_seconds() // HOUR_S),
        taken_by_name=row.taken_by_name,
        offered_to_name=row.offered_to_name,
        is_mine=actor.id is not None and actor.id in (row.taken_by_id, row.offered_to_id),
        is_alarm=row.level >= THE_HEAD and row.state != S.ANSWERED,
        answered_by_name=row.answered_by_name,
        answered_at=row.answered_at,
    )


def headline(row: Escalation) -> str:
    """What is asked: the words at handing over, or what was said before 转人工 and no more."""
    if not is_call_for_a_person(row.question):
        return row.question
    said = [
        str(line["text"])
        for line in json.loads(row.transcript)
        if line.get("author") == "person" and not is_call_for_a_person(line["text"])
    ]
    return said[-1] if said else row.question


def is_call_for_a_person(text: str) -> bool:
    """Whether somebody only asks for a person: 转人工, 找人工客服."""
    return "人工" in text and len(text.strip()) <= _LONGEST_CALL


def bucket_of(row: Escalation, now: datetime) -> str:
    """The group a question stands in: crisis, overdue, today, later, or answered."""
    if row.state == S.ANSWERED:
        return "answered"
    if row.is_crisis:
        return "crisis"
    if now > row.due_at:
        return "overdue"
    return "today" if local_date(row.due_at) <= local_date(now) else "later"


def _open(scope: Scope, actor: Actor) -> list[Any]:
    conditions: list[Any] = [Escalation.state != S.ANSWERED.value]
    if scope == "mine":
        mine = (Escalation.taken_by_id == actor.id, Escalation.offered_to_id == actor.id)
        conditions.append(sa.or_(*mine))
    if scope == "free":
        conditions.append(Escalation.state == S.WAITING.value)
    return conditions


def _capped(conditions: Iterable[Any]) -> int:
    inner = sa.select(Escalation.id).where(*conditions).limit(COUNT_CAP).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0
