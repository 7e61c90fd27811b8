"""Tables of the question bot: conversations, what was said and answered, staff's overrides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Encrypted, UtcDateTime, db

AUTHORS = ("person", "bot", "staff")
CHANNELS = ("app", "account")
FEEDBACK = ("useful", "wrong", "unclear", "not_my_case", "other")
OVERRIDE_STATES = ("proposed", "approved", "rejected", "replaced", "exported")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Conversation(db.Model):  # type: ignore[name-defined, misc]
    """One person's talk with the bot, found by the hash of a key that only the phone holds.

    `facts` is what was said and may be used for 30 minutes: when, contract, where, amounts.
    """

    __tablename__ = "conversations"
    __table_args__ = (sa.CheckConstraint(_one_of("channel", CHANNELS), name="channel_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    channel: Mapped[str] = mapped_column(sa.String(10))
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workers.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    facts: Mapped[str | None] = mapped_column(Encrypted("conversations.facts"))
    facts_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    misses: Mapped[int] = mapped_column(default=0)
    restarted_after: Mapped[int] = mapped_column(default=0)


class Turn(db.Model):  # type: ignore[name-defined, misc]
    """One thing said. The person's words are masked before they come here.

    `entry_id` and `revision` name what was answered; `payload` holds ids and choices, never
    personal data. `ask_key` makes a repeated request one turn; `likeness` groups like questions.
    """

    __tablename__ = "turns"
    __table_args__ = (
        sa.CheckConstraint(_one_of("author", AUTHORS), name="author_known"),
        sa.CheckConstraint(
            f"feedback IS NULL OR {_one_of('feedback', FEEDBACK)}", name="feedback_known"
        ),
        sa.UniqueConstraint("conversation_id", "ask_key"),
        sa.Index("ix_turns_conversation_id_id", "conversation_id", "id"),
        sa.Index("ix_turns_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    author: Mapped[str] = mapped_column(sa.String(10))
    kind: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(Encrypted("turns.text"))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    entry_id: Mapped[str | None] = mapped_column(sa.String(80), index=True)
    revision: Mapped[str | None] = mapped_column(sa.String(16))
    score: Mapped[float | None]
    corpus: Mapped[str | None] = mapped_column(sa.String(16))
    ask_key: Mapped[str | None] = mapped_column(sa.String(40))
    likeness: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    feedback: Mapped[str | None] = mapped_column(sa.String(20))
    feedback_note: Mapped[str | None] = mapped_column(Encrypted("turns.feedback_note"))
    feedback_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class EntryRevision(db.Model):  # type: ignore[name-defined, misc]
    """An entry exactly as it was answered once, so that "当时怎么答的" can be shown for ever."""

    __tablename__ = "entry_revisions"
    __table_args__ = (sa.UniqueConstraint("entry_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(sa.String(80))
    revision: Mapped[str] = mapped_column(sa.String(16))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Override(db.Model):  # type: ignore[name-defined, misc]
    """A change of the corpus by staff (收进题库): proposed, approved by somebody else, live.

    `base_hash` is the content hash of the file's entry it was made on ("" for a new entry): when
    the file moves on the override is stale and no longer used. `content` is a whole entry.
    """

    __tablename__ = "overrides"
    __table_args__ = (
        sa.CheckConstraint(_one_of("state", OVERRIDE_STATES), name="state_known"),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name="by_somebody_else"),
        # one live text an entry: two approvals cannot both be in force
        sa.Index(
            "uq_overrides_live",
            "entry_id",
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        ),
        # one form of one person is one proposal, however often it was sent
        sa.Index("ix_overrides_proposed_by_id_form_key", "proposed_by_id", "form_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    entry_id: Mapped[str] = mapped_column(sa.String(80), index=True)
    base_hash: Mapped[str] = mapped_column(sa.String(16))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    note: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[str] = mapped_column(sa.String(10))
    escalation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("escalations.id"))
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    proposed_by_name: Mapped[str] = mapped_column(sa.String(60))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    decided_by_name: Mapped[str] = mapped_column(sa.String(60), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decision_note: Mapped[str] = mapped_column(sa.String(500), default="")
    form_key: Mapped[str | None] = mapped_column(sa.String(64))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class StaffAnswer(db.Model):  # type: ignore[name-defined, misc]
    """Where an answer of staff belongs, so that whoever gets a like question finds it by an index.

    `likeness` is that of the question; `entry_id` the entry, or the thing outside, that the bot
    thought of first when the answer was given.
    """

    __tablename__ = "staff_answers"
    __table_args__ = (
        sa.Index("ix_staff_answers_likeness_answered_at", "likeness", "answered_at"),
        sa.Index("ix_staff_answers_entry_id_answered_at", "entry_id", "answered_at"),
    )

    escalation_id: Mapped[int] = mapped_column(sa.ForeignKey("escalations.id"), primary_key=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime())
    likeness: Mapped[str | None] = mapped_column(sa.String(64))
    entry_id: Mapped[str | None] = mapped_column(sa.String(80))


class CorpusPointer(db.Model):  # type: ignore[name-defined, misc]
    """One row: a number that grows with every approval, so that each process sees a change."""

    __tablename__ = "corpus_pointer"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())


class StoredReview(db.Model):  # type: ignore[name-defined, misc]
    """A work-list item closed by staff: a question group that needs no entry, with the reason."""

    __tablename__ = "question_reviews"

    likeness: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    done_on: Mapped[date]
    done_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(sa.String(200))
