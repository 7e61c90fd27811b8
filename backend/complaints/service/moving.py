"""Cases follow their person when two workers turn out to be one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from backend.complaints.models import Case
from backend.complaints.service.filing import sender_of
from backend.core.db import db


def move(from_worker_id: int, to_worker_id: int) -> None:
    """Give every case of one worker to another, inside the caller's transaction.

    Below the version column: whose it is changes nothing on the page an officer has open. The
    sender goes along, so that a filing sent again is still found, unless the other worker has
    filed with the very same key.
    """
    theirs = sa.update(Case).where(Case.worker_id == from_worker_id)
    db.session.execute(theirs.values(worker_id=to_worker_id))
    old, new = sender_of(from_worker_id), sender_of(to_worker_id)
    same = aliased(Case)
    taken = sa.exists().where(same.sender == new, same.key_hash == Case.key_hash)
    sent = sa.update(Case).where(Case.sender == old, ~taken)
    db.session.execute(sent.values(sender=new), execution_options={"synchronize_session": False})
