"""Fills a database with complaints: one filed through the service, then copied with SQL."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from backend.complaints.models import Case, Claimant, ClaimLine, Clock
from backend.complaints.service import filing
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.law.days import shanghai_today
from backend.settings import Bureau
from tests.api.filings import complaint, new_key
from tests.bench.servers import Installation

OWN = 8  # cases of the worker whose list is measured
# of a hundred cases: these are open, the others ended one way or another
_OPEN = ("submitted", "investigating", "investigating", "ordered", "correction_requested",
         "investigating", "decided", "enforcing")  # fmt: skip
_ENDED = ("withdrawn", "not_accepted", "redirected")


def fill(house: Installation, count: int, open_percent: int, worker_id: int) -> None:
    """Make `count` complaints, so many of a hundred open, OWN of them this worker's."""
    with house.app.app_context():
        template = _file_one(house, worker_id)
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=OFF")  # a copy points at the copies beside it
            raw.execute("BEGIN IMMEDIATE")
            for model, changed in _copies(open_percent, worker_id, template):
                raw.execute(_copy(model, changed), {"count": count - 1, "case": template})
            raw.execute("COMMIT")
            faults = raw.execute("PRAGMA foreign_key_check").fetchall()
            assert faults == [], faults
        assert db.session.scalar(sa.select(sa.func.count(Case.id))) == count


def _file_one(house: Installation, worker_id: int) -> int:
    now = clock.now()
    house_file = house.app.config["SETTINGS"].bureau_file
    version = Bureau.from_file(Path(house_file)).privacy.version
    document = complaint(shanghai_today(now), privacy_version=version)
    actor = Actor(kind="worker", id=worker_id)
    return filing.file_complaint(document, new_key(), actor, "web", now).case_id


def _copies(
    open_percent: int, worker_id: int, template: int
) -> list[tuple[type[db.Model], dict[str, str]]]:  # type: ignore[name-defined]
    is_open = f"(n % 100 < {open_percent})"
    ended = _pick(_ENDED, "n")
    case = {
        "id": f"{template} + n",
        "public_id": "lower(hex(randomblob(8)))",
        "number": "'测速〔2026〕' || printf('%06d', n) || '号'",
        "receipt_index": "hex(randomblob(32))",
        "key_hash": "hex(randomblob(32))",
        "worker_id": f"CASE WHEN n < {OWN} THEN {worker_id} ELSE 1000000 + n % 50000 END",
        "is_open": is_open,
        "state": f"CASE WHEN {is_open} THEN {_pick(_OPEN, 'n / 3')} ELSE {ended} END",
        "next_due_on": f"CASE WHEN {is_open} THEN date('now', (n % 60 - 15) || ' days') END",
        "next_due_key": f"CASE WHEN {is_open} THEN next_due_key END",
        "filed_at": "datetime('now', '-' || (n % 900) || ' days') || '.000000'",
    }
    person = {
        "id": "source.id + n",
        "case_id": f"{template} + n",
        "phone_index": "hex(randomblob(32))",
    }
    line = {
        "id": "source.id + n * 3",
        "case_id": f"{template} + n",
        "claimant_id": "claimant_id + n",
    }
    running = {"id": "source.id + n", "case_id": f"{template} + n"}
    return [(Case, case), (Claimant, person), (ClaimLine, line), (Clock, running)]


def _copy(model: type[db.Model], changed: dict[str, str]) -> str:  # type: ignore[name-defined]
    names = [column.name for column in model.__table__.columns]
    values = ", ".join(changed.get(name, f"source.{name}") for name in names)
    own = "source.id" if model is Case else "source.case_id"
    return (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
        f"WHERE n < :count) INSERT INTO {model.__tablename__} ({', '.join(names)}) "
        f"SELECT {values} FROM {model.__tablename__} AS source, numbers WHERE {own} = :case"
    )


def _pick(words: tuple[str, ...], number: str) -> str:
    cases = " ".join(f"WHEN {index} THEN '{word}'" for index, word in enumerate(words))
    return f"(CASE ({number}) % {len(words)} {cases} END)"
