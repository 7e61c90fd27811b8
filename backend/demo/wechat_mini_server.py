"""The mini-program's side of the WeChat server that the demo and the tests play."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from backend.core import qr

Document = Mapping[str, object]
# How long each kind of field of a subscribe message may be, and what may stand in it.
_FIELDS = {
    "thing": re.compile(r".{1,20}", re.DOTALL),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "character_string": re.compile(r"[\x21-\x7e]{1,32}"),
    "time": re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日 )?\d{1,2}:\d{2}"),
    "date": re.compile(r"\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2})?"),
}
_SCENE = re.compile(r"[A-Za-z0-9!#$&'()*+,/:;=?@\-._~]{1,32}")
_TEXT_MOST = 2500


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscribe message that was taken."""

    openid: str
    template_id: str
    page: str
    fields: dict[str, str]


@dataclass(slots=True)
class MiniSide:
    """What it knows of people: telephones by code, consents, and what it thinks of a text.

    A consent is counted down like WeChat's own; `consents` None means that everybody agreed.
    `invents_phones` (the demo) gives each unknown code an invented telephone. `verdicts` are the
    suggestions for texts and addresses that are not passed.
    """

    keep: Callable[[Subscribed], None]
    consents: dict[tuple[str, str], int] | None = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    country: str = "86"
    invents_phones: bool = False
    refusals: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)

    def answer(self, path: str, document: Document) -> dict[str, object] | bytes | None:
        """The answer to a call with a good token; None for an address that is not here."""
        known: dict[str, Callable[[Document], dict[str, object] | bytes]] = {
            "/wxa/business/getuserphonenumber": self._phone,
            "/wxa/getwxacodeunlimit": self._code,
            "/cgi-bin/message/subscribe/send": self._send,
            "/wxa/msg_sec_check": self._text,
            "/wxa/media_check_async": self._media,
        }
        found = known.get(path)
        return found(document) if found is not None else None

    def _phone(self, document: Document) -> dict[str, object]:
        code = str(document.get("code", ""))
        phone = self.phones.pop(code, None)  # a code works once
        if phone is None and self.invents_phones and code:
            phone = f"1380{int(hashlib.sha256(code.encode()).hexdigest(), 16) % 10**7:07d}"
        if phone is None:
            return error(40029, "invalid code")
        info = {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": self.country}
        return {"errcode": 0, "errmsg": "ok", "phone_info": info}

    def _code(self, document: Document) -> dict[str, object] | bytes:
        scene, page = str(document.get("scene", "")), str(document.get("page", ""))
        if not _SCENE.fullmatch(scene):
            return error(40169, "invalid length for scene, or the data is not a json string")
        if page.startswith("/"):
            return error(41030, "invalid page")
        return qr.png(f"{page}?scene={scene}")

    def _send(self, document: Document) -> dict[str, object]:
        openid, template_id = str(document.get("touser")), str(document.get("template_id"))
        if openid in self.refusals:
            return error(self.refusals[openid], "refused")
        data = document.get("data")
        if not isinstance(data, dict) or not data:
            return error(47003, "argument invalid! data")
        fields: dict[str, str] = {}
        for name, part in data.items():
            value = part.get("value") if isinstance(part, dict) else None
            rule = _FIELDS.get(name.rstrip("0123456789"))
            if rule is None or not isinstance(value, str) or not rule.fullmatch(value):
                return error(47003, f"argument invalid! data.{name}.value invalid")
            fields[name] = value
        if not self._spend(openid, template_id):
            return error(43101, "user refuse to accept the msg")
        self.keep(Subscribed(openid, template_id, str(document.get("page", "")), fields))
        return error(0, "ok")

    def _spend(self, openid: str, template_id: str) -> bool:
        if self.consents is None:
            return True
        left = self.consents.get((openid, template_id), 0)
        self.consents[(openid, template_id)] = max(0, left - 1)
        return left > 0

    def _text(self, document: Document) -> dict[str, object]:
        text = document.get("content")
        if document.get("version") != 2 or not isinstance(text, str) or not text:
            return error(40129, "invalid scene or content")
        if len(text) > _TEXT_MOST:
            return error(45002, "content size out of limit")
        suggested = self.verdicts.get(text, "pass")
        label = 100 if suggested == "pass" else 20001
        return _checked(text) | {"result": {"suggest": suggested, "label": label}}

    def _media(self, document: Document) -> dict[str, object]:
        address = document.get("media_url")
        if document.get("version") != 2 or not isinstance(address, str) or not address:
            return error(40003, "invalid media_url")
        return _checked(address)


def error(number: int, words: str) -> dict[str, object]:
    """WeChat's way of saying no (or yes: 0)."""
    return {"errcode": number, "errmsg": words}


def _checked(content: str) -> dict[str, object]:
    trace_id = hashlib.sha256(content.encode()).hexdigest()[:24]
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}
