"""Approved changes written back into the files, so that the files stay the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import SYSTEM
from backend.core.db import db, one_transaction
from backend.faqbot.models import Override
from backend.faqbot.service import topics
from backend.faqbot.service.library import entry_of
from backend.faqbot.service.overrides import chain
from backend.law.policy import DEFAULT_POLICY
from faq.check import has_few_phrasings
from faq.corpus import ROOT, load
from faq.reading import read
from faq.schema import CorpusError, Entry, Topic
from faq.writing import written

STAFF_OWNER = "问题解答"


@dataclass(frozen=True, slots=True)
class Few:
    """An entry with too few phrasings; without a day it makes the check of the files fail now."""

    entry_id: str
    phrasings: int
    complete_by: date | None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: ids by file, and ids left out because their file has moved on.

    `few` are those written with fewer phrasings than an entry of the files needs.
    """

    written: dict[str, list[str]]
    stale: list[str]
    few: list[Few] = field(default_factory=list)


@one_transaction
def export(now: datetime, root: Path = ROOT) -> Exported:
    """Write every approved change into its topic's file and mark it as exported.

    It stays in force in running processes until they start with the new files. A change whose
    file has moved on is left alone and named. CorpusError when the files cannot be read.
    """
    corpus = load(root)
    approved = sa.select(Override).where(Override.state == "approved").with_for_update()
    rows = list(db.session.scalars(approved.order_by(Override.id)))
    by_topic: dict[str, list[Override]] = defaultdict(list)
    stale: list[str] = []
    for row in rows:
        base = corpus.entries.get(row.entry_id)
        if row.base_hash != (base.content_hash if base else ""):
            stale.append(row.entry_id)
            continue
        by_topic[corpus.topics.get(row.entry_id, topics.STAFF)].append(row)
    done, few = {}, []
    for topic, changed in by_topic.items():
        path = root / "content" / f"{topic}.yaml"
        _write(path, [entry_of(row) for row in changed])
        done[path.name] = [row.entry_id for row in changed]
        few += [_few(entry) for entry in map(entry_of, changed) if has_few_phrasings(entry)]
        for row in changed:
            row.state = "exported"
            record(chain(row.id), "export", SYSTEM, now, detail={"file": path.name})
    return Exported(done, stale, few)


def _few(entry: Entry) -> Few:
    until = DEFAULT_POLICY.phrasings_complete_by(entry.reviewed_on)
    return Few(entry.id, len(entry.phrasings), until if entry.is_by_staff else None)


def _write(path: Path, changed: Iterable[Entry]) -> None:
    """Put the entries into a topic's file: in place of the old ones, new ones at its end."""
    topic: Topic | list[object] = _new_topic(path)
    if path.is_file():
        found = read(path, Topic)
        if isinstance(found, list):
            raise CorpusError(found)
        topic = found
    assert isinstance(topic, Topic)
    entries = {entry.id: entry for entry in topic.entries} | {entry.id: entry for entry in changed}
    whole = Topic.model_construct(
        topic=topic.topic, title=topic.title, owner=topic.owner, entries=list(entries.values())
    )
    # beside it first: a stop half-way must not leave half a file
    fresh = path.with_suffix(".yaml.new")
    fresh.write_text(written(whole), encoding="utf-8")
    fresh.replace(path)


def _new_topic(path: Path) -> Topic:
    return Topic.model_construct(
        topic=path.stem, title=topics.STAFF_TITLE, owner=STAFF_OWNER, entries=[]
    )
