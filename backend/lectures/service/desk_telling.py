"""What a lecture's people were told, will be told, and who must be told by telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.core.db import db
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models import Booking, Lecture
from backend.lectures.states import LIVE, BookingState, LectureState
from backend.notify.models import OutboxMessage
from backend.notify.outbox import is_open_call

#: Templates of telling.py in the words of the desk, in the order they are sent.
TEMPLATE_WORDS = {
    "lecture_booked": "预约成功",
    "lecture_waiting": "排上队",
    "lecture_offered": "有座，问要不要",
    "lecture_lapsed": "没轮到",
    "lecture_booking_cancelled": "预约取消",
    "lecture_changed": "改了，请再确认",
    "lecture_cancelled": "讲座取消",
    "remind_lecture_day": "前一天提醒",
    "remind_lecture_soon": "前两小时提醒",
    "lecture_feedback": "讲得怎么样",
}
_SUBJECT = sa.literal("booking:") + sa.cast(Booking.id, sa.String)


@dataclass(frozen=True, slots=True)
class Sent:
    """One kind of message: how many people, when the last one was written or when it is due."""

    words: str
    people: int
    at: datetime
    is_due: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """How many would be told of a change now: in their phone, and by telephone."""

    by_app: int
    by_phone: int

    @property
    def all(self) -> int:
        """Everybody who is told."""
        return self.by_app + self.by_phone


def is_to_call() -> sa.ColumnElement[bool]:
    """Whether a booking's person is still to be told something by telephone."""
    return sa.exists().where(OutboxMessage.subject == _SUBJECT, is_open_call())


def to_call(lecture_id: int) -> list[tuple[OutboxMessage, Booking]]:
    """Messages of a lecture nobody has told their people yet, the oldest first."""
    query = (
        sa.select(OutboxMessage, Booking)
        .join(Booking, OutboxMessage.subject == _SUBJECT)
        .where(Booking.lecture_id == lecture_id, is_open_call())
        .order_by(OutboxMessage.id)
        .limit(200)
    )
    return [(message, booking) for message, booking in db.session.execute(query)]


def count_to_call(lecture_id: int) -> int:
    """How many people of a lecture are to be telephoned."""
    query = sa.select(sa.func.count(sa.distinct(OutboxMessage.subject))).where(
        OutboxMessage.subject.in_(_subjects(lecture_id)), is_open_call()
    )
    return db.session.scalar(query) or 0


def sent(lecture: Lecture, now: datetime) -> list[Sent]:
    """What was sent by kind, and below it the reminders that are still to come."""
    query = (
        sa.select(
            OutboxMessage.template,
            sa.func.count(sa.distinct(OutboxMessage.subject)).label("people"),
            sa.func.max(OutboxMessage.created_at, type_=OutboxMessage.created_at.type).label("at"),
        )
        .where(OutboxMessage.subject.in_(_subjects(lecture.id)))
        .group_by(OutboxMessage.template)
    )
    found = {row.template: row for row in db.session.execute(query)}
    done = [
        Sent(words, found[template].people, found[template].at, is_due=False)
        for template, words in TEMPLATE_WORDS.items()
        if template in found
    ]
    return done + _to_come(lecture, now)


def audience(lecture_id: int) -> Audience:
    """Whom a change of the lecture would be told to now."""
    has_account = Booking.worker_id.is_not(None)
    query = sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((has_account, 1), else_=0)), 0),
        sa.func.count(),
    ).where(
        Booking.lecture_id == lecture_id,
        Booking.state.in_(sorted(state.value for state in LIVE)),
    )
    by_app, everybody = db.session.execute(query).one()
    return Audience(int(by_app), int(everybody) - int(by_app))


def _to_come(lecture: Lecture, now: datetime) -> list[Sent]:
    if lecture.state != LectureState.PUBLISHED or now >= lecture.starts_at:
        return []
    reminders = (
        ("remind_lecture_day", lecture.day_reminded_revision, DEFAULT_TIMES.day_reminder_at),
        ("remind_lecture_soon", lecture.soon_reminded_revision, DEFAULT_TIMES.soon_reminder_at),
    )
    booked = sa.select(sa.func.count()).where(
        Booking.lecture_id == lecture.id, Booking.state == BookingState.BOOKED.value
    )
    people = db.session.scalar(booked) or 0
    return [
        Sent(TEMPLATE_WORDS[template], people, due_at(lecture.starts_at), is_due=True)
        for template, done_revision, due_at in reminders
        if done_revision < lecture.revision
    ]


def _subjects(lecture_id: int) -> sa.Select[str]:
    return sa.select(_SUBJECT).where(Booking.lecture_id == lecture_id)
