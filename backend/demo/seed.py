"""Fills an empty demo database: staff, employers, and cases that lived through real services."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
import structlog
from apiflask import APIFlask

from backend.audit import seals
from backend.complaints import jobs as complaint_jobs
from backend.complaints.evidence import parts as evidence_parts
from backend.complaints.evidence.models import Evidence
from backend.core import clock, files
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db, one_transaction
from backend.core.marks import mark, set_mark
from backend.demo import accounts, employers, sending
from backend.demo.bench import Bench
from backend.demo.days import Days
from backend.demo.simulation import Story, play
from backend.demo.stories import all_stories
from backend.escalations import jobs as question_jobs
from backend.identity import service as identity
from backend.law.days import add_days, end_of_day, shanghai_today, start_of_day
from backend.lectures import jobs as lecture_jobs

log = structlog.get_logger()

DEMO_MARK, SEEDED_MARK = "demo", "demo_seeded"
_SEED = 20261
# The oldest story begins some ten months back; staff and employers were there before it.
_HISTORY_DAYS = 400


class NotADemo(RuntimeError):
    """The demo may not be built here: not demo mode, or the database holds real data."""


def prepare(app: APIFlask) -> None:
    """Mark the database as a demo and fill it, once.

    A second call changes nothing; after a crash half-way the demo is emptied and made again.
    Raises NotADemo outside demo mode and for rows without the demo mark.
    """
    if not app.config["SETTINGS"].demo:
        raise NotADemo("the demo bureau exists in demo mode only")
    with app.app_context():
        if mark(SEEDED_MARK) is not None:
            return
        if mark(DEMO_MARK) is None:
            _refuse_rows()
            set_mark(DEMO_MARK, "1")
        else:
            _remove_files()
            _empty()
        _fill(clock.now())
        db.session.remove()


def _refuse_rows() -> None:
    for table in db.metadata.sorted_tables:
        if db.session.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise NotADemo(f"the table {table.name} holds rows and the demo mark is missing")


def _remove_files() -> None:
    for row in db.session.scalars(sa.select(Evidence)):
        pieces = [evidence_parts.path(row.folder, part) for part in row.parts]
        files.remove([p for p in (row.original_path, row.view_path, *pieces) if p is not None])


@one_transaction
def _empty() -> None:
    """Take away what an interrupted start left; only ever runs under the demo mark."""
    for table in reversed(db.metadata.sorted_tables):
        if table.name != "install_marks":
            db.session.execute(sa.delete(table))


def _fill(now: datetime) -> None:
    today = shanghai_today(now)
    chance = random.Random(_SEED)
    opened_at = start_of_day(add_days(today, -_HISTORY_DAYS))
    staff = _staff(opened_at)
    bench = Bench(Days(now, chance), staff, employers.register(), chance)
    stories = [_time_passing(bench), *all_stories(bench)]
    play(stories, now, db.session.remove)
    complaint_jobs.run(now)
    question_jobs.run(now)
    lecture_jobs.run(now)
    sending.remember(now)
    seals.seal(now)
    set_mark(SEEDED_MARK, now.isoformat())
    log.info("demo_seeded")


def _staff(opened_at: datetime) -> dict[str, Actor]:
    return {account.username: _actor(account, opened_at) for account in accounts.STAFF}


def _actor(account: accounts.StaffAccount, opened_at: datetime) -> Actor:
    row = identity.create_staff(
        username=account.username,
        name=account.name,
        roles=account.roles,
        unit=account.unit,
        password=accounts.PASSWORD,
        actor=SYSTEM,
        now=opened_at,
        is_demo=True,
    )
    return Actor(kind="staff", id=row.id, name=row.name, roles=frozenset(account.roles))


def _time_passing(bench: Bench) -> Story:
    """The jobs of every morning since the first filing, so that what fell due happened then."""
    for morning in _mornings(bench.days):
        now = yield morning
        complaint_jobs.run(now)
        question_jobs.run(now)
        lecture_jobs.run(now)


def _mornings(days: Days) -> Iterator[datetime]:
    day = shanghai_today(days.settled(210))
    while (morning := end_of_day(day)) <= days.now:
        yield morning
        day = add_days(day, 1)
