"""The ceilings: bare endpoints on the same settings, one ORM insert, or the two of a booking."""

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


class Hall(db.Model):  # type: ignore[name-defined, misc]
    """One hot lecture: how many seats, and how many are taken."""

    id: Mapped[int] = mapped_column(primary_key=True)
    capacity: Mapped[int]
    taken: Mapped[int]


class Seat(db.Model):  # type: ignore[name-defined, misc]
    """One person's seat in a hall."""

    __table_args__ = (sa.UniqueConstraint("hall_id", "person"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[int]
    person: Mapped[int]


# the two statements of the ceiling for bookings, as text: nothing but the database's own work
_SEAT = sa.text("INSERT INTO seat (hall_id, person) VALUES (1, :person) ON CONFLICT DO NOTHING")
_TAKE = sa.text("UPDATE hall SET taken = taken + 1 WHERE id = 1 AND taken < capacity")


def make_table(url: str) -> None:
    """Make its tables, once, before two server processes start at the same moment."""
    engine = sa.create_engine(url)
    db.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(Hall).values(id=1, capacity=10**9, taken=0))
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

    @app.post("/seats")
    def take() -> tuple[Any, int]:
        db.session.execute(_SEAT, {"person": request.get_json()["person"]})
        db.session.execute(_TAKE)
        db.session.commit()
        return jsonify(ok=True), 201

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
