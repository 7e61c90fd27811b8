"""Staff signing in at the desk by password, and out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from backend.audit.record import record
from backend.core import rates
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput
from backend.identity.models import Staff
from backend.identity.service import passwords
from backend.identity.service.sessions import STAFF_SESSION_S, open_session, revoke, staff_chain

_RATE, _WINDOW_S, _TRIES = "staff_sign_in", 15 * 60, 10
_WRONG = "登录名或密码不对，请再看一下。"
_TOO_MANY = "试的次数太多了，请过一刻钟再试，或请管理员重设密码。"


@dataclass(frozen=True, slots=True)
class StaffSignedIn:
    """A member of staff's new session at the desk."""

    token: str
    expires_at: datetime
    staff: Staff


def sign_in_staff(username: str, password: str, device: str, now: datetime) -> StaffSignedIn:
    """Sign in at the desk; BadInput (`wrong_password`) for every kind of wrong, TooMany after 10
    wrong ones in a quarter of an hour.

    An unknown name, a closed account and a wrong password take the same time and get the same
    answer, so that names cannot be guessed. The slow hash runs outside the write transaction.
    """
    username = username.strip().lower()
    # counted before it is tried, so that guesses sent at once count too; a right one is given back
    rates.spend(_RATE, username, limit=_TRIES, window_s=_WINDOW_S, now=now, words=_TOO_MANY)
    staff = db.session.scalar(sa.select(Staff).where(Staff.username == username))
    may_enter = staff is not None and _may_enter(staff)
    is_right = passwords.is_right(staff.password_hash if staff else None, password)
    if staff is None or not may_enter or not is_right:
        if staff is not None:
            _note_failure(staff.id, now)
        raise BadInput(_WRONG, code="wrong_password")
    rehashed = passwords.rehashed(staff.password_hash, password)
    return _open(staff.id, staff.password_hash, rehashed, device, now)


def forgive_tries(username: str, now: datetime) -> None:
    """Wrong tries count no longer once an administrator gave a new password."""
    rates.give_back(_RATE, username, window_s=_WINDOW_S, now=now, tries=_TRIES)


def sign_out(actor: Actor, now: datetime) -> None:
    """End the session in which the actor is acting."""
    revoke("current", actor, now)


def _may_enter(staff: Staff) -> bool:
    is_demo_mode: bool = current_app.config["SETTINGS"].demo
    return staff.is_active and (is_demo_mode or not staff.is_demo)


@one_transaction
def _note_failure(staff_id: int, now: datetime) -> None:
    db.session.get(Staff, staff_id, with_for_update=True)  # one link of the chain at a time
    record(staff_chain(staff_id), "sign_in_failed", Actor(kind="visitor"), now)


@one_transaction
def _open(
    staff_id: int, checked_hash: str, rehashed: str | None, device: str, now: datetime
) -> StaffSignedIn:
    staff = db.session.get(Staff, staff_id, with_for_update=True, populate_existing=True)
    # somebody may have closed the account or changed the password since it was checked
    if staff is None or not _may_enter(staff) or staff.password_hash != checked_hash:
        raise BadInput(_WRONG, code="wrong_password")
    if rehashed is not None:
        staff.password_hash = rehashed
    rates.give_back(_RATE, staff.username, window_s=_WINDOW_S, now=now)
    opened = open_session(now, STAFF_SESSION_S, staff_id=staff.id, device=device)
    actor = Actor("staff", staff.id, staff.name, staff.roles, session_id=opened.session_id)
    record(staff_chain(staff.id), "sign_in", actor, now)
    return StaffSignedIn(opened.token, opened.expires_at, staff)
