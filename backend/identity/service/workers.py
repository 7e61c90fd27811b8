"""Workers signing in by telephone or by WeChat; an account is born at the first sign-in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import connection, db, insert_once, one_transaction
from backend.core.installation import settings
from backend.identity.models import Worker
from backend.identity.service import one_person, sms_codes
from backend.identity.service.sessions import WORKER_SESSION_S, open_session, worker_chain
from backend.wechat import client as wechat


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A worker's new session."""

    token: str
    expires_at: datetime
    worker: Worker


def sign_in_by_phone(phone: str, code: str, device: str, now: datetime) -> SignedIn:
    """Sign in with the code sent to a telephone; BadInput (`wrong_code`) when it is not right."""
    code_id = sms_codes.check(phone, code, now)
    return _sign_in_with_code(code_id, phone, device, now)


def sign_in_by_wechat(code: str, device: str, now: datetime) -> SignedIn:
    """Sign in with a `wx.login` code; WeChatDown or WeChatRefused when WeChat says so."""
    user = wechat.choose(settings()).code_to_user(code)
    return _sign_in_as_openid(user.openid, device, now, user.unionid)


def worker_for_account(openid: str, now: datetime) -> Worker:
    """The worker behind a follower of the official account, known from their first message on."""
    index = crypto.blind_index("account_openid", openid)
    known = db.session.scalar(sa.select(Worker).where(Worker.account_openid_index == index))
    return known or _new_for_account(openid, index, now)


@one_transaction
def _new_for_account(openid: str, index: str, now: datetime) -> Worker:
    values = {
        "account_openid": openid, "account_openid_index": index, "created_at": now,
        "ask_unionid_at": now,
    }  # fmt: skip
    insert_once(Worker, values, "account_openid_index")
    return _locked(Worker.account_openid_index == index)


def worker_by_id(worker_id: int) -> Worker | None:
    """The worker with this id; of a row that was merged, the one it became."""
    row = db.session.get(Worker, worker_id)
    if row is None or row.merged_into_id is None:
        return row
    return db.session.get(Worker, row.merged_into_id)


@one_transaction
def _sign_in_with_code(code_id: int, phone: str, device: str, now: datetime) -> SignedIn:
    sms_codes.use(code_id, now)
    return open_for_phone(phone, device, now)


@one_transaction
def open_for_phone(phone: str, device: str, now: datetime) -> SignedIn:
    """A session for whoever holds this telephone, just shown; joins the caller's transaction."""
    index = crypto.blind_index("phone", phone)
    values = {"phone": phone, "phone_index": index, "phone_verified_at": now, "created_at": now}
    insert_once(Worker, values, "phone_index")
    worker = _locked(Worker.phone_index == index)
    worker.phone_verified_at = now
    return _open(worker, "phone", device, now)


@one_person.again
@one_transaction
def _sign_in_as_openid(
    openid: str, device: str, now: datetime, unionid: str | None = None
) -> SignedIn:
    return _open(one_person.settle("openid", openid, unionid, now), "wechat", device, now)


def _locked(which: sa.ColumnElement[bool]) -> Worker:
    """The worker's row, held so that two sign-ins at once write their audit chain in turn."""
    query = sa.select(Worker).where(which).with_for_update()
    # merged into another row while we waited for it: the second look finds that one
    return db.session.scalars(query).one_or_none() or db.session.scalars(query).one()


def _open(worker: Worker, way: str, device: str, now: datetime) -> SignedIn:
    opened = open_session(now, WORKER_SESSION_S, worker_id=worker.id, device=device)
    actor = Actor(kind="worker", id=worker.id, session_id=opened.session_id)
    record(worker_chain(worker.id), "sign_in", actor, now, detail={"way": way})
    return SignedIn(opened.token, opened.expires_at, worker)


def followers(worker_ids: Collection[int]) -> set[int]:
    """Which of these workers follow the official account."""
    query = sa.select(Worker.id).where(
        Worker.id.in_(worker_ids), Worker.account_openid_index.is_not(None)
    )
    return set(db.session.scalars(query)) if worker_ids else set()


def proved_phones(worker_ids: Collection[int]) -> dict[int, str]:
    """The telephones these workers have proved, by row id; the caller records who reads them."""
    query = sa.select(Worker.id, Worker.phone).where(
        Worker.id.in_(worker_ids), Worker.phone_verified_at.is_not(None)
    )
    found = db.session.execute(query) if worker_ids else ()
    return {worker_id: phone for worker_id, phone in found if phone}


@dataclass(frozen=True, slots=True)
class Reach:
    """How a worker can be reached: the telephone they proved, and whether WeChat knows them."""

    phone_index: str | None = None
    has_openid: bool = False


_REACH = sa.select(Worker.phone_index, Worker.phone_verified_at, Worker.openid_index).where(
    Worker.id == sa.bindparam("worker_id")
)


def reach(worker_id: int | None) -> Reach:
    """How this worker can be reached; nothing is known of an id that is not there."""
    row = connection().execute(_REACH, {"worker_id": worker_id}).one_or_none()
    if row is None:
        return Reach()
    proved = row.phone_index if row.phone_verified_at is not None else None
    return Reach(proved, row.openid_index is not None)
