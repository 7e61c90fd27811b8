"""Tables of messages to people: what was said, how it was sent, calls made instead, consents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Encrypted, UtcDateTime, db

CHANNELS = ("app", "wechat", "sms", "phone")
OUTWARD = ("wechat", "sms")  # what the job sends; the others are read or told
# The ways out of the house: subscribe message, official account, SMS.
WAYS = ("subscribe", "wechat", "sms")
# waiting: not tried yet · sending: a process is at it · failed: will be tried again · dead: given
# up · unknown: may have been sent, nobody knows · in_app: no way to this person but the app ·
# to_call: not even that, so it stands on the list 电话通知
DELIVERY_STATES = ("waiting", "sending", "sent", "failed", "dead", "unknown", "in_app", "to_call")
CONSENT_KINDS = ("one_time", "long_term")
CONSENT_ANSWERS = ("accept", "reject", "ban", "filter")
NEED_A_LOOK = ("dead", "unknown")  # nothing more happens to these by itself


class OutboxMessage(db.Model):  # type: ignore[name-defined, misc]
    """One message, written in the transaction of what it tells about, sent later by a job.

    `subject` is the case it belongs to (`case:17`). `lock_screen` never names employer, amount
    or matter. `dedupe_key` makes a repeated act write its message once. `facts` fills a subscribe
    message: {what, when, where, note}, as neutral as the lock screen; `when` in ISO form.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.CheckConstraint(f"channel IN {CHANNELS!r}", name="channel_known"),
        sa.Index("ix_outbox_subject_id", "subject", "id"),
        sa.Index("ix_outbox_to_call", "channel", "called_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(40))
    # as it was written: a row that was merged since leads to the one it became
    worker_id: Mapped[int | None]
    template: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(Encrypted("outbox.text"))
    lock_screen: Mapped[str] = mapped_column(sa.String(70))
    facts: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    channel: Mapped[str] = mapped_column(sa.String(10))
    dedupe_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Delivery(db.Model):  # type: ignore[name-defined, misc]
    """Sending one message out of the house; made by the job, never in a filing's transaction.

    `channel` is the way it goes now; `tried` are the ways that came to an end: {way, code, at}.
    `leased_until` is also the name of the one attempt that may write its outcome.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.CheckConstraint(f"channel IN {WAYS!r}", name="channel_known"),
        sa.CheckConstraint(f"state IN {DELIVERY_STATES!r}", name="state_known"),
        # whoever looks for work goes by the time, so nothing may wait without one
        sa.CheckConstraint(
            "(state IN ('waiting', 'failed')) = (next_try_at IS NOT NULL)", name="tries_dated"
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_dated"),
        sa.Index("ix_deliveries_state_next_try_at", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox.id"), unique=True)
    channel: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    last_error: Mapped[str | None] = mapped_column(sa.String(40))
    tried: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


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


class Consent(db.Model):  # type: ignore[name-defined, misc]
    """How often a person still agreed to be sent a template (one-time), or whether they do (1, 0).

    `answer` is what they last tapped. The count can only be wrong in one way: WeChat knows of
    fewer. Then it says 43101, and the count goes down to what came in since.
    """

    __tablename__ = "consents"
    __table_args__ = (
        sa.CheckConstraint("left_count >= 0", name="left_not_negative"),
        sa.CheckConstraint(f"kind IN {CONSENT_KINDS!r}", name="kind_known"),
        sa.CheckConstraint(f"answer IN {CONSENT_ANSWERS!r}", name="answer_known"),
        sa.CheckConstraint("kind = 'one_time' OR left_count <= 1", name="long_term_is_yes_or_no"),
    )

    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("workers.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    left_count: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(sa.String(10))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ConsentReport(db.Model):  # type: ignore[name-defined, misc]
    """One report of the mini-program that was counted; the same key counts once."""

    __tablename__ = "consent_reports"

    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("workers.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
