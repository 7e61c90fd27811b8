"""The case itself, the people in it, and what each of them is owed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.complaints.states import FINAL, STATES, Lane, Outcome
from backend.core.db import Encrypted, UtcDateTime, db


def one_of(column: str, values: Any) -> str:
    """SQL for "the column holds one of these words"."""
    words = ", ".join(f"'{value}'" for value in sorted(str(v) for v in values))
    return f"{column} IN ({words})"


_STATE_OF_LANE = " OR ".join(
    f"(lane = '{lane}' AND {one_of('state', states)})" for lane, states in STATES.items()
)


class Case(db.Model):  # type: ignore[name-defined, misc]
    """One complaint or report.

    Personal data stands in `claimants`; what people wrote in their own words is encrypted here.
    `next_due_on` repeats the earliest running clock so that the queue can be read in its order.
    """

    __tablename__ = "cases"
    __table_args__ = (
        sa.CheckConstraint(one_of("lane", Lane), name="lane_known"),
        sa.CheckConstraint(_STATE_OF_LANE, name="state_of_lane"),
        # an outcome belongs to a closed case and only to one (states.md: exactly one)
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)", name="outcome_when_closed"
        ),
        sa.CheckConstraint(
            f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="outcome_known"
        ),
        # an anonymous report has nobody behind it: no account and no officer-typed person
        sa.CheckConstraint(
            "NOT is_anonymous OR (lane = 'report' AND worker_id IS NULL)",
            name="anonymous_has_nobody",
        ),
        sa.CheckConstraint("second_officer_id <> officer_id", name="two_different_officers"),
        # one filing per key and sender, however often it is sent
        sa.UniqueConstraint("sender", "key_hash"),
        sa.Index("ix_cases_queue", "is_open", "next_due_on", "id"),
        # of those alone that have one: a filing has none, and writes no page of these
        sa.Index(
            "ix_cases_second_officer_id",
            "second_officer_id",
            sqlite_where=sa.text("second_officer_id IS NOT NULL"),
            postgresql_where=sa.text("second_officer_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_cases_offered",
            *("offered_to_id", "is_open", "next_due_on", "id"),
            sqlite_where=sa.text("offered_to_id IS NOT NULL"),
            postgresql_where=sa.text("offered_to_id IS NOT NULL"),
        ),
        # few cases have unread messages: the desk counts those without looking at the others
        sa.Index(
            "ix_cases_unread",
            "is_open",
            sqlite_where=sa.text("unread_by_bureau > 0"),
            postgresql_where=sa.text("unread_by_bureau > 0"),
        ),
        sa.Index("ix_cases_worker_id_id", "worker_id", "id"),
        sa.Index("ix_cases_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    lane: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(24))
    is_open: Mapped[bool]
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)
    receipt_index: Mapped[str] = mapped_column(sa.String(64), unique=True)
    receipt_code: Mapped[str] = mapped_column(Encrypted("cases.receipt_code"))
    sender: Mapped[str] = mapped_column(sa.String(24))
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))
    filed_content: Mapped[str] = mapped_column(Encrypted("cases.filed_content"))

    filed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    received_on: Mapped[date]
    channel: Mapped[str] = mapped_column(sa.String(12))
    author_staff_id: Mapped[int | None]
    worker_id: Mapped[int | None]
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    privacy_version: Mapped[str] = mapped_column(sa.String(20))

    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    employer_name: Mapped[str | None] = mapped_column(sa.String(120))
    employer_address: Mapped[str | None] = mapped_column(sa.String(200))
    employer_phone: Mapped[str | None] = mapped_column(sa.String(30))
    employer_contact: Mapped[str | None] = mapped_column(Encrypted("cases.employer_contact"))
    street: Mapped[str | None] = mapped_column(sa.String(40))
    place: Mapped[str] = mapped_column(sa.String(200))
    other_district: Mapped[str | None] = mapped_column(sa.String(20))
    work_from_on: Mapped[date | None]
    work_to_on: Mapped[date | None]
    post: Mapped[str | None] = mapped_column(sa.String(60))
    screening: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    request: Mapped[str | None] = mapped_column(Encrypted("cases.request"))
    facts: Mapped[str] = mapped_column(Encrypted("cases.facts"))
    owed_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    received_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    second_officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    offered_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    is_confirmed: Mapped[bool] = mapped_column(default=False)
    correction_count: Mapped[int] = mapped_column(default=0)
    may_correct_again: Mapped[bool] = mapped_column(default=False)
    accepted_on: Mapped[date | None]
    case_filed_on: Mapped[date | None]
    is_deemed_accepted: Mapped[bool] = mapped_column(default=False)
    is_paused: Mapped[bool] = mapped_column(default=False)
    alarm: Mapped[str | None] = mapped_column(sa.String(40))
    unread_by_bureau: Mapped[int] = mapped_column(default=0)
    unread_by_worker: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(sa.String(40))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    linked_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), unique=True)

    next_due_on: Mapped[date | None]
    next_due_key: Mapped[str | None] = mapped_column(sa.String(30))
    is_next_due_provisional: Mapped[bool] = mapped_column(default=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to the case itself."""
        return self.state in FINAL

    @property
    def open_fen(self) -> int:
        """What the complaint still asks for, never below zero."""
        return max(0, self.owed_fen - self.received_fen)

    @property
    def chain(self) -> str:
        """Name of this case in the audit record and the outbox."""
        return f"case:{self.id}"


class Claimant(db.Model):  # type: ignore[name-defined, misc]
    """A person of the case: who claims, or who reported by name."""

    __tablename__ = "claimants"
    __table_args__ = (
        sa.CheckConstraint(one_of("role", ("claimant", "reporter")), name="role_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(10), default="claimant")
    name: Mapped[str] = mapped_column(Encrypted("claimants.name"))
    phone: Mapped[str | None] = mapped_column(Encrypted("claimants.phone"))
    phone_index: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    is_phone_verified: Mapped[bool] = mapped_column(default=False)
    service_address: Mapped[str | None] = mapped_column(Encrypted("claimants.service_address"))
    id_number: Mapped[str | None] = mapped_column(Encrypted("claimants.id_number"))
    contact_by: Mapped[str] = mapped_column(sa.String(10), default="sms")
    wants_reply: Mapped[bool] = mapped_column(default=True)


class ClaimLine(db.Model):  # type: ignore[name-defined, misc]
    """One month of one claimant: what was due, what was paid before, what came in since."""

    __tablename__ = "claim_lines"
    __table_args__ = (
        sa.UniqueConstraint("claimant_id", "month"),
        sa.CheckConstraint("due_fen >= 0 AND paid_fen >= 0 AND received_fen >= 0", name="no_debt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    claimant_id: Mapped[int] = mapped_column(sa.ForeignKey("claimants.id"))
    month: Mapped[str] = mapped_column(sa.String(7))
    due_fen: Mapped[int] = mapped_column(sa.BigInteger)
    paid_fen: Mapped[int] = mapped_column(sa.BigInteger)
    received_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    @property
    def owed_fen(self) -> int:
        """What is still open for this month, never below zero."""
        return max(0, self.due_fen - self.paid_fen - self.received_fen)


class NumberSeries(db.Model):  # type: ignore[name-defined, misc]
    """The last number given in one series of one year; numbers have no gaps."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
