"""The table of what was scanned or counted at the door."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import UtcDateTime, db

#: What became of a scan: let in · there already · not ours · for another lecture · not booked ·
#: people without a booking · a count put right
RESULTS = ("in", "again", "forged", "other_lecture", "not_booked", "walk_in")


class DoorScan(db.Model):  # type: ignore[name-defined, misc]
    """One scan of a staff phone, sent at once or after a time without network.

    `scan_key` is made on the phone: sending it again changes nothing. `at` is the moment by the
    server's clock; the phone says how far its own was off.
    """

    __tablename__ = "door_scans"
    __table_args__ = (
        sa.CheckConstraint(f"result IN {RESULTS!r}", name="result_known"),
        sa.CheckConstraint("people >= 0", name="people_not_negative"),
        sa.UniqueConstraint("lecture_id", "scan_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lecture_id: Mapped[int] = mapped_column(sa.ForeignKey("lectures.id"), index=True)
    booking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bookings.id"), index=True)
    scan_key: Mapped[str] = mapped_column(sa.String(32))
    result: Mapped[str] = mapped_column(sa.String(14))
    people: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
