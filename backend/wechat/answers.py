"""Asking WeChat's servers: short time-outs, typed errors, no secret in a log line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import structlog

from backend.wechat.port import WeChatDown, WeChatUnclear

log = structlog.get_logger()

TIMEOUT_S = 3.0
RETRY_AFTER_S = 10
_LONGEST_ID = 128
# The request never left, or the server said itself that it did not take it.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_NOT_TAKEN = frozenset({429, 503})
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def get(url: str, query: Mapping[str, str], *, words: str) -> dict[str, object]:
    """Ask with a query; WeChatDown with `words` for the person when nothing usable comes."""
    return _ask("GET", url, words, params=query)


def post(
    url: str, query: Mapping[str, str], document: Mapping[str, object], *, words: str
) -> dict[str, object]:
    """Send a document; see `get`. WeChatUnclear when it left and no readable answer came."""
    # not \u…: WeChat shows such escapes to the reader as they are
    content = json.dumps(document, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    return _ask("POST", url, words, params=query, content=content, headers=headers)


def post_for_picture(
    url: str, query: Mapping[str, str], document: Mapping[str, object], *, words: str
) -> dict[str, object]:
    """Send a document that is answered with a picture: {"picture": bytes}, or WeChat's error."""
    content = json.dumps(document, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    body = _body("POST", url, words, params=query, content=content, headers=headers)
    return {"picture": body} if is_picture(body) else _object(body, words)


def is_picture(body: bytes) -> bool:
    """Whether these bytes begin as a PNG or a JPEG does."""
    return body.startswith(_PICTURES)


def number_of(answer: Mapping[str, object]) -> int:
    """WeChat's error number in an answer; 0 means that all is well."""
    number = answer.get("errcode", 0)
    return number if isinstance(number, int) else -1


def id_in(answer: Mapping[str, object], name: str) -> str | None:
    """An openid or unionid in an answer; None where there is none, or none that can be one."""
    found = answer.get(name)
    return found if isinstance(found, str) and 0 < len(found) <= _LONGEST_ID else None


def down(words: str, errcode: int = 0) -> WeChatDown:
    """The error for an answer that says to come back later, noted in the log."""
    log.error("wechat_unavailable", errcode=errcode)
    return WeChatDown(words, errcode=errcode, retry_after_s=RETRY_AFTER_S)


def _ask(method: str, url: str, words: str, **request: Any) -> dict[str, object]:
    return _object(_body(method, url, words, **request), words)


def _body(method: str, url: str, words: str, **request: Any) -> bytes:
    try:
        response = httpx.request(method, url, timeout=TIMEOUT_S, **request)
        response.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        # only the kind of error: its text holds the address, and that the secret
        log.error("wechat_unavailable", kind=type(error).__name__)
        kind = WeChatDown if _is_undone(error) else WeChatUnclear
        raise kind(words, retry_after_s=RETRY_AFTER_S) from None
    return response.content


def _object(body: bytes, words: str) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        log.error("wechat_unavailable", kind=type(error).__name__)
        raise WeChatUnclear(words, retry_after_s=RETRY_AFTER_S) from None
    if not isinstance(answer, dict):
        log.error("wechat_unavailable", reason="the answer is not an object")
        raise WeChatUnclear(words, retry_after_s=RETRY_AFTER_S)
    return answer


def _is_undone(error: Exception) -> bool:
    """Whether WeChat certainly did nothing with the request."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _NOT_TAKEN
    return isinstance(error, (*_NOT_SENT, httpx.InvalidURL))
