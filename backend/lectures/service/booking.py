"""Booking seats: one conditional statement takes them, or the booking joins the waiting list."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.audit.record import record
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import UtcDateTime, connection, db, insert_row, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError, Forbidden
from backend.core.installation import bureau
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import rows, telling
from backend.lectures.service.rows import Snapshot
from backend.lectures.states import DOOR, LIVE, BookingState, LectureState

ATTEMPTS = 5
_TURNS = "刚才这场有人约、有人取消，没排上。请再点一次。"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants how many seats. `key` is made on the phone; `phone` only where staff book."""

    party: int
    key: str
    may_wait: bool = False
    name: str | None = None
    org_name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as it stands now; `is_new` is False for the same key a second time."""

    public_id: str
    state: BookingState
    party: int
    is_new: bool


class _NotSo(Exception):
    """The lecture is not as the statement wants it: full, free, closed, or not there."""


def book(lecture_id: str, wish: Wish, actor: Actor, now: datetime) -> Booked:
    """Book seats for oneself or a group, all of them or none.

    Full: a place on the waiting list when `may_wait`, else Conflict `full`. Nobody jumps the
    line: while somebody waits, free seats are for them. The same key gives the first result,
    also when the lecture filled up since. Raises NotFound, Forbidden, BadInput (head-count) and
    Conflict `closed`, `already_booked`, `lecture_cancelled`, `over`, `full`, `retry`.
    """
    _refuse_stranger(actor, wish)
    try:
        return _book(lecture_id, wish, actor, now)
    except (BadInput, Conflict):
        if (same := _same_key(wish, actor)) is not None:
            return same
        raise


def _book(lecture_id: str, wish: Wish, actor: Actor, now: datetime) -> Booked:
    """Try first and look after: who gets a seat needs no look, and the rush is for seats."""
    _refuse_head_count(wish, bureau().policy.lecture_party_max)
    for _ in range(ATTEMPTS):
        try:
            return _take(lecture_id, wish, actor, now)
        except IntegrityError as error:
            return _lost_race(error, lecture_id, wish, actor)
        except _NotSo:
            seen = rows.snapshot(lecture_id)
        _check(seen, wish, now)
        if not _is_full(seen, wish):
            continue  # a seat came back in between
        if not wish.may_wait:
            raise _full(seen)
        try:
            return _join(lecture_id, wish, actor, now)
        except IntegrityError as error:
            return _lost_race(error, lecture_id, wish, actor)
        except _NotSo:
            continue
    raise Conflict(_TURNS, code="retry")


def _is_full(seen: Snapshot, wish: Wish) -> bool:
    return seen.waiting_count > 0 or seen.seats_taken + wish.party > seen.seats


def _refuse_stranger(actor: Actor, wish: Wish) -> None:
    if actor.is_staff:
        if not actor.has_role(*DOOR):
            raise Forbidden("您的岗位不能代人预约。")
        if not wish.phone:
            message = "请填电话：讲座有变要打给他。"
            raise BadInput(message, errors=[FieldError("phone", message)])


def _check(seen: Snapshot, wish: Wish, now: datetime) -> None:
    if seen.state == LectureState.CANCELLED:
        raise Conflict("这场讲座取消了，约不了。", code="lecture_cancelled")
    if now >= seen.starts_at:
        raise Conflict("这场已经开讲或者讲完了，请看别的场次。", code="over")
    if now >= seen.booking_closes_at:
        raise Conflict("这场过了预约时间。可以到现场问有没有空座。", code="closed")
    _refuse_head_count(wish, min(seen.seats, bureau().policy.lecture_party_max))


def _refuse_head_count(wish: Wish, most: int) -> None:
    if not 1 <= wish.party <= most:
        message = f"一次可以约 1 到 {most} 座。人更多请点“请来讲”，我们上门讲。"
        raise BadInput(message, errors=[FieldError("party", message)])


def _full(seen: Snapshot) -> Conflict:
    free = max(0, seen.seats - seen.seats_taken)
    if seen.waiting_count == 0 and free:
        words = f"座位不够，只剩 {free} 座。可以少约几座，或者排队。"
    else:
        words = "座位约满了。可以排队，有座按先后问您。"
    return Conflict(words, code="full", free=free, waiting=seen.waiting_count)


_LIVE_STATES = sorted(state.value for state in LIVE)
_PARTY = sa.bindparam("party", type_=sa.Integer)
_COLUMNS = [getattr(Lecture, field.name) for field in fields(Snapshot)]
_OPEN = (
    Lecture.public_id == sa.bindparam("lecture"),
    Lecture.state == LectureState.PUBLISHED.value,
    Lecture.booking_closes_at > sa.bindparam("now", type_=UtcDateTime()),
)
_TAKE = (
    sa.update(Lecture)
    .where(*_OPEN, Lecture.waiting_count == 0, Lecture.seats_taken + _PARTY <= Lecture.seats)
    .values(seats_taken=Lecture.seats_taken + _PARTY)
    .returning(*_COLUMNS)
)
_WAIT = (
    sa.update(Lecture)
    .where(*_OPEN, sa.or_(Lecture.waiting_count > 0, Lecture.seats_taken + _PARTY > Lecture.seats))
    .values(waiting_count=Lecture.waiting_count + 1)
    .returning(*_COLUMNS)
)


@one_transaction
def _take(lecture_id: str, wish: Wish, actor: Actor, now: datetime) -> Booked:
    lecture = _changed(_TAKE, lecture_id, wish, now)
    values = _insert(lecture, wish, BookingState.BOOKED, actor, now)
    telling.booked(values["id"], values["worker_id"], wish.party, lecture, now)
    return Booked(values["public_id"], BookingState.BOOKED, wish.party, is_new=True)


@one_transaction
def _join(lecture_id: str, wish: Wish, actor: Actor, now: datetime) -> Booked:
    lecture = _changed(_WAIT, lecture_id, wish, now)
    values = _insert(lecture, wish, BookingState.WAITING, actor, now)
    telling.waiting(values["id"], values["worker_id"], wish.party, lecture, now)
    return Booked(values["public_id"], BookingState.WAITING, wish.party, is_new=True)


def _changed(statement: sa.Executable, lecture_id: str, wish: Wish, now: datetime) -> Snapshot:
    """Take the hot row: first of all, so that everybody queues at it and ids grow in line order."""
    values = {"lecture": lecture_id, "party": wish.party, "now": now}
    row = connection().execute(statement, values).one_or_none()
    if row is None:
        raise _NotSo
    return Snapshot(*row)


def _insert(
    lecture: Snapshot, wish: Wish, state: BookingState, actor: Actor, now: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "public_id": _public_id(wish.key, actor),
        "lecture_id": lecture.id,
        "worker_id": None if actor.is_staff else actor.id,
        "state": state.value,
        "party": wish.party,
        "name": wish.name,
        "org_name": wish.org_name,
        "phone": wish.phone,
        "phone_index": crypto.blind_index("phone", wish.phone) if wish.phone else None,
        "booked_by_id": actor.id if actor.is_staff else None,
        "booked_by_name": actor.name if actor.is_staff else "",
        "created_at": now,
        "agreed_revision": lecture.revision,
    }
    values["id"] = insert_row(Booking, values)
    act = "book" if state == BookingState.BOOKED else "join_line"
    detail = {"lecture_id": lecture.id, "party": wish.party}
    record(
        telling.chain(values["id"]), act, actor, now,
        to_state=state.value, detail=detail, is_first=True,
    )  # fmt: skip
    return values


def _public_id(key: str, actor: Actor) -> str:
    """A booking is named by its key, scoped to its sender: nobody gets at another's by a key."""
    return crypto.public_id_of("booking", f"{actor.kind}:{actor.id}:{key}")


def _same_key(wish: Wish, actor: Actor) -> Booked | None:
    query = sa.select(Booking.public_id, Booking.state, Booking.party).where(
        Booking.public_id == _public_id(wish.key, actor)
    )
    row = connection().execute(query).one_or_none()
    if row is None:
        return None
    return Booked(row.public_id, BookingState(row.state), row.party, is_new=False)


def _lost_race(error: IntegrityError, lecture_id: str, wish: Wish, actor: Actor) -> Booked:
    """Two taps or two tabs: the same key gets the same booking, another key is told of it."""
    if (same := _same_key(wish, actor)) is not None:
        return same
    found = _live_booking(lecture_id, wish, actor)
    if found is None:
        raise error
    words = "您已经约了这场。要改人数，请先取消再约。"
    if found.state == BookingState.WAITING:
        words = "您已经在这场排队了。要改人数，请先取消再排。"
    raise Conflict(words, code="already_booked", booking_id=found.public_id)


def _live_booking(lecture_id: str, wish: Wish, actor: Actor) -> Booked | None:
    query = (
        sa.select(Booking.public_id, Booking.state, Booking.party)
        .join(Lecture, Lecture.id == Booking.lecture_id)
        .where(Lecture.public_id == lecture_id, Booking.state.in_(_LIVE_STATES))
    )
    if actor.is_staff and wish.phone:
        query = query.where(Booking.phone_index == crypto.blind_index("phone", wish.phone))
    else:
        query = query.where(Booking.worker_id == actor.id)
    row = db.session.execute(query).first()
    if row is None:
        return None
    return Booked(row.public_id, BookingState(row.state), row.party, is_new=False)
