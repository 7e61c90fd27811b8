"""Databases of the tests: SQLite in a temporary folder, or PostgreSQL when it is asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
            # not DELETE, though faster: rows would come back in the order of freed places
            tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
            with db.engine.begin() as connection:
                connection.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        else:
            _empty_sqlite()
    _empty_folder(Path(app.config["SETTINGS"].data_dir) / "files")


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
