"""Tables of messages to people: what was said, over which channel, and calls made instead."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Encrypted, UtcDateTime, db

CHANNELS = ("app", "wechat", "sms", "phone")


class OutboxMessage(db.Model):  # type: ignore[name-defined, misc]
    """One message, written in the transaction of what it tells about, sent later by a job.

    `subject` is the case it belongs to (`case:17`). `lock_screen` never names employer, amount
    or matter. `dedupe_key` makes a repeated act write its message once.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.CheckConstraint(f"channel IN {CHANNELS!r}", name="channel_known"),
        sa.Index("ix_outbox_subject_id", "subject", "id"),
        sa.Index("ix_outbox_to_call", "channel", "called_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(40))
    worker_id: Mapped[int | None] = mapped_column(index=True)
    template: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(Encrypted("outbox.text"))
    lock_screen: Mapped[str] = mapped_column(sa.String(70))
    channel: Mapped[str] = mapped_column(sa.String(10))
    dedupe_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class CallRecord(db.Model):  # type: ignore[name-defined, misc]
    """A telephone call made to tell somebody what a message says (电话通知)."""

    __tablename__ = "call_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox.id"), index=True)
    staff_id: Mapped[int]
    staff_name: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    is_reached: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Encrypted("call_records.note"))
