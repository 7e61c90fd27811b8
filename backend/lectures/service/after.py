"""After a lecture: what those who came say, which of it others may read, and the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from backend.audit.record import record
from backend.core import private
from backend.core.actor import Actor
from backend.core.db import db, insert_once, one_transaction
from backend.core.errors import Conflict, NotFound
from backend.identity import service as identity
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models import Booking, Lecture, LectureFeedback
from backend.lectures.service import reading, rows, telling
from backend.lectures.states import BookingState
from backend.wechat import content

_If = sa.ColumnElement[bool] | InstrumentedAttribute[bool]


@dataclass(frozen=True, slots=True)
class Said:
    """What a listener says. `may_be_shown`: others may read the words, without a name."""

    verdict: str
    words: str | None = None
    still_unclear: str | None = None
    may_be_shown: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """A lecture in numbers; people, not bookings, unless the name says so."""

    seats: int
    booked: int
    bookings: int
    kept_for_offers: int
    waiting: int
    waiting_bookings: int
    cancelled: int
    cancelled_late: int
    came: int
    walk_ins: int
    missed: int
    useful: int
    partly: int
    not_useful: int

    @property
    def listeners(self) -> int:
        """Everybody who sat there."""
        return self.came + self.walk_ins


@one_transaction
def say(booking_id: str, said: Said, actor: Actor, now: datetime) -> LectureFeedback:
    """Say how it was, once for each booking that was attended; telephone numbers are masked.

    Raises NotFound, Conflict `not_over`, `not_there`, `over`, `already_said`.
    """
    lecture, booking = rows.booking(booking_id, actor)
    if booking.worker_id is None or booking.worker_id != actor.id or actor.is_staff:
        raise NotFound(rows.NO_BOOKING)  # staff read bookings, but nobody speaks for another
    _refuse(lecture, booking, now)
    values = {
        "lecture_id": lecture.id,
        "booking_id": booking.id,
        "verdict": said.verdict,
        "words": private.mask(said.words).text if said.words else None,
        "still_unclear": private.mask(said.still_unclear).text if said.still_unclear else None,
        "may_be_shown": said.may_be_shown and bool(said.words),
        "at": now,
    }
    if not insert_once(LectureFeedback, values, "booking_id"):
        raise Conflict("您已经说过了，谢谢您。", code="already_said")
    record(telling.chain(booking.id), "say_how_it_was", actor, now)
    row = reading.feedback_of(booking.id)
    assert row is not None  # written just above
    _have_checked(row, actor, now)
    return row


def _have_checked(row: LectureFeedback, actor: Actor, now: datetime) -> None:
    """Words others may read are checked by WeChat first; without an openid staff judge alone."""
    worker = identity.worker_by_id(actor.id) if actor.id is not None else None
    if row.may_be_shown and row.words and worker is not None and worker.openid:
        content.queue_text(check_subject(row), worker.openid, row.words, now)


def check_subject(row: LectureFeedback) -> str:
    """What the content check of these words is kept under."""
    return f"lecture_words:{row.id}"


def _refuse(lecture: Lecture, booking: Booking, now: datetime) -> None:
    if now < lecture.ends_at:
        raise Conflict("讲座还没讲完，讲完再说。", code="not_over")
    if booking.state != BookingState.BOOKED or not rows.was_there(booking, lecture):
        raise Conflict("没有您到场的记录，评不了。到过场的请打电话告诉我们。", code="not_there")
    if now >= DEFAULT_TIMES.feedback_until(lecture.ends_at):
        raise Conflict("评价的时间过了。有话可以在问一问里告诉我们。", code="over")


@one_transaction
def show(feedback_id: str, is_shown: bool, actor: Actor, now: datetime) -> LectureFeedback:
    """Let others read what a listener allowed to be read, or take it back."""
    rows.refuse_others(actor)
    query = sa.select(LectureFeedback).where(LectureFeedback.public_id == feedback_id)
    row: LectureFeedback | None = db.session.scalar(query.with_for_update())
    if row is None:
        raise NotFound("没有找到这条评价。")
    if is_shown and not row.may_be_shown:
        raise Conflict("说的人没有同意给别人看。", code="not_allowed")
    if is_shown:
        _refuse_unchecked(row)
    row.shown_at = now if is_shown else None
    act = "show_feedback" if is_shown else "hide_feedback"
    record(telling.lecture_chain(row.lecture_id), act, actor, now, detail={"feedback_id": row.id})
    return row


def _refuse_unchecked(row: LectureFeedback) -> None:
    """Where WeChat is not sure, staff decide; where it has not answered or said no, they wait."""
    state = content.states([check_subject(row)]).get(check_subject(row))
    if state in ("waiting", "asked"):
        raise Conflict("微信还在检查这段话，等它查完再展示。", code="being_checked")
    if state == "risky":
        raise Conflict("微信说这段话不合适给别人看，不能展示。", code="risky")


def numbers(lecture: Lecture) -> Numbers:
    """Count everything of one lecture with two queries."""
    state, party = Booking.state, Booking.party
    booked = state == BookingState.BOOKED.value
    row = db.session.execute(
        sa.select(
            _total(booked, party).label("booked"),
            _count(booked).label("bookings"),
            _total(state == BookingState.OFFERED.value, party).label("kept_for_offers"),
            _total(state == BookingState.WAITING.value, party).label("waiting"),
            _count(state == BookingState.WAITING.value).label("waiting_bookings"),
            _total(state == BookingState.CANCELLED.value, party).label("cancelled"),
            _total(Booking.is_late_cancel, party).label("cancelled_late"),
            sa.func.coalesce(sa.func.sum(Booking.attended), 0).label("came"),
        ).where(Booking.lecture_id == lecture.id)
    ).one()
    counted = db.session.execute(
        sa.select(LectureFeedback.verdict, sa.func.count().label("said"))
        .where(LectureFeedback.lecture_id == lecture.id)
        .group_by(LectureFeedback.verdict)
    )
    said: dict[str, int] = {one.verdict: one.said for one in counted}
    return Numbers(
        seats=lecture.seats,
        walk_ins=lecture.walk_ins,
        missed=row.booked - row.came,
        useful=said.get("useful", 0),
        partly=said.get("partly", 0),
        not_useful=said.get("not_useful", 0),
        **row._asdict(),
    )


def _total(condition: _If, column: InstrumentedAttribute[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, column), else_=0)), 0)


def _count(condition: _If) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
