"""One question as whoever answers it sees it; reading it is itself recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.audit.models import AuditEvent
from backend.audit.record import events, record
from backend.core import masking
from backend.core.actor import Actor
from backend.core.db import one_transaction
from backend.core.errors import BadInput, FieldError
from backend.escalations.models import Escalation
from backend.escalations.service.asking import chain, due_words
from backend.escalations.service.handling import LONGEST_REASON, load
from backend.escalations.service.queue import Row, headline, row_of
from backend.escalations.service.reaching import channel_of, phone_of
from backend.escalations.states import GIVERS, S
from backend.notify.outbox import Channel

_QUIET = frozenset({"read", "conversation_read", "call"})


@dataclass(frozen=True, slots=True)
class Question:
    """Everything about one question: what was said, who may do what, what happened to it."""

    row: Row
    version: int
    full_question: str
    headline: str
    transcript: list[dict[str, Any]]
    promised: str
    phone: str
    channel: Channel | None
    answer: str | None
    citations: list[dict[str, Any]]
    is_crisis: bool
    #: Whole, where somebody in danger waits: whoever reads it is to call at once.
    call_at_once: str
    given_phones: list[str]
    may_take: bool
    may_answer: bool
    may_give: bool
    course: list[AuditEvent]


@one_transaction
def read(public_id: str, actor: Actor, now: datetime) -> Question:
    """One question with its transcript; NotFound when there is none. Who read it is recorded."""
    found = load(public_id)
    detail = {"has_read_phone": True} if _call_at_once(found) else None
    record(chain(found.id), "read", actor, now, detail=detail)
    return _question(found, actor, now)


@one_transaction
def read_conversation(public_id: str, reason: str, actor: Actor, now: datetime) -> Escalation:
    """The question whose whole conversation somebody wants to see, with the reason recorded."""
    found = load(public_id)
    reason = reason.strip()
    if not 2 <= len(reason) <= LONGEST_REASON:
        message = f"请写为什么要看，2 到 {LONGEST_REASON} 个字。"
        raise BadInput(message, errors=[FieldError("reason", message)])
    record(chain(found.id), "conversation_read", actor, now, reason=reason)
    return found


def _question(row: Escalation, actor: Actor, now: datetime) -> Question:
    is_open = row.state != S.ANSWERED
    transcript = json.loads(row.transcript)
    return Question(
        row=row_of(row, actor, now),
        version=row.version,
        full_question=row.question,
        headline=headline(row),
        transcript=transcript,
        promised=due_words(row.due_at),
        phone=masking.phone(row.phone) if row.phone else "",
        channel=channel_of(row),
        answer=row.answer,
        citations=row.citations,
        is_crisis=row.is_crisis,
        call_at_once=_call_at_once(row),
        given_phones=_given_phones(transcript),
        may_take=row.state == S.WAITING,
        may_answer=row.state == S.TAKEN and row.taken_by_id == actor.id,
        may_give=is_open and actor.has_role(*GIVERS),
        course=[event for event in events(chain(row.id)) if event.act not in _QUIET],
    )


def _call_at_once(row: Escalation) -> str:
    return (phone_of(row) or "") if row.is_crisis and row.state != S.ANSWERED else ""


def _given_phones(transcript: list[dict[str, Any]]) -> list[str]:
    """The telephones that whoever is in danger was shown, each once."""
    shown = [number for line in transcript for number in line.get("phones", [])]
    return list(dict.fromkeys(shown))
