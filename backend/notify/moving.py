"""Consents follow their person when two workers turn out to be one.

Messages stay as they were written: whoever sends them asks what became of the row they name.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.core.db import db
from backend.notify.models import Consent, ConsentReport


def move_consents(from_worker_id: int, to_worker_id: int) -> None:
    """Give what one worker agreed to be sent to another, inside the caller's transaction.

    Of two answers to one template the newer counts.
    """
    kept, gone = aliased(Consent), aliased(Consent)
    newer = sa.exists().where(
        gone.worker_id == from_worker_id,
        gone.template_id == Consent.template_id,
        gone.answered_at > Consent.answered_at,
    )
    _delete(sa.delete(Consent).where(Consent.worker_id == to_worker_id, newer))
    left = sa.exists().where(
        kept.worker_id == to_worker_id, kept.template_id == Consent.template_id
    )
    _delete(sa.delete(Consent).where(Consent.worker_id == from_worker_id, left))
    theirs = sa.update(Consent).where(Consent.worker_id == from_worker_id)
    db.session.execute(theirs.values(worker_id=to_worker_id))


def move_reports(from_worker_id: int, to_worker_id: int) -> None:
    """The same for the keys of reports that were counted."""
    kept = aliased(ConsentReport)
    there = sa.exists().where(kept.worker_id == to_worker_id, kept.key == ConsentReport.key)
    _delete(sa.delete(ConsentReport).where(ConsentReport.worker_id == from_worker_id, there))
    theirs = sa.update(ConsentReport).where(ConsentReport.worker_id == from_worker_id)
    db.session.execute(theirs.values(worker_id=to_worker_id))


def _delete(which: sa.Delete) -> None:
    db.session.execute(which, execution_options={"synchronize_session": False})
