"""What time brings to the question bot: old talks are deleted, approved entries are learnt."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
import structlog

from backend.core.db import db, one_transaction
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.service.library import bump, files, live_overrides, models_folder
from backend.law.policy import DEFAULT_POLICY
from faq import store

log = structlog.get_logger()
BATCH = 500


def run(now: datetime) -> None:
    """Do what is due; again, or twice at once, changes nothing more."""
    while forget_old(now) == BATCH:
        pass
    learn(now)


@one_transaction
def forget_old(now: datetime) -> int:
    """Delete up to BATCH conversations whose time is over; returns how many."""
    since = DEFAULT_POLICY.chat_kept_since(now)
    old = sa.select(Conversation.id).where(Conversation.last_at < since).limit(BATCH)
    ids = list(db.session.scalars(old))
    db.session.execute(sa.delete(Turn).where(Turn.conversation_id.in_(ids)))
    db.session.execute(sa.delete(Conversation).where(Conversation.id.in_(ids)))
    return len(ids)


def learn(now: datetime) -> bool:
    """Learn the model of the files with the approved entries, unless it is there; whether it was.

    Until then new phrasings are found by likeness. A process of its own does it, as at set-up.
    """
    changed = live_overrides(files())
    db.session.rollback()  # no transaction stays open while the other process learns
    corpus = files().with_entries(changed)
    if not changed or store.folder_of(corpus, models_folder()).is_dir():
        return False
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump([entry.model_dump(mode="json") for entry in changed], file, ensure_ascii=False)
        file.flush()
        store.learn(models_folder(), Path(file.name))
    _told(now)
    log.info("corpus_learnt", entries=len(changed))
    return True


@one_transaction
def _told(now: datetime) -> None:
    bump(now)
