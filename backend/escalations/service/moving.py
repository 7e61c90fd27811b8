"""Whose question it is: known when somebody signs in, and when two workers turn out to be one."""

from __future__ import annotations

import sqlalchemy as sa

from backend.core.db import db
from backend.escalations.models import Escalation
from backend.escalations.service.asking import open_for


def move(from_worker_id: int, to_worker_id: int) -> None:
    """Give every question of one worker to another, inside the caller's transaction.

    Below the version column: whose it is changes nothing on the page staff have open.
    """
    theirs = sa.update(Escalation).where(Escalation.worker_id == from_worker_id)
    db.session.execute(theirs.values(worker_id=to_worker_id))


def belongs_to(subject: str, worker_id: int) -> None:
    """Whoever asked has signed in: the answer to the open question reaches them as well.

    Inside the caller's transaction; nothing where nobody is asked or it is somebody's already.
    """
    row = open_for(subject)
    if row is None or row.worker_id is not None:
        return
    theirs = sa.update(Escalation).where(Escalation.id == row.id, Escalation.worker_id.is_(None))
    db.session.execute(theirs.values(worker_id=worker_id))
    db.session.refresh(row, ["worker_id"])
