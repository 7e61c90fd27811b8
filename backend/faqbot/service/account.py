"""The bot inside the WeChat official account: text, voice, menu taps and new followers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile

import sqlalchemy as sa

from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.installation import bureau, settings
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import Choose, CitationOut, TurnOut
from backend.faqbot.service import arriving, asking, turns
from backend.faqbot.service.turns import Said
from backend.identity import service as identity
from backend.identity.models import Worker
from backend.wechat import wording
from backend.wechat.callback import Incoming

LONGEST_VOICE = 2000
#: A list may be followed by a line or two of ours.
LAST_TURNS = 5
_NUMBERS = {word: n for n, words in enumerate(("1１一①", "2２二②", "3３三③")) for word in words}
_MENU = {"ask": "你好", "human": "转人工", "complain": "怎么投诉欠薪"}
_WELCOME = (
    "您好，这里是{bureau}。工资、合同、社保、工伤的事，直接打字或说话问我。要找人，回复“转人工”。"
)
_PAGE = "pages/home/index"
_NO_WORDS = "这个我看不懂，请打字或者发语音问我。要找人，回复“转人工”。"
_UNHEARD = "没听清，请再说一遍，或者打字。"
_MORE = "填投诉、查进度"
#: What the message about an answer asks the follower to write.
LOOK = ("看答复", "答复", "看回复")
_IN_WORDS = {
    "点一下就行": "回复数字就行",
    "点下面的问题": "回复下面的数字",
    "点“转人工”": "回复“转人工”",
}
_STAFF = "工作人员答复："
LINK = ("绑定", "连起来")
_JOIN_PAGE = "packages/ask/account"
_JOIN = "把公众号和小程序连起来"
_JOIN_HINT = "回复“绑定”，您在小程序里投诉的进展也发到这里。"
_JOIN_LEAD = "点下面的链接，登录后确认一次。链接半小时内有效，不要转给别人。"
_IS_JOINED = "已经连着了，投诉有进展会在这里告诉您。"
_NO_REPLY = "这里还没有新的答复。在小程序里问的，请打开“问一问”看。"


def answer(incoming: Incoming, now: datetime) -> str:
    """What to say to a follower; "" for what needs no answer."""
    if incoming.kind in ("unsubscribe", "event"):
        return ""
    if incoming.kind == "subscribe":
        return "\n".join([_WELCOME.format(bureau=bureau().short_name), *_link()])
    text = _words(incoming)
    if text is None:
        return _UNHEARD if incoming.kind == "voice" else _NO_WORDS
    worker = identity.worker_for_account(incoming.openid, now)
    actor = Actor(kind="worker", id=worker.id)
    key = _conversation_key(incoming.openid)
    if text.strip('“”"。 ') in LINK and (joining := _join_lines(worker, now)):
        return "\n".join(joining)
    ask_key = hashlib.sha256(incoming.message_key.encode()).hexdigest()[:32]
    if text.strip('“”"。 ') in LOOK:
        replies = _looked(key, text, ask_key, actor, now)
        return _said(turns.show(replies, now)) if replies else "\n".join([_NO_REPLY, *_link()])
    tapped = _tapped(key, text, ask_key)
    if tapped:
        rows = asking.choose_in_account(key, tapped, actor, now)
    else:
        rows = asking.ask_in_account(key, text, ask_key, actor, now)
    own = next(row for row in rows if row.author == "person")
    fresh = [row for row in rows if row.author == "bot"]
    is_handed = any(row.kind == "escalated" for row in fresh)
    hint = [_JOIN_HINT] if is_handed and _can_join(worker) else []
    return _said(turns.show([*_unread(own.conversation_id, own.id), *fresh], now), hint)


@one_transaction
def _looked(key: str, text: str, ask_key: str, actor: Actor, now: datetime) -> list[Turn]:
    """看答复: a colleague's answers that were not read yet, or else the last one."""
    conversation = turns.find_or_begin(key, actor, now, "account")
    arriving.bring_in(conversation)
    tapped = Said("person", "chosen", text)
    rows = turns.already(conversation.id, ask_key)
    rows = rows or turns.write(conversation, [tapped], ask_key, "", now)
    last = (
        sa.select(Turn)
        .where(Turn.conversation_id == conversation.id, Turn.kind == "reply")
        .order_by(Turn.id.desc())
        .limit(1)
    )
    return _unread(conversation.id, rows[0].id) or list(db.session.scalars(last))


def _unread(conversation_id: int, before: int) -> list[Turn]:
    """Answers of colleagues since the person's last word: here nothing is read until one writes."""
    query = (
        sa.select(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.id < before)
        .order_by(Turn.id.desc())
        .limit(LAST_TURNS)
    )
    since = takewhile(lambda turn: turn.author != "person", db.session.scalars(query))
    return [turn for turn in since if turn.author == "staff"][::-1]


def _words(incoming: Incoming) -> str | None:
    if incoming.kind == "menu":
        return _MENU.get(incoming.text)
    if incoming.kind not in ("text", "voice"):
        return None
    return incoming.text.strip()[:LONGEST_VOICE] or None


def _tapped(key: str, text: str, ask_key: str) -> Choose | None:
    """A reply of 1, 2 or 3 to the list that was said last, as a tap on that button."""
    number = _NUMBERS.get(text.strip(" .。、"))
    if number is None:
        return None
    query = (
        sa.select(Turn)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Conversation.key_hash == crypto.token_hash(key))
        .order_by(Turn.id.desc())
        .limit(LAST_TURNS)
    )
    for turn in db.session.scalars(query):
        choices = turn.payload.get("choices", [])
        if number < len(choices):
            it = choices[number]
            return Choose(
                key=ask_key,
                turn_id=turn.id,
                entry_id=it.get("entry_id"),
                value=it.get("value"),
            )
        if choices or turn.author == "person":
            break  # the list was said before the last message: the number is not about it
    return None


def _said(shown: Iterable[TurnOut], hint: Iterable[str] = ()) -> str:
    lines: list[str] = []
    for turn in shown:
        lines.append(f"{_STAFF}{turn.text}" if turn.author == "staff" else _typed(turn.text))
        lines += [_cited(c) for c in turn.citations]
        if turn.entry:
            lines.append(turn.entry.answer)
            lines += [_cited(c) for c in turn.entry.citations[:2]]
        lines += [f"【{e.question}】{e.short}" for e in turn.entries]
        lines += [f"{n}. {c.label}" for n, c in enumerate(turn.choices, 1)]
        lines += [f"{p.label} {p.phone}" for p in turn.phones]
    link = [*hint, *_link()]
    # cut here, not on the way: the link stands at the end and half of it would be no link
    room = wording.TEXT_BYTES - sum(len(line.encode()) + 1 for line in link)
    return "\n".join([wording.fit("\n".join(lines), room), *link])


def _cited(it: CitationOut) -> str:
    """An article, and that nobody has checked it where that is so."""
    return (
        f"依据：《{it.law}》{it.article}{'（未核实，以当地公布为准）' if it.is_unverified else ''}"
    )


def _typed(text: str) -> str:
    """What the chat's page says, for somebody who has no buttons and answers by typing."""
    for there, here in _IN_WORDS.items():
        text = text.replace(there, here)
    return text


def _conversation_key(openid: str) -> str:
    """The account's conversation of a follower; nobody else can make this key."""
    return crypto.sign("account-conversation", openid)


def _can_join(worker: Worker) -> bool:
    return bool(_link()) and not identity.is_linked(worker)


def _join_lines(worker: Worker, now: datetime) -> list[str]:
    """绑定: the link with which this follower and a signed-in worker become one; [] without a page."""
    if identity.is_linked(worker):
        return [_IS_JOINED]
    link = _link(f"{_JOIN_PAGE}?k={identity.link_token(worker.id, now)}", _JOIN)
    return [_JOIN_LEAD, *link] if link else []


def _link(path: str = _PAGE, words: str = _MORE) -> list[str]:
    """The line that opens a page of the mini-program, or the web page where there is no program."""
    house = settings()
    page = f"{house.public_url.rstrip('/')}/#/{path}" if house.public_url else ""
    if house.wechat_app_id:
        target = f'data-miniprogram-appid="{house.wechat_app_id}" data-miniprogram-path="{path}"'
        return [f'<a href="{page}" {target}>{words}</a>']
    return [f"{words}：{page}"] if page else []
