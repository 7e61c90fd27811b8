"""Tables of the WeChat room: the access tokens, messages that have arrived, content checks."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Encrypted, UtcDateTime, db


class WeChatToken(db.Model):  # type: ignore[name-defined, misc]
    """The access token of one app id; whoever holds `claim` is the one process fetching it."""

    __tablename__ = "wechat_tokens"

    app_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    token: Mapped[str | None] = mapped_column(Encrypted("wechat_tokens.token"))
    refresh_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    claim: Mapped[str | None] = mapped_column(sa.String(16))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    # after a fetch that failed nobody asks again before this
    pause_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    forced_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class WeChatReceived(db.Model):  # type: ignore[name-defined, misc]
    """A message that arrived, under a keyed digest; WeChat delivers each up to three times."""

    __tablename__ = "wechat_received"

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    reply: Mapped[str | None] = mapped_column(Encrypted("wechat_received.reply"))


CHECK_KINDS = ("text", "media")
# waiting: to be handed to WeChat · asked: a picture WeChat has and answers about later · then
# WeChat's word, or failed: WeChat never took it, so a person looks
CHECK_STATES = ("waiting", "asked", "pass", "review", "risky", "failed")


class ContentCheck(db.Model):  # type: ignore[name-defined, misc]
    """A text or picture other users will see, and what WeChat says of it.

    `subject` is what it belongs to (`lecture_question:5`); the room that queued it reads the
    state from here. `version` counts how often that was written anew: only the newest is checked.
    The text is deleted once there is a verdict.
    """

    __tablename__ = "content_checks"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {CHECK_KINDS!r}", name="kind_known"),
        sa.CheckConstraint(f"state IN {CHECK_STATES!r}", name="state_known"),
        # whoever looks for work goes by the time, so nothing may wait without one
        sa.CheckConstraint(
            "(state IN ('waiting', 'asked')) = (next_try_at IS NOT NULL)", name="tries_dated"
        ),
        sa.UniqueConstraint("subject", "kind", name="uq_content_checks_subject_kind"),
        sa.Index("ix_content_checks_state_next_try_at", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str] = mapped_column(sa.String(5))
    version: Mapped[int] = mapped_column(default=1)
    openid: Mapped[str] = mapped_column(Encrypted("content_checks.openid"))
    content: Mapped[str | None] = mapped_column(Encrypted("content_checks.content"))
    scene: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(7))
    trace_id: Mapped[str | None] = mapped_column(sa.String(80), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(sa.String(40))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime())
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
