"""What the bureau did with a case: acts, requests for approval, and documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.complaints.models.case import one_of
from backend.core.db import Encrypted, UtcDateTime, db

APPROVAL_STATES = ("pending", "approved", "returned", "void")


class ActRecord(db.Model):  # type: ignore[name-defined, misc]
    """A dated record beside the state: a confirmation, a mediation, a payment, a service."""

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    on_date: Mapped[date]
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    staff_name: Mapped[str] = mapped_column(sa.String(60), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    text: Mapped[str | None] = mapped_column(Encrypted("acts.text"))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("documents.id"))


class Approval(db.Model):  # type: ignore[name-defined, misc]
    """A step that waits for somebody else's yes; `input` is exactly what will be done."""

    __tablename__ = "approvals"
    __table_args__ = (
        sa.CheckConstraint(one_of("state", APPROVAL_STATES), name="state_known"),
        sa.CheckConstraint("answered_by_id <> asked_by_id", name="by_somebody_else"),
        # one open request a case: two officers cannot ask for two fates at once
        sa.Index(
            "uq_approvals_pending",
            "case_id",
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index("ix_approvals_state_id", "state", "id"),
        # what came back: of the cases on a page, and of one officer
        sa.Index("ix_approvals_case_id_step_id", "case_id", "step", "id"),
        sa.Index("ix_approvals_asked_by_id_state_id", "asked_by_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    step: Mapped[str] = mapped_column(sa.String(40))
    input: Mapped[str] = mapped_column(Encrypted("approvals.input"))
    state: Mapped[str] = mapped_column(sa.String(10), default="pending")
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    asked_by_name: Mapped[str] = mapped_column(sa.String(60))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    answered_by_name: Mapped[str | None] = mapped_column(sa.String(60))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    opinion: Mapped[str | None] = mapped_column(Encrypted("approvals.opinion"))


class Document(db.Model):  # type: ignore[name-defined, misc]
    """An issued document: numbered, frozen, never edited; a wrong one is followed by another."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(Encrypted("documents.text"))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    is_for_worker: Mapped[bool]
    law: Mapped[str | None] = mapped_column(sa.String(60))
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime())
    served_on: Mapped[date | None]
