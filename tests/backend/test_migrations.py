"""Migrations make exactly the tables the models describe, and can go up, down and up again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.app import create_app
from backend.core.db import db
from backend.settings import Settings

Fingerprint = dict[str, Any]


@pytest.fixture
def fresh(settings: Settings, tmp_path: Path, app: APIFlask) -> Iterator[APIFlask]:
    """The application on a database without any table."""
    is_sqlite = settings.is_sqlite
    if is_sqlite:
        url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    else:
        with app.app_context(), db.engine.connect() as connection:
            server = connection.execution_options(isolation_level="AUTOCOMMIT")
            server.exec_driver_sql("DROP DATABASE IF EXISTS migrations WITH (FORCE)")
            server.exec_driver_sql("CREATE DATABASE migrations")
        url = sa.make_url(settings.database).set(database="migrations")
        url = url.render_as_string(hide_password=False)
    made = create_app(settings.model_copy(update={"database_url": url, "data_dir": tmp_path}))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def normal(sql: str | None) -> str:
    """SQL in one form: no quotes, names or spaces that say nothing."""
    text = re.sub(r'["\s]+', " ", sql or "").strip().lower()
    text = re.sub(r"\s*([(),=])\s*", r"\1", text)
    return re.sub(r"::(text|character varying)(\[\])?", "", text)


def fingerprint(app: APIFlask) -> Fingerprint:
    """Everything the database knows of each table: columns, keys, checks, indexes."""
    with app.app_context():
        inspector = sa.inspect(db.engine)
        return {
            table: {
                "columns": {
                    c["name"]: (str(c["type"]), c["nullable"], normal(c.get("default")))
                    for c in inspector.get_columns(table)
                },
                "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
                "foreign keys": sorted(
                    (k["constrained_columns"], k["referred_table"], k["referred_columns"])
                    for k in inspector.get_foreign_keys(table)
                ),
                "unique": sorted(
                    (str(u["name"]), u["column_names"])
                    for u in inspector.get_unique_constraints(table)
                ),
                "checks": sorted(
                    (str(c["name"]), normal(c["sqltext"]))
                    for c in inspector.get_check_constraints(table)
                ),
                "indexes": sorted(
                    (str(i["name"]), bool(i["unique"]), i["column_names"], conditions(i))
                    for i in inspector.get_indexes(table)
                    if not i.get("duplicates_constraint")
                ),
            }
            for table in sorted(inspector.get_table_names())
            if table != "alembic_version"
        }


def conditions(index: Any) -> str:
    """The WHERE of a partial index."""
    options = index.get("dialect_options", {})
    return normal(str(options.get("sqlite_where", options.get("postgresql_where", ""))))


def test_migrations_and_models_make_the_same_tables(fresh: APIFlask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
    migrated = fingerprint(fresh)
    with fresh.app_context():
        flask_migrate.downgrade(revision="base")
        db.create_all()
    modelled = fingerprint(fresh)
    assert set(migrated) == set(modelled)
    for table in migrated:
        assert migrated[table] == modelled[table], table
    assert len(migrated["cases"]["checks"]) >= 6
    assert any("where" not in i[3] and i[3] for i in migrated["clocks"]["indexes"])


def test_up_down_and_up_again_leaves_the_same_tables(fresh: APIFlask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
        first = fingerprint(fresh)
        flask_migrate.downgrade(revision="base")
        assert fingerprint(fresh) == {}
        flask_migrate.upgrade()
    assert fingerprint(fresh) == first


def test_a_migrated_installation_is_healthy_in_its_migrations(fresh: APIFlask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
    found = fresh.test_client().get("/healthz").get_json()["migrations"]
    assert (found["ok"], found["current"]) == (True, found["head"])


def test_the_second_schema_goes_up_and_down_over_people_with_sessions(fresh: APIFlask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade(revision="0001")
        columns = "id, phone_index, created_at"
        with db.engine.begin() as connection:
            connection.exec_driver_sql(
                f"INSERT INTO workers ({columns}) VALUES (1, 'x', '2026-11-23 02:00:00')"
            )
            connection.exec_driver_sql(
                "INSERT INTO sessions (id, public_id, token_hash, worker_id, device, created_at,"
                " last_seen_at, expires_at) VALUES (1, 'p', 'h', 1, '', '2026-11-23 02:00:00',"
                " '2026-11-23 02:00:00', '2026-11-24 02:00:00')"
            )
        flask_migrate.upgrade(revision="0002")
        flask_migrate.downgrade(revision="0001")
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            query = "SELECT w.phone_index FROM workers w JOIN sessions s ON s.worker_id = w.id"
            assert connection.exec_driver_sql(query).all() == [("x",)]


def test_followers_from_before_are_asked_about_and_merged_rows_have_no_door(
    fresh: APIFlask,
) -> None:
    with fresh.app_context():
        flask_migrate.upgrade(revision="0005")
        with db.engine.begin() as connection:
            for number, column in ((1, "account_openid_index"), (2, "phone_index")):
                connection.exec_driver_sql(
                    f"INSERT INTO workers (id, {column}, created_at)"
                    f" VALUES ({number}, 'x', '2026-11-23 02:00:00')"
                )
        flask_migrate.upgrade(revision="0006")
        with db.engine.connect() as connection:
            query = "SELECT id FROM workers WHERE ask_unionid_at = created_at"
            assert connection.exec_driver_sql(query).all() == [(1,)]
            with pytest.raises(sa.exc.IntegrityError):
                connection.exec_driver_sql(
                    "UPDATE workers SET merged_into_id = 1, merged_at = created_at WHERE id = 2"
                )
            connection.rollback()
        flask_migrate.downgrade(revision="0005")
