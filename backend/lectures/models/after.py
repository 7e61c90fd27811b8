"""Tables of what comes after a lecture: how it was, and materials to take home."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.crypto import new_public_id
from backend.core.db import Encrypted, UtcDateTime, db

VERDICTS = ("useful", "partly", "not_useful")


class LectureFeedback(db.Model):  # type: ignore[name-defined, misc]
    """What somebody who came says; one for each booking that was attended.

    `words` may be shown to others on the lecture's page when its writer allowed it
    (`may_be_shown`), WeChat's content check passed it and a member of staff chose it (`shown_at`).
    """

    __tablename__ = "lecture_feedback"
    __table_args__ = (
        sa.CheckConstraint(f"verdict IN {VERDICTS!r}", name="verdict_known"),
        sa.CheckConstraint("shown_at IS NULL OR may_be_shown", name="shown_with_leave"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_public_id)
    lecture_id: Mapped[int] = mapped_column(sa.ForeignKey("lectures.id"), index=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("bookings.id"), unique=True)
    verdict: Mapped[str] = mapped_column(sa.String(12))
    words: Mapped[str | None] = mapped_column(Encrypted("lecture_feedback.words"))
    still_unclear: Mapped[str | None] = mapped_column(Encrypted("lecture_feedback.still_unclear"))
    may_be_shown: Mapped[bool] = mapped_column(default=False)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class LectureMaterial(db.Model):  # type: ignore[name-defined, misc]
    """A file for those who came and those who did not (讲义)."""

    __tablename__ = "lecture_materials"
    __table_args__ = (sa.CheckConstraint("size_bytes > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_public_id)
    lecture_id: Mapped[int] = mapped_column(sa.ForeignKey("lectures.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(60))
    media_type: Mapped[str] = mapped_column(sa.String(60))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.String(200))
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime())
