"""The beginning of a conversation, what was said in it, and starting anew."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.installation import bureau
from backend.escalations import service as escalations
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import AskedQuestionOut, ConversationOut, StartOut
from backend.faqbot.service import arriving, pace, turns
from backend.faqbot.service.library import library
from backend.faqbot.service.turns import Said
from backend.law.policy import DEFAULT_POLICY

PAGE = 40
MOST_ASKED = 6
#: Shown before enough was asked here; the six that bureaus are asked most.
_USUAL = (
    "wage.arrears.where_to_complain",
    "contract.unsigned_double",
    "wage.arrears.after_resign",
    "injury.compensation",
    "social.not_paid",
    "dismiss.compensation",
)
_GREETING = "您好，工资、合同、社保、工伤的事都可以问。用您自己的话说就行。"
_PRIVACY = "别写身份证号、电话、银行卡号。写了我们也会遮住。对话保存 {days} 天。"
_RESTARTED = "好，我们从头说。前面说的不再用了。"


def start(now: datetime) -> StartOut:
    """What stands in an empty chat."""
    version = library().in_force(now).bot.corpus
    return StartOut(
        greeting=_GREETING,
        most_asked=[
            AskedQuestionOut(entry_id=key, question=version.entries[key].question)
            for key in most_asked(set(version.entries))
        ],
        hours_words=escalations.hours_words(bureau().office_hours),
        privacy_words=_PRIVACY.format(days=DEFAULT_POLICY.chat_keep_days),
        corpus=version.version,
    )


def most_asked(known: set[str]) -> list[str]:
    """The entries answered most in the last turns, filled up with the usual ones."""
    recent = sa.select(Turn.entry_id).where(Turn.entry_id.is_not(None)).order_by(Turn.id.desc())
    last = recent.limit(2000).subquery()
    counted = db.session.execute(
        sa.select(last.c.entry_id, sa.func.count().label("n"))
        .group_by(last.c.entry_id)
        .having(sa.func.count() >= 5)
        .order_by(sa.desc("n"), last.c.entry_id)
        .limit(3 * MOST_ASKED)
    )
    asked = [row.entry_id for row in counted if row.entry_id in known]
    told = [key for key in asked if not key.startswith(("chat.", "app."))]
    usual = [key for key in _USUAL if key in known and key not in told]
    return (told + usual)[:MOST_ASKED]


def history(key: str, actor: Actor, before: int | None, now: datetime) -> ConversationOut:
    """The last turns before `before`, oldest first; empty for a key never used."""
    row = turns.find(key, actor)
    if row is None:
        return out([], now, has_more=False)
    arriving.catch_up(row, key, actor, now)
    query = sa.select(Turn).where(Turn.conversation_id == row.id)
    if before is not None:
        query = query.where(Turn.id < before)
    found = list(db.session.scalars(query.order_by(Turn.id.desc()).limit(PAGE + 1)))
    return out(list(reversed(found[:PAGE])), now, has_more=len(found) > PAGE)


def restart(key: str, ask_key: str, actor: Actor, now: datetime) -> ConversationOut:
    """Forget the facts that were said; what was written stays readable. TooMany like a message."""
    pace.spend(key, actor, now)
    return _begun_anew(key, ask_key, actor, now)


@one_transaction
def _begun_anew(key: str, ask_key: str, actor: Actor, now: datetime) -> ConversationOut:
    row = turns.find_or_begin(key, actor, now)
    done = turns.already(row.id, ask_key)
    if not done:
        arrived = arriving.bring_in(row)
        forget(row)
        said = [Said("bot", "restarted", _RESTARTED)]
        done = arrived + turns.write(row, said, ask_key, "", now)
        row.restarted_after = done[-1].id
    return out(done, now, has_more=False)


@one_transaction
def renew_key(key: str, actor: Actor) -> None:
    """清掉这台手机上的对话: the key a phone held opens nothing any more; the talk keeps its time.

    Nobody knows the new key. What staff still answer goes out by message or telephone.
    """
    row = turns.find(key, actor, is_for_writing=True)
    if row is not None:
        row.key_hash = crypto.token_hash(crypto.new_token())


def forget(row: Conversation) -> None:
    """Drop what was said from what is used."""
    row.facts, row.facts_at, row.misses = None, None, 0


def out(rows: list[Turn], now: datetime, *, has_more: bool) -> ConversationOut:
    """Turns as the chat gets them."""
    return ConversationOut(
        turns=turns.show(rows, now), has_more=has_more, keep_days=DEFAULT_POLICY.chat_keep_days
    )
