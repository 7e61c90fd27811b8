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
from backend.escalations.models import Escalation
from backend.escalations.service import Asked
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import ConversationOut
from backend.faqbot.service import arriving, conversations, overtaken, pace, shown, turns
from backend.faqbot.service.turns import Said

TRANSCRIPT_TURNS = 60
#: A call for a person that is no longer than this says nothing of the matter itself.
LONGEST_BARE_CALL = 12
_WORDS = "已经转给工作人员。最晚 {due}有人答您。上面的话都带过去了，不用再说一遍。"
_AGAIN = "这件已经在工作人员手里，您刚说的也带过去了。最晚 {due}有人答您。"
_CRISIS = "已经转给工作人员，也报了领导，看到就联系您。我们不是时时有人，别等我们，先打上面的电话。"
_LEAVE_PHONE = "把您的电话号码发过来，我们打给您。"
_NO_QUESTION = "（没有另外写，看前面的对话）"


def call(
    key: str, ask_key: str, text: str | None, phone: str | None, actor: Actor, now: datetime
) -> ConversationOut:
    """Hand the conversation to a person; again while one is asked, it adds the new words.

    TooMany after too many calls in this conversation, or of this worker or network (`pace`).
    """
    pace.spend_call(key, actor, now)
    return conversations.out(_called(key, ask_key, text, phone, actor, now), now, has_more=False)


@overtaken.again
@one_transaction
def _called(
    key: str, ask_key: str, text: str | None, phone: str | None, actor: Actor, now: datetime
) -> list[Turn]:
    conversation = turns.find_or_begin(key, actor, now)
    done = turns.already(conversation.id, ask_key)
    if done:
        return done
    arrived = arriving.bring_in(conversation)
    masked = private.mask(text or "")
    said = [Said("person", "asked", masked.text)] if masked.text else []
    said += turns.masked_note(masked)
    said.append(hand_over(conversation, masked.text, phone, actor, now, is_crisis=False))
    return arrived + turns.write(conversation, said, ask_key, "", now)


def hand_over(
    conversation: Conversation,
    text: str,
    phone: str | None,
    actor: Actor,
    now: datetime,
    is_crisis: bool,
    *,
    is_bare_call: bool = False,
) -> Said:
    """Open the question in the caller's transaction; gives what the person is told.

    With `is_bare_call` the text only calls somebody: the question is what was said before it.
    """
    subject = turns.subject(conversation.id)
    said_before = _transcript(conversation)
    # one who waits already holds what was said: only new words are added to it
    is_open = escalations.open_for(subject) is not None
    if not is_open and not is_crisis:  # somebody in danger is never counted away
        pace.spend_person(actor, now)
    asked = Asked(
        subject=subject,
        question=text if is_open else _question(text, said_before, is_bare_call),
        transcript=said_before,
        worker_id=conversation.worker_id,
        phone=phone,
        is_crisis=is_crisis,
    )
    row, is_new = escalations.hand_over(asked, actor, now)
    words = _urgent_words(row) if is_crisis else _words(row, is_new)
    return Said("bot", "escalated", words, payload={"escalation": row.public_id})


def _words(row: Escalation, is_new: bool) -> str:
    words = (_WORDS if is_new else _AGAIN).format(due=escalations.due_words(row.due_at))
    return f"{words}上班时间：{escalations.hours_words(bureau().office_hours)}。"


def _urgent_words(row: Escalation) -> str:
    """In danger no date is promised: at night it would be tomorrow's, and help is not ours."""
    return _CRISIS if escalations.phone_of(row) else f"{_CRISIS}{_LEAVE_PHONE}"


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
            "phones": list(turns.CRISIS_PHONES.get(t.payload.get("crisis", ""), ())),
        }
        for t in rows
    ]


def _question(text: str, transcript: list[dict[str, Any]], is_bare_call: bool) -> str:
    if text and not (is_bare_call and len(text) <= LONGEST_BARE_CALL):
        return text
    said = [line["text"] for line in transcript if line["author"] == "person"]
    before = [line for line in said if line != text]
    return before[-1] if before else text or _NO_QUESTION
