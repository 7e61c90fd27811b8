"""Transactions that leave no trace when they fail, and columns that keep what they were given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from backend.core import marks
from backend.core.crypto import SealBroken
from backend.core.db import db, insert_once, one_transaction, violated
from backend.core.errors import Conflict
from backend.core.marks import InstallMark, JobRun
from backend.identity.models import Worker
from tests.clock import HeldClock

pytestmark = pytest.mark.usefixtures("in_app")


@one_transaction
def mark_then(error: Exception | None) -> None:
    marks.set_mark("inner", "1")  # joins
    if error is not None:
        raise error


def test_an_act_that_succeeds_is_there_for_the_next_request() -> None:
    mark_then(None)
    db.session.remove()
    assert marks.mark("inner") == "1"


def test_an_act_that_fails_leaves_no_trace_of_the_acts_inside_it() -> None:
    with pytest.raises(ValueError, match="no"):
        mark_then(ValueError("no"))
    assert marks.mark("inner") is None
    mark_then(None)
    assert marks.mark("inner") == "1"


def test_somebody_elses_change_in_between_is_a_conflict() -> None:
    with pytest.raises(Conflict) as refused:
        mark_then(StaleDataError("0 rows"))
    assert refused.value.code == "stale"
    assert marks.mark("inner") is None


def test_a_moment_comes_back_in_utc_whatever_zone_it_came_in(clock: HeldClock) -> None:
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 23, 10, 30, 15, 123456, tzinfo=shanghai)
    marks.job_started("zone", at)
    db.session.remove()
    (row,) = marks.job_runs()
    assert row.started_at == at and row.started_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(sa.exc.StatementError, match="time zone"):
        marks.job_started("naive", datetime(2026, 11, 23))  # noqa: DTZ001


def test_a_job_that_ended_is_noted(clock: HeldClock) -> None:
    marks.job_started("sealing", clock.at)
    marks.job_finished("sealing", clock.advance(seconds=2), "disk full")
    marks.job_started("sealing", clock.advance(minutes=1))
    (row,) = marks.job_runs()
    assert row.error == "disk full"
    assert row.finished_at is not None and row.started_at > row.finished_at
    with pytest.raises(LookupError):
        marks.job_finished("unknown", clock.at)


def test_an_encrypted_column_is_unreadable_in_the_database_and_bound_to_its_column(
    clock: HeldClock,
) -> None:
    db.session.add(Worker(phone="13812345678", created_at=clock.at))
    db.session.commit()
    db.session.remove()
    stored = db.session.execute(sa.text("SELECT phone FROM workers")).scalar_one()
    assert b"13812345678" not in bytes(stored)
    assert db.session.scalar(sa.select(Worker.phone)) == "13812345678"
    db.session.execute(sa.text("UPDATE workers SET openid = phone"))
    with pytest.raises(SealBroken):
        db.session.scalar(sa.select(Worker.openid))


def test_inserting_once_leaves_the_first_row_and_a_usable_transaction() -> None:
    assert insert_once(InstallMark, {"key": "demo", "value": "yes"}, "key")
    assert not insert_once(InstallMark, {"key": "demo", "value": "no"}, "key")
    assert marks.mark("demo") == "yes"


def test_a_violated_constraint_is_recognised_on_both_databases(clock: HeldClock) -> None:
    with pytest.raises(IntegrityError) as twice:
        for _ in range(2):
            values = {"name": "same", "started_at": clock.at}
            db.session.execute(sa.insert(JobRun).values(values))
    assert violated(twice.value, "pk_job_runs", "job_runs.name")
    assert not violated(twice.value, "uq_other", "other.column")
    assert not violated(twice.value, "uq_other")
    db.session.rollback()


def test_sqlite_is_set_up_to_survive_a_power_cut() -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite")
    with db.engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1, 10000]
