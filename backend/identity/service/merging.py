"""Two rows that are one person become one; the rooms above bring over what they hold of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import Flask, current_app

from backend.audit.models import AuditEvent
from backend.audit.record import events, record
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db, one_transaction
from backend.identity.models import Session, Worker
from backend.identity.service.sessions import worker_chain

log = structlog.get_logger()

#: Gives all of one worker to another, inside the caller's transaction; again changes nothing.
Mover = Callable[[int, int], None]

LOOK_BACK_S = 3600
_EXTENSION = "worker_movers"
_REFUSED = "merge_refused"
#: What a person is known by, each with its blind index.
_DOORS = ("phone", "openid", "account_openid", "unionid")


def use_movers(app: Flask, movers: Mapping[str, Mover]) -> None:
    """Tell, where the parts are put together, how each table that names a worker follows one."""
    app.extensions[_EXTENSION] = dict(movers)


def join(
    one: Worker, other: Worker, way: str, now: datetime, actor: Actor = SYSTEM
) -> Worker | None:
    """Make one row of two, inside the caller's transaction; gives the one that stays.

    None when both have a telephone of their own: then a person looks (`not_merged`). The caller
    holds both rows. Whoever has a telephone stays, because cases are found by it; else the older.
    """
    if one.phone_index is not None and other.phone_index is not None:
        _refuse(one, other, way, now)
        return None
    gone, kept = sorted((one, other), key=lambda row: (row.phone_index is not None, -row.id))
    # first what others may hold at this moment, then the rows they point to: no deadlock
    _move(gone.id, kept.id)
    _hand_over(gone, kept, now)
    for row, act in ((gone, "merged_into"), (kept, "merged_from")):
        detail = {"other": kept.id if row is gone else gone.id, "way": way}
        record(worker_chain(row.id), act, actor, now, detail=detail)
    return kept


def bring_after(now: datetime) -> int:
    """Move what an act that ran beside a merge wrote for the row that is gone; returns how many.

    Its transaction began with the old row and ended after the merge. Looking back an hour is
    more than any request lasts.
    """
    since = now - timedelta(seconds=LOOK_BACK_S)
    query = sa.select(Worker.id, Worker.merged_into_id).where(Worker.merged_at >= since)
    merged = [(row.id, row.merged_into_id) for row in db.session.execute(query)]
    for gone_id, kept_id in merged:
        _bring_after(gone_id, kept_id)
    return len(merged)


def not_merged() -> list[tuple[int, int]]:
    """Pairs of rows with one unionid and two telephones, for an administrator to look at."""
    query = sa.select(AuditEvent).where(AuditEvent.act == _REFUSED).order_by(AuditEvent.id)
    found = {
        tuple(sorted((int(one.chain.removeprefix(worker_chain_prefix())), one.detail["other"])))
        for one in db.session.scalars(query)
    }
    return sorted((low, high) for low, high in found)


def worker_chain_prefix() -> str:
    """How the audit chains of workers begin."""
    return worker_chain(0).removesuffix("0")


@one_transaction
def _bring_after(gone_id: int, kept_id: int) -> None:
    _move(gone_id, kept_id)


def _move(gone_id: int, kept_id: int) -> None:
    for move in current_app.extensions[_EXTENSION].values():
        move(gone_id, kept_id)
    db.session.execute(
        sa.update(Session).where(Session.worker_id == gone_id).values(worker_id=kept_id)
    )


def _hand_over(gone: Worker, kept: Worker, now: datetime) -> None:
    """Everything the person is known by goes to the row that stays, what it has itself excepted."""
    db.session.execute(
        sa.update(Worker).where(Worker.merged_into_id == gone.id).values(merged_into_id=kept.id)
    )
    names = [column for door in _DOORS for column in (door, f"{door}_index")]
    names.append("phone_verified_at")
    held = {name: getattr(gone, name) for name in names}
    for name in names:
        setattr(gone, name, None)
    gone.ask_unionid_at, gone.merged_into_id, gone.merged_at = None, kept.id, now
    db.session.flush()  # unique: it must be given away before somebody else has it
    for door in _DOORS:
        if getattr(kept, f"{door}_index") is None:
            setattr(kept, door, held[door])
            setattr(kept, f"{door}_index", held[f"{door}_index"])
    kept.phone_verified_at = kept.phone_verified_at or held["phone_verified_at"]
    db.session.flush()


def _refuse(one: Worker, other: Worker, way: str, now: datetime) -> None:
    """Note once, on both rows, that one person seems to have two telephones."""
    for row, counterpart in ((one, other), (other, one)):
        chain = worker_chain(row.id)
        is_noted = any(
            event.act == _REFUSED and event.detail.get("other") == counterpart.id
            for event in events(chain)
        )
        if is_noted:
            return
        detail = {"other": counterpart.id, "way": way, "why": "two_phones"}
        record(chain, _REFUSED, SYSTEM, now, detail=detail)
    log.warning("workers_not_merged", workers=sorted((one.id, other.id)), why="two_phones")
