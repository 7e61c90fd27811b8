"""How Alembic reaches the database and the models; used by `flask db` and at every start."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import types

from backend.core.db import Encrypted, UtcDateTime, db, whole_transactions


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain ones they are stored as."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, Encrypted):
        return "sa.LargeBinary()"
    return False


def run() -> None:
    """Run migrations on the app's database, one transaction a revision."""
    with whole_transactions(), db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            compare_type=_is_other_type,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def _is_other_type(
    _context: object,
    _inspected: object,
    _metadata: object,
    inspected_type: types.TypeEngine[object],
    metadata_type: types.TypeEngine[object],
) -> bool | None:
    if isinstance(metadata_type, UtcDateTime | Encrypted):
        return False  # stored as the plain type
    return None


run()
