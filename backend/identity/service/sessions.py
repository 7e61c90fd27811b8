"""Sessions: opened by a sign-in, found by their token's hash, ended by time or by their owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.audit.record import record
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import UtcDateTime, connection, db, insert_row, one_transaction
from backend.core.errors import NotFound
from backend.identity.models import Session, Staff

_DAY_S = 24 * 3600
WORKER_SESSION_S = 90 * _DAY_S
CASE_SESSION_S = 180 * _DAY_S
STAFF_SESSION_S = 12 * 3600
SEEN_EVERY_S = 3600  # a write on every request would make each reader a writer
_KEEP_ENDED_S = 30 * _DAY_S  # people see for a while which devices were signed in
_DEVICE_LENGTH = 40


# One statement for every request that carries a token: built once, below the unit of work.
_LIVE = sa.select(
    Session.id, Session.worker_id, Session.staff_id, Session.case_id, Session.last_seen_at
).where(
    Session.token_hash == sa.bindparam("token_hash"),
    Session.revoked_at.is_(None),
    Session.expires_at > sa.bindparam("now", type_=UtcDateTime()),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session; the token is told once and then only its hash is known."""

    token: str
    expires_at: datetime
    session_id: int


def worker_chain(worker_id: int) -> str:
    """The audit chain of one worker's account."""
    return f"worker:{worker_id}"


def staff_chain(staff_id: int) -> str:
    """The audit chain of one member of staff's account."""
    return f"staff:{staff_id}"


def open_session(
    now: datetime,
    lifetime_s: int,
    *,
    worker_id: int | None = None,
    staff_id: int | None = None,
    case_id: int | None = None,
    device: str = "",
) -> Opened:
    """Write a session for exactly one subject inside the caller's transaction."""
    token = crypto.new_token()
    expires_at = now + timedelta(seconds=lifetime_s)
    row = {
        "token_hash": crypto.token_hash(token),
        "worker_id": worker_id,
        "staff_id": staff_id,
        "case_id": case_id,
        "device": device[:_DEVICE_LENGTH],
        "created_at": now,
        "last_seen_at": now,
        "expires_at": expires_at,
    }
    return Opened(token, expires_at, insert_row(Session, row))


@one_transaction
def open_case_session(case_id: int, now: datetime, lifetime_s: int = CASE_SESSION_S) -> str:
    """A token for one case filed without sign-in; joins the caller's transaction.

    No device is noted: the session says nothing but which case it opens.
    """
    return open_session(now, lifetime_s, case_id=case_id).token


def worker_actor(token: str, now: datetime) -> Actor | None:
    """Who holds this token at the workers' door, or None when it is unknown or has ended."""
    row = _live(token, now)
    if row is None or row.staff_id is not None:
        return None
    if row.case_id is not None:
        return Actor(kind="worker", case_id=row.case_id, session_id=row.id)
    actor = Actor(kind="worker", id=row.worker_id, session_id=row.id)
    _note_seen(row, now)
    return actor


def staff_actor(token: str, now: datetime, *, is_demo_allowed: bool) -> Actor | None:
    """Who holds this token at the desk, or None; demo staff exist in demo mode only."""
    row = _live(token, now)
    staff = db.session.get(Staff, row.staff_id) if row is not None and row.staff_id else None
    if row is None or staff is None or not staff.is_active:
        return None
    if staff.is_demo and not is_demo_allowed:
        return None
    actor = Actor("staff", staff.id, staff.name, staff.roles, session_id=row.id)
    _note_seen(row, now)
    return actor


def _live(token: str, now: datetime) -> Any:
    """The row of a session that is neither ended nor revoked, or None."""
    values = {"token_hash": crypto.token_hash(token), "now": now}
    return connection().execute(_LIVE, values).one_or_none()


def _note_seen(row: Any, now: datetime) -> None:
    if (now - row.last_seen_at).total_seconds() >= SEEN_EVERY_S:
        _seen(row.id, now)


@one_transaction
def _seen(session_id: int, now: datetime) -> None:
    db.session.execute(sa.update(Session).where(Session.id == session_id).values(last_seen_at=now))


def sessions(actor: Actor, now: datetime) -> list[Session]:
    """The live sessions of whoever is acting, newest first."""
    query = sa.select(Session).where(
        _owned_by(actor), Session.revoked_at.is_(None), Session.expires_at > now
    )
    return list(db.session.scalars(query.order_by(Session.id.desc())))


@one_transaction
def revoke(public_id: str, actor: Actor, now: datetime) -> None:
    """End one of the actor's own sessions (`current`: this one); NotFound for anyone else's."""
    which = (
        Session.id == actor.session_id if public_id == "current" else Session.public_id == public_id
    )
    row = db.session.scalar(
        sa.select(Session)
        .where(which, _owned_by(actor), Session.revoked_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotFound("没有找到这次登录，可能已经退出了。")
    row.revoked_at = now
    if row.worker_id is not None:
        record(worker_chain(row.worker_id), "session_revoked", actor, now, detail={"id": row.id})
    if row.staff_id is not None:
        record(staff_chain(row.staff_id), "session_revoked", actor, now, detail={"id": row.id})


def revoke_all_of_staff(staff_id: int, now: datetime) -> None:
    """End every session of a member of staff inside the caller's transaction."""
    db.session.execute(
        sa.update(Session)
        .where(Session.staff_id == staff_id, Session.revoked_at.is_(None))
        .values(revoked_at=now)
    )


@one_transaction
def forget_ended(now: datetime) -> int:
    """Delete sessions that ended long ago; returns how many."""
    before = now - timedelta(seconds=_KEEP_ENDED_S)
    ended = sa.or_(Session.expires_at < before, Session.revoked_at < before)
    return len(db.session.scalars(sa.delete(Session).where(ended).returning(Session.id)).all())


def _owned_by(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.case_id is not None:
        # others may hold a key to the same case; each sees and ends its own only
        return Session.id == actor.session_id
    if actor.kind == "staff":
        return Session.staff_id == actor.id
    return Session.worker_id == actor.id
