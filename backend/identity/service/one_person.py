"""One person, two openids: the mini-program's and the official account's meet in the unionid."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Literal, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.core import crypto
from backend.core.db import db, insert_once, one_transaction, violated
from backend.core.installation import settings
from backend.identity.models import Worker
from backend.identity.service import merging
from backend.wechat import followers
from backend.wechat.port import WeChatDown

P = ParamSpec("P")
R = TypeVar("R")

#: Under which of its two openids WeChat named somebody; also the name of the column.
Side = Literal["openid", "account_openid"]

ASK_AGAIN_S = 3600
#: The account may be bound to the open platform later on.
ASK_ANEW_S = 30 * 24 * 3600
_UNIQUE = ("openid_index", "account_openid_index", "unionid_index")


def again(act: Callable[P, R]) -> Callable[P, R]:
    """Do a transaction once more when somebody else wrote the same person down meanwhile."""

    @functools.wraps(act)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return act(*args, **kwargs)
        except IntegrityError as error:
            if not any(violated(error, f"workers_{name}", f"workers.{name}") for name in _UNIQUE):
                raise
        return act(*args, **kwargs)

    return wrapper


def settle(side: Side, openid: str, unionid: str | None, now: datetime) -> Worker:
    """The one worker behind an openid that WeChat vouches for; joins the caller's transaction.

    Whoever is known by the unionid is the same person. The row stays locked. Two rows that cannot
    be made one (two telephones) stay two, and the openid's own is given.
    """
    own, other = _rows(side, openid, unionid)
    if own is None and other is not None and getattr(other, f"{side}_index") is None:
        _name(other, side, openid)
        return other
    if own is None:
        index = crypto.blind_index(side, openid)
        values = {side: openid, f"{side}_index": index, "created_at": now}
        insert_once(Worker, values, f"{side}_index")
        own, other = _rows(side, openid, unionid)
        assert own is not None  # inserted above, or there before
    if unionid is None:
        return own
    if other is not None and other is not own:
        kept = merging.join(own, other, "unionid", now)
        if kept is None:
            return own
        own = kept
    _name(own, side, openid)
    _name(own, "unionid", unionid)
    own.ask_unionid_at = None
    return own


def learn(now: datetime) -> int:
    """Ask WeChat for the unionids of followers, nobody waiting; returns how many were learnt."""
    openids = _to_ask(now)
    try:
        found = followers.unionids_of(settings(), openids)
    except WeChatDown:  # noted in the log where it happened
        _ask_later(openids, now, ASK_AGAIN_S)
        return 0
    _ask_later([openid for openid in openids if openid not in found], now, ASK_ANEW_S)
    for openid, unionid in found.items():
        _learnt(openid, unionid, now)
    return len(found)


def _to_ask(now: datetime) -> list[str]:
    query = (
        sa.select(Worker.account_openid)
        .where(Worker.ask_unionid_at <= now, Worker.account_openid_index.is_not(None))
        .order_by(Worker.ask_unionid_at, Worker.id)
        .limit(followers.MOST)
    )
    found = [openid for openid in db.session.scalars(query) if openid is not None]
    db.session.rollback()  # no transaction stays open while WeChat is asked
    return found


@again
@one_transaction
def _learnt(openid: str, unionid: str, now: datetime) -> None:
    worker = settle("account_openid", openid, unionid, now)
    if worker.unionid_index is None:  # two telephones: asked anew, in case that was put right
        worker.ask_unionid_at = now + timedelta(seconds=ASK_ANEW_S)


@one_transaction
def _ask_later(openids: Iterable[str], now: datetime, wait_s: int) -> None:
    which = [crypto.blind_index("account_openid", openid) for openid in openids]
    theirs = sa.update(Worker).where(
        Worker.account_openid_index.in_(which), Worker.ask_unionid_at.is_not(None)
    )
    db.session.execute(theirs.values(ask_unionid_at=now + timedelta(seconds=wait_s)))


def _rows(side: Side, openid: str, unionid: str | None) -> tuple[Worker | None, Worker | None]:
    """The row of this openid and the row of this unionid, both locked, the older one first."""
    by_openid = getattr(Worker, f"{side}_index") == crypto.blind_index(side, openid)
    which = [by_openid]
    if unionid is not None:
        which.append(Worker.unionid_index == crypto.blind_index("unionid", unionid))
    # key_share: whatever points to them may be written meanwhile
    query = (
        sa.select(Worker).where(sa.or_(*which)).order_by(Worker.id).with_for_update(key_share=True)
    ).execution_options(populate_existing=True)
    rows = list(db.session.scalars(query))
    return _with(rows, side, openid), _with(rows, "unionid", unionid)


def _with(rows: list[Worker], door: str, value: str | None) -> Worker | None:
    if value is None:
        return None
    index = crypto.blind_index(door, value)
    return next((row for row in rows if getattr(row, f"{door}_index") == index), None)


def _name(row: Worker, door: str, value: str) -> None:
    """Note by what a worker is known, where that is news."""
    index = crypto.blind_index(door, value)
    if getattr(row, f"{door}_index") != index:
        setattr(row, door, value)
        setattr(row, f"{door}_index", index)
        db.session.flush()
