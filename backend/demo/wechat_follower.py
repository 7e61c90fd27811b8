"""An invented follower of the official account: writes a signed callback, reads the reply."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from wechatpy.crypto import PrpCrypto, WeChatCrypto

from backend.wechat.callback import SUCCESS, AccountKeys, signature_of

ACCOUNT = "gh_demoaccount"
_CONTENT = re.compile(r"<Content>(.*?)</Content>", re.DOTALL)
_ENCRYPT = re.compile(r"<Encrypt><!\[CDATA\[(.*?)\]\]></Encrypt>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Callback:
    """A request as WeChat would send it: the query and the body of a POST."""

    query: str
    body: bytes


def text_message(openid: str, text: str, now: datetime, message_id: int | None = None) -> str:
    """A text message as XML."""
    number = message_id or secrets.randbits(62)
    return message(openid, now, f"<Content>{escape(text)}</Content><MsgId>{number}</MsgId>", "text")


def message(openid: str, now: datetime, inner: str, kind: str) -> str:
    """A message or event (`inner` is the part that differs) as XML."""
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )


def callback(keys: AccountKeys, xml: str, now: datetime) -> Callback:
    """Sign a message, and encrypt it where the account has an AES key."""
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(6)
    query = {
        "signature": signature_of(keys.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
    }
    if keys.aes_key is None:
        return Callback(urlencode(query), xml.encode())
    cipher = PrpCrypto(WeChatCrypto(keys.token, keys.aes_key, keys.app_id).key)
    sealed = cipher.encrypt(xml, keys.app_id).decode()
    query["encrypt_type"] = "aes"
    query["msg_signature"] = signature_of(keys.token, timestamp, nonce, sealed)
    body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Callback(urlencode(query), body.encode())


def words_of(keys: AccountKeys, answer: str) -> str | None:
    """The text of a passive reply as the follower reads it; None when nothing was said."""
    if not answer or answer == SUCCESS:
        return None
    sealed = _ENCRYPT.search(answer)
    if sealed is not None and keys.aes_key is not None:
        cipher = PrpCrypto(WeChatCrypto(keys.token, keys.aes_key, keys.app_id).key)
        answer = cipher.decrypt(sealed[1], keys.app_id)
    content = _CONTENT.search(answer)
    return "".join(re.split(r"<!\[CDATA\[|\]\]>", content[1])) if content else None
