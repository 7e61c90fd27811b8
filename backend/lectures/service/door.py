"""The door: the list for a staff phone, scans sent at once or later, and walk-ins counted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from backend.audit.record import record
from backend.core import masking
from backend.core.actor import Actor
from backend.core.db import db, insert_once, one_transaction
from backend.core.errors import Conflict, Unavailable
from backend.lectures import words
from backend.lectures.models import Booking, DoorScan, Lecture
from backend.lectures.service import codes, door_words, phones, rows, telling
from backend.lectures.service.door_words import Result
from backend.lectures.states import DOOR, BookingState, LectureState

MOST_SCANS = 500
MOST_WALK_INS = 1000
_DOOR_OPENS_S = 3 * 3600
#: A slow network blurs the moment of a scan by seconds; two this close are taken as they arrive.
_BLUR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody on the door list. `code_hash` lets the phone know a code without network."""

    booking_id: str
    number: str
    name: str
    org_name: str
    phone_tail: str
    party: int
    attended: int
    attended_at: datetime | None
    is_agreed: bool
    code_hash: str


@dataclass(frozen=True, slots=True)
class Came:
    """How many of a booking came; says nothing about who they are."""

    booking_id: str
    attended: int
    attended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as the phone sends it.

    `code` is what was scanned, `booking_id` what was picked from the list; neither: walk-ins.
    `people` came (None: the whole party; 0 takes the booking back). `age_s` is how long ago by
    the phone's own clock, which may be wrong in the day but not in the difference.
    """

    key: str
    code: str | None = None
    booking_id: str | None = None
    people: int | None = None
    age_s: float = 0.0


@one_transaction
def door_list(public_id: str, actor: Actor, now: datetime) -> tuple[Lecture, list[Expected]]:
    """Everybody who is expected, by booking; that it was read is recorded."""
    lecture = lecture_of(public_id, actor)
    query = sa.select(Booking).where(
        Booking.lecture_id == lecture.id, Booking.state == BookingState.BOOKED.value
    )
    booked = db.session.scalars(query.order_by(Booking.id)).all()
    tails = phones.tails(booked)
    expected = [_expected(row, lecture, tails[row.id]) for row in booked]
    detail = {"lecture_id": lecture.id, "bookings": len(expected)}
    record(f"staff:{actor.id}", "door_list_read", actor, now, detail=detail)
    return lecture, expected


def _expected(row: Booking, lecture: Lecture, tail: str) -> Expected:
    return Expected(
        booking_id=row.public_id,
        number=words.number(row.id),
        name=masking.name(row.name or ""),
        org_name=row.org_name or "",
        phone_tail=tail,
        party=row.party,
        attended=row.attended,
        attended_at=row.attended_at,
        is_agreed=row.agreed_revision == lecture.revision,
        code_hash=_hash(row.public_id),
    )


def _hash(booking_id: str) -> str:
    return hashlib.sha256(codes.code_of(booking_id).encode()).hexdigest()


def given_back(lecture: Lecture) -> list[str]:
    """Hashes of the codes whose bookings were cancelled, so that a phone knows them offline."""
    query = sa.select(Booking.public_id).where(
        Booking.lecture_id == lecture.id, Booking.state == BookingState.CANCELLED.value
    )
    return [_hash(booking_id) for booking_id in db.session.scalars(query)]


def lecture_of(public_id: str, actor: Actor) -> Lecture:
    """The lecture whose door is opened; names nobody, so that nothing is recorded."""
    rows.refuse_others(actor, DOOR)
    return rows.lecture(public_id)


def came(public_id: str, actor: Actor) -> tuple[Lecture, list[Came]]:
    """Who is in already, by booking and without names: what other phones did meanwhile."""
    lecture = lecture_of(public_id, actor)
    query = sa.select(Booking.public_id, Booking.attended, Booking.attended_at).where(
        Booking.lecture_id == lecture.id,
        Booking.state == BookingState.BOOKED.value,
        Booking.attended > 0,
    )
    return lecture, [Came(*row) for row in db.session.execute(query)]


def take_scans(public_id: str, scans: Sequence[Scan], actor: Actor, now: datetime) -> list[Result]:
    """Take what a phone scanned, each once however often it is sent; results in the same order.

    Each scan stands for itself: one that cannot be taken says so and stops none of the others.
    """
    lecture_id = lecture_of(public_id, actor).id
    results: list[Result] = []
    wanted = scans[:MOST_SCANS]
    for scan in wanted:
        try:
            results.append(_take(lecture_id, scan, actor, now))
        except Conflict as problem:
            results.append(door_words.later(scan.key, problem.detail))
        except Unavailable as problem:
            # the others would wait for the same lock one after the other
            left = wanted[len(results) :]
            return results + [door_words.later(one.key, problem.detail) for one in left]
    return results


@one_transaction
def _take(lecture_id: int, scan: Scan, actor: Actor, now: datetime) -> Result:
    lecture = rows.lock_lecture_id(lecture_id)
    before = db.session.scalar(
        sa.select(DoorScan).where(DoorScan.lecture_id == lecture.id, DoorScan.scan_key == scan.key)
    )
    if before is not None:
        return _again(before, lecture, now)
    if lecture.state != LectureState.PUBLISHED:
        return door_words.closed(scan.key)
    at = _when(scan, lecture, now)
    if scan.code is None and scan.booking_id is None:
        return _walk_in(lecture, scan, actor, at, now)
    booking = _find(scan)
    result = _judge(booking, lecture, scan, at)
    if result == "in" and booking is not None:
        _let_in(booking, lecture, scan, actor, at, now)
    people = _people(booking, scan) if booking is not None and result == "in" else 0
    _keep(lecture, booking, scan, result, people, at, actor, now)
    return _said(scan.key, result, booking, now)


def _when(scan: Scan, lecture: Lecture, now: datetime) -> datetime:
    """The moment of the scan by our clock: not in the future, not before the door opened."""
    opened = min(lecture.starts_at.timestamp() - _DOOR_OPENS_S, now.timestamp())
    said = now.timestamp() - max(scan.age_s, 0.0)
    return datetime.fromtimestamp(max(said, opened), tz=now.tzinfo)


def _find(scan: Scan) -> Booking | None:
    public_id = codes.booking_of(scan.code) if scan.code is not None else scan.booking_id
    if public_id is None:
        return None
    query = sa.select(Booking).where(Booking.public_id == public_id).with_for_update()
    row: Booking | None = db.session.scalar(query.execution_options(populate_existing=True))
    return row


def _judge(booking: Booking | None, lecture: Lecture, scan: Scan, at: datetime) -> str:
    if booking is None:
        return "forged"
    if booking.lecture_id != lecture.id:
        return "other_lecture"
    if booking.state != BookingState.BOOKED:
        return "not_booked"
    if scan.people is None:
        return "again" if booking.attended else "in"
    # a number typed beside somebody already let in puts the count right, unless another phone
    # put it right after that and this one only had no network
    return "again" if _is_overtaken(booking, at) else "in"


def _is_overtaken(booking: Booking, at: datetime) -> bool:
    query = sa.select(DoorScan.id).where(
        DoorScan.booking_id == booking.id, DoorScan.result == "in", DoorScan.at > at + _BLUR
    )
    return db.session.scalar(query.limit(1)) is not None


def _people(booking: Booking, scan: Scan) -> int:
    return min(max(scan.people if scan.people is not None else booking.party, 0), booking.party)


def _let_in(
    booking: Booking, lecture: Lecture, scan: Scan, actor: Actor, at: datetime, now: datetime
) -> None:
    booking.attended = _people(booking, scan)
    booking.attended_at = (booking.attended_at or at) if booking.attended else None
    db.session.flush()
    detail = {"people": booking.attended}
    record(telling.chain(booking.id), "check_in", actor, at, detail=detail)
    if booking.attended and booking.worker_id is not None and lecture.asked_how_it_was:
        # the scan was sent after the others were asked; a second time writes nothing
        telling.how_it_was(booking, lecture, now)


def _walk_in(lecture: Lecture, scan: Scan, actor: Actor, at: datetime, now: datetime) -> Result:
    """People without a booking: they are counted, not named. A negative count takes some back."""
    asked = 1 if scan.people is None else scan.people
    people = max(-lecture.walk_ins, min(asked, MOST_WALK_INS - lecture.walk_ins))
    lecture.walk_ins += people
    db.session.flush()
    _keep(lecture, None, scan, "walk_in", max(people, 0), at, actor, now)
    detail = {"people": people}
    record(telling.lecture_chain(lecture.id), "walk_in", actor, at, detail=detail)
    return door_words.walk_ins(scan.key, lecture)


def _keep(
    lecture: Lecture,
    booking: Booking | None,
    scan: Scan,
    result: str,
    people: int,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    values = {
        "lecture_id": lecture.id,
        "booking_id": booking.id if booking is not None else None,
        "scan_key": scan.key,
        "result": result,
        "people": people,
        "at": at,
        "received_at": now,
        "staff_id": actor.id,
    }
    insert_once(DoorScan, values, "lecture_id", "scan_key")


def _again(before: DoorScan, lecture: Lecture, now: datetime) -> Result:
    if before.result == "walk_in":
        return door_words.walk_ins(before.scan_key, lecture)
    booking = db.session.get(Booking, before.booking_id) if before.booking_id else None
    return _said(before.scan_key, before.result, booking, now)


def _said(key: str, result: str, booking: Booking | None, now: datetime) -> Result:
    own = db.session.get(Lecture, booking.lecture_id) if booking is not None else None
    return door_words.said(key, result, booking, own, now)
