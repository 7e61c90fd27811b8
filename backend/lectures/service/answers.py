"""What a person does with a booking: take an offered seat, say yes to a change, give it back."""

from __future__ import annotations

from datetime import datetime

from backend.audit.record import record
from backend.core.actor import SYSTEM, Actor
from backend.core.db import one_transaction
from backend.core.errors import BadInput, Conflict, FieldError, Forbidden
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import line, rows, telling
from backend.lectures.states import DOOR, LIVE, BookingState, LectureState

LONGEST_REASON = 200


def accept_offer(public_id: str, actor: Actor, now: datetime) -> Booking:
    """要: the kept seats become a booking. An offer that ran out lapses and goes to the next.

    A second tap changes nothing. Raises NotFound, Conflict `offer_over`, `wrong_state`.
    """
    booking, is_over = _accept(public_id, actor, now)
    if is_over:
        raise Conflict("这个座留到的时间过了，已经问下一位了。想来可以再排队。", code="offer_over")
    return booking


@one_transaction
def _accept(public_id: str, actor: Actor, now: datetime) -> tuple[Booking, bool]:
    _refuse_other_staff(actor)
    lecture, booking = rows.lock_booking(public_id, actor)
    if booking.state == BookingState.BOOKED:
        return booking, False
    _refuse_over(lecture, now)
    if booking.state == BookingState.LAPSED:
        return booking, True
    if booking.state != BookingState.OFFERED or booking.offer_ends_at is None:
        raise _wrong_state(booking)
    if now >= booking.offer_ends_at:
        lapse(booking, lecture, now)
        return booking, True
    booking.offer_ends_at = None
    booking.agreed_revision = lecture.revision
    line.move(booking, "accept_offer", actor, now)
    if not _was_told(booking, actor):
        telling.booked(booking.id, booking.worker_id, booking.party, lecture, now)
    return booking, False


@one_transaction
def cancel(public_id: str, actor: Actor, now: datetime, reason: str | None = None) -> Booking:
    """Give back seats or a place in line; freed seats are offered at once.

    Until the lecture's deadline; afterwards Conflict `too_late`, but a place in line or an offer
    can be given back until the start. Staff (by telephone, with a reason) may cancel until the
    start, which is counted as late. A second tap changes nothing.
    """
    _refuse_other_staff(actor)
    reason = _reason(reason) if actor.is_staff else None
    lecture, booking = rows.lock_booking(public_id, actor)
    if booking.state in (BookingState.CANCELLED, BookingState.LAPSED):
        return booking
    _refuse_over(lecture, now)
    if booking.attended:
        raise Conflict("您已经签到进场了，不用取消。", code="there")
    # who never agreed to the new time or place is not late for it
    is_agreed = booking.agreed_revision == lecture.revision
    is_past = now >= lecture.cancelling_closes_at
    is_late = booking.state == BookingState.BOOKED and is_agreed and is_past
    if is_late and not actor.is_staff:
        raise Conflict("过了取消的时间。来不了请打电话告诉我们，座位好给别人。", code="too_late")
    booking.is_late_cancel = is_late
    line.leave(booking, lecture, "cancel", actor, now, reason)
    if not _was_told(booking, actor):
        telling.cancelled(booking, lecture, not actor.is_staff, now)
    line.offer_freed_seats(lecture, now)
    return booking


@one_transaction
def confirm_change(public_id: str, actor: Actor, now: datetime) -> Booking:
    """还去: this person knows the new time or place and still comes."""
    _refuse_other_staff(actor)
    lecture, booking = rows.lock_booking(public_id, actor)
    if BookingState(booking.state) not in LIVE:
        raise _wrong_state(booking)
    _refuse_over(lecture, now)
    if booking.agreed_revision != lecture.revision:
        booking.agreed_revision = lecture.revision
        detail = {"revision": lecture.revision}
        record(telling.chain(booking.id), "confirm_change", actor, now, detail=detail)
    return booking


def lapse(booking: Booking, lecture: Lecture, now: datetime) -> None:
    """End an offer nobody answered, or a turn that never came; both rows are locked."""
    was_offered = booking.state == BookingState.OFFERED
    line.leave(booking, lecture, "lapse", SYSTEM, now)
    telling.lapsed(booking, lecture, was_offered, now)
    line.offer_freed_seats(lecture, now)


def _was_told(booking: Booking, actor: Actor) -> bool:
    """Whoever has no account hears it in the very call in which staff do it for them."""
    return actor.is_staff and booking.worker_id is None


def _reason(typed: str | None) -> str:
    reason = (typed or "").strip()
    if 0 < len(reason) <= LONGEST_REASON:
        return reason
    message = f"请写谁打电话来、为什么取消，最多 {LONGEST_REASON} 个字。"
    raise BadInput(message, errors=[FieldError("reason", message)])


def _refuse_other_staff(actor: Actor) -> None:
    if actor.is_staff and not actor.has_role(*DOOR):
        raise Forbidden("您的岗位不办讲座预约。")


def _refuse_over(lecture: Lecture, now: datetime) -> None:
    if lecture.state == LectureState.CANCELLED:
        raise Conflict("这场讲座取消了，不用再点。", code="lecture_cancelled")
    if now >= lecture.starts_at:
        raise Conflict("这场已经开讲或者讲完了，不能再改预约。", code="over")


def _wrong_state(booking: Booking) -> Conflict:
    words = {
        BookingState.WAITING: "还没轮到您，有座会告诉您。",
        BookingState.CANCELLED: "这个预约已经取消了。想来可以再约。",
        BookingState.LAPSED: "这次没轮到您。想来可以再排队。",
        BookingState.BOOKED: "您已经约好了。",
        BookingState.OFFERED: "有座给您留着，请先回话要不要。",
    }
    return Conflict(words[BookingState(booking.state)], code="wrong_state")
