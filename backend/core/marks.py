"""Marks of the installation and of its jobs: is this a demo database, when did a job last run."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import UtcDateTime, db, one_transaction


class InstallMark(db.Model):  # type: ignore[name-defined, misc]
    """A fact about this database, such as `demo`."""

    __tablename__ = "install_marks"
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(200))


class JobRun(db.Model):  # type: ignore[name-defined, misc]
    """The last run of one periodic job."""

    __tablename__ = "job_runs"
    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str | None] = mapped_column(sa.String(500))


def mark(key: str) -> str | None:
    """The value of an install mark, or None."""
    return db.session.scalar(sa.select(InstallMark.value).where(InstallMark.key == key))


@one_transaction
def set_mark(key: str, value: str) -> None:
    """Write an install mark."""
    db.session.merge(InstallMark(key=key, value=value))


@one_transaction
def job_started(name: str, now: datetime) -> None:
    """Note that a job begins."""
    row = db.session.get(JobRun, name)
    if row is None:
        db.session.add(JobRun(name=name, started_at=now))
    else:
        row.started_at = now


@one_transaction
def job_finished(name: str, now: datetime, error: str | None = None) -> None:
    """Note that a job ended, well or with an error."""
    row = db.session.get(JobRun, name)
    if row is None:
        raise LookupError(name)
    row.finished_at, row.error = now, error


def job_runs() -> list[JobRun]:
    """Every job that ever ran, by name."""
    return list(db.session.scalars(sa.select(JobRun).order_by(JobRun.name)))
