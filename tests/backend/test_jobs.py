"""What time brings: each thing once, after crashes, in two processes, and never on a guess."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from backend import calendars, scheduler
from backend.audit.models import AuditEvent
from backend.complaints import jobs
from backend.complaints.models import Case
from backend.core import marks
from backend.core.db import db
from backend.law.workdays import default_calendar, use_calendar
from backend.law.yearfile import CalendarError
from backend.settings import Settings
from tests.factories.complaints import World, world

__all__ = ["world"]

YEAR_2027 = """
year: 2027
notice: {number: 测试〔2026〕1号, issued_on: 2026-12-20}
holidays:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-03, statutory: [2027-01-01]}
  - {name: 春节, from: 2027-02-05, to: 2027-02-12,
     statutory: [2027-02-05, 2027-02-06, 2027-02-07, 2027-02-08]}
  - {name: 劳动节, from: 2027-05-01, to: 2027-05-05, statutory: [2027-05-01, 2027-05-02]}
  - {name: 国庆节, from: 2027-10-01, to: 2027-10-07,
     statutory: [2027-10-01, 2027-10-02, 2027-10-03]}
makeup_workdays: [2027-01-30]
"""


@pytest.fixture
def year_2027(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A file as it would be imported; afterwards the calendar is as packaged."""
    file = tmp_path / "2027.yaml"
    file.write_text(YEAR_2027, encoding="utf-8")
    yield file
    (settings.data_dir / "calendar" / "2027.yaml").unlink(missing_ok=True)
    use_calendar(None)


def acts(world: World, act: str) -> int:
    """How often something stands in the record."""
    with world.app.app_context():
        query = sa.select(sa.func.count()).where(AuditEvent.act == act)
        return db.session.scalar(query) or 0


def test_due_soon_and_overdue_are_noted_once_each(world: World) -> None:
    case = world.accepted()
    world.approved(case, "order_payment", "head", pay_by="2026-12-31")
    world.step(case, "serve")
    assert world.run_jobs().warned == 0
    world.go_to(date(2026, 12, 28))  # three working days before
    assert (world.run_jobs().warned, world.run_jobs().warned) == (1, 0)
    assert (acts(world, "due_soon"), world.row(case)["alarm"]) == (1, None)
    world.go_to(date(2026, 12, 31))
    assert world.run_jobs().warned == 0  # the last day is still in time
    world.go_to(date(2027, 1, 1))
    assert (world.run_jobs().warned, world.run_jobs().warned) == (1, 0)
    assert (acts(world, "overdue"), world.row(case)["alarm"]) == (1, "overdue")
    assert world.faults() == []


def test_a_clock_that_stands_is_not_warned_about(world: World) -> None:
    case = world.accepted()
    world.step(case, "exclude_time")
    world.go_to(date(2027, 3, 1))
    assert world.run_jobs().warned == 0


def test_nothing_lapses_on_a_provisional_date_but_the_head_is_alarmed(world: World) -> None:
    world.go_to(date(2026, 12, 28))
    case = world.complain()  # five working days reach into 2027
    assert case.receipt["next"]["is_provisional"]
    assert case.receipt["next"]["sentence"].startswith("约2027年1月")
    world.go_to(date(2027, 1, 20))
    ran = world.run_jobs()
    assert (ran.deemed, ran.warned) == (0, 1)
    assert world.row(case)["state"] == "submitted"
    assert world.row(case)["alarm"] == "provisional_passed"
    assert world.get(case)["overdue"] is None


def test_an_imported_year_settles_the_dates_tells_the_worker_and_then_lapses_can_fire(
    world: World, settings: Settings, year_2027: Path
) -> None:
    world.go_to(date(2026, 12, 28))
    case = world.complain()
    before = world.clocks(case, "accept")[0].due_on
    assert (world.run_jobs().recounted, acts(world, "date_changed")) == (0, 0)
    assert calendars.import_year(settings, year_2027) == 2027
    assert world.app.extensions["calendar_watch"].refresh(is_forced=True)
    assert default_calendar().last_published_year == 2027
    assert (world.run_jobs().recounted, world.run_jobs().recounted) == (1, 0)
    clock = world.clocks(case, "accept")[0]
    assert (clock.is_provisional, clock.due_on) == (False, world.due("accept", date(2026, 12, 28)))
    assert before is not None and clock.due_on is not None
    row = world.row(case)
    assert (row["next_due_on"], bool(row["is_next_due_provisional"])) == (clock.due_on, False)
    assert world.told(case) == ["file", "date_changed"]
    world.go_to(date(2027, 1, 20))
    assert world.run_jobs().deemed == 1
    assert world.faults() == []


def test_a_year_file_that_is_wrong_is_refused_and_changes_nothing(
    settings: Settings, year_2027: Path
) -> None:
    year_2027.write_text(YEAR_2027.replace("2027-01-30", "2027-01-29"), encoding="utf-8")
    with pytest.raises(CalendarError, match="2027-01-29"):
        calendars.import_year(settings, year_2027)
    assert not (settings.data_dir / "calendar" / "2027.yaml").exists()


def busy_bureau(world: World) -> None:
    """Cases in which a lapse, a withdrawal and warnings are due."""
    for _ in range(3):
        world.complain()
    leaving = world.complain()
    world.post(leaving, "withdrawal", 202, has_read_consequence=True)
    world.tip_off()
    world.go_to(date(2026, 12, 2))


def everything(world: World) -> list[tuple[Any, ...]]:
    """Every state and every event."""
    with world.app.app_context():
        cases = sa.select(Case.public_id, Case.state, Case.version, Case.alarm)
        events = sa.select(AuditEvent.chain, AuditEvent.seq, AuditEvent.act)
        found = [*db.session.execute(cases), *db.session.execute(events)]
        return sorted(map(tuple, found), key=repr)


def test_run_again_the_jobs_change_nothing(world: World) -> None:
    busy_bureau(world)
    ran = world.run_jobs()
    assert (ran.deemed, ran.withdrawn) == (3, 1)
    world.run_jobs()
    settled = everything(world)
    for _ in range(3):
        assert world.run_jobs() == jobs.Ran()
    assert everything(world) == settled
    assert world.faults() == []


def test_after_a_crash_half_way_the_next_run_does_the_rest_and_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_bureau(world)
    real, calls = jobs.take_step, []

    def crash_at_the_third(*args: Any) -> Any:
        calls.append(args)
        done = real(*args)
        if len(calls) == 3:
            raise RuntimeError("power cut")
        return done

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "take_step", crash_at_the_third)
        with pytest.raises(RuntimeError):
            world.run_jobs()
    assert acts(world, "withdraw") == 1
    assert acts(world, "deem_accepted") == 1  # the second one was undone whole
    ran = world.run_jobs()
    assert (ran.deemed, ran.withdrawn) == (2, 0)
    assert (acts(world, "deem_accepted"), acts(world, "withdraw")) == (3, 1)
    assert world.faults() == []


def test_two_job_processes_at_once_change_nothing_twice(world: World) -> None:
    busy_bureau(world)
    barrier = Barrier(3)

    def run(_number: int) -> jobs.Ran:
        barrier.wait(20)
        return world.run_jobs()

    with ThreadPoolExecutor(3) as pool:
        ran = list(pool.map(run, range(3)))
    assert sum(one.deemed for one in ran) == 3
    assert sum(one.withdrawn for one in ran) == 1
    assert (acts(world, "deem_accepted"), acts(world, "withdraw")) == (3, 1)
    world.run_jobs()
    with world.app.app_context():
        twice = (
            sa.select(AuditEvent.chain)
            .where(AuditEvent.act.in_(["overdue", "due_soon"]))
            .group_by(AuditEvent.chain, AuditEvent.act)
            .having(sa.func.count() > 1)
        )
        assert db.session.scalars(twice).all() == []
    assert world.faults() == []


def test_every_job_runs_and_says_when(world: World) -> None:
    assert scheduler.run_all(world.app) == []
    with world.app.app_context():
        runs = {run.name: (run.finished_at, run.error) for run in marks.job_runs()}
    assert runs == dict.fromkeys(scheduler.JOBS, (world.clock.at, None))


def test_a_job_that_fails_does_not_stop_the_others_and_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_now: object) -> None:
        raise ValueError("broken")

    monkeypatch.setitem(scheduler.JOBS, "evidence", fail)
    assert scheduler.run_all(world.app) == ["evidence"]
    with world.app.app_context():
        errors = {run.name: run.error for run in marks.job_runs() if run.error}
    assert errors == {"evidence": "ValueError: broken"}
    health = world.client.get("/healthz").get_json()
    assert health["jobs"]["failing"] == ["evidence"]


def test_the_queue_holds_every_job(world: World, settings: Settings) -> None:
    queue = scheduler.build(world.app, settings.model_copy(update={"database_url": None}))
    names = {str(task).rpartition(".")[2] for task in queue._registry._registry}
    assert {f"job_{name}" for name in scheduler.JOBS} <= names
