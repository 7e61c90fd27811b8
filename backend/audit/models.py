"""Tables of the record: events chained per case, and the seals laid over all chains."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import UtcDateTime, db


class AuditEvent(db.Model):  # type: ignore[name-defined, misc]
    """One thing that happened; never changed, never removed.

    `chain` is the case (`case:17`) or another subject (`staff:3`). `detail` holds no personal
    datum in clear: names, telephones and texts stay in their own encrypted columns.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        # two writers cannot both be the next link of a chain
        sa.UniqueConstraint("chain", "seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(sa.String(40))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(sa.String(60))
    act: Mapped[str] = mapped_column(sa.String(60))
    from_state: Mapped[str | None] = mapped_column(sa.String(40))
    to_state: Mapped[str | None] = mapped_column(sa.String(40))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    document_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditSeal(db.Model):  # type: ignore[name-defined, misc]
    """A keyed digest over the heads of all chains that grew since the seal before it."""

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_event_id: Mapped[int]
    heads: Mapped[list[list[Any]]] = mapped_column(sa.JSON)
    prev_mac: Mapped[str] = mapped_column(sa.String(64))
    mac: Mapped[str] = mapped_column(sa.String(64))
