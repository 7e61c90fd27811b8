"""转人工: everything said goes to a person, and the one who asks is told until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.core import private
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.installation import bureau
from backend.escalations import service as escalations
from backend.escalations.service import Asked
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import ConversationOut
from backend.faqbot.service import conversations, shown, turns
from backend.faqbot.service.turns import Said

TRANSCRIPT_TURNS = 60
_WORDS = "已经转给工作人员。最晚 {due}有人答您。上面的话都带过去了，不用再说一遍。"
_AGAIN = "这件已经在工作人员手里，您刚说的也带过去了。最晚 {due}有人答您。"
_NO_QUESTION = "（没有另外写，看前面的对话）"


@one_transaction
def call(
    key: str, ask_key: str, text: str | None, phone: str | None, actor: Actor, now: datetime
) -> ConversationOut:
    """Hand the conversation to a person; again while one is asked, it adds the new words."""
    conversation = turns.find_or_begin(key, actor, now)
    done = turns.already(conversation.id, ask_key)
    if not done:
        masked = private.mask(text).text if text else ""
        said = [Said("person", "asked", masked)] if masked else []
        said.append(hand_over(conversation, masked, phone, actor, now, is_crisis=False))
        done = turns.write(conversation, said, ask_key, "", now)
    return conversations.out(done, now, has_more=False)


def hand_over(
    conversation: Conversation,
    text: str,
    phone: str | None,
    actor: Actor,
    now: datetime,
    is_crisis: bool,
) -> Said:
    """Open the question in the caller's transaction; gives what the person is told."""
    said_before = _transcript(conversation)
    asked = Asked(
        subject=turns.subject(conversation.id),
        question=text or _last_question(said_before),
        transcript=said_before,
        worker_id=conversation.worker_id,
        phone=phone,
        is_crisis=is_crisis,
    )
    row, is_new = escalations.hand_over(asked, actor, now)
    words = (_WORDS if is_new else _AGAIN).format(due=escalations.due_words(row.due_at))
    hours = escalations.hours_words(bureau().office_hours)
    return Said(
        "bot", "escalated", f"{words}上班时间：{hours}。", payload={"escalation": row.public_id}
    )


def _transcript(conversation: Conversation) -> list[dict[str, Any]]:
    query = (
        sa.select(Turn)
        .where(Turn.conversation_id == conversation.id, Turn.id > conversation.restarted_after)
        .order_by(Turn.id.desc())
        .limit(TRANSCRIPT_TURNS)
    )
    rows = list(reversed(list(db.session.scalars(query))))
    entries = shown.kept({(t.entry_id, t.revision) for t in rows if t.entry_id and t.revision})
    return [
        {
            "author": t.author,
            "kind": t.kind,
            "text": entries[t.entry_id, t.revision].answer if t.entry_id and t.revision else t.text,
            "entry_id": t.entry_id,
            "revision": t.revision,
            "at": t.at.isoformat(),
        }
        for t in rows
    ]


def _last_question(transcript: list[dict[str, Any]]) -> str:
    said = [line["text"] for line in transcript if line["author"] == "person"]
    return said[-1] if said else _NO_QUESTION


@one_transaction
def reply(
    subject: str, public_id: str, text: str, citations: list[dict[str, Any]], now: datetime
) -> None:
    """A member of staff answered: the words stand in the conversation, once."""
    conversation = db.session.get(Conversation, int(subject.partition(":")[2]))
    if conversation is None:
        return  # deleted after its time; the answer went out by message
    key = f"reply.{public_id}"
    if turns.already(conversation.id, key):
        return
    payload = {"escalation": public_id, "citations": citations}
    turns.write(conversation, [Said("staff", "reply", text, payload=payload)], key, "", now)
