"""Conversations follow their person when two workers turn out to be one."""

from __future__ import annotations

import sqlalchemy as sa

from backend.core.db import db
from backend.faqbot.models import Conversation


def move(from_worker_id: int, to_worker_id: int) -> None:
    """Give every conversation of one worker to another, inside the caller's transaction.

    Each stays readable with its own key: on the phone it was held on, and in the account.
    """
    theirs = sa.update(Conversation).where(Conversation.worker_id == from_worker_id)
    db.session.execute(theirs.values(worker_id=to_worker_id))
