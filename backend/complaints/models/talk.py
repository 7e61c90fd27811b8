"""What passes between the worker and the bureau inside a case."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.complaints.models.case import one_of
from backend.core.db import Encrypted, UtcDateTime, db


class CaseMessage(db.Model):  # type: ignore[name-defined, misc]
    """One message; it belongs to the case, so it stays when the officer changes."""

    __tablename__ = "case_messages"
    __table_args__ = (
        sa.CheckConstraint(one_of("author", ("worker", "bureau")), name="author_known"),
        sa.UniqueConstraint("case_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    author: Mapped[str] = mapped_column(sa.String(8))
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    staff_name: Mapped[str] = mapped_column(sa.String(60), default="")
    text: Mapped[str] = mapped_column(Encrypted("case_messages.text"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class Supplement(db.Model):  # type: ignore[name-defined, misc]
    """Something the worker adds to what was filed; the filing itself never changes."""

    __tablename__ = "supplements"
    __table_args__ = (sa.UniqueConstraint("case_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str] = mapped_column(Encrypted("supplements.text"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class Correction(db.Model):  # type: ignore[name-defined, misc]
    """One item of a correction notice and the worker's answer to it (粤监察 39(7))."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    round: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    item: Mapped[str] = mapped_column(Encrypted("corrections.item"))
    answer: Mapped[str | None] = mapped_column(Encrypted("corrections.answer"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Appointment(db.Model):  # type: ignore[name-defined, misc]
    """A time at which the worker confirms the complaint in person or by video."""

    __tablename__ = "appointments"
    __table_args__ = (
        sa.CheckConstraint(one_of("period", ("am", "pm")), name="period_known"),
        sa.CheckConstraint(one_of("how", ("visit", "video")), name="how_known"),
        sa.Index(
            "uq_appointments_live",
            "case_id",
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL AND is_kept IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL AND is_kept IS NULL"),
        ),
        sa.Index("ix_appointments_slot", "on_date", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    on_date: Mapped[date]
    period: Mapped[str] = mapped_column(sa.String(2))
    how: Mapped[str] = mapped_column(sa.String(5))
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    is_kept: Mapped[bool | None]


class Withdrawal(db.Model):  # type: ignore[name-defined, misc]
    """A wish to withdraw: it can be undone until an officer called or 24 hours have passed."""

    __tablename__ = "withdrawals"
    __table_args__ = (
        sa.Index(
            "uq_withdrawals_live",
            "case_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL AND effected_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL AND effected_at IS NULL"),
        ),
        sa.Index("ix_withdrawals_ripe", "effected_at", "undone_at", "effective_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    effective_at: Mapped[datetime] = mapped_column(UtcDateTime())
    reason: Mapped[str | None] = mapped_column(Encrypted("withdrawals.reason"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    effected_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class PaymentWord(db.Model):  # type: ignore[name-defined, misc]
    """What the worker says about the money: it came, part of it came, or it did not."""

    __tablename__ = "payment_words"
    __table_args__ = (sa.UniqueConstraint("case_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    is_paid: Mapped[bool]
    amount_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    paid_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Encrypted("payment_words.note"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
