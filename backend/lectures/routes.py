"""The lectures' door for workers: look, book, answer an offer, say how it was, order one."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from backend.core import clock, openapi
from backend.core.answers import created
from backend.core.schemas import Month
from backend.identity.guards import (
    current_actor,
    public,
    worker_optional,
    worker_session_required,
)
from backend.lectures.schemas import (
    AgreeIn,
    BookedOut,
    BookIn,
    BookingOut,
    FeedbackIn,
    LectureDetailOut,
    LecturesOut,
    OrderIn,
    OrderOut,
    OrdersOut,
    OrderThemesOut,
    OwnBookingsOut,
    RateIn,
    RefuseDateIn,
)
from backend.lectures.service import (
    after,
    answers,
    booking,
    ics,
    materials,
    order_reading,
    orders,
    reading,
    rows,
    views,
)
from backend.lectures.service.after import Said
from backend.lectures.service.booking import Wish
from backend.lectures.service.orders import Wanted

Answers = dict[int | str, dict[str, Any]]
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_CALENDAR: Answers = {200: {"description": "A calendar file", "content": {"text/calendar": _BYTES}}}
_FILE: Answers = {
    200: {"description": "The file", "content": dict.fromkeys(materials.MEDIA_TYPES, _BYTES)}
}

bp = APIBlueprint("lectures", __name__, url_prefix="/api/v1", tag="lectures")


class CursorQuery(BaseModel):
    """Where to go on reading."""

    model_config = ConfigDict(extra="forbid")
    cursor: str | None = Field(default=None, max_length=400)


class MonthQuery(BaseModel):
    """Which month."""

    model_config = ConfigDict(extra="forbid")
    month: Month


@bp.get("/lectures")
@worker_optional
@bp.input(CursorQuery, location="query", arg_name="query")
@bp.output(LecturesOut)
def coming(query: CursorQuery) -> LecturesOut:
    """Lectures that are not over, the next one first."""
    now = clock.now()
    page = reading.coming(current_actor(), query.cursor, now)
    items = [views.lecture_out(seen, now) for seen in page.items]
    return LecturesOut(items=items, next_cursor=page.next_cursor)


@bp.get("/lectures/calendar")
@worker_optional
@bp.input(MonthQuery, location="query", arg_name="query")
@bp.output(LecturesOut)
def calendar(query: MonthQuery) -> LecturesOut:
    """Every lecture of one month, cancelled ones too."""
    now = clock.now()
    year, month = map(int, query.month.split("-"))
    found = reading.of_month(year, month, current_actor())
    return LecturesOut(items=[views.lecture_out(seen, now) for seen in found])


@bp.get("/lectures/<lecture_id>")
@worker_optional
@bp.output(LectureDetailOut)
@openapi.also(answers=[404])
def lecture(lecture_id: str) -> LectureDetailOut:
    """One lecture with all that is on its page."""
    return views.detail_out(reading.one(lecture_id, current_actor()), clock.now())


@bp.get("/lectures/<lecture_id>/calendar.ics")
@public
@bp.doc(responses=_CALENDAR)
@openapi.also(answers=[404])
def calendar_file(lecture_id: str) -> Response:
    """The lecture for the phone's calendar; the same UID for ever, a higher SEQUENCE on change."""
    text = ics.calendar_of(rows.public_lecture(lecture_id), clock.now())
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=lecture.ics"
    return answer


@bp.get("/lectures/<lecture_id>/materials/<material_id>")
@public
@bp.doc(responses=_FILE)
@openapi.also(answers=[404])
def material(lecture_id: str, material_id: str) -> Response:
    """A file to take home."""
    file, content = materials.read(rows.public_lecture(lecture_id).id, material_id)
    answer = Response(content, content_type=file.media_type)
    answer.headers["Content-Disposition"] = materials.disposition(file)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.post("/lectures/<lecture_id>/bookings")
@worker_session_required
@bp.input(BookIn, arg_name="data")
@bp.output(BookedOut, status_code=201)
@openapi.also(answers=[404, 409])
def book(lecture_id: str, data: BookIn) -> Response:
    """Book seats, or a place on the waiting list with `may_wait`."""
    wish = Wish(
        party=data.party,
        key=data.key,
        may_wait=data.may_wait,
        name=data.name,
        org_name=data.org_name,
    )
    booked = booking.book(lecture_id, wish, current_actor(), clock.now())
    return created(
        BookedOut(
            id=booked.public_id, state=booked.state.value, party=booked.party, is_new=booked.is_new
        )
    )


@bp.get("/bookings")
@worker_session_required
@bp.input(CursorQuery, location="query", arg_name="query")
@bp.output(OwnBookingsOut)
def own_bookings(query: CursorQuery) -> OwnBookingsOut:
    """The worker's bookings, newest first."""
    now = clock.now()
    page = reading.own_bookings(current_actor(), query.cursor)
    items = [views.listed_out(seen, now) for seen in page.items]
    return OwnBookingsOut(items=items, next_cursor=page.next_cursor)


@bp.get("/bookings/<booking_id>")
@worker_session_required
@bp.output(BookingOut)
@openapi.also(answers=[404])
def own_booking(booking_id: str) -> BookingOut:
    """One booking with the code for the door."""
    return _booking(booking_id)


@bp.post("/bookings/<booking_id>/accept")
@worker_session_required
@bp.output(BookingOut)
@openapi.also(answers=[404, 409])
def accept(booking_id: str) -> BookingOut:
    """要: take the seats that were offered."""
    answers.accept_offer(booking_id, current_actor(), clock.now())
    return _booking(booking_id)


@bp.post("/bookings/<booking_id>/confirm")
@worker_session_required
@bp.output(BookingOut)
@openapi.also(answers=[404, 409])
def confirm(booking_id: str) -> BookingOut:
    """还去: still comes after time or place changed."""
    answers.confirm_change(booking_id, current_actor(), clock.now())
    return _booking(booking_id)


@bp.post("/bookings/<booking_id>/cancel")
@worker_session_required
@bp.output(BookingOut)
@openapi.also(answers=[404, 409])
def cancel(booking_id: str) -> BookingOut:
    """Give back seats, an offer or a place in line."""
    answers.cancel(booking_id, current_actor(), clock.now())
    return _booking(booking_id)


@bp.post("/bookings/<booking_id>/feedback")
@worker_session_required
@bp.input(FeedbackIn, arg_name="data")
@bp.output(BookingOut)
@openapi.also(answers=[404, 409])
def say(booking_id: str, data: FeedbackIn) -> BookingOut:
    """Say how it was."""
    after.say(booking_id, Said(**data.model_dump()), current_actor(), clock.now())
    return _booking(booking_id)


def _booking(booking_id: str) -> BookingOut:
    return views.booking_out(reading.own_booking(booking_id, current_actor()), clock.now())


@bp.get("/lecture-orders/themes")
@public
@bp.output(OrderThemesOut)
def themes() -> OrderThemesOut:
    """Themes to choose from when ordering: what was lectured on lately."""
    return OrderThemesOut(themes=order_reading.themes(clock.now()))


@bp.post("/lecture-orders")
@worker_session_required
@bp.input(OrderIn, arg_name="data")
@bp.output(OrderOut, status_code=201)
def order(data: OrderIn) -> OrderOut:
    """点单."""
    wanted = Wanted(**data.model_dump(mode="json"))
    now = clock.now()
    return views.order_out(orders.order(wanted, current_actor(), now), now)


@bp.get("/lecture-orders")
@worker_session_required
@bp.output(OrdersOut)
def own_orders() -> OrdersOut:
    """The worker's orders, newest first."""
    now = clock.now()
    found = order_reading.own(current_actor())
    return OrdersOut(items=[views.order_out(row, now) for row in found])


@bp.get("/lecture-orders/<order_id>")
@worker_session_required
@bp.output(OrderOut)
@openapi.also(answers=[404])
def own_order(order_id: str) -> OrderOut:
    """One order."""
    return views.order_out(order_reading.one(order_id, current_actor()), clock.now())


@bp.post("/lecture-orders/<order_id>/agree")
@worker_session_required
@bp.input(AgreeIn, arg_name="data")
@bp.output(OrderOut)
@openapi.also(answers=[404, 409])
def agree(order_id: str, data: AgreeIn) -> OrderOut:
    """这个时间行."""
    now = clock.now()
    return views.order_out(orders.agree(order_id, data.version, current_actor(), now), now)


@bp.post("/lecture-orders/<order_id>/refuse-date")
@worker_session_required
@bp.input(RefuseDateIn, arg_name="data")
@bp.output(OrderOut)
@openapi.also(answers=[404, 409])
def refuse_date(order_id: str, data: RefuseDateIn) -> OrderOut:
    """这个时间不行."""
    now = clock.now()
    row = orders.refuse_date(order_id, data.version, data.note, current_actor(), now)
    return views.order_out(row, now)


@bp.post("/lecture-orders/<order_id>/withdraw")
@worker_session_required
@bp.output(OrderOut)
@openapi.also(answers=[404, 409])
def withdraw(order_id: str) -> OrderOut:
    """不用来了."""
    now = clock.now()
    return views.order_out(orders.withdraw(order_id, current_actor(), now), now)


@bp.post("/lecture-orders/<order_id>/rating")
@worker_session_required
@bp.input(RateIn, arg_name="data")
@bp.output(OrderOut)
@openapi.also(answers=[404, 409])
def rate(order_id: str, data: RateIn) -> OrderOut:
    """评单."""
    now = clock.now()
    row = orders.rate(order_id, data.verdict, data.words, current_actor(), now)
    return views.order_out(row, now)
