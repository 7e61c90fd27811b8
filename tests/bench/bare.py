"""The ceiling: a bare Flask-SQLAlchemy endpoint that does one ORM insert, on the same settings."""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa
from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

db = SQLAlchemy()


class Note(db.Model):  # type: ignore[name-defined, misc]
    """One row of text."""

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)


def make_table(url: str) -> None:
    """Make its table, once, before two server processes start at the same moment."""
    engine = sa.create_engine(url)
    db.metadata.create_all(engine)
    engine.dispose()


def create_app() -> Flask:
    """The bare application on the database named by BARE_DATABASE_URL."""
    app = Flask(__name__)
    url = os.environ["BARE_DATABASE_URL"]
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 10, "max_overflow": 6}
    db.init_app(app)
    with app.app_context():
        if url.startswith("sqlite"):
            _same_safety(db.engine)

    @app.post("/notes")
    def add() -> tuple[Any, int]:
        note = Note(text=request.get_json()["facts"])
        db.session.add(note)
        db.session.commit()
        return jsonify(id=note.id), 201

    return app


def _same_safety(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
