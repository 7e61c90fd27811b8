"""A question becomes a person's: with all that was said, and a date by which an answer comes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db
from backend.core.installation import bureau
from backend.escalations.models import Escalation
from backend.escalations.states import S
from backend.law.days import SHANGHAI, WEEKDAYS_ZH
from backend.law.office_hours import OfficeHours
from backend.settings import Period


@dataclass(frozen=True, slots=True)
class Asked:
    """What is handed over: where the answer goes, who asks, and everything said before.

    `transcript` lists {author, kind, text}; its words are masked already.
    """

    subject: str
    question: str
    transcript: Sequence[dict[str, Any]] = field(default_factory=list)
    worker_id: int | None = None
    phone: str | None = None
    is_crisis: bool = False


def chain(escalation_id: int) -> str:
    """The audit chain of one question."""
    return f"question:{escalation_id}"


def hand_over(asked: Asked, actor: Actor, now: datetime) -> tuple[Escalation, bool]:
    """Open the question inside the caller's transaction; an open one gets the new words instead.

    Returns it and whether it is new. A crisis raises an open question to one.
    """
    row = open_for(asked.subject)
    if row is not None:
        _join(row, asked, now)
        return row, False
    due = due_at(now)
    row = Escalation(
        subject=asked.subject,
        worker_id=asked.worker_id,
        phone=asked.phone,
        question=asked.question,
        transcript=json.dumps(list(asked.transcript), ensure_ascii=False),
        is_crisis=asked.is_crisis,
        state=S.WAITING.value,
        asked_at=now,
        due_at=due,
        goes_up_at=now if asked.is_crisis else due,
        citations=[],
        had_by_ids=[],
    )
    db.session.add(row)
    db.session.flush()
    detail = {"due_at": row.due_at.isoformat(), "is_crisis": asked.is_crisis}
    by = SYSTEM if asked.is_crisis and actor.id is None else actor
    record(chain(row.id), "ask", by, now, to_state=row.state, detail=detail, is_first=True)
    return row, True


def open_for(subject: str) -> Escalation | None:
    """The question of this conversation that is not answered yet."""
    query = sa.select(Escalation).where(
        Escalation.subject == subject, Escalation.state != S.ANSWERED.value
    )
    return db.session.scalar(query)


def add_words(subject: str, text: str, phone: str | None = None) -> None:
    """What the person said after asking, and the telephone they left, for whoever answers.

    Nothing when nobody is asked.
    """
    row = open_for(subject)
    if row is not None:
        row.phone = phone or row.phone
        _append(row, [{"author": "person", "kind": "asked", "text": text}])


def by_public_id(wanted: Iterable[str]) -> dict[str, Escalation]:
    """Questions by the id that their turns name."""
    ids = list(wanted)
    if not ids:
        return {}
    rows = db.session.scalars(sa.select(Escalation).where(Escalation.public_id.in_(ids)))
    return {row.public_id: row for row in rows}


def due_at(now: datetime) -> datetime:
    """One working day of office hours after `now` (the bureau's promise, [POLICY])."""
    return office_hours(bureau().office_hours).one_working_day_after(now)


def office_hours(periods: Iterable[Period]) -> OfficeHours:
    """The bureau's office hours."""
    return OfficeHours.parse([(p.opens, p.closes) for p in periods])


def due_words(at: datetime) -> str:
    """A moment as it is promised: 11月26日 周四 10:00 前."""
    local = at.astimezone(SHANGHAI)
    weekday = WEEKDAYS_ZH[local.weekday()]
    return f"{local.month}月{local.day}日 {weekday} {local:%H:%M} 前"


def hours_words(periods: Iterable[Period]) -> str:
    """The office hours in words: 工作日 8:30–12:00，14:30–17:30."""
    return "工作日 " + "，".join(f"{p.opens.lstrip('0')}–{p.closes}" for p in periods)


def _join(row: Escalation, asked: Asked, now: datetime) -> None:
    if asked.is_crisis and not row.is_crisis:
        row.is_crisis, row.goes_up_at = True, now
    row.phone = asked.phone or row.phone
    row.worker_id = row.worker_id or asked.worker_id
    if asked.question:
        _append(row, [{"author": "person", "kind": "asked", "text": asked.question}])
    if asked.is_crisis:  # which telephones were given, so that nobody is told otherwise
        _append(row, [line for line in asked.transcript if line.get("phones")][-1:])


def _append(row: Escalation, said: list[dict[str, Any]]) -> None:
    row.transcript = json.dumps([*json.loads(row.transcript), *said], ensure_ascii=False)
