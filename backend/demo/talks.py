"""What people of the demo say to the bot, and what staff do with the questions it hands over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from backend.core.actor import VISITOR
from backend.core.db import db
from backend.demo.bench import Bench
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.service import Cited
from backend.faqbot.service import asking, drafts, first_drafts, humans, overrides, staff_replies
from backend.faqbot.service.overrides import Proposal
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY


def talk(bench: Bench, now: datetime, *texts: str) -> str:
    """Somebody not signed in says these things one after the other; gives their key."""
    key = bench.key()
    for text in texts:
        asking.ask(key, text, bench.key(), VISITOR, now)
    return key


def call_a_person(bench: Bench, key: str, now: datetime, *, phone: str | None = None) -> str:
    """They tap 转人工; gives the question's public id."""
    humans.call(key, bench.key(), None, phone, VISITOR, now)
    newest = sa.select(Escalation.public_id).order_by(Escalation.id.desc()).limit(1)
    return db.session.scalars(newest).one()


def take(bench: Bench, question: str, who: str, now: datetime) -> None:
    """A member of staff takes the question."""
    escalations.take(question, _version(question), bench.staff[who], now)


def answer(bench: Bench, question: str, who: str, text: str, cited: Cited, now: datetime) -> None:
    """Whoever took it answers, naming one article."""
    staff_replies.answer(question, _version(question), text, [cited], bench.staff[who], now)


def into_faq(bench: Bench, question: str, who: str, title: str, now: datetime) -> int:
    """An answered question becomes a proposal for the FAQ; gives its id."""
    draft = first_drafts.from_question(question, bench.staff[who], now)
    entry = drafts.entry_of(replace(draft, question=title), now)
    note = "最近问的人多，机器人答不上。"
    row = overrides.propose(Proposal(entry, "", note, question), bench.staff[who], now)
    return row.id


def add_phrasing(bench: Bench, entry_id: str, text: str, who: str, now: datetime) -> None:
    """Somebody proposes one more way of asking for an entry; it waits for a second person."""
    entry = overrides.in_force(entry_id, now)
    if entry is None:
        raise LookupError(f"the demo needs the entry {entry_id}")
    review_by = DEFAULT_POLICY.review_by_after(shanghai_today(now)).isoformat()
    phrasings = [*entry.phrasings, text]
    draft = replace(drafts.of_entry(entry), phrasings=phrasings, review_by=review_by)
    changed = drafts.entry_of(draft, now)
    proposal = Proposal(changed, entry.content_hash, "有人这样问，没答上。")
    overrides.propose(proposal, bench.staff[who], now)


def approve(bench: Bench, override_id: int, who: str, now: datetime) -> None:
    """A second person agrees."""
    version = overrides.one(override_id).version
    overrides.approve(override_id, version, "看过原文，可以。", bench.staff[who], now)


def _version(question: str) -> int:
    query = sa.select(Escalation.version).where(Escalation.public_id == question)
    return db.session.scalars(query).one()
