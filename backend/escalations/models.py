"""Tables of questions handed to a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.crypto import new_public_id
from backend.core.db import Encrypted, UtcDateTime, db
from backend.escalations.states import S

_STATES = ", ".join(repr(state.value) for state in S)


class Escalation(db.Model):  # type: ignore[name-defined, misc]
    """A question that waits for a person, with all that was said before.

    `subject` is where the answer goes (`conversation:17`). `transcript` is a JSON list of
    {author, kind, text} (masked words). `due_at` is one working day of office hours after
    `asked_at`. `level` counts how often it went up: 0 nobody late, 1 next person, 2 the head;
    `goes_up_at` is when it goes up next, empty once it cannot. `offered_to` is whose turn it is
    while it waits, though anybody may take it; `had_by_ids` are the staff whose turn it was.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        # one open question a conversation: tapping 转人工 again adds words, not another case
        sa.Index(
            "uq_escalations_open_subject",
            "subject",
            unique=True,
            sqlite_where=sa.text("state <> 'answered'"),
            postgresql_where=sa.text("state <> 'answered'"),
        ),
        sa.Index("ix_escalations_state_due_at", "state", "due_at"),
        # an answered question has nobody left to go up to, and a taken one has its holder
        sa.CheckConstraint("state <> 'answered' OR goes_up_at IS NULL", name="answered_stays"),
        sa.CheckConstraint("(state = 'waiting') = (taken_by_id IS NULL)", name="taken_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_public_id)
    subject: Mapped[str] = mapped_column(sa.String(40), index=True)
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workers.id"), index=True)
    phone: Mapped[str | None] = mapped_column(Encrypted("escalations.phone"))
    question: Mapped[str] = mapped_column(Encrypted("escalations.question"))
    transcript: Mapped[str] = mapped_column(Encrypted("escalations.transcript"))
    is_crisis: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    level: Mapped[int] = mapped_column(default=0)
    goes_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    offered_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    offered_to_name: Mapped[str] = mapped_column(sa.String(60), default="")
    had_by_ids: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    taken_by_name: Mapped[str] = mapped_column(sa.String(60), default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answer: Mapped[str | None] = mapped_column(Encrypted("escalations.answer"))
    citations: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    answered_by_name: Mapped[str] = mapped_column(sa.String(60), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
