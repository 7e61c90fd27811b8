"""Tidying up after uploads: goes on with interrupted checks, ends old ones, deletes pieces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from backend.complaints.evidence import service
from backend.complaints.evidence.models import UPLOADING, Evidence
from backend.complaints.models import Case
from backend.complaints.states import FINAL
from backend.core.actor import SYSTEM
from backend.core.db import db
from backend.core.errors import Problem
from backend.law.days import add_days, shanghai_today, start_of_day
from backend.law.policy import DEFAULT_POLICY

log = structlog.get_logger()

PAUSE_BEFORE_FINISH = timedelta(minutes=10)  # the phone's own last request is given its time
AT_ONCE = 50


def run(now: datetime) -> int:
    """Do what is due, a bounded number at a time; returns how many files were touched.

    Safe to repeat and to stop anywhere: every step finds its work in the table again.
    """
    return _finish_interrupted(now) + _expire_old(now) + _drop_leftover_parts()


def _finish_interrupted(now: datetime) -> int:
    query = (
        sa.select(Evidence.public_id)
        .join(Case, Case.id == Evidence.case_id)
        .where(
            Evidence.status == UPLOADING,
            Evidence.received_bytes == Evidence.declared_size,
            Evidence.created_at < now - PAUSE_BEFORE_FINISH,
            Case.state.not_in(FINAL),
        )
    )
    return _each(query, lambda public_id: service.finish(public_id, SYSTEM, now))


def _expire_old(now: datetime) -> int:
    first_kept = start_of_day(add_days(shanghai_today(now), -DEFAULT_POLICY.draft_keep_days))
    query = sa.select(Evidence.public_id).where(
        Evidence.status == UPLOADING, Evidence.created_at < first_kept
    )
    return _each(query, lambda public_id: service.expire(public_id, SYSTEM, now))


def _drop_leftover_parts() -> int:
    has_parts = sa.cast(Evidence.parts, sa.String) != "[]"
    query = sa.select(Evidence.public_id).where(Evidence.status != UPLOADING, has_parts)
    return _each(query, service.drop_parts)


def _each(query: sa.Select[str], act: Callable[[str], object]) -> int:
    public_ids = list(db.session.scalars(query.order_by(Evidence.id).limit(AT_ONCE)))
    db.session.rollback()
    for public_id in public_ids:
        try:
            act(public_id)
        except (Problem, OSError) as error:
            # one file that cannot be tidied now must not keep the others from it
            db.session.rollback()
            log.warning("evidence_job_put_off", evidence=public_id, error=type(error).__name__)
    return len(public_ids)
