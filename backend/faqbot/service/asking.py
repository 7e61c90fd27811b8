"""A message or a tapped button becomes turns: masked, understood, answered, kept; once a key."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.core import private
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import NotFound
from backend.escalations import service as escalations
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import Choose, ConversationOut
from backend.faqbot.service import (
    arriving,
    conversations,
    humans,
    overtaken,
    pace,
    reachable,
    turns,
)
from backend.faqbot.service.library import InForce, library
from backend.faqbot.service.likeness import likeness_of
from backend.faqbot.service.replying import HUMAN, Replier, Reply
from backend.faqbot.service.turns import Said
from backend.law.policy import DEFAULT_POLICY

MISSES_BEFORE_A_PERSON = 2
_GONE = "这个选项已经不在了，您直接打字问就行。"
_OFFER = "两次都没答上，要不要请工作人员来答？点“转人工”，前面的话都带过去。"


def ask(key: str, text: str, ask_key: str, actor: Actor, now: datetime) -> ConversationOut:
    """Answer a message; the same `ask_key` again gives the turns of the first time.

    TooMany after too many in this conversation, or of this worker or network (`pace`).
    """
    pace.spend(key, actor, now)
    rows = _asked(key, text, ask_key, actor, now, library().in_force(now), "app")
    return conversations.out(rows, now, has_more=False)


def ask_in_account(key: str, text: str, ask_key: str, actor: Actor, now: datetime) -> list[Turn]:
    """The same in the WeChat official account; gives the turns themselves."""
    pace.spend(key, actor, now)
    return _asked(key, text, ask_key, actor, now, library().in_force(now), "account")


def choose(key: str, data: Choose, actor: Actor, now: datetime) -> ConversationOut:
    """A tapped button: an entry, or the answer to a question that decides."""
    pace.spend(key, actor, now)
    rows = _chosen(key, data, actor, now, library().in_force(now))
    return conversations.out(rows, now, has_more=False)


def choose_in_account(key: str, data: Choose, actor: Actor, now: datetime) -> list[Turn]:
    """The same in the WeChat official account, where a number stands for the button."""
    pace.spend(key, actor, now)
    return _chosen(key, data, actor, now, library().in_force(now))


@overtaken.again
@one_transaction
def _asked(
    key: str, text: str, ask_key: str, actor: Actor, now: datetime, version: InForce, channel: str
) -> list[Turn]:
    conversation = turns.find_or_begin(key, actor, now, channel)
    done = turns.already(conversation.id, ask_key)
    if done:
        return done
    arrived = arriving.bring_in(conversation)
    masked = private.mask(text)
    phone = reachable.own_phone(masked)
    waits = escalations.open_for(turns.subject(conversation.id)) is not None
    if waits and phone and reachable.says_only_where(masked):
        reply = Reply([])
    else:
        known, asked = facts_of(conversation, now), _open_question(conversation)
        reply = Replier(version.bot, version.on).reply(masked.text, known, asked)
    is_kept = phone is not None and (waits or reply.calls_human)
    said = [Said("person", "asked", masked.text, likeness=likeness_of(version.bot, masked.text))]
    said += turns.masked_note(masked, is_phone_kept=is_kept)
    said += reply.said
    said += _person_if_missed(conversation, reply)
    rows = turns.write(conversation, said, ask_key, version.bot.corpus.version, now)
    _remember(conversation, reply.facts, now)
    if reply.calls_human:
        handed = humans.hand_over(
            conversation, masked.text, phone, actor, now, reply.is_crisis,
            is_bare_call=reply.is_bare_call,
        )  # fmt: skip
        rows += turns.write(conversation, [handed], f"{ask_key}.h", "", now)
    else:
        escalations.add_words(turns.subject(conversation.id), masked.text, phone)
    return arrived + rows


@overtaken.again
@one_transaction
def _chosen(key: str, data: Choose, actor: Actor, now: datetime, version: InForce) -> list[Turn]:
    conversation = turns.find_or_begin(key, actor, now)
    done = turns.already(conversation.id, data.key)
    if done:
        return done
    arrived = arriving.bring_in(conversation)
    offered = db.session.get(Turn, data.turn_id)
    if offered is None or offered.conversation_id != conversation.id:
        raise NotFound(_GONE, code="no_choice")
    said, facts = _tapped(offered, data, Replier(version.bot, version.on))
    is_call = data.entry_id == HUMAN  # 怎么转人工 was among the suggestions: it is done, not told
    rows = turns.write(
        conversation, said[: 1 if is_call else None], data.key, version.bot.corpus.version, now
    )
    conversation.misses = 0
    _remember(conversation, facts, now)
    if is_call:
        handed = humans.hand_over(
            conversation, said[0].text, None, actor, now, is_crisis=False, is_bare_call=True
        )
        rows += turns.write(conversation, [handed], f"{data.key}.h", "", now)
    return arrived + rows


def _tapped(offered: Turn, data: Choose, replier: Replier) -> tuple[list[Said], dict[str, str]]:
    """The tapped button in the person's own line, then its answer."""
    choice = next(
        (
            c
            for c in offered.payload.get("choices", [])
            if c.get("entry_id") == data.entry_id and c.get("value") == data.value
        ),
        None,
    )
    if choice is None:
        raise NotFound(_GONE, code="no_choice")
    entry_id, facts = data.entry_id, {}
    if data.value is not None:
        facts = {offered.payload["fact"]: data.value}
        entry_id = replier.rule_answers(
            offered.payload["fact"], data.value, offered.payload["between"]
        )
    try:
        answer = replier.chosen(entry_id or "")
    except KeyError as error:
        raise NotFound(_GONE, code="no_choice") from error
    return [Said("person", "chosen", choice["label"], payload={"of": offered.id}), answer], facts


def _open_question(conversation: Conversation) -> dict[str, Any] | None:
    """The clarifying question that was said last and may be answered in words."""
    last = db.session.scalar(
        sa.select(Turn)
        .where(Turn.conversation_id == conversation.id)
        .order_by(Turn.id.desc())
        .limit(1)
    )
    return last.payload if last is not None and last.kind == "clarify" else None


def facts_of(conversation: Conversation, now: datetime) -> dict[str, str]:
    """What was said and is still used: each fact for half an hour after it was said."""
    return {name: value for name, (value, _) in _in_use(conversation, now).items()}


def _in_use(conversation: Conversation, now: datetime) -> dict[str, tuple[str, str]]:
    """Each fact still used, with when it was said."""
    since = DEFAULT_POLICY.chat_facts_since(now)
    said = json.loads(conversation.facts or "{}")
    pairs = {name: fact for name, fact in said.items() if isinstance(fact, list)}  # once: no times
    return {n: (v, at) for n, (v, at) in pairs.items() if datetime.fromisoformat(at) >= since}


def _remember(conversation: Conversation, facts: dict[str, str], now: datetime) -> None:
    if not facts:
        return
    said = {name: (value, now.isoformat()) for name, value in facts.items()}
    conversation.facts = json.dumps(_in_use(conversation, now) | said)
    conversation.facts_at = now


def _person_if_missed(conversation: Conversation, reply: Reply) -> list[Said]:
    """After two misses in a row a person is offered in so many words."""
    conversation.misses = conversation.misses + 1 if reply.is_miss else 0
    if conversation.misses < MISSES_BEFORE_A_PERSON:
        return []
    conversation.misses = 0
    return [Said("bot", "note", _OFFER, payload={"offers_human": True})]
