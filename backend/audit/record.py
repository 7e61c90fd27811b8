"""Writing the record: each event carries the hash of the one before it in its chain."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.audit.models import AuditEvent
from backend.core.actor import Actor
from backend.core.db import db, insert_row
from backend.core.errors import Conflict

GENESIS = "0" * 64


def case_chain(case_id: int) -> str:
    """The chain of one case."""
    return f"case:{case_id}"


def record(
    chain: str,
    act: str,
    actor: Actor,
    now: datetime,
    *,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str | None = None,
    document_id: int | None = None,
    detail: dict[str, Any] | None = None,
    is_first: bool = False,
) -> int:
    """Append one event inside the caller's transaction; returns its row id.

    `is_first` saves the look-up of the chain's head when the chain was born in this transaction.
    Two writers of one chain meet in the unique (chain, seq): the second one's act fails whole,
    as a Conflict.
    """
    seq, prev_hash = (0, GENESIS) if is_first else _head(chain)
    values: dict[str, Any] = {
        "chain": chain,
        "seq": seq + 1,
        "at": now,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "act": act,
        "from_state": from_state,
        "to_state": to_state,
        "reason": reason,
        "document_id": document_id,
        "detail": detail or {},
        "prev_hash": prev_hash,
    }
    values["hash"] = event_hash(values)
    try:
        return insert_row(AuditEvent, values)
    except IntegrityError as error:
        raise Conflict("刚才有人先办了一步，请刷新再看。", code="stale") from error


def event_hash(values: dict[str, Any]) -> str:
    """SHA-256 over every field of an event, in one fixed form."""
    fixed = {key: value for key, value in values.items() if key not in ("id", "hash")}
    fixed["at"] = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(fixed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _head(chain: str) -> tuple[int, str]:
    row = db.session.execute(
        sa.select(AuditEvent.seq, AuditEvent.hash)
        .where(AuditEvent.chain == chain)
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).one_or_none()
    return (0, GENESIS) if row is None else (row.seq, row.hash)


def events(chain: str) -> list[AuditEvent]:
    """Every event of a chain, oldest first."""
    query = sa.select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.seq)
    return list(db.session.scalars(query))
