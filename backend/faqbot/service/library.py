"""The corpus in force in this process: files and approved overrides, swapped as a whole."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import current_app

from backend.core.db import db, insert_once
from backend.core.installation import settings
from backend.faqbot.models import CorpusPointer, Override
from backend.law.days import shanghai_today
from faq import store
from faq.bot import Bot
from faq.corpus import Corpus, load
from faq.schema import Entry

log = structlog.get_logger()

#: An approval is seen by every process after at most this long.
LOOK_EVERY_S = 1.0
_ONLY_ROW = 1


@dataclass(frozen=True, slots=True)
class InForce:
    """One version of everything an answer is made from."""

    bot: Bot
    number: int
    on: date


class Library:
    """Holds what is in force; an answer takes one `InForce` and never looks again."""

    def __init__(self) -> None:
        self._now: InForce | None = None
        self._looked_at = float("-inf")
        self._building = threading.Lock()

    def in_force(self, now: datetime) -> InForce:
        """The version of this moment: looks for an approval at most once a second."""
        today = shanghai_today(now)
        held = self._now
        looked = time.monotonic()
        if held and held.on == today and looked - self._looked_at < LOOK_EVERY_S:
            return held
        number = pointer()
        if held and held.on == today and held.number == number:
            self._looked_at = looked
            return held
        # while one builds, the others go on with the version they have, as long as it may be used
        if not self._building.acquire(blocking=held is None or held.on != today):
            assert held is not None
            return held
        try:
            if self._now is held:
                self._now = _build(number, today)
                self._looked_at = looked
                log.info("corpus_in_force", version=self._now.bot.corpus.version, number=number)
            return self._now  # type: ignore[return-value]
        finally:
            self._building.release()

    def look_again(self) -> None:
        """Look at the next question; for the process that has just approved something."""
        self._looked_at = float("-inf")


def library() -> Library:
    """The library of the running app."""
    found: Library = current_app.extensions["faq_library"]
    return found


def pointer() -> int:
    """The number of the last change to the overrides; 0 before the first."""
    return db.session.scalar(sa.select(CorpusPointer.number)) or 0


def bump(now: datetime) -> None:
    """Tell every process that the corpus changed, inside the caller's transaction."""
    insert_once(CorpusPointer, {"id": _ONLY_ROW, "number": 0, "changed_at": now}, "id")
    db.session.execute(
        sa.update(CorpusPointer)
        .where(CorpusPointer.id == _ONLY_ROW)
        .values(number=CorpusPointer.number + 1, changed_at=now)
    )


@cache
def files() -> Corpus:
    """The corpus of the files, read once a process: files change only with a new release."""
    return load()


def live_overrides(corpus: Corpus) -> list[Entry]:
    """Approved entries that still fit the files they were made on.

    An exported one stays until this process has started with the files it was written to.
    """
    live = Override.state.in_(("approved", "exported"))
    rows = db.session.scalars(sa.select(Override).where(live).order_by(Override.id))
    return [entry_of(row) for row in rows if is_fresh(row, corpus)]


def entry_of(row: Override) -> Entry:
    """The entry an override holds."""
    return Entry.model_validate(row.content, strict=False)


def is_fresh(row: Override, corpus: Corpus) -> bool:
    """Whether the file's entry is still the one that the override was made on."""
    base = corpus.entries.get(row.entry_id)
    return row.base_hash == (base.content_hash if base else "")


def models_folder() -> Path:
    """Where models with approved entries are kept; those of the files come with the set-up."""
    return Path(settings().data_dir) / "faq"


def bot_with(changed: list[Entry], today: date) -> Bot:
    """A bot of the files with some entries changed, as it would answer on a day."""
    whole = files().with_entries(changed)
    model = store.model_near(whole, files(), models_folder())
    return Bot.of(whole.in_force(today), model)


def _build(number: int, today: date) -> InForce:
    return InForce(bot_with(live_overrides(files()), today), number, today)
