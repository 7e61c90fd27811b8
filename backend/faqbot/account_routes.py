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
from backend.wechat.port import WeChatDown, WeChatRefused

log = structlog.get_logger()

bp = APIBlueprint("wechat_account", __name__, url_prefix="/wechat", enable_openapi=False)

#: WeChat gives up after five seconds and asks again, three times in all.
BUDGET_S = 4.0


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
    begun = time.monotonic()
    text = _answer(incoming, now)
    if text and time.monotonic() - begun > BUDGET_S:
        _send_late(incoming, text)
        text = None
    return _xml(callback.reply(keys, incoming, text, now)) if text else _plain(callback.SUCCESS)


def _send_late(incoming: Incoming, text: str) -> None:
    """WeChat has hung up: the answer goes as a customer-service message instead."""
    account_client = client.official_account(settings())
    if account_client is None:
        return
    try:
        account_client.send_text(incoming.openid, text)
    except (WeChatDown, WeChatRefused) as error:
        log.error("late_answer_not_sent", kind=type(error).__name__)


def _answer(incoming: Incoming, now: datetime) -> str | None:
    """What to say at once; None or "" says nothing (another delivery is answering)."""
    if not received.first_time(incoming.message_key, now):
        return received.wait_for_reply(incoming.message_key, budget_s=BUDGET_S)
    try:
        text = account.answer(incoming, now)
    except Problem as problem:
        text = problem.detail  # too fast, database busy: words a person understands
    received.keep_reply(incoming.message_key, text)
    return text


def _plain(text: str) -> Response:
    return Response(text, mimetype="text/plain")


def _xml(text: str) -> Response:
    return Response(text, mimetype="application/xml")
