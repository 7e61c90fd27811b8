"""The table of orders for a lecture on site (点单、派单、送单、评单)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.crypto import new_public_id
from backend.core.db import Encrypted, UtcDateTime, db
from backend.lectures.states import OrderState as S

ORG_KINDS = ("company", "site", "village", "rider_station", "school", "other")
VERDICTS = ("satisfied", "so_so", "not_satisfied")
_STATES = ", ".join(repr(state.value) for state in S)


class LectureOrder(db.Model):  # type: ignore[name-defined, misc]
    """A company, site, village or station wants a lecture at its own place.

    `wished` is a list of {on, part} (part: morning, afternoon, evening). `answer_due_on` is the
    bureau's promise; `goes_up_at` the moment from which nobody having answered is the unit head's
    business (`level` 1), empty once somebody answered or it went up.
    """

    __tablename__ = "lecture_orders"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        sa.CheckConstraint(f"org_kind IN {ORG_KINDS!r}", name="org_kind_known"),
        sa.CheckConstraint("people >= 1", name="somebody_listens"),
        sa.CheckConstraint(f"verdict IS NULL OR verdict IN {VERDICTS!r}", name="verdict_known"),
        sa.CheckConstraint("(state = 'rated') = (verdict IS NOT NULL)", name="rated_has_verdict"),
        sa.Index("ix_lecture_orders_state_id", "state", "id"),
        sa.Index("ix_lecture_orders_worker_id_id", "worker_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_public_id)
    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("workers.id"))
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    org_name: Mapped[str] = mapped_column(sa.String(60))
    org_kind: Mapped[str] = mapped_column(sa.String(20))
    contact_name: Mapped[str] = mapped_column(Encrypted("lecture_orders.contact_name"))
    phone: Mapped[str] = mapped_column(Encrypted("lecture_orders.phone"))
    theme: Mapped[str] = mapped_column(sa.String(60))
    about: Mapped[str] = mapped_column(sa.String(500), default="")
    place: Mapped[str] = mapped_column(sa.String(200))
    people: Mapped[int]
    wished: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answer_due_on: Mapped[date]
    goes_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    level: Mapped[int] = mapped_column(default=0)
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    officer_name: Mapped[str] = mapped_column(sa.String(60), default="")
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    speaker: Mapped[str] = mapped_column(sa.String(60), default="")
    staff_note: Mapped[str | None] = mapped_column(sa.String(300))
    orderer_note: Mapped[str | None] = mapped_column(sa.String(300))
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    attended: Mapped[int | None]
    verdict: Mapped[str | None] = mapped_column(sa.String(14))
    verdict_words: Mapped[str | None] = mapped_column(Encrypted("lecture_orders.verdict_words"))
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
