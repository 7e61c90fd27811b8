"""Lectures, bookings and orders in the shape the API gives them."""

from __future__ import annotations

from datetime import datetime

import segno

from backend.core.installation import bureau
from backend.law.days import is_past, shanghai_today, zh_date
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures import words
from backend.lectures.models import Booking, Lecture, LectureOrder
from backend.lectures.schemas import (
    BookingOut,
    LectureDetailOut,
    LectureOut,
    MaterialOut,
    NoticeOut,
    OrderOut,
    OwnBookingListItemOut,
    OwnBookingOut,
    WishOut,
)
from backend.lectures.service import codes, order_telling, reading, rows, telling
from backend.lectures.service.reading import Seen
from backend.lectures.states import (
    LIVE,
    ORDER_LABELS,
    UNANSWERED,
    BookingState,
    LectureState,
    OrderState,
)
from backend.notify import outbox


def lecture_out(seen: Seen, now: datetime) -> LectureOut:
    """A lecture for a list."""
    return LectureOut.model_validate(_lecture_values(seen, now))


def _lecture_values(seen: Seen, now: datetime) -> dict[str, object]:
    row = seen.lecture
    is_open = row.state == LectureState.PUBLISHED and now < row.booking_closes_at
    has_own = seen.booking is not None and seen.booking.state in LIVE
    return {
        "id": row.public_id,
        "state": row.state,
        "title": row.title,
        "theme": row.theme,
        "form": row.form,
        "audiences": row.audiences,
        "speaker": row.speaker,
        "place": row.place,
        "is_online": bool(row.online),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "seats": row.seats,
        "taken": row.seats_taken,
        "free": seen.free(),
        "waiting": row.waiting_count,
        "is_over": now >= row.ends_at,
        "can_book": is_open and not has_own and seen.free() > 0,
        "can_wait": is_open and not has_own and seen.free() == 0,
        "own": own_out(seen.booking, row, seen.ahead, now) if seen.booking else None,
    }


def own_out(booking: Booking, lecture: Lecture, ahead: int | None, now: datetime) -> OwnBookingOut:
    """What a person has to do with a lecture, and what they may do now."""
    is_ahead = lecture.state == LectureState.PUBLISHED and now < lecture.starts_at
    is_live = BookingState(booking.state) in LIVE and is_ahead
    is_changed = booking.agreed_revision != lecture.revision
    is_booked = booking.state == BookingState.BOOKED
    may_still = not is_booked or is_changed or now < lecture.cancelling_closes_at
    can_say = (
        is_booked
        and rows.was_there(booking, lecture)
        and lecture.ends_at <= now < DEFAULT_TIMES.feedback_until(lecture.ends_at)
        and reading.feedback_of(booking.id) is None
    )
    return OwnBookingOut(
        id=booking.public_id,
        number=words.number(booking.id),
        state=booking.state,
        party=booking.party,
        ahead=ahead,
        offer_ends_at=booking.offer_ends_at,
        needs_confirming=is_live and is_changed,
        can_cancel=is_live and may_still and not booking.attended,
        can_say=can_say,
    )


def detail_out(seen: Seen, now: datetime) -> LectureDetailOut:
    """A lecture for its own page."""
    row = seen.lecture
    is_booked = seen.booking is not None and seen.booking.state == BookingState.BOOKED
    return LectureDetailOut.model_validate(
        _lecture_values(seen, now)
        | {
            "about": row.about,
            "address": row.address,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "map_url": row.map_url,
            "online": row.online if is_booked else None,
            "booking_closes_at": row.booking_closes_at,
            "cancelling_closes_at": row.cancelling_closes_at,
            "change_note": row.change_note,
            "cancel_reason": row.cancel_reason,
            "party_max": min(row.seats, bureau().policy.lecture_party_max),
            "materials": [
                MaterialOut(
                    id=file.public_id,
                    title=file.title,
                    media_type=file.media_type,
                    size_bytes=file.size_bytes,
                )
                for file in reading.materials(row.id)
            ],
            "listeners_said": reading.shown_words(row.id),
        }
    )


def booking_out(seen: Seen, now: datetime) -> BookingOut:
    """A booking for its own page, with the code while it is booked."""
    booking, lecture = seen.booking, seen.lecture
    assert booking is not None  # the caller found it by its booking
    is_booked = booking.state == BookingState.BOOKED and lecture.state == LectureState.PUBLISHED
    # where there is no door nobody asks for a code
    code = codes.code_of(booking.public_id) if is_booked and lecture.place else None
    return BookingOut(
        own=own_out(booking, lecture, seen.ahead, now),
        lecture=lecture_out(seen, now),
        online=lecture.online if is_booked else None,
        code=code,
        code_rows=_rows_of(code) if code else None,
        attended=booking.attended,
        notices=_notices(telling.chain(booking.id)),
    )


def _rows_of(code: str) -> list[str]:
    """The QR picture of a code, error correction M: a scratched screen is read too."""
    picture = segno.make_qr(code, error="m", boost_error=False)
    return ["".join("1" if bit else "0" for bit in row) for row in picture.matrix]


def listed_out(seen: Seen, now: datetime) -> OwnBookingListItemOut:
    """A booking for the worker's own list."""
    assert seen.booking is not None  # the list is made of bookings
    own = own_out(seen.booking, seen.lecture, seen.ahead, now)
    return OwnBookingListItemOut(own=own, lecture=lecture_out(seen, now))


def order_out(row: LectureOrder, now: datetime) -> OrderOut:
    """An order for whoever ordered; what staff know besides is left out."""
    is_open = OrderState(row.state) in UNANSWERED
    return OrderOut(
        id=row.public_id,
        number=words.order_number(row.id),
        version=row.version,
        state=row.state,
        state_label=ORDER_LABELS[OrderState(row.state)],
        org_name=row.org_name,
        org_kind=row.org_kind,
        theme=row.theme,
        about=row.about,
        place=row.place,
        people=row.people,
        wished=[WishOut.model_validate(wish) for wish in row.wished],
        ordered_at=row.ordered_at,
        answer_due_on=row.answer_due_on,
        answer_due_words=zh_date(row.answer_due_on),
        is_late=is_open and is_past(row.answer_due_on, shanghai_today(now)),
        officer_name=row.officer_name,
        proposed_at=row.proposed_at,
        speaker=row.speaker,
        staff_note=row.staff_note,
        held_at=row.held_at,
        attended=row.attended,
        verdict=row.verdict,
        notices=_notices(order_telling.subject(row)),
    )


def _notices(subject: str) -> list[NoticeOut]:
    return [
        NoticeOut(at=one.created_at, title=one.title, text=one.text)
        for one in outbox.messages(subject)
    ]
