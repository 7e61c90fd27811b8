"""Calls that need an access token: the shared one, renewed at most once when WeChat refuses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from backend.wechat import answers, token
from backend.wechat.port import WeChatDown, WeChatRefused
from backend.wechat.token import Credentials

log = structlog.get_logger()

OUR_FAULT = frozenset({40013, 40125, 41002, 41004})  # app id or secret wrong or missing
BUSY = frozenset({-1, 43108, 45009, 45011})  # system busy; called too often, or twice at once
NOT_ALLOWED = frozenset({40164, 43107, 48001, 48004})  # our address, or the app, may not do this
TOKEN_REFUSED = frozenset({40001, 40014, 42001})  # wrong, not one, run out
_DOWN = OUR_FAULT | BUSY | NOT_ALLOWED | TOKEN_REFUSED


class Post(Protocol):
    """A way to send a document: `answers.post` or `answers.post_for_picture`."""

    def __call__(
        self, url: str, query: Mapping[str, str], document: Mapping[str, object], *, words: str
    ) -> dict[str, object]:
        """Send it, and give WeChat's answer."""
        ...


def ask(
    who: Credentials,
    path: str,
    document: Mapping[str, object],
    *,
    words: str,
    refused_words: str,
    post: Post = answers.post,
) -> dict[str, object]:
    """Send a document and give the answer, in which all is well.

    A token that WeChat refuses is renewed once; if the new one is refused too, WeChatDown (with
    `words`), as for a busy WeChat. What it will never take is WeChatRefused with its number.
    """
    first = _token(lambda: token.access_token(who), words)
    answer = _with(first, who, path, document, words, post)
    if answers.number_of(answer) in TOKEN_REFUSED:
        second = _token(lambda: token.renewed(who, first), words)
        answer = _with(second, who, path, document, words, post)
    number = answers.number_of(answer)
    if number in _DOWN:
        raise answers.down(words, number)
    if number != 0:
        log.info("wechat_refused", errcode=number, path=path)
        raise WeChatRefused(refused_words, errcode=number)
    return answer


def _token(get: Callable[[], str], words: str) -> str:
    """A token, or WeChatDown with the words for what the token was wanted for."""
    try:
        return get()
    except WeChatDown as error:
        raise WeChatDown(words, errcode=error.errcode, retry_after_s=error.retry_after_s) from None


def _with(
    access_token: str,
    who: Credentials,
    path: str,
    document: Mapping[str, object],
    words: str,
    post: Post,
) -> dict[str, object]:
    query = {"access_token": access_token}
    return post(f"{who.api_base}{path}", query, document, words=words)
