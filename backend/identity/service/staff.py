"""Staff accounts: made, changed and closed by an administrator or from the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError, Forbidden, NotFound
from backend.identity.models import Staff, StaffRole
from backend.identity.roles import ROLES
from backend.identity.service import passwords
from backend.identity.service.sessions import revoke_all_of_staff, staff_chain
from backend.identity.service.staff_sign_in import forgive_tries

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def staff_by_id(staff_id: int) -> Staff | None:
    """The member of staff with this id, whether or not the account is still open."""
    return db.session.get(Staff, staff_id)


def staff_by_username(username: str) -> Staff | None:
    """The member of staff who signs in under this name, however it is typed."""
    wanted = username.strip().lower()
    return db.session.scalar(sa.select(Staff).where(Staff.username == wanted))


def active_staff(role: str | None = None) -> list[Staff]:
    """Staff with open accounts, by name; only those holding `role` when it is given.

    Outside demo mode demo accounts do not count.
    """
    query = sa.select(Staff).where(Staff.is_active)
    if not current_app.config["SETTINGS"].demo:
        query = query.where(Staff.is_demo.is_(False))
    if role is not None:
        query = query.where(Staff.role_rows.any(StaffRole.role == role))
    return list(db.session.scalars(query.order_by(Staff.name, Staff.id)))


@one_transaction
def create_staff(
    *,
    username: str,
    name: str,
    roles: Iterable[str],
    unit: str,
    password: str,
    actor: Actor,
    now: datetime,
    is_demo: bool = False,
) -> Staff:
    """Open an account; BadInput names the wrong field, Conflict when the name is taken.

    Forbidden (`demo_only`) for a demo account outside demo mode: its password is public.
    """
    if is_demo and not current_app.config["SETTINGS"].demo:
        raise Forbidden("演示账号只能在演示模式里建。", code="demo_only")
    wanted = sorted(set(roles))
    _check(username, name, wanted)
    staff = Staff(
        username=username,
        name=name,
        unit=unit,
        password_hash=passwords.hash_new(password),
        is_demo=is_demo,
        created_at=now,
        role_rows=[StaffRole(role=role) for role in wanted],
    )
    db.session.add(staff)
    try:
        db.session.flush()
    except IntegrityError as error:
        words = "这个登录名已经有人用了，请换一个。"
        raise Conflict(words, code="username_taken") from error
    record(staff_chain(staff.id), "staff_created", actor, now, detail={"roles": wanted})
    return staff


def _check(username: str, name: str, roles: list[str]) -> None:
    errors = []
    if not _USERNAME.fullmatch(username):
        errors.append(
            FieldError("username", "登录名用 2 到 40 个小写字母、数字或 . _ -，字母开头。")
        )
    if not 1 <= len(name) <= 60:
        errors.append(FieldError("name", "请填姓名。"))
    if not roles or not set(roles) <= set(ROLES):
        errors.append(FieldError("roles", "请至少选一个角色。"))
    if errors:
        raise BadInput("有几处要改，改好再交。", errors=errors)


@one_transaction
def set_password(staff_id: int, password: str, actor: Actor, now: datetime) -> None:
    """Give a member of staff a new password: their sessions end, wrong tries are forgiven.

    Conflict (`closed`) for a closed account, which no password would open.
    """
    staff = _locked(staff_id)
    if not staff.is_active:
        raise Conflict("这个账号已经停用，换了密码也不能登录。", code="closed")
    staff.password_hash = passwords.hash_new(password)
    revoke_all_of_staff(staff_id, now)
    forgive_tries(staff.username, now)
    record(staff_chain(staff_id), "password_set", actor, now)


@one_transaction
def deactivate_staff(staff_id: int, actor: Actor, now: datetime) -> None:
    """Close an account; its sessions end at once and its name stays in the record."""
    staff = _locked(staff_id)
    staff.is_active = False
    revoke_all_of_staff(staff_id, now)
    record(staff_chain(staff_id), "staff_deactivated", actor, now)


def _locked(staff_id: int) -> Staff:
    staff = db.session.get(Staff, staff_id, with_for_update=True)
    if staff is None:
        raise NotFound("没有找到这个账号。")
    return staff
