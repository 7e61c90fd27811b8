"""The job process: every minute each room looks for what is due and does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
from flask import Flask
from huey import PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from backend.audit import seals
from backend.complaints import jobs as complaint_jobs
from backend.complaints.evidence import jobs as evidence_jobs
from backend.complaints.service import contact
from backend.core import clock, marks, rates
from backend.core.db import db
from backend.escalations import jobs as question_jobs
from backend.faqbot import jobs as chat_jobs
from backend.identity import service as identity
from backend.lectures import jobs as lecture_jobs
from backend.lectures.service import contact as lecture_contact
from backend.notify import consents
from backend.notify import jobs as notify_jobs
from backend.settings import Settings
from backend.wechat import content, received

log = structlog.get_logger()

# Who knows the telephone given for a subject, by the subject's prefix (`case:17`).
PHONES: dict[str, notify_jobs.PhoneOf] = {
    "case": contact.phone_of,
    "booking": lecture_contact.phone_of,
    "order": lecture_contact.phone_of,
}


def _forget(now: datetime) -> None:
    rates.forget_ended(now)
    identity.forget_ended(now)
    identity.forget_old_codes(now)
    received.forget_old(now)
    consents.forget_old_reports(now)


def _one_person(now: datetime) -> None:
    identity.learn(now)
    identity.bring_after(now)


def _send(now: datetime) -> None:
    notify_jobs.run(now, PHONES)


# Name -> what to run. Each scans the database itself, so nothing lives only in a queue: huey
# delivers at most once and a killed task would be gone.
JOBS: dict[str, Callable[[datetime], object]] = {
    "complaints": complaint_jobs.run,
    "evidence": evidence_jobs.run,
    "questions": question_jobs.run,
    "chat": chat_jobs.run,
    "lectures": lecture_jobs.run,
    "deliveries": _send,
    "content": content.run,
    "one_person": _one_person,
    "audit_seal": seals.seal,
    "forget": _forget,
}


def run_job(app: Flask, name: str) -> bool:
    """Run one job now; its start, end and error are kept for /healthz. False when it failed."""
    with app.app_context():
        now = clock.now()
        app.extensions["calendar_watch"].refresh()
        marks.job_started(name, now)
        try:
            JOBS[name](now)
        except Exception as error:
            db.session.rollback()
            log.exception("job_failed", job=name)
            marks.job_finished(name, clock.now(), f"{type(error).__name__}: {error}"[:500])
            return False
        marks.job_finished(name, clock.now())
        return True


def run_all(app: Flask) -> list[str]:
    """Run every job once; returns the names of those that failed."""
    return [name for name in JOBS if not run_job(app, name)]


def build(app: Flask, settings: Settings) -> Huey:
    """The queue of this installation with every job on it, once a minute."""
    queue = _queue(settings)
    for name in JOBS:
        _add(queue, app, name)
    return queue


def _add(queue: Huey, app: Flask, name: str) -> None:
    def job() -> None:
        run_job(app, name)

    job.__name__ = f"job_{name}"
    # no lock around it: two at once change nothing twice, and a killed process leaves none behind
    queue.periodic_task(crontab(minute="*"))(job)


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("xinhu", url=settings.redis_url)
    if not settings.is_sqlite:
        return PostgresHuey("xinhu", dsn=settings.database.replace("+psycopg", ""))
    path = Path(settings.data_dir).resolve() / "jobs.sqlite3"
    return SqliteHuey("xinhu", filename=str(path), fsync=True)
