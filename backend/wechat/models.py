"""Tables of the WeChat room: the shared access token, and messages that have arrived."""

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
