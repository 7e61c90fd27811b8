"""Numbers of cases and documents: one series a kind and year, without gaps."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backend.complaints.models import NumberSeries
from backend.core.db import connection, db

CASE_SERIES = {"complaint": "投", "report": "举"}


def next_number(series: str, year: int) -> int:
    """Take the next number of a series inside the caller's transaction.

    The row stays locked until that transaction ends, so a rollback gives the number back and no
    number is ever missing.
    """
    statement = _STATEMENTS[db.engine.dialect.name]
    values = {"series": series, "year": year, "last": 1}
    return int(connection().execute(statement, values).scalar_one())


def _statement(insert: Any) -> sa.Executable:
    table = NumberSeries.__table__
    fresh = insert(table)
    more = fresh.on_conflict_do_update(
        index_elements=["series", "year"], set_={"last": table.c.last + 1}
    )
    statement: sa.Executable = more.returning(table.c.last)
    return statement


_STATEMENTS = {
    "postgresql": _statement(postgresql.insert),
    "sqlite": _statement(sqlite.insert),
}


def case_number(prefix: str, lane: str, year: int) -> str:
    """A case's number, such as 江海人社监投〔2026〕00012号."""
    series = CASE_SERIES[lane]
    return f"{prefix}{series}〔{year}〕{next_number(f'case:{series}', year):05d}号"


def document_number(prefix: str, word: str, year: int) -> str:
    """A document's number, such as 江海人社监令〔2026〕3号."""
    return f"{prefix}{word}〔{year}〕{next_number(f'document:{word}', year)}号"


def last_number(series: str, year: int) -> int:
    """The last number given in a series, 0 when none was."""
    query = sa.select(NumberSeries.last).where(
        NumberSeries.series == series, NumberSeries.year == year
    )
    return db.session.scalar(query) or 0
