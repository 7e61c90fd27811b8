"""What WeChat's servers send to the official account, and the answer to it, plain or encrypted.

Pure: nothing is stored here. Three deliveries of one message meet in `received.py`; XML and
the cipher are wechatpy's, the checks around them are ours.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from xml.parsers.expat import ExpatError

from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.parser import parse_message
from wechatpy.replies import TextReply

from backend.core.errors import BadRequest, Forbidden, TooLarge
from backend.settings import Settings
from backend.wechat import wording

BODY_LIMIT = 64 * 1024
WINDOW_S = 300
SUCCESS = "success"
_LONGEST_WORD = 128
_OPEN, _CLOSE = "<![CDATA[", "]]>"
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
# What wechatpy and the parser below it raise on something that is not a message.
_NOT_A_MESSAGE = (
    AttributeError, ExpatError, IndexError, InvalidAppIdException, KeyError, TypeError, ValueError,
    struct.error, RecursionError,
)  # fmt: skip

Kind = Literal["text", "voice", "menu", "subscribe", "unsubscribe", "event", "other"]


class CallbackRefused(Forbidden):
    """Not signed with our token, or not of these minutes: somebody else, or a recording."""

    default_code = "callback_refused"


class CallbackUnreadable(BadRequest):
    """Signed, perhaps, but not a message."""

    default_code = "callback_unreadable"


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """What the official account's callback is signed and encrypted with."""

    app_id: str
    token: str = field(repr=False)
    aes_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event: who, what, and the key all its deliveries share.

    `text` is what was typed, what WeChat heard in a voice, or the key of a menu entry; empty
    otherwise. `account` and `is_encrypted` are what the reply needs.
    """

    kind: Kind
    openid: str = field(repr=False)
    text: str = field(repr=False)
    message_key: str = field(repr=False)
    at: datetime
    account: str
    is_encrypted: bool


def keys_of(settings: Settings) -> AccountKeys | None:
    """The keys of this installation's official account, or None where it has none."""
    app_id, token = settings.wechat_account_app_id, settings.wechat_account_token
    return AccountKeys(app_id, token, settings.wechat_account_aes_key) if app_id and token else None


def mini_keys_of(settings: Settings) -> AccountKeys | None:
    """The keys of the mini-program's message push, or None where it is not set up."""
    app_id, token = settings.wechat_app_id, settings.wechat_token
    return AccountKeys(app_id, token, settings.wechat_aes_key) if app_id and token else None


def echo(keys: AccountKeys, query: Mapping[str, str], now: datetime) -> str:
    """The answer to WeChat's check of our address (GET): its `echostr`, decrypted if it was."""
    word = query.get("echostr", "")
    if "msg_signature" in query and keys.aes_key is not None:
        _check(keys, query, "msg_signature", now, word)
        return _decrypted(keys, word)
    _check(keys, query, "signature", now)
    return word[:_LONGEST_WORD]


def read(keys: AccountKeys, query: Mapping[str, str], body: bytes, now: datetime) -> Incoming:
    """The message in a POST; CallbackRefused, CallbackUnreadable or TooLarge when it is none.

    An installation with an AES key takes encrypted messages only: the plain mode's signature
    does not cover the body, so whoever saw one request could write the next.
    """
    xml = opened(keys, query, body, now)
    return _incoming(_parsed(xml), is_encrypted=keys.aes_key is not None)


def opened(keys: AccountKeys, query: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The XML of a POST, checked and decrypted; raises what `read` raises."""
    if len(body) > BODY_LIMIT:
        raise TooLarge("这条消息太大了。")
    if keys.aes_key is None:
        _check(keys, query, "signature", now)
        return _text_of(body)
    sealed = _field(_text_of(body), "Encrypt")
    _check(keys, query, "msg_signature", now, sealed)
    return _safe(_decrypted(keys, sealed))


def said_in(xml: str) -> Mapping[str, Any]:
    """Every element of a message or event, for kinds that `Incoming` does not know."""
    found = getattr(_parsed(xml), "_data", None)
    return found if isinstance(found, Mapping) else {}


def reply(keys: AccountKeys, incoming: Incoming, text: str, now: datetime) -> str:
    """The passive reply as XML, encrypted when the message came encrypted."""
    at = int(now.timestamp())
    # a "]]>" in the text would end the CDATA section early
    content = wording.fit(text).replace("]]>", "]]]]><![CDATA[>")
    answer = TextReply(source=incoming.account, target=incoming.openid, time=at, content=content)
    plain: str = answer.render()
    if not incoming.is_encrypted or keys.aes_key is None:
        return plain
    crypto = WeChatCrypto(keys.token, keys.aes_key, keys.app_id)
    sealed: str = crypto.encrypt_message(plain, secrets.token_hex(8), str(at))
    return sealed


def signature_of(token: str, *parts: str) -> str:
    """WeChat's signature: SHA-1 over the token and the parts in sorted order."""
    words = sorted(word.encode("utf-8", "replace") for word in (token, *parts))
    return hashlib.sha1(b"".join(words)).hexdigest()


def _check(
    keys: AccountKeys, query: Mapping[str, str], name: str, now: datetime, *sealed: str
) -> None:
    """Refuse a signature that is not ours (constant time), or one from outside the window."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    right = signature_of(keys.token, timestamp, nonce, *sealed)
    given = query.get(name, "").encode("utf-8", "replace")
    if not hmac.compare_digest(right.encode(), given):
        raise CallbackRefused("签名不对，这条消息没有收。")
    is_number = _TIMESTAMP.fullmatch(timestamp) is not None
    if not is_number or abs(now.timestamp() - int(timestamp)) > WINDOW_S:
        raise CallbackRefused("这条消息的时间不对，没有收。")


def _text_of(body: bytes) -> str:
    """The body as text a parser may see: UTF-8, no NUL, no declarations, entities or comments."""
    try:
        return _safe(body.decode())
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _safe(xml: str) -> str:
    # WeChat writes elements and CDATA only; whatever else begins with <! or <? can be an attack
    rest = _outside_cdata(xml)
    if "\x00" in xml or "<!" in rest or "<?" in rest:
        raise _unreadable()
    return xml


def _outside_cdata(xml: str) -> str:
    """What stands outside the CDATA sections; in one pass, because anybody may send anything."""
    parts, at = [], 0
    while (start := xml.find(_OPEN, at)) >= 0:
        parts.append(xml[at:start])
        end = xml.find(_CLOSE, start)
        if end < 0:
            raise _unreadable()
        at = end + len(_CLOSE)
    return "".join([*parts, xml[at:]])


def _decrypted(keys: AccountKeys, sealed: str) -> str:
    crypto = WeChatCrypto(keys.token, keys.aes_key, keys.app_id)
    try:
        text: str = PrpCrypto(crypto.key).decrypt(sealed, keys.app_id)
    except _NOT_A_MESSAGE as error:
        raise _unreadable() from error
    return text


def _parsed(xml: str) -> Any:
    try:
        message = parse_message(xml)
    except _NOT_A_MESSAGE as error:
        raise _unreadable() from error
    if message is None:
        raise _unreadable()
    return message


def _field(xml: str, name: str) -> str:
    """The base64 in one element of the envelope, in which a message type is missing."""
    _before, _tag, rest = xml.partition(f"<{name}>")
    inner, end, _after = rest.partition(f"</{name}>")
    value = inner.strip().removeprefix(_OPEN).removesuffix(_CLOSE).strip()
    if not end or not _BASE64.fullmatch(value):
        raise _unreadable()
    return value


def _incoming(message: Any, *, is_encrypted: bool) -> Incoming:
    try:
        at = datetime.fromtimestamp(message.time, UTC)
        openid, account = _word(message.source), _word(message.target)
        kind, text = _said(message)
        key = _key(message, openid)
    except (*_NOT_A_MESSAGE, OverflowError, OSError) as error:
        raise _unreadable() from error
    return Incoming(kind, openid, text, key, at, account, is_encrypted)


def _said(message: Any) -> tuple[Kind, str]:
    """What kind of message it is, and its words."""
    if message.type == "text":
        return "text", _words(message.content)
    if message.type == "voice":
        return "voice", _words(message.recognition)
    event = _event(message)
    if event == "click":
        return "menu", _words(message.key)
    if event in ("subscribe", "subscribe_scan"):
        return "subscribe", ""
    if event == "unsubscribe":
        return "unsubscribe", ""
    # only what a person sent has a number: a tapped link or a place reported needs no answer
    return ("other", "") if message.id else ("event", "")


def _event(message: Any) -> str:
    return str(message.event) if message.type == "event" else ""


def _key(message: Any, openid: str) -> str:
    """MsgId; events have none and are told apart by who, when and what (as WeChat advises)."""
    if message.id:
        return f"{openid}:{int(message.id)}"
    return f"{openid}:{int(message.time)}:{message.type}:{_event(message)}"


def _word(value: object) -> str:
    """An openid or account: short, and nothing that could be read as XML."""
    if not isinstance(value, str) or not re.fullmatch(r"[\w@.-]{1,128}", value, re.ASCII):
        raise ValueError("not an openid")
    return value


def _words(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value.strip()


def _unreadable() -> CallbackUnreadable:
    return CallbackUnreadable("没看懂这条消息。")
