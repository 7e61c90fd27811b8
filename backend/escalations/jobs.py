"""What time brings to questions: a late one goes to the next person, then to the head.

Each run scans the database and takes one question a transaction, so that a run after a crash,
or two at once, change nothing twice.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from backend.escalations.service import passing

log = structlog.get_logger()


def run(now: datetime) -> int:
    """Take up everything that is late at `now`; returns how many questions went up."""
    went_up = sum(passing.go_up(row_id, now) for row_id in passing.late(now))
    if went_up:
        log.warning("questions_went_up", count=went_up)
    return went_up
