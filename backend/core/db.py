"""The database: one session a request, one write transaction a service function, honest types."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from backend.core import crypto
from backend.core.errors import Conflict, Unavailable

P = ParamSpec("P")
R = TypeVar("R")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all models; names every constraint so that migrations can change it."""

    metadata = sa.MetaData(naming_convention=NAMING)


# expire_on_commit: reading an attribute after commit would open another transaction
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

# the text of a database error would otherwise carry the row's values into the logs
_PRIVATE: dict[str, Any] = {"hide_parameters": True}

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_whole: ContextVar[bool] = ContextVar("whole", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored as UTC; refuses naive values (SQLite would drop the offset silently)."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Encrypted(TypeDecorator[str]):
    """Text that is encrypted at rest; `place` binds it to its table and column."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else crypto.seal(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else crypto.unseal(bytes(value), self.place)


def one_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Run a service function as one write transaction: commit at its end, or leave no trace.

    A change by somebody else in between is a Conflict; a full disk or a database that stays
    locked is Unavailable. A call inside another one joins it.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if _writing.get():
            return function(*args, **kwargs)
        mark = _writing.set(True)
        try:
            _begin_writing()
            result = function(*args, **kwargs)
            db.session.commit()
        except StaleDataError as error:
            db.session.rollback()
            raise Conflict("刚才有人先改了这件案，请看一眼再办。", code="stale") from error
        except OperationalError as error:
            db.session.rollback()
            if not is_passing(error):
                raise
            raise unavailable(error) from error
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _writing.reset(mark)
        return result

    return wrapper


@contextmanager
def whole_transactions() -> Iterator[None]:
    """For migrations, which begin transactions of their own outside the session."""
    mark = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(mark)


def _begin_writing() -> None:
    """Turn what was read into the past, and the next statement into a writer's first.

    On SQLite readers hold no transaction, so a connection that has read can write at once: giving
    it back and taking it again costs as much as an insert.
    """
    session = db.session()
    is_plain = session.in_transaction() and db.engine.dialect.name == "sqlite"
    if not is_plain or session.new or session.dirty or session.deleted:
        session.rollback()
        return
    session.expire_all()
    try:
        connection().exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        session.rollback()
        if "locked" in str(error.orig):
            raise  # it was waited for as long as is bearable
        # else the connection stands in a transaction: the next statement begins anew


def is_writing() -> bool:
    """Whether this code runs inside a write transaction, where nothing slow has its place."""
    return _writing.get()


def connection() -> Connection:
    """The connection of the present transaction, for statements below the unit of work.

    Asking the session each time costs more than a small insert, so it is asked once a transaction.
    """
    session = db.session()
    known = session.info.get("connection")
    if known is not None and known[0] is session.get_transaction():
        found: Connection = known[1]
        return found
    found = session.connection()
    session.info["connection"] = (session.get_transaction(), found)
    return found


@functools.cache
def _insert_of(model: type[Base]) -> sa.Insert:
    table = model.__table__
    return sa.insert(table).returning(*table.primary_key)  # type: ignore[arg-type]


def insert_row(model: type[Base], values: dict[str, Any]) -> int:
    """Insert one row and return its id, in the caller's transaction but below its unit of work.

    For the rows every request writes: one statement made once is several times cheaper than an
    object that is tracked, flushed and sorted. Column defaults hold; objects in the session that
    were not flushed do not exist for it.
    """
    return int(connection().execute(_insert_of(model), values).scalar_one())


def is_passing(error: OperationalError) -> bool:
    """Whether waiting can help: a locked or full database, not a table that is missing."""
    return "no such " not in str(error.orig).lower()


def unavailable(error: OperationalError) -> Unavailable:
    """The honest answer when the database could not take a change."""
    text = str(error.orig).lower()
    if "full" in text or "no space" in text:
        return Unavailable(
            "我们的存储满了，没存进去，不是您的错。填的都还在，请过一会儿再交。",
            code="storage_full",
            retry_after_s=60,
        )
    return Unavailable(
        "现在办理的人太多，这次没存进去。填的都还在，请再点一次。", code="busy", retry_after_s=3
    )


def insert_rows(model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert several rows of one table at once; see insert_row."""
    if rows:
        connection().execute(_insert_all_of(model), rows)


@functools.cache
def _insert_all_of(model: type[Base]) -> sa.Insert:
    return sa.insert(model.__table__)  # type: ignore[arg-type]


def insert_once(model: type[Base], values: dict[str, Any], *columns: str) -> bool:
    """Insert a row unless one with the same unique `columns` is there; returns whether it is new.

    Unlike catching the violation this leaves the transaction usable, on PostgreSQL too.
    """
    statement = _insert_once_of(model, columns, db.engine.dialect.name)
    # not rowcount: it is unknown on PostgreSQL when the driver returns rows
    return connection().execute(statement, values).first() is not None


@functools.cache
def _insert_once_of(model: type[Base], columns: tuple[str, ...], dialect: str) -> sa.Executable:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = sa.inspect(model).local_table
    fresh = insert(table).on_conflict_do_nothing(index_elements=columns)
    statement: sa.Executable = fresh.returning(*table.primary_key)
    return statement


def violated(error: IntegrityError, constraint: str, *columns: str) -> bool:
    """Whether this error is the named unique constraint (SQLite names its columns instead)."""
    text = str(error.orig)
    return constraint in text or (bool(columns) and all(column in text for column in columns))


def init(app: Flask, *, url: str, is_sqlite: bool) -> None:
    """Bind the database to the app and set what SQLite needs to be safe."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(is_sqlite)
    db.init_app(app)
    if is_sqlite:
        with app.app_context():
            _make_sqlite_safe(db.engine)


def _engine_options(is_sqlite: bool) -> dict[str, Any]:
    if is_sqlite:
        return _PRIVATE | {"pool_size": 8, "max_overflow": 8, "connect_args": {"timeout": 10}}
    return _PRIVATE | {"pool_size": 10, "max_overflow": 6, "pool_pre_ping": True}


def _make_sqlite_safe(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a filed complaint survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=10000")
        # a filing writes some 25 pages: the default of 1,000 would copy the log back every 40th
        cursor.execute("PRAGMA wal_autocheckpoint=8000")
        cursor.close()

    # the dialect's own hook: an event listener would cost every statement of every request
    engine.dialect.do_begin = _begin  # type: ignore[method-assign,assignment]


def _begin(connection: Any) -> None:
    # a reader that later writes would fail at once with "locked": writers say so first
    if _writing.get():
        connection.execute("BEGIN IMMEDIATE")
    elif _whole.get():
        connection.execute("BEGIN")
    # else a reader: each statement sees what is committed, as PostgreSQL's READ COMMITTED does
