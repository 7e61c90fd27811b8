"""The table of lectures."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.crypto import new_public_id
from backend.core.db import UtcDateTime, db
from backend.lectures.states import LectureState as S

FORMS = ("talk", "mock_hearing", "site_class", "quiz")
AUDIENCES = ("everyone", "riders", "site_workers", "employers", "students")
_STATES = ", ".join(repr(state.value) for state in S)


class Lecture(db.Model):  # type: ignore[name-defined, misc]
    """One lecture (讲座).

    `seats_taken` counts the people of bookings that are booked or offered; only statements that
    leave it at or under `seats` touch it, and the CHECK is the guard behind them.
    `waiting_count` is how many bookings wait: while somebody does, nobody jumps the line.
    `revision` grows when time or place change; a booking remembers which one it agreed to.
    `booking_closes_at` is also the cut-off after which no freed seat is offered.
    `version` grows with what staff do to the lecture, not with bookings: a page that was open
    while somebody booked is not out of date.
    """

    __tablename__ = "lectures"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        sa.CheckConstraint(f"form IN {FORMS!r}", name="form_known"),
        # the last guard against overselling, whatever a statement above it got wrong
        sa.CheckConstraint("seats_taken >= 0 AND seats_taken <= seats", name="never_oversold"),
        sa.CheckConstraint("waiting_count >= 0", name="waiting_not_negative"),
        sa.CheckConstraint("walk_ins >= 0", name="walk_ins_not_negative"),
        sa.CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        sa.CheckConstraint(
            "booking_closes_at <= starts_at AND cancelling_closes_at <= starts_at",
            name="closes_before_start",
        ),
        sa.Index("ix_lectures_state_starts_at", "state", "starts_at", "id"),
        sa.Index("ix_lectures_starts_at_id", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_public_id)
    state: Mapped[str] = mapped_column(sa.String(10))
    # one form sent twice makes one lecture (or one series)
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    series: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    title: Mapped[str] = mapped_column(sa.String(60))
    theme: Mapped[str] = mapped_column(sa.String(60))
    about: Mapped[str] = mapped_column(sa.String(1000), default="")
    form: Mapped[str] = mapped_column(sa.String(20))
    audiences: Mapped[list[str]] = mapped_column(sa.JSON)
    speaker: Mapped[str] = mapped_column(sa.String(60))
    place: Mapped[str] = mapped_column(sa.String(100), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    latitude: Mapped[float | None] = mapped_column(sa.Float())
    longitude: Mapped[float | None] = mapped_column(sa.Float())
    map_url: Mapped[str | None] = mapped_column(sa.String(500))
    # how to join from afar: shown to those who booked
    online: Mapped[str | None] = mapped_column(sa.String(300))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    booking_closes_at: Mapped[datetime] = mapped_column(UtcDateTime())
    cancelling_closes_at: Mapped[datetime] = mapped_column(UtcDateTime())
    seats: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    waiting_count: Mapped[int] = mapped_column(default=0)
    walk_ins: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    change_note: Mapped[str | None] = mapped_column(sa.String(200))
    cancel_reason: Mapped[str | None] = mapped_column(sa.String(200))
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    # marks of the jobs: each thing is done once a revision
    day_reminded_revision: Mapped[int] = mapped_column(default=0)
    soon_reminded_revision: Mapped[int] = mapped_column(default=0)
    asked_how_it_was: Mapped[bool] = mapped_column(default=False)

    __mapper_args__ = {  # noqa: RUF012
        "version_id_col": version,
        "version_id_generator": False,
    }
