"""One booking as staff see it when somebody telephones: who it is, what was told, the course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.audit.models import AuditEvent
from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import one_transaction
from backend.core.errors import Forbidden, NotFound
from backend.lectures import words
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import line, phones, rows, telling, trail
from backend.lectures.states import DOOR, LIVE, BookingState, LectureState
from backend.notify import outbox
from backend.notify.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class BookingDesk:
    """A booking with everything on its page; names and telephone in clear."""

    lecture: Lecture
    booking: Booking
    number: str
    phone_tail: str
    ahead: int | None
    needs_confirming: bool
    may_change: bool
    messages: list[OutboxMessage]
    course: list[AuditEvent]


@one_transaction
def read(lecture_id: str, booking_id: str, actor: Actor, now: datetime) -> BookingDesk:
    """A booking of this lecture; that its person was read is recorded."""
    lecture, booking = find(lecture_id, booking_id, actor)
    detail = {"booking_id": booking.id}
    record(f"staff:{actor.id}", "booking_read", actor, now, detail=detail)
    is_ahead = lecture.state == LectureState.PUBLISHED and now < lecture.starts_at
    is_live = BookingState(booking.state) in LIVE
    is_waiting = booking.state == BookingState.WAITING
    return BookingDesk(
        lecture=lecture,
        booking=booking,
        number=words.number(booking.id),
        phone_tail=phones.tails([booking])[booking.id],
        ahead=line.place(booking)[0] if is_waiting else None,
        needs_confirming=is_live and is_ahead and booking.agreed_revision != lecture.revision,
        may_change=is_live and is_ahead,
        messages=outbox.messages(telling.chain(booking.id)),
        course=trail.latest(telling.chain(booking.id)),
    )


def find(lecture_id: str, booking_id: str, actor: Actor) -> tuple[Lecture, Booking]:
    """A booking of this lecture; NotFound for another lecture's."""
    if not actor.has_role(*DOOR):
        raise Forbidden("您的岗位不办讲座预约。")
    lecture, booking = rows.booking(booking_id, actor)
    if lecture.public_id != lecture_id:
        raise NotFound(rows.NO_BOOKING)
    return lecture, booking
