"""Staff put lectures right, publish, change, resize and cancel them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError
from backend.lectures import words
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import line, rows, telling
from backend.lectures.service.plan import MOST_SEATS, Plan, check
from backend.lectures.states import (
    LECTURE_MOVES,
    LIVE,
    BookingState,
    LectureState,
    next_state,
)

LONGEST_REASON = 200


@one_transaction
def edit(public_id: str, version: int, plan: Plan, actor: Actor, now: datetime) -> Lecture:
    """Put a lecture's facts right. A draft: everything. A published one: what moves nobody.

    Time and place of a published lecture change by `change`, seats by `resize`: Conflict
    `tell_people` when the plan differs there. Conflict `stale` when somebody was first.
    """
    rows.refuse_others(actor)
    check(plan)
    row = rows.lock_lecture(public_id, version)
    if row.state == LectureState.CANCELLED:
        raise Conflict("这场已经取消了，不能再改。", code="wrong_state")
    wanted = plan.columns()
    if row.state == LectureState.PUBLISHED and _differs(row, wanted, (*MOVING, "seats")):
        raise Conflict(
            "发布了的讲座，改时间地点请点“改时间或地点”，改座位请点“改座位数”：要告诉约了的人。",
            code="tell_people",
        )
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    row.version += 1
    db.session.flush()
    record(telling.lecture_chain(row.id), "edit_lecture", actor, now, detail={"fields": changed})
    _keep_to_deadline(row, now)
    return row


#: What people who booked must be told of and asked about again.
MOVING = ("starts_at", "ends_at", "place", "address", "online")


def _differs(row: Lecture, wanted: dict[str, Any], names: Sequence[str]) -> bool:
    return any(getattr(row, name) != wanted[name] for name in names)


@one_transaction
def publish(public_id: str, version: int, actor: Actor, now: datetime) -> Lecture:
    """Let people book a draft; it must still lie ahead. A second click changes nothing."""
    rows.refuse_others(actor)
    row = rows.lock_lecture(public_id)
    if row.state == LectureState.PUBLISHED:
        return row
    rows.lock_lecture(public_id, version)
    if now >= row.booking_closes_at:
        raise Conflict("“预约到”的时间已经过了，请先改好再发布。", code="over")
    _move(row, "publish", actor, now)
    row.published_at = now
    return row


@one_transaction
def change(public_id: str, version: int, plan: Plan, note: str, actor: Actor, now: datetime) -> int:
    """Move a published lecture in time or place: everybody is told and asked again.

    Returns how many bookings were told. Deadlines are the plan's. Raises BadInput, Conflict.
    """
    rows.refuse_others(actor)
    check(plan)
    note = note.strip()
    if len(note) > LONGEST_REASON:
        message = f"说明最多 {LONGEST_REASON} 个字。"
        raise BadInput(message, errors=[FieldError("note", message)])
    row = rows.lock_lecture(public_id, version)
    if row.state != LectureState.PUBLISHED:
        raise Conflict("只有发布了的讲座才要这样改。", code="wrong_state")
    if now >= row.starts_at:
        raise Conflict("这场已经开讲或者讲完了，不能再改。", code="over")
    if plan.starts_at <= now:
        message = "新的时间已经过去了，请再看一下。"
        raise BadInput(message, errors=[FieldError("starts_at", message)])
    wanted = plan.columns()
    if not _differs(row, wanted, MOVING):
        raise Conflict("时间和地点都没变，不用通知。", code="nothing_changed")
    was = words.span(row.starts_at, row.ends_at)
    for name in (*MOVING, "latitude", "longitude", "map_url", *DEADLINES):
        setattr(row, name, wanted[name])
    row.revision += 1
    row.version += 1
    row.change_note = note or None
    db.session.flush()
    detail = {"was": was, "now": words.span(row.starts_at, row.ends_at)}
    record(telling.lecture_chain(row.id), "change_lecture", actor, now, reason=note, detail=detail)
    told = _tell_all(row, now)
    _keep_to_deadline(row, now)
    return told


DEADLINES = ("booking_closes_at", "cancelling_closes_at")


def _tell_all(row: Lecture, now: datetime) -> int:
    """Tell everybody who holds or waits for seats."""
    found = _live(row.id)
    for booking in found:
        telling.changed(booking, row, now)
    return len(found)


def _keep_to_deadline(row: Lecture, now: datetime) -> None:
    """Offers do not outlive a new deadline; free seats it opens again are offered in order."""
    for booking in _live(row.id):
        if booking.offer_ends_at is not None:
            booking.offer_ends_at = min(booking.offer_ends_at, row.booking_closes_at)
    db.session.flush()
    line.offer_freed_seats(row, now)


def _live(lecture_id: int) -> list[Booking]:
    query = (
        sa.select(Booking)
        .where(
            Booking.lecture_id == lecture_id,
            Booking.state.in_(sorted(state.value for state in LIVE)),
        )
        .order_by(Booking.id)
        .with_for_update()
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


@one_transaction
def resize(public_id: str, seats: int, actor: Actor, now: datetime) -> Lecture:
    """Set how many seats there are; more are offered to those who wait at once.

    Conflict `too_few` below what is booked or kept for an answer.
    """
    rows.refuse_others(actor)
    if not 1 <= seats <= MOST_SEATS:
        message = f"座位数在 1 到 {MOST_SEATS} 之间。"
        raise BadInput(message, errors=[FieldError("seats", message)])
    row = rows.lock_lecture(public_id)
    if row.state == LectureState.CANCELLED:
        raise Conflict("这场已经取消了，不能再改。", code="wrong_state")
    if seats < row.seats_taken:
        raise Conflict(
            f"已经约出和留着 {row.seats_taken} 座，座位数不能少于 {row.seats_taken}。",
            code="too_few",
            taken=row.seats_taken,
        )
    was, row.seats = row.seats, seats
    row.version += 1
    db.session.flush()
    detail = {"was": was, "now": seats}
    record(telling.lecture_chain(row.id), "resize_lecture", actor, now, detail=detail)
    line.offer_freed_seats(row, now)
    return row


@one_transaction
def cancel_lecture(public_id: str, version: int, reason: str, actor: Actor, now: datetime) -> int:
    """Call a lecture off and tell everybody; returns how many bookings were told.

    Offers and places in line end; bookings stay as they were, under a cancelled lecture.
    """
    rows.refuse_others(actor)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        message = f"请写取消的原因，最多 {LONGEST_REASON} 个字：会告诉约了的人。"
        raise BadInput(message, errors=[FieldError("reason", message)])
    row = rows.lock_lecture(public_id)
    if row.state == LectureState.CANCELLED:
        return 0
    rows.lock_lecture(public_id, version)
    if row.state == LectureState.PUBLISHED and now >= row.ends_at:
        raise Conflict("这场已经讲完了，不能再取消。", code="over")
    row.cancel_reason = reason
    _move(row, "cancel_lecture", actor, now, reason)
    return _end_all(row, now)


def _end_all(row: Lecture, now: datetime) -> int:
    found = _live(row.id)
    for booking in found:
        if booking.state != BookingState.BOOKED:
            line.leave(booking, row, "lapse", SYSTEM, now)
        telling.lecture_cancelled(booking, row, now)
    return len(found)


def _move(row: Lecture, name: str, actor: Actor, now: datetime, reason: str | None = None) -> None:
    before = LectureState(row.state)
    target = next_state(LECTURE_MOVES, name, before)
    if target is None:
        raise Conflict("这场讲座现在不能这样办，请刷新再看。", code="wrong_state")
    row.state = target.value
    row.version += 1
    db.session.flush()
    record(
        telling.lecture_chain(row.id), name, actor, now,
        from_state=before.value, to_state=target.value, reason=reason,
    )  # fmt: skip
