"""Table of the files of a case: what was announced, how far it came, and where it is kept."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Encrypted, UtcDateTime, db

UPLOADING, SEALED, REFUSED = "uploading", "sealed", "refused"


class Evidence(db.Model):  # type: ignore[name-defined, misc]
    """One file of a case; once sealed, neither the row's facts nor the file ever change."""

    __tablename__ = "evidence"
    __table_args__ = (
        # one file per key, however often the phone announces it
        sa.UniqueConstraint("case_id", "key_hash"),
        sa.CheckConstraint("status IN ('uploading', 'sealed', 'refused')", name="status_known"),
        sa.CheckConstraint(
            "kind IS NULL OR kind IN ('image', 'pdf', 'audio', 'video', 'office')",
            name="kind_known",
        ),
        sa.CheckConstraint("added_by IN ('worker', 'staff')", name="added_by_known"),
        sa.CheckConstraint(
            "received_bytes >= 0 AND received_bytes <= declared_size",
            name="never_more_than_declared",
        ),
        # what is sealed can be found and proved
        sa.CheckConstraint(
            "status <> 'sealed' OR (kind IS NOT NULL AND sha256 IS NOT NULL"
            " AND original_path IS NOT NULL AND received_at IS NOT NULL)",
            name="sealed_is_whole",
        ),
        sa.Index("ix_evidence_status_created_at", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(Encrypted("evidence.name"))
    declared_size: Mapped[int]
    declared_sha256: Mapped[str] = mapped_column(sa.String(64))
    strip_place: Mapped[bool] = mapped_column(default=False)
    received_bytes: Mapped[int] = mapped_column(default=0)
    parts: Mapped[list[list[int | str]]] = mapped_column(sa.JSON, default=list)
    status: Mapped[str] = mapped_column(sa.String(10), default=UPLOADING)
    reason: Mapped[str | None] = mapped_column(sa.String(20))
    kind: Mapped[str | None] = mapped_column(sa.String(8))
    mime: Mapped[str | None] = mapped_column(sa.String(80))
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    original_path: Mapped[str | None] = mapped_column(sa.String(80))
    view_path: Mapped[str | None] = mapped_column(sa.String(80))
    view_mime: Mapped[str | None] = mapped_column(sa.String(80))
    is_place_removed: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[str] = mapped_column(sa.String(8))
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def is_complete(self) -> bool:
        """Whether every announced byte has come."""
        return self.received_bytes == self.declared_size

    @property
    def folder(self) -> str:
        """Where the files of this row are kept."""
        return f"evidence/{self.case_id}/{self.public_id}"
