"""Keeps demo and real data apart: neither start touches the other's database."""

import sqlalchemy as sa

from backend.core.db import db
from backend.core.marks import mark
from backend.serve.options import CannotStart

MARKS_TABLE = "install_marks"


def refuse_real_data() -> None:
    """Raise CannotStart when the database holds anything but carries no demo mark."""
    if _is_demo_database() or not _filled_tables():
        return
    raise CannotStart(
        "The demo needs a database of its own, and this one holds real data. "
        "Name another folder with XINHU_DATA_DIR, or start without --demo."
    )


def refuse_demo_data() -> None:
    """Raise CannotStart for a demo database: its passwords are known to everyone."""
    if _is_demo_database():
        raise CannotStart(
            "This database is a demo: its people are invented and its passwords known. "
            "Name another one with XINHU_DATABASE_URL or XINHU_DATA_DIR."
        )


def _is_demo_database() -> bool:
    return MARKS_TABLE in _tables() and mark("demo") is not None


def _filled_tables() -> list[str]:
    """List tables with at least one row, except Alembic's own version."""
    with db.engine.connect() as connection:
        return [
            name
            for name in _tables()
            if name != "alembic_version"
            and connection.execute(
                sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
            ).first()
        ]


def _tables() -> list[str]:
    return sa.inspect(db.engine).get_table_names()
