"""What staff should look at: questions the bot did not answer or answered badly, and old entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, FieldError, NotFound
from backend.faqbot.models import StoredReview, Turn
from backend.faqbot.service.library import library
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY
from faq.schema import Entry

MOST_TURNS = 50_000
MOST_GROUPS = 100
LONGEST_NOTE = 200
BAD = frozenset({"wrong", "unclear", "not_my_case", "other"})
UNANSWERED = frozenset({"handoff", "suggest"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A turn without its words."""

    id: int
    conversation_id: int
    at: datetime
    kind: str
    likeness: str | None
    feedback: str | None
    entry_id: str | None


@dataclass(slots=True)
class Group:
    """Like questions of the last weeks: how often asked, unanswered, and rated useless."""

    likeness: str
    asked: int = 0
    unanswered: int = 0
    useless: int = 0
    example_id: int = 0
    last_at: datetime | None = None
    entry_ids: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Listed:
    """A group as it is shown: an example in somebody's own (masked) words."""

    group: Group
    example: str
    entries: list[str]
    closed_before: str


def unanswered(now: datetime) -> list[Listed]:
    """Groups of questions that need somebody, the often asked first.

    A group closed by staff comes back when it is asked again after that day.
    """
    query = (
        sa.select(
            Turn.id, Turn.conversation_id, Turn.at, Turn.kind, Turn.likeness, Turn.feedback,
            Turn.entry_id,
        )
        .where(Turn.at >= DEFAULT_POLICY.asked_often_since(now))
        # the newest conversations first: where there are too many, old ones are left out
        .order_by(Turn.conversation_id.desc(), Turn.id)
        .limit(MOST_TURNS)
    )  # fmt: skip
    groups = grouped(Seen(*row) for row in db.session.execute(query))
    closed = {review.likeness: review for review in db.session.scalars(sa.select(StoredReview))}
    found = [g for g in groups if _is_open(g, closed.get(g.likeness))]
    found.sort(key=lambda g: (-g.asked, -g.example_id))
    return _listed(found[:MOST_GROUPS], closed, now)


def grouped(turns: Iterable[Seen]) -> list[Group]:
    """Groups in which a question stayed without an answer, or its answer was rated useless.

    Takes the turns of each conversation in order, the conversations in any. A suggestion or a way out counts as no answer
    unless the person then chose something.
    """
    groups: dict[str, Group] = {}
    asked: Seen | None = None
    is_waiting = False
    for turn in turns:
        if asked is not None and turn.conversation_id != asked.conversation_id:
            _settled(groups, asked, is_waiting)
            asked, is_waiting = None, False
        if turn.kind == "asked" and turn.likeness:
            _settled(groups, asked, is_waiting)
            asked, is_waiting = turn, False
            group = groups.setdefault(turn.likeness, Group(turn.likeness))
            group.asked += 1
            if group.last_at is None or turn.at > group.last_at:
                group.example_id, group.last_at = turn.id, turn.at
        elif turn.kind in UNANSWERED:
            is_waiting = True
        elif turn.kind == "chosen":
            is_waiting = False
        if asked is not None and asked.likeness and turn.feedback in BAD:
            _useless(groups[asked.likeness], turn)
    _settled(groups, asked, is_waiting)
    return [group for group in groups.values() if group.unanswered or group.useless]


def expiring(now: datetime) -> list[Entry]:
    """Entries in force whose review is due soon or was, the oldest first."""
    until = DEFAULT_POLICY.review_ahead_until(shanghai_today(now))
    entries = library().in_force(now).bot.corpus.entries.values()
    return sorted((e for e in entries if e.review_by <= until), key=lambda e: (e.review_by, e.id))


@one_transaction
def close(likeness: str, note: str, actor: Actor, now: datetime) -> None:
    """Take a group off the list with the reason; BadInput without one."""
    note = note.strip()
    if not 2 <= len(note) <= LONGEST_NOTE:
        message = f"请写怎么处理的，2 到 {LONGEST_NOTE} 个字。"
        raise BadInput(message, errors=[FieldError(f"note-{likeness}", message)])
    if db.session.scalar(sa.select(Turn.id).where(Turn.likeness == likeness).limit(1)) is None:
        raise NotFound("没有找到这组问题。")
    row = db.session.get(StoredReview, likeness, with_for_update=True)
    today: date = shanghai_today(now)
    if row is None:
        row = StoredReview(likeness=likeness, done_on=today, done_by_id=actor.id, note=note)
        db.session.add(row)
    row.done_on, row.note = today, note
    row.done_by_id = actor.id  # type: ignore[assignment]  # a member of staff has an id
    record(f"staff:{actor.id}", "question_group_closed", actor, now, detail={"group": likeness})


def _settled(groups: dict[str, Group], asked: Seen | None, is_waiting: bool) -> None:
    """Count the question that was being looked at, now that what followed it is known."""
    if asked is not None and asked.likeness and is_waiting:
        groups[asked.likeness].unanswered += 1


def _useless(group: Group, turn: Seen) -> None:
    group.useless += 1
    group.reasons.add(turn.feedback or "")
    if turn.entry_id:
        group.entry_ids.add(turn.entry_id)


def _is_open(group: Group, review: StoredReview | None) -> bool:
    if review is None or group.last_at is None:
        return True
    return shanghai_today(group.last_at) > review.done_on


def _listed(groups: list[Group], closed: dict[str, StoredReview], now: datetime) -> list[Listed]:
    ids = [group.example_id for group in groups]
    rows = db.session.execute(sa.select(Turn.id, Turn.text).where(Turn.id.in_(ids)))
    texts = {row.id: row.text for row in rows}
    entries = library().in_force(now).bot.corpus.entries
    return [
        Listed(
            group,
            texts.get(group.example_id, ""),
            [entries[i].question for i in sorted(group.entry_ids) if i in entries],
            closed[group.likeness].note if group.likeness in closed else "",
        )
        for group in groups
    ]
