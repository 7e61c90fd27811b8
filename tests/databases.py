"""Databases of the tests: SQLite in a temporary folder, or PostgreSQL when it is asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from tests.postgres import throwaway_postgres


@contextmanager
def database_url() -> Iterator[str | None]:
    """None for SQLite; with TEST_DATABASE=postgres the address of a server for this process.

    TEST_DATABASE_URL names one that already runs (for a single process only).
    """
    if os.environ.get("TEST_DATABASE", "sqlite") != "postgres":
        yield None
    elif os.environ.get("TEST_DATABASE_URL"):
        yield os.environ["TEST_DATABASE_URL"]
    else:
        with throwaway_postgres() as url:
            yield url


def empty(app: APIFlask) -> None:
    """Take every row and every stored file away, so that the next test starts from nothing."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            _empty_postgres()
        else:
            _empty_sqlite()
    _empty_folder(Path(app.config["SETTINGS"].data_dir) / "files")


def _empty_postgres() -> None:
    """Truncate what was written to: new files for every table take longer than most tests.

    Not DELETE, though faster still: rows would come back in the order of freed places. A table
    whose numbers were drawn is truncated even when it is empty again: the next begins at 1.
    """
    with db.engine.begin() as connection:
        written = connection.execute(sa.text(_written_query())).scalars().all()
        if written:
            names = ", ".join(f'"{name}"' for name in written)
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@cache
def _written_query() -> str:
    rows = " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM \"{table.name}\")"
        for table in db.metadata.sorted_tables
    )
    return rows + (
        " UNION SELECT owner.relname FROM pg_sequences s"
        " JOIN pg_depend d ON d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass"
        " JOIN pg_class owner ON owner.oid = d.refobjid AND owner.relkind = 'r'"
        " WHERE s.last_value IS NOT NULL AND d.deptype IN ('a', 'i')"
    )


def _empty_sqlite() -> None:
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=OFF")  # works outside a transaction only
        raw.execute("BEGIN IMMEDIATE")
        for table in db.metadata.sorted_tables:
            raw.execute(f'DELETE FROM "{table.name}"')
        raw.execute("COMMIT")
        raw.execute("PRAGMA foreign_keys=ON")


def _empty_folder(folder: Path) -> None:
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
