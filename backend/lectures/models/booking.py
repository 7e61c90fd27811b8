"""The table of bookings, the waiting list among them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Encrypted, UtcDateTime, db
from backend.lectures.states import LIVE
from backend.lectures.states import BookingState as S

_STATES = ", ".join(repr(state.value) for state in S)
_LIVE = ", ".join(sorted(repr(state.value) for state in LIVE))
_IS_LIVE = sa.text(f"state IN ({_LIVE})")
# most bookings hold no telephone of their own: they need not be in that index
_IS_LIVE_WITH_PHONE = sa.text(f"phone_index IS NOT NULL AND state IN ({_LIVE})")


class Booking(db.Model):  # type: ignore[name-defined, misc]
    """Seats for one person or a group (`party` people), or a place on the waiting list.

    The line is ordered by id: whoever came first. `agreed_revision` is the lecture's revision this
    person knows and agreed to. `attended` counts who came, `attended_at` when it was first scanned.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        sa.CheckConstraint("party >= 1", name="somebody_comes"),
        sa.CheckConstraint("attended >= 0", name="attended_not_negative"),
        sa.CheckConstraint("(attended > 0) = (attended_at IS NOT NULL)", name="attended_dated"),
        sa.CheckConstraint("(state = 'offered') = (offer_ends_at IS NOT NULL)", name="offer_dated"),
        # whoever booked is either signed in or named by the staff who booked for them
        sa.CheckConstraint(
            "worker_id IS NOT NULL OR booked_by_id IS NOT NULL", name="somebody_booked"
        ),
        # nobody books twice, however many taps and tabs
        sa.Index(
            "uq_bookings_live_worker",
            "lecture_id",
            "worker_id",
            unique=True,
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
        sa.Index(
            "uq_bookings_live_phone",
            "lecture_id",
            "phone_index",
            unique=True,
            sqlite_where=_IS_LIVE_WITH_PHONE,
            postgresql_where=_IS_LIVE_WITH_PHONE,
        ),
        sa.Index("ix_bookings_lecture_id_state_id", "lecture_id", "state", "id"),
        sa.Index("ix_bookings_worker_id_id", "worker_id", "id"),
        sa.Index(
            "ix_bookings_offers",
            "offer_ends_at",
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # made of who booked and the phone's key: the same key cannot make a second one
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True)
    lecture_id: Mapped[int] = mapped_column(sa.ForeignKey("lectures.id"))
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workers.id"))
    state: Mapped[str] = mapped_column(sa.String(10))
    party: Mapped[int]
    name: Mapped[str | None] = mapped_column(Encrypted("bookings.name"))
    org_name: Mapped[str | None] = mapped_column(sa.String(60))
    phone: Mapped[str | None] = mapped_column(Encrypted("bookings.phone"))
    phone_index: Mapped[str | None] = mapped_column(sa.String(64))
    booked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    booked_by_name: Mapped[str] = mapped_column(sa.String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    offer_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    agreed_revision: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    is_late_cancel: Mapped[bool] = mapped_column(default=False)
    attended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    attended: Mapped[int] = mapped_column(default=0)
