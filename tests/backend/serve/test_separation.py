"""Demo and real data stay apart: each start refuses the other's database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from backend.core import db as database
from backend.core.db import db
from backend.core.marks import set_mark
from backend.serve.options import CannotStart
from backend.serve.separation import refuse_demo_data, refuse_real_data


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[None]:
    """An application whose database has no table yet."""
    app = Flask("separation")
    database.init(app, url=f"sqlite:///{tmp_path / 'x.sqlite3'}", is_sqlite=True)
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def make_marks_table() -> None:
    """Create the table of marks as a migration would."""
    db.metadata.tables["install_marks"].create(db.engine)


@pytest.mark.usefixtures("empty_database")
def test_an_empty_database_serves_both() -> None:
    refuse_real_data()
    refuse_demo_data()


@pytest.mark.usefixtures("empty_database")
def test_a_schema_without_rows_still_serves_both() -> None:
    make_marks_table()
    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('1')"))
    refuse_real_data()
    refuse_demo_data()


@pytest.mark.usefixtures("empty_database")
def test_the_demo_refuses_rows_without_its_mark() -> None:
    make_marks_table()
    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE cases (id INTEGER)"))
        connection.execute(sa.text("INSERT INTO cases VALUES (1)"))
    refuse_demo_data()
    with pytest.raises(CannotStart, match="real data"):
        refuse_real_data()


@pytest.mark.usefixtures("empty_database")
def test_a_real_start_refuses_a_database_with_the_demo_mark() -> None:
    make_marks_table()
    set_mark("demo", "yes")
    refuse_real_data()
    with pytest.raises(CannotStart, match="passwords known"):
        refuse_demo_data()
