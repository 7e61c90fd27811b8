"""Tables of people who sign in, and of their sessions and SMS codes; personal data encrypted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.crypto import new_public_id
from backend.core.db import Encrypted, UtcDateTime, db
from backend.identity.roles import ROLES


class Worker(db.Model):  # type: ignore[name-defined, misc]
    """Somebody who signed in or wrote to the official account; found by blind indexes only."""

    __tablename__ = "workers"
    __table_args__ = (
        # a row that was merged away has no door left through which somebody could come in
        sa.CheckConstraint(
            "merged_into_id IS NULL OR (phone_index IS NULL AND openid_index IS NULL"
            " AND account_openid_index IS NULL AND unionid_index IS NULL"
            " AND merged_at IS NOT NULL)",
            name="merged_has_no_door",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(Encrypted("workers.phone"))
    phone_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    phone_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    openid: Mapped[str | None] = mapped_column(Encrypted("workers.openid"))
    openid_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    # the official account knows the same person under another openid
    account_openid: Mapped[str | None] = mapped_column(Encrypted("workers.account_openid"))
    account_openid_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True, index=True)
    # the same in every app of one open platform: by it both openids are one person's
    unionid: Mapped[str | None] = mapped_column(Encrypted("workers.unionid"))
    unionid_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True, index=True)
    # when WeChat is to be asked for the follower's unionid; empty where there is nothing to ask
    ask_unionid_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    # turned out to be the person of an older row, which has everything now; never deleted,
    # because SQLite would give the number to somebody else and the record names it
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workers.id"), index=True)
    merged_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Staff(db.Model):  # type: ignore[name-defined, misc]
    """A member of the bureau's staff; never deleted, because the record names them."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    unit: Mapped[str] = mapped_column(sa.String(60))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    role_rows: Mapped[list[StaffRole]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="StaffRole.role"
    )

    @property
    def roles(self) -> frozenset[str]:
        """The roles this person holds."""
        return frozenset(row.role for row in self.role_rows)


class StaffRole(db.Model):  # type: ignore[name-defined, misc]
    """One role of one member of staff."""

    __tablename__ = "staff_roles"
    __table_args__ = (sa.CheckConstraint(f"role IN {ROLES!r}", name="role_known"),)

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(20), primary_key=True)


class Session(db.Model):  # type: ignore[name-defined, misc]
    """A signed-in device, or the key to one case filed without signing in; token stored hashed."""

    __tablename__ = "sessions"
    __table_args__ = (
        # a session is somebody's, and only one body's: guards rely on it
        sa.CheckConstraint(
            "(CASE WHEN worker_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_public_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workers.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    # no foreign key: cases live in a room above this one
    case_id: Mapped[int | None] = mapped_column(index=True)
    device: Mapped[str] = mapped_column(sa.String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class SmsCode(db.Model):  # type: ignore[name-defined, misc]
    """A code sent to a telephone; only the newest one of a telephone counts."""

    __tablename__ = "sms_codes"
    __table_args__ = (sa.CheckConstraint("tries_left >= 0", name="tries_left_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_index: Mapped[str] = mapped_column(sa.String(64), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
