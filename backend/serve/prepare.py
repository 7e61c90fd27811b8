"""Brings the database up to date before anything is served, and keeps demo and real data apart."""

import sqlalchemy as sa
from apiflask import APIFlask
from flask_migrate import upgrade

from backend.core.db import db
from backend.core.marks import mark
from backend.demo import seed
from backend.serve.options import CannotStart

MARKS_TABLE = "install_marks"


def prepare(app: APIFlask, *, is_demo: bool) -> None:
    """Migrate to the newest schema and, in demo mode, fill an empty database.

    Raises CannotStart before touching a real database in demo mode, or a demo
    database outside it.
    """
    with app.app_context():
        if is_demo:
            refuse_real_data()
        else:
            refuse_demo_data()
        upgrade()
    if is_demo:
        seed.prepare(app)
    with app.app_context():
        db.engine.dispose()


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
