"""The official account's access token: one for all processes, one fetch at a time.

A process that needs a new one claims the token's row for some seconds, asks WeChat with no
transaction open, and writes the answer; the others look at the row until it is there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from backend.core import clock, crypto
from backend.core.db import db, insert_once, is_writing, one_transaction
from backend.wechat import answers
from backend.wechat.models import WeChatToken
from backend.wechat.port import WeChatDown

REFRESH_BEFORE_S = 300  # WeChat lets the old and the new one work side by side that long
CLAIM_S = 20  # longer than the time-outs of one fetch together
WAIT_S = 8.0
LOOK_EVERY_S = 0.1
PAUSE_S = 10
FORCE_EVERY_S = 300
_WORDS = "微信消息现在发不出去，过一会儿再发。"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Which account, where WeChat is, and the secret that proves who we are."""

    api_base: str
    app_id: str
    app_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the row says: a token to use, or a claim to fetch one; neither means wait."""

    token: str | None = None
    claim: str | None = None


def access_token(who: Credentials) -> str:
    """The token of this account, fetched when there is none that lasts; WeChatDown without one."""
    return _stored(who.app_id, clock.now()) or _wait_or_fetch(who, None)


def renewed(who: Credentials, refused: str) -> str:
    """A token other than the one WeChat just refused: somebody else's new one, or a forced one.

    One is forced at most every five minutes by all processes together; WeChatDown in between.
    """
    return _wait_or_fetch(who, refused)


def _stored(app_id: str, now: datetime) -> str | None:
    query = sa.select(WeChatToken.token).where(
        WeChatToken.app_id == app_id, WeChatToken.refresh_at > now
    )
    found = db.session.scalar(query)
    if not is_writing():
        db.session.rollback()  # no transaction stays open while WeChat is asked
    return found


def _wait_or_fetch(who: Credentials, refused: str | None) -> str:
    if is_writing():
        raise RuntimeError("WeChat is never asked inside a transaction")
    give_up_at = time.monotonic() + WAIT_S
    while True:
        found = _look(who.app_id, refused, clock.now())
        if found.token is not None:
            return found.token
        if found.claim is not None:
            return _fetch_and_keep(who, found.claim, is_forced=refused is not None)
        if time.monotonic() >= give_up_at:
            raise answers.down(_WORDS)
        time.sleep(LOOK_EVERY_S)


@one_transaction
def _look(app_id: str, refused: str | None, now: datetime) -> _Found:
    """Read the row under its lock and claim the fetch when it is ours to make."""
    insert_once(WeChatToken, {"app_id": app_id}, "app_id")
    row = db.session.get_one(WeChatToken, app_id, with_for_update=True)
    live = row.token if row.token != refused and _is_after(row.expires_at, now) else None
    if live is not None and _is_after(row.refresh_at, now):
        return _Found(token=live)
    if _is_after(row.claimed_until, now):
        return _Found(token=live)
    if _is_after(row.pause_until, now) or (refused is not None and _was_forced(row, now)):
        if live is None:
            raise answers.down(_WORDS)
        return _Found(token=live)
    row.claim, row.claimed_until = crypto.new_public_id(), now + timedelta(seconds=CLAIM_S)
    if refused is not None:
        row.forced_at = now
    return _Found(claim=row.claim)


def _is_after(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _was_forced(row: WeChatToken, now: datetime) -> bool:
    return row.forced_at is not None and (now - row.forced_at).total_seconds() < FORCE_EVERY_S


def _fetch_and_keep(who: Credentials, claim: str, *, is_forced: bool) -> str:
    try:
        token, lives_s = _fetch(who, is_forced=is_forced)
    except WeChatDown as error:
        _give_back(who.app_id, claim, clock.now())
        # a plain WeChatDown even where the fetch was unclear: no message has left
        raise WeChatDown(_WORDS, errcode=error.errcode, retry_after_s=PAUSE_S) from None
    _keep(who.app_id, claim, token, lives_s, clock.now())
    return token


def _fetch(who: Credentials, *, is_forced: bool) -> tuple[str, int]:
    """Ask for a stable token: its text, and for how many seconds it lives."""
    document = {
        "grant_type": "client_credential",
        "appid": who.app_id,
        "secret": who.app_secret,
        "force_refresh": is_forced,
    }
    answer = answers.post(f"{who.api_base}/cgi-bin/stable_token", {}, document, words=_WORDS)
    token, lives_s = answer.get("access_token"), answer.get("expires_in")
    is_token = isinstance(token, str) and 0 < len(token) <= 1024
    if not is_token or not isinstance(lives_s, int) or not 0 < lives_s <= 86_400:
        raise answers.down(_WORDS, answers.number_of(answer))
    return str(token), lives_s


@one_transaction
def _keep(app_id: str, claim: str, token: str, lives_s: int, now: datetime) -> None:
    """Write the new token, unless the claim ran out and another process took over."""
    refresh_s = max(lives_s - REFRESH_BEFORE_S, lives_s // 2)
    row = db.session.get_one(WeChatToken, app_id, with_for_update=True)
    if row.claim != claim:
        return
    row.token, row.expires_at = token, now + timedelta(seconds=lives_s)
    row.refresh_at = now + timedelta(seconds=refresh_s)
    row.claim = row.claimed_until = row.pause_until = None


@one_transaction
def _give_back(app_id: str, claim: str, now: datetime) -> None:
    row = db.session.get_one(WeChatToken, app_id, with_for_update=True)
    if row.claim == claim:
        row.claim = row.claimed_until = None
        row.pause_until = now + timedelta(seconds=PAUSE_S)
