"""Lectures as staff see them: the calendar, the list, and one with everybody who booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core import masking
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.paging import Page, decode, encode
from backend.law.days import start_of_day
from backend.lectures import words
from backend.lectures.models import Booking, Lecture, LectureFeedback
from backend.lectures.service import desk_telling, phones, rows
from backend.lectures.states import DOOR, BookingState, LectureState

PAGE = 50
MOST_IN_A_MONTH = 200
SCOPES = ("coming", "draft", "over", "cancelled")
ONLY = ("unconfirmed", "to_call")


@dataclass(frozen=True, slots=True)
class Row:
    """One booking in a list at the desk; names are masked."""

    booking: Booking
    number: str
    who: str
    by: str
    is_agreed: bool
    phone_tail: str


def of_month(year: int, month: int, actor: Actor) -> list[Lecture]:
    """Every lecture of a month, drafts and cancelled ones too."""
    rows.refuse_others(actor, DOOR)
    after = date(year + month // 12, month % 12 + 1, 1)
    query = (
        sa.select(Lecture)
        .where(
            Lecture.starts_at >= start_of_day(date(year, month, 1)),
            Lecture.starts_at < start_of_day(after),
        )
        .order_by(Lecture.starts_at, Lecture.id)
        .limit(MOST_IN_A_MONTH)
    )
    return list(db.session.scalars(query))


def listed(scope: str, cursor: str | None, actor: Actor, now: datetime) -> Page[Lecture]:
    """A page of lectures: coming ones and drafts the next first, the others the latest first."""
    rows.refuse_others(actor, DOOR)
    is_forward = scope in ("coming", "draft")
    query = sa.select(Lecture).where(*_scope(scope, now))
    if cursor is not None:
        at, row_id = decode(cursor, 2)
        key = sa.tuple_(Lecture.starts_at, Lecture.id)
        last = sa.tuple_(sa.literal(datetime.fromisoformat(at), Lecture.starts_at.type), row_id)
        query = query.where(key > last if is_forward else key < last)
    order = (
        (Lecture.starts_at, Lecture.id)
        if is_forward
        else (Lecture.starts_at.desc(), Lecture.id.desc())
    )
    found = list(db.session.scalars(query.order_by(*order).limit(PAGE + 1)))
    last_row = found[PAGE - 1] if len(found) > PAGE else None
    cursor_out = encode(last_row.starts_at.isoformat(), last_row.id) if last_row else None
    return Page(found[:PAGE], cursor_out)


def _scope(scope: str, now: datetime) -> list[sa.ColumnElement[bool]]:
    if scope == "draft":
        return [Lecture.state == LectureState.DRAFT.value]
    if scope == "cancelled":
        return [Lecture.state == LectureState.CANCELLED.value]
    published = Lecture.state == LectureState.PUBLISHED.value
    if scope == "over":
        return [published, Lecture.starts_at <= now]
    return [published, Lecture.starts_at > now]


@one_transaction
def read(public_id: str, actor: Actor, now: datetime) -> Lecture:
    """A lecture for its page at the desk; that its bookings were read is recorded."""
    rows.refuse_others(actor, DOOR)
    lecture = rows.lecture(public_id)
    detail = {"lecture_id": lecture.id}
    record(f"staff:{actor.id}", "lecture_read", actor, now, detail=detail)
    return lecture


def of_series(series: str, actor: Actor) -> list[Lecture]:
    """The lectures made in one go for a year, by date."""
    rows.refuse_others(actor, DOOR)
    query = sa.select(Lecture).where(Lecture.series == series)
    return list(db.session.scalars(query.order_by(Lecture.starts_at, Lecture.id)))


def counts(now: datetime) -> dict[str, int]:
    """How many lectures each scope holds."""
    return {
        scope: db.session.scalar(
            sa.select(sa.func.count()).select_from(Lecture).where(*_scope(scope, now))
        )
        or 0
        for scope in SCOPES
    }


def bookings(
    lecture: Lecture,
    states: tuple[BookingState, ...],
    cursor: str | None = None,
    only: str | None = None,
) -> Page[Row]:
    """A page of a lecture's bookings in the order they came; names masked.

    `only` narrows it: `unconfirmed` have not agreed to a change, `to_call` are to be telephoned.
    """
    query = sa.select(Booking).where(
        Booking.lecture_id == lecture.id, Booking.state.in_([state.value for state in states])
    )
    if only == "unconfirmed":
        query = query.where(Booking.agreed_revision != lecture.revision)
    elif only == "to_call":
        query = query.where(desk_telling.is_to_call())
    if cursor is not None:
        query = query.where(Booking.id > decode(cursor, 1)[0])
    found = list(db.session.scalars(query.order_by(Booking.id).limit(PAGE + 1)))
    last = found[PAGE - 1] if len(found) > PAGE else None
    tails = phones.tails(found[:PAGE])
    shown = [row_of(booking, lecture, tails[booking.id]) for booking in found[:PAGE]]
    return Page(shown, encode(last.id) if last else None)


def row_of(booking: Booking, lecture: Lecture, phone_tail: str) -> Row:
    """A booking with its people masked: 示例骑手驿站 · 吴*."""
    name = masking.name(booking.name) if booking.name else ""
    return Row(
        booking=booking,
        number=words.number(booking.id),
        who=" · ".join(filter(None, (booking.org_name, name))) or "没写名字",
        by=booking.booked_by_name,
        is_agreed=booking.agreed_revision == lecture.revision,
        phone_tail=phone_tail,
    )


def feedback(lecture_id: int) -> list[LectureFeedback]:
    """What listeners said of a lecture, newest first."""
    query = (
        sa.select(LectureFeedback)
        .where(LectureFeedback.lecture_id == lecture_id)
        .order_by(LectureFeedback.id.desc())
        .limit(PAGE)
    )
    return list(db.session.scalars(query))
