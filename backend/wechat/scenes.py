"""Signed scenes: the short text in a code on paper that leads to one lecture, site or order."""

from __future__ import annotations

import base64
import hmac
import re
from typing import Literal, get_args

from backend.core import crypto
from backend.core.errors import NotFound

SceneKind = Literal["lecture", "site", "order"]
SCENE_MOST = 32  # WeChat's limit, of digits, letters and a few marks
ID_MOST = 16
_SIGNATURE = 15  # 90 bits
_LETTERS: dict[str, SceneKind] = {"l": "lecture", "s": "site", "o": "order"}
_LETTER_OF = {kind: letter for letter, kind in _LETTERS.items()}
_ID = re.compile(rf"[a-z0-9-]{{1,{ID_MOST}}}")
_FORGED = "这个码认不出来，可能不是我们的，或者印坏了。请从首页进入，或者打 12333 问。"


def scene_for(kind: SceneKind, public_id: str) -> str:
    """The scene of a thing with this public id: at most 32 characters WeChat and paths allow."""
    if kind not in get_args(SceneKind) or not _ID.fullmatch(public_id):
        raise ValueError(f"no scene can be made for {kind} {public_id!r}")
    body = _LETTER_OF[kind] + public_id
    return body + _signature(body)


def read_scene(text: str) -> tuple[SceneKind, str]:
    """Kind and public id behind a scene; NotFound (`unknown_scene`) for one we did not sign."""
    body, given = text[:-_SIGNATURE], text[-_SIGNATURE:]
    is_ours = hmac.compare_digest(_signature(body).encode(), given.encode("utf-8", "replace"))
    if not is_ours or body[:1] not in _LETTERS or not _ID.fullmatch(body[1:]):
        raise NotFound(_FORGED, code="unknown_scene")
    return _LETTERS[body[0]], body[1:]


def _signature(body: str) -> str:
    mac = bytes.fromhex(crypto.sign("scene", body))
    return base64.urlsafe_b64encode(mac).decode()[:_SIGNATURE]
