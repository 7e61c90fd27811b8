"""WeChat's server as the demo and the tests play it: knows its apps, keeps what it is sent.

Plain Python: an adaptor carries the bytes. `trouble` makes it misbehave as the real one can.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from backend.demo.wechat_mini_server import MiniSide

TOKEN_LIVES_S = 7200


class Trouble(StrEnum):
    """Ways to misbehave."""

    TOKEN_REFUSED = "40001 for ever"
    BUSY = "45009"
    SILENT = "no answer"
    GARBAGE = "garbage"
    BROKEN = "HTTP 500"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back; `is_silent`: nothing, until the caller gives up."""

    status: int = 200
    body: bytes = b"{}"
    is_silent: bool = False


_TROUBLE = {
    Trouble.BUSY: Reply(body=b'{"errcode":45009,"errmsg":"reach max api daily quota limit"}'),
    Trouble.SILENT: Reply(is_silent=True),
    Trouble.GARBAGE: Reply(body=b"<html>\xff gateway"),
    Trouble.BROKEN: Reply(status=500, body=b"broken"),
}


@dataclass(slots=True)
class WeChatServer:
    """One WeChat: app ids with their secrets, codes with their openids, refused followers.

    `unionids` tells whose openids are bound to one open platform account.

    Tokens are made from the secret and a number, so that several processes playing the same
    server know each other's. `keep` is given each message that was taken.
    """

    secrets: dict[str, str]
    keep: Callable[[str, str], None]
    openids: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    unionids: dict[str, str] = field(default_factory=dict)
    mini: MiniSide = field(default_factory=lambda: MiniSide(lambda _message: None))
    trouble: Trouble | None = None
    token_number: int = 1
    token_fetches: int = 0

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request as WeChat does: status 200 and an error number inside."""
        asked = (method, path)
        if asked == ("POST", "/cgi-bin/stable_token"):
            self.token_fetches += 1
        if self.trouble in _TROUBLE:
            return _TROUBLE[self.trouble]
        if asked == ("POST", "/cgi-bin/stable_token"):
            return self._token(_document(body))
        if asked == ("POST", "/cgi-bin/message/custom/send"):
            return self._send(query.get("access_token", ""), _document(body))
        if asked == ("POST", "/cgi-bin/user/info/batchget"):
            return self._followers(query.get("access_token", ""), _document(body))
        if asked == ("GET", "/sns/jscode2session"):
            return self._session(query)
        if method == "POST" and path.startswith(("/wxa/", "/cgi-bin/message/subscribe/")):
            return self._mini(path, query.get("access_token", ""), _document(body))
        return Reply(status=404)

    def token_of(self, app_id: str) -> str:
        """The token that is good at this moment."""
        text = f"{app_id}:{self.secrets[app_id]}:{self.token_number}"
        return "token-" + hashlib.sha256(text.encode()).hexdigest()[:40]

    def _token(self, document: Mapping[str, object]) -> Reply:
        app_id = str(document.get("appid"))
        if document.get("grant_type") != "client_credential":
            return _error(40002, "invalid grant_type")
        if app_id not in self.secrets or document.get("secret") != self.secrets[app_id]:
            return _error(40125, "invalid appsecret")
        if document.get("force_refresh") is True:
            self.token_number += 1
        return _json({"access_token": self.token_of(app_id), "expires_in": TOKEN_LIVES_S})

    def _send(self, token: str, document: Mapping[str, object]) -> Reply:
        if not self._is_token(token):
            return _error(40001, "invalid credential")
        openid, text = document.get("touser"), document.get("text")
        content = text.get("content") if isinstance(text, dict) else None
        if not isinstance(openid, str) or not isinstance(content, str) or not content:
            return _error(44004, "empty content")
        if len(content.encode()) > 2048:
            return _error(45002, "content size out of limit")
        if openid in self.refusals:
            return _error(self.refusals[openid], "refused")
        self.keep(openid, content)
        return _error(0, "ok")

    def _mini(self, path: str, token: str, document: Mapping[str, object]) -> Reply:
        if not self._is_token(token):
            return _error(40001, "invalid credential")
        found = self.mini.answer(path, document)
        if found is None:
            return Reply(status=404)
        return Reply(body=found) if isinstance(found, bytes) else _json(found)

    def _is_token(self, token: str) -> bool:
        is_known = token in {self.token_of(app_id) for app_id in self.secrets}
        return is_known and self.trouble is not Trouble.TOKEN_REFUSED

    def _followers(self, token: str, document: Mapping[str, object]) -> Reply:
        if not self._is_token(token):
            return _error(40001, "invalid credential")
        wanted = document.get("user_list")
        openids = [str(one.get("openid")) for one in wanted] if isinstance(wanted, list) else []
        refused = [self.refusals[openid] for openid in openids if openid in self.refusals]
        if refused or not openids:
            return _error(refused[0] if refused else 40003, "invalid openid")
        known = [{"subscribe": 1, "openid": one} | self._union(one) for one in openids]
        return _json({"user_info_list": known})

    def _union(self, openid: str) -> dict[str, str]:
        return {"unionid": self.unionids[openid]} if openid in self.unionids else {}

    def _session(self, query: Mapping[str, str]) -> Reply:
        app_id = query.get("appid", "")
        if query.get("grant_type") != "authorization_code":
            return _error(40002, "invalid grant_type")
        if app_id not in self.secrets or query.get("secret") != self.secrets[app_id]:
            return _error(40125, "invalid appsecret")
        openid = self.openids.pop(query.get("js_code", ""), None)  # a code works once
        if openid is None:
            return _error(40029, "invalid code")
        found = {"openid": openid, "session_key": "secret-session-key"}
        return _json(found | self._union(openid))


def _document(body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _error(number: int, words: str) -> Reply:
    return _json({"errcode": number, "errmsg": words})


def _json(document: Mapping[str, object]) -> Reply:
    return Reply(body=json.dumps(document, ensure_ascii=False).encode())
