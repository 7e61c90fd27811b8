"""The WeChat official account's door: one address that WeChat calls, the same bot behind it."""

from __future__ import annotations

import time
from datetime import datetime

import structlog
from apiflask import APIBlueprint
from flask import Response, request

from backend.core import clock
from backend.core.errors import NotFound, Problem
from backend.core.installation import settings
from backend.faqbot.service import account
from backend.identity.guards import public
from backend.wechat import callback, client, received
from backend.wechat.callback import AccountKeys, Incoming
from backend.wechat.port import WeChatDown, WeChatRefused, WeChatUnclear

log = structlog.get_logger()

bp = APIBlueprint("wechat_account", __name__, url_prefix="/wechat", enable_openapi=False)

#: WeChat gives up after five seconds and asks again, three times in all.
BUDGET_S = 4.0
_BROKEN = "我们这边出了点问题，没答上来。请过一会儿再问一次，急事请打 12333。"


def _keys() -> AccountKeys:
    keys = callback.keys_of(settings())
    if keys is None:
        raise NotFound("这里没有接公众号。", code="no_account")
    return keys


@bp.get("/callback")
@public
def echo() -> Response:
    """WeChat checks that the address is ours."""
    return _plain(callback.echo(_keys(), request.args, clock.now()))


@bp.post("/callback")
@public
def receive() -> Response:
    """A message or an event; three deliveries of one message get one answer."""
    request.max_content_length = callback.BODY_LIMIT
    keys, now = _keys(), clock.now()
    incoming = callback.read(keys, request.args, request.get_data(), now)
    if received.first_time(incoming.message_key, now):
        text = _first(incoming, now)
    else:
        text = received.wait_for_reply(incoming.message_key, budget_s=BUDGET_S) or ""
    return _xml(callback.reply(keys, incoming, text, now)) if text else _plain(callback.SUCCESS)


def _first(incoming: Incoming, now: datetime) -> str:
    """What the first delivery says at once; "" says nothing.

    Late, WeChat has hung up: the answer goes as a customer-service message and the other
    deliveries say nothing. Where it cannot go that way, one of them says it.
    """
    begun = time.monotonic()
    text = _answer(incoming, now)
    is_late = bool(text) and time.monotonic() - begun > BUDGET_S
    is_sent = is_late and _is_sent_late(incoming, text)
    received.keep_reply(incoming.message_key, "" if is_sent else text)
    return "" if is_late else text


def _answer(incoming: Incoming, now: datetime) -> str:
    try:
        return account.answer(incoming, now)
    except Problem as problem:
        return problem.detail  # too fast, database busy: words a person understands
    except Exception as error:  # the other deliveries would wait for an answer that never comes
        log.error("account_answer_failed", kind=type(error).__name__, exc_info=error)
        return _BROKEN


def _is_sent_late(incoming: Incoming, text: str) -> bool:
    """Whether the answer went, or may have gone, as a customer-service message."""
    account_client = client.official_account(settings())
    if account_client is None:
        return False
    try:
        account_client.send_text(incoming.openid, text)
    except WeChatUnclear as error:
        log.error("late_answer_unclear", kind=type(error).__name__)
    except (WeChatDown, WeChatRefused) as error:
        log.error("late_answer_not_sent", kind=type(error).__name__)
        return False
    return True


def _plain(text: str) -> Response:
    return Response(text, mimetype="text/plain")


def _xml(text: str) -> Response:
    return Response(text, mimetype="application/xml")
