"""The statutory clocks of a case, with every pause and extension as a row of its own."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.complaints.models.case import one_of
from backend.core.db import db

RUNNING, PAUSED, MET, STOPPED, PASSED = "running", "paused", "met", "stopped", "passed"
CLOCK_STATES = (RUNNING, PAUSED, MET, STOPPED, PASSED)
CHANGE_KINDS = ("extension", "suspension", "excluded")


class Clock(db.Model):  # type: ignore[name-defined, misc]
    """One time limit of a case: its rule (key and version), its start and its last day.

    The date is stored when the clock starts, so a later change of law leaves it alone. `subject`
    tells apart clocks of one kind, such as the service of two documents (`document:7`).
    """

    __tablename__ = "clocks"
    __table_args__ = (
        sa.CheckConstraint(one_of("state", CLOCK_STATES), name="state_known"),
        # one live clock of a kind: two officers cannot start it twice
        sa.Index(
            "uq_clocks_live",
            "case_id",
            "key",
            "subject",
            unique=True,
            sqlite_where=sa.text("state IN ('running', 'paused')"),
            postgresql_where=sa.text("state IN ('running', 'paused')"),
        ),
        sa.Index("ix_clocks_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(30))
    version: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40), default="")
    started_on: Mapped[date]
    due_on: Mapped[date | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(10), default=RUNNING)
    ended_on: Mapped[date | None]
    alarmed: Mapped[str | None] = mapped_column(sa.String(10))


class ClockChange(db.Model):  # type: ignore[name-defined, misc]
    """An approved extension or a stretch of time that is not counted."""

    __tablename__ = "clock_changes"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", CHANGE_KINDS), name="kind_known"),
        # a clock is stopped once at a time
        sa.Index(
            "uq_clock_changes_open",
            "clock_id",
            unique=True,
            sqlite_where=sa.text("kind <> 'extension' AND to_on IS NULL"),
            postgresql_where=sa.text("kind <> 'extension' AND to_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(sa.ForeignKey("clocks.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(200))
    act_id: Mapped[int] = mapped_column(sa.ForeignKey("acts.id"))
