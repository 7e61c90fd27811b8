"""A locked database and a full disk: a plain answer, nothing half written, the next try works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from backend.audit.models import AuditEvent
from backend.complaints.models import Case, CaseMessage, Claimant, Clock, NumberSeries
from backend.complaints.service import handling
from backend.core import marks
from backend.core.db import db, one_transaction
from backend.core.errors import Unavailable
from backend.identity.models import Session
from backend.notify.models import OutboxMessage
from tests.api.filings import complaint, new_key, report
from tests.factories.complaints import World, ok, problem

WRITTEN = (Case, Claimant, Clock, AuditEvent, OutboxMessage, NumberSeries, Session, CaseMessage)
Trouble = Callable[[World], AbstractContextManager[None]]


@contextmanager
def on_checkout(engine: sa.Engine, statement: str) -> Iterator[None]:
    """Run a statement on every connection that is taken while the block lasts."""

    def prepare(connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()

    sa.event.listen(engine, "checkout", prepare)
    try:
        yield
    finally:
        sa.event.remove(engine, "checkout", prepare)
        engine.dispose()  # the settings live in the connections


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Somebody else holds the database and does not let go."""
    with world.app.app_context():
        engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    hold = "BEGIN IMMEDIATE" if is_sqlite else "LOCK TABLE cases IN EXCLUSIVE MODE"
    other = sa.create_engine(engine.url, poolclass=sa.pool.NullPool)
    hasty = "PRAGMA busy_timeout=50" if is_sqlite else "SET lock_timeout = '100ms'"
    connection = other.connect()
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.execute(hold)
        with on_checkout(engine, hasty):
            yield
    finally:
        raw.rollback()
        connection.close()


@contextmanager
def full(world: World) -> Iterator[None]:
    """The database cannot grow by another page."""
    with world.app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("a full disk cannot be made for a PostgreSQL server of the tests")
    raw: Any = engine.raw_connection()
    raw.execute("VACUUM")  # no free pages left over from other tests
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.close()
    limit = f"PRAGMA max_page_count={pages}"
    with on_checkout(engine, limit):
        yield


def counts(world: World) -> list[int]:
    """How many rows lie in every table that filing and handling write."""
    return [world.count(model) for model in WRITTEN]


def long_complaint(world: World) -> dict[str, Any]:
    """A complaint that needs several pages of storage."""
    return complaint(world.today) | {"facts": "欠" * 5000, "request": "付" * 1000}


@pytest.mark.parametrize(("trouble", "code"), [(locked, "busy"), (full, "storage_full")])
@pytest.mark.parametrize("lane", ["complaints", "reports"])
def test_filing_says_so_keeps_nothing_and_works_afterwards(
    world: World, trouble: Trouble, code: str, lane: str
) -> None:
    is_complaint = lane == "complaints"
    document = long_complaint(world) if is_complaint else report() | {"what": "欠" * 5000}
    key, before = new_key(), counts(world)
    with trouble(world):
        answer = world.send(document, key=key, lane=lane)
    found = problem(answer, 503, code)
    assert "填的都还在" in found["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert counts(world) == before
    receipt = ok(world.send(document, key=key, lane=lane), 201)
    assert receipt["number"].endswith("00001号")  # no number was lost
    assert world.faults() == []


@pytest.mark.parametrize(("trouble", "code"), [(locked, "busy"), (full, "storage_full")])
def test_a_message_and_a_step_of_the_desk_say_so_and_leave_the_case(
    world: World, trouble: Trouble, code: str
) -> None:
    case = world.accepted()
    before, row = counts(world), world.row(case)
    values = world.values(case.id, "give_prior_notice", {"document": "告" * 20_000})
    with trouble(world):
        with pytest.raises(Unavailable) as refused:
            take(world, case.id, values)
        address = f"/api/v1/complaints/{case.id}/supplements"
        body = {"text": "补" * 5000, "key": new_key()}
        answer = world.client.post(address, json=body, headers=case.headers)
    assert refused.value.code == code
    problem(answer, 503, code)
    assert (counts(world), world.row(case)) == (before, row)
    take(world, case.id, values)
    assert world.row(case)["state"] == "prior_notice_given"
    assert world.faults() == []


def take(world: World, case_id: str, values: dict[str, Any]) -> None:
    """Give prior notice with a form that was filled in before."""
    with world.app.app_context():
        handling.perform(
            case_id, "give_prior_notice", values, None, world.staff["first"], world.clock.at
        )


def test_a_locked_database_is_waited_for_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    with world.app.app_context():
        engine = db.engine
        begin = engine.dialect.do_begin

        def counted(connection: Any) -> None:
            begun.append("by itself")
            begin(connection)

        def said(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            begun.extend([statement] * statement.startswith("BEGIN"))

        with locked(world):
            db.session.scalar(sa.select(sa.func.count()).select_from(Case))  # a reader so far
            monkeypatch.setattr(engine.dialect, "do_begin", counted)
            sa.event.listen(engine, "before_cursor_execute", said)
            with pytest.raises(Unavailable):
                _write()
            sa.event.remove(engine, "before_cursor_execute", said)
    assert len(begun) == 1


@one_transaction
def _write() -> None:
    db.session.execute(sa.update(Case).values(version=Case.version + 1))


def test_reading_goes_on_while_somebody_writes(world: World) -> None:
    case = world.complain()
    with locked(world):
        assert world.get(case)["state"] == "submitted"
        health = world.client.get("/healthz")
    assert health.get_json()["database"] == {"ok": True}


@pytest.mark.parametrize("trouble", [locked, full])
def test_the_jobs_change_nothing_then_and_catch_up_later(world: World, trouble: Trouble) -> None:
    for _ in range(3):
        world.complain()
    world.go_on(10)
    with trouble(world), pytest.raises(Unavailable):
        for _ in range(200):  # small rows may still fit into the pages that are there
            world.run_jobs()
            fill(world)
    world.run_jobs()
    with world.app.app_context():
        lapsed = sa.select(sa.func.count()).where(AuditEvent.act == "deem_accepted")
        assert db.session.scalar(lapsed) == 3
    assert world.faults() == []


def fill(world: World) -> None:
    """Use up the space that is left."""
    with world.app.app_context():
        marks.set_mark(new_key(), "x" * 200)
