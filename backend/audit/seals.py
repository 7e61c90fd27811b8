"""Sealing all chains together every minute, and finding any edit, removal or insertion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from backend.audit.models import AuditEvent, AuditSeal
from backend.audit.record import GENESIS, event_hash
from backend.core import crypto
from backend.core.db import db, one_transaction

_FIELDS = [c.key for c in sa.inspect(AuditEvent).column_attrs if c.key not in ("id", "hash")]
_BATCH = 1000


@one_transaction
def seal(now: datetime) -> int:
    """Seal the heads of every chain that grew since the last seal; returns how many chains.

    Nothing new: nothing is written, so running it twice changes nothing.
    """
    _wait_for_writers()
    last = db.session.scalar(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    since = last.last_event_id if last else 0
    newest = db.session.scalar(sa.select(sa.func.max(AuditEvent.id))) or 0
    if newest <= since:
        return 0
    grown = (
        sa.select(AuditEvent.chain, sa.func.max(AuditEvent.seq).label("seq"))
        .where(AuditEvent.id > since, AuditEvent.id <= newest)
        .group_by(AuditEvent.chain)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(AuditEvent.chain, AuditEvent.seq, AuditEvent.hash)
        .join(grown, sa.and_(AuditEvent.chain == grown.c.chain, AuditEvent.seq == grown.c.seq))
        .order_by(AuditEvent.chain)
    )
    heads = [[row.chain, row.seq, row.hash] for row in rows]
    prev_mac = last.mac if last else GENESIS
    mac = _mac(now, newest, heads, prev_mac)
    db.session.add(AuditSeal(at=now, last_event_id=newest, heads=heads, prev_mac=prev_mac, mac=mac))
    return len(heads)


def _wait_for_writers() -> None:
    """On PostgreSQL an event may commit after one with a higher id: wait until none is in flight.

    Otherwise that event would lie below `last_event_id` and never come under a seal.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("LOCK TABLE audit_events IN SHARE MODE"))


def _mac(at: datetime, last_event_id: int, heads: list[list[Any]], prev_mac: str) -> str:
    parts = [at.astimezone(UTC).isoformat(timespec="microseconds"), last_event_id, heads, prev_mac]
    return crypto.audit_mac(json.dumps(parts, ensure_ascii=False).encode())


def verify() -> list[str]:
    """Check the whole record; returns one line for each fault found, none when it is whole."""
    faults: list[str] = []
    found: dict[tuple[str, int], str] = {}
    sealed = _sealed_heads(faults)
    heads: dict[str, tuple[int, str]] = {}
    for event in _all_events():
        faults.extend(_link_faults(event, heads))
        heads[event.chain] = (event.seq, event.hash)
        if (event.chain, event.seq) in sealed:
            found[event.chain, event.seq] = event.hash
    for (chain, seq), digest in sealed.items():
        if (chain, seq) not in found:
            faults.append(f"{chain} #{seq}: sealed, but no longer there")
        elif found[chain, seq] != digest:
            faults.append(f"{chain} #{seq}: differs from its seal")
    return faults


def _link_faults(event: AuditEvent, heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    seq, prev_hash = heads.get(event.chain, (0, GENESIS))
    where = f"{event.chain} #{event.seq}"
    if event.seq != seq + 1:
        yield f"{where}: expected #{seq + 1}, an event is missing or was put in"
    if event.prev_hash != prev_hash:
        yield f"{where}: does not follow the event before it"
    if event_hash({name: getattr(event, name) for name in _FIELDS}) != event.hash:
        yield f"{where}: was edited"


def _sealed_heads(faults: list[str]) -> dict[tuple[str, int], str]:
    sealed: dict[tuple[str, int], str] = {}
    prev_mac, covered = GENESIS, 0
    for row in db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)):
        if row.prev_mac != prev_mac or row.last_event_id <= covered:
            faults.append(f"seal {row.id}: does not follow the seal before it")
        if _mac(row.at, row.last_event_id, row.heads, row.prev_mac) != row.mac:
            faults.append(f"seal {row.id}: was edited or made with another key")
        prev_mac, covered = row.mac, row.last_event_id
        for chain, seq, digest in row.heads:
            sealed[chain, seq] = digest
    return sealed


def _all_events() -> Iterator[AuditEvent]:
    """Every event, chain by chain, read in batches so that a million fit."""
    chain, seq = "", 0
    while True:
        batch = list(
            db.session.scalars(
                sa.select(AuditEvent)
                .where(sa.tuple_(AuditEvent.chain, AuditEvent.seq) > sa.tuple_(chain, seq))
                .order_by(AuditEvent.chain, AuditEvent.seq)
                .limit(_BATCH)
            )
        )
        if not batch:
            return
        yield from batch
        chain, seq = batch[-1].chain, batch[-1].seq
        db.session.expunge_all()
