"""The bot inside the WeChat official account: text, voice, menu taps and new followers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.installation import bureau, settings
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import TurnOut
from backend.faqbot.service import asking, turns
from backend.identity import service as identity
from backend.wechat.callback import Incoming

LONGEST_VOICE = 2000
_MENU = {"ask": "你好", "human": "转人工", "complain": "怎么投诉欠薪"}
_WELCOME = (
    "您好，这里是{bureau}。工资、合同、社保、工伤的事，直接打字或说话问我。要找人，回复“转人工”。"
)
_PAGE = "pages/home/index"
_NO_WORDS = "这个我看不懂，请打字或者发语音问我。要找人，回复“转人工”。"
_UNHEARD = "没听清，请再说一遍，或者打字。"
_MORE = "填投诉、查进度"


def answer(incoming: Incoming, now: datetime) -> str:
    """What to say to a follower; "" for what needs no answer."""
    if incoming.kind == "unsubscribe":
        return ""
    if incoming.kind == "subscribe":
        return "\n".join([_WELCOME.format(bureau=bureau().short_name), *_link()])
    text = _words(incoming)
    if text is None:
        return _UNHEARD if incoming.kind == "voice" else _NO_WORDS
    worker = identity.worker_for_account(incoming.openid, now)
    actor = Actor(kind="worker", id=worker.id)
    key = _conversation_key(incoming.openid)
    ask_key = hashlib.sha256(incoming.message_key.encode()).hexdigest()[:32]
    rows = asking.ask_in_account(key, text, ask_key, actor, now)
    return _said(turns.show(rows, now))


def _words(incoming: Incoming) -> str | None:
    if incoming.kind == "menu":
        return _MENU.get(incoming.text)
    if incoming.kind not in ("text", "voice"):
        return None
    text = _numbered(incoming) or incoming.text.strip()
    return text[:LONGEST_VOICE] or None


def _numbered(incoming: Incoming) -> str | None:
    """A reply of 1, 2 or 3 to the last list of suggestions: the words of that suggestion."""
    typed = incoming.text.strip()
    if typed not in ("1", "2", "3"):
        return None
    key_hash = crypto.token_hash(_conversation_key(incoming.openid))
    last = db.session.scalar(
        sa.select(Turn)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Conversation.key_hash == key_hash, Turn.author == "bot")
        .order_by(Turn.id.desc())
        .limit(1)
    )
    choices = last.payload.get("choices", []) if last else []
    number = int(typed) - 1
    return choices[number]["label"] if number < len(choices) else None


def _said(shown: Iterable[TurnOut]) -> str:
    lines: list[str] = []
    for turn in shown:
        if turn.author == "person":
            continue
        lines.append(turn.text)
        if turn.entry:
            lines.append(turn.entry.answer)
            lines += [f"依据：《{c.law}》{c.article}" for c in turn.entry.citations[:2]]
        lines += [f"【{e.question}】{e.short}" for e in turn.entries]
        lines += [f"{n}. {c.label}" for n, c in enumerate(turn.choices, 1)]
        lines += [f"{p.label} {p.phone}" for p in turn.phones]
    return "\n".join([*lines, *_link()])


def _conversation_key(openid: str) -> str:
    """The account's conversation of a follower; nobody else can make this key."""
    return crypto.sign("account-conversation", openid)


def _link() -> list[str]:
    """The line that opens the mini-program's page, or the web page where there is no program."""
    house = settings()
    page = f"{house.public_url.rstrip('/')}/#/{_PAGE}" if house.public_url else ""
    if house.wechat_app_id:
        target = f'data-miniprogram-appid="{house.wechat_app_id}" data-miniprogram-path="{_PAGE}"'
        return [f'<a href="{page}" {target}>{_MORE}</a>']
    return [f"{_MORE}：{page}"] if page else []
