"""Finding a conversation by its key, writing turns, and showing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, insert_once
from backend.core.errors import NotFound
from backend.core.installation import bureau
from backend.core.private import Masked
from backend.escalations import service as escalations
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import (
    ChoiceOut,
    CitationOut,
    FaqEntryOut,
    PhoneOut,
    TurnOut,
    WaitingOut,
)
from backend.faqbot.service import shown

#: Whom somebody in danger can call at once, by group.
CRISIS_PHONES = {
    "self_harm": ("120", "110", "12333"),
    "injury_now": ("120", "110", "12333"),
    "violence": ("110", "12333"),
    "child": ("12333", "110"),
    "gathering": ("12333", "12345"),
}
_PHONE_KEPT = "您的电话记下了，只给帮您的工作人员看，对话里已经遮住。"
_PHONE_NAMES = {"120": "急救", "110": "报警", "12333": "人社热线", "12345": "政务热线"}


@dataclass(slots=True)
class Said:
    """One thing to be written into a conversation; `others` are further entries it shows."""

    author: str
    kind: str
    text: str = ""
    entry: FaqEntryOut | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    score: float | None = None
    likeness: str | None = None
    others: list[FaqEntryOut] = field(default_factory=list)


def subject(conversation_id: int) -> str:
    """Where the answer of a person goes."""
    return f"conversation:{conversation_id}"


def conversation_id_of(subject: str) -> int | None:
    """The conversation a question came from; None for another source."""
    prefix, _, number = subject.partition(":")
    return int(number) if prefix == "conversation" and number.isdigit() else None


def find(key: str, actor: Actor, *, is_for_writing: bool = False) -> Conversation | None:
    """The conversation of this key; NotFound `not_yours` when it belongs to somebody signed in."""
    query = sa.select(Conversation).where(Conversation.key_hash == crypto.token_hash(key))
    if is_for_writing:  # key_share: turns that point here may be written meanwhile
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row and row.worker_id is not None and row.worker_id != _worker_id(actor):
        raise NotFound("这段对话属于另一个人，我们重新开始。", code="not_yours")
    return row


def find_or_begin(key: str, actor: Actor, now: datetime, channel: str = "app") -> Conversation:
    """The conversation of this key, begun when there is none; a sign-in meanwhile adopts it.

    It stays locked to the end of the caller's transaction: two requests at once write one after
    the other, so that the second finds what the first has written.
    """
    begun = {
        "key_hash": crypto.token_hash(key), "channel": channel, "created_at": now, "last_at": now,
        "misses": 0, "restarted_after": 0,
    }  # fmt: skip
    insert_once(Conversation, begun, "key_hash")
    row = find(key, actor, is_for_writing=True)
    assert row is not None  # inserted above, or there before
    adopt(row, actor)
    row.last_at = now
    db.session.flush()
    return row


def is_to_adopt(conversation: Conversation, actor: Actor) -> bool:
    """Whether somebody who has signed in holds a conversation that is nobody's yet."""
    return conversation.worker_id is None and _worker_id(actor) is not None


def adopt(conversation: Conversation, actor: Actor) -> None:
    """Make it theirs, and the question that waits for a person too: so the answer reaches them."""
    worker_id = _worker_id(actor)
    if worker_id is not None and is_to_adopt(conversation, actor):
        conversation.worker_id = worker_id
        escalations.belongs_to(subject(conversation.id), worker_id)


def masked_note(masked: Masked, *, is_phone_kept: bool = False) -> list[Said]:
    """What the person is told when numbers were taken out of their words."""
    said = [_PHONE_KEPT] if is_phone_kept else []
    gone = [
        name
        for name, kind in zip(masked.names, masked.kinds, strict=True)
        if not (is_phone_kept and kind == "phone")
    ]
    if gone:
        said.append(f"您写的{'、'.join(gone)}，我们已经遮住，没有保存。")
    return [Said("bot", "note", "".join(said))] if said else []


def already(conversation_id: int, key: str) -> list[Turn]:
    """The turns that this request key has made, in order."""
    query = sa.select(Turn).where(
        Turn.conversation_id == conversation_id,
        sa.or_(Turn.ask_key == key, Turn.ask_key.startswith(f"{key}.")),
    )
    return list(db.session.scalars(query.order_by(Turn.id)))


def write(
    conversation: Conversation, said: Sequence[Said], key: str, corpus: str, now: datetime
) -> list[Turn]:
    """Write turns in order inside the caller's transaction; the first has the request's key."""
    rows = []
    for number, one in enumerate(said):
        for entry in [one.entry, *one.others]:
            if entry:
                shown.keep_revision(entry, now)
        rows.append(
            Turn(
                conversation_id=conversation.id,
                at=now,
                author=one.author,
                kind=one.kind,
                text=one.text,
                payload=one.payload,
                entry_id=one.entry.id if one.entry else None,
                revision=one.entry.revision if one.entry else None,
                score=one.score,
                corpus=corpus,
                ask_key=key if number == 0 else f"{key}.{number}",
                likeness=one.likeness,
            )
        )
    db.session.add_all(rows)
    db.session.flush()
    return rows


def show(rows: Iterable[Turn], now: datetime) -> list[TurnOut]:
    """Turns as the chat shows them, each answer in the words it had then."""
    turns = list(rows)
    entries = shown.kept(_wanted(turns))
    asked = escalations.by_public_id(
        [t.payload["escalation"] for t in turns if "escalation" in t.payload]
    )
    without_phone = _danger_without_phone(turns)
    return [_show(turn, entries, asked, without_phone, now) for turn in turns]


def _danger_without_phone(turns: Iterable[Turn]) -> set[int]:
    """The last crisis turn of each conversation where nobody knows yet whom to call."""
    last = {t.conversation_id: t.id for t in turns if t.kind == "crisis"}
    waiting = {number: escalations.open_for(subject(number)) for number in last}
    return {
        turn_id
        for number, turn_id in last.items()
        if (row := waiting[number]) is not None and not escalations.phone_of(row)
    }


def _wanted(turns: Iterable[Turn]) -> set[tuple[str, str]]:
    wanted = {(t.entry_id, t.revision) for t in turns if t.entry_id and t.revision}
    for turn in turns:
        wanted |= {(e["id"], e["revision"]) for e in turn.payload.get("entries", [])}
    return wanted


def _show(
    turn: Turn,
    entries: dict[tuple[str, str], FaqEntryOut],
    asked: dict[str, Any],
    without_phone: set[int],
    now: datetime,
) -> TurnOut:
    payload = turn.payload
    one = entries[turn.entry_id, turn.revision] if turn.entry_id and turn.revision else None
    return TurnOut(
        id=turn.id,
        at=turn.at,
        author=turn.author,
        kind=turn.kind,
        text=turn.text,
        entry=one,
        entries=[entries[e["id"], e["revision"]] for e in payload.get("entries", [])],
        choices=[ChoiceOut.model_validate(c) for c in payload.get("choices", [])],
        phones=_phones(payload.get("crisis")),
        citations=[CitationOut.model_validate(c) for c in payload.get("citations", [])],
        waiting=_waiting(asked.get(payload.get("escalation", "")), now),
        feedback=turn.feedback,
        can_rate=turn.author != "person" and turn.kind in ("answer", "several", "reply"),
        offers_complaint=bool(payload.get("offers_complaint")),
        offers_human=bool(payload.get("offers_human")),
        asks_phone=turn.id in without_phone,
    )


def _phones(group: str | None) -> list[PhoneOut]:
    if group is None:
        return []
    return [PhoneOut(label=_PHONE_NAMES[n], phone=n) for n in CRISIS_PHONES[group]]


def _waiting(row: Any, now: datetime) -> WaitingOut | None:
    if row is None:
        return None
    return WaitingOut(
        state=row.state,
        due_at=row.due_at,
        due_words=escalations.due_words(row.due_at),
        hours_words=escalations.hours_words(bureau().office_hours),
        is_overdue=row.state != "answered" and now > row.due_at,
        is_crisis=row.is_crisis,
    )


def _worker_id(actor: Actor) -> int | None:
    return actor.id if actor.kind == "worker" else None
