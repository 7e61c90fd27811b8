"""One lecture: seats, who booked and how they were reached, the line, messages, what came after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apiflask import APIBlueprint
from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import Problem
from backend.desk.frame import is_part
from backend.desk.lecture_deeds import deed_words
from backend.desk.lectures import state_word
from backend.faqbot.service import worklists
from backend.faqbot.service.worklists import Listed
from backend.identity.guards import current_actor, staff_required
from backend.law.days import local_date
from backend.law.lecture_times import is_provisional
from backend.lectures import words
from backend.lectures.models import Lecture
from backend.lectures.service import after, desk_reading, desk_telling, reading, telling, trail
from backend.lectures.service.after import Numbers
from backend.lectures.service.desk_reading import Row
from backend.lectures.states import DOOR, ORGANISERS, BookingState, LectureState
from backend.notify import reached

bp = APIBlueprint("lecture_page", __name__, enable_openapi=False)

MOST_TOPICS = 6
LINE = (BookingState.OFFERED, BookingState.WAITING)
ENDED = (BookingState.CANCELLED, BookingState.LAPSED)


@dataclass(frozen=True, slots=True)
class Seats:
    """The bar of seats: what is taken, what is kept for an answer, and why a free one is free."""

    all: int
    booked: int
    kept: int
    free: int
    why: str

    @property
    def least(self) -> int:
        """Fewer seats than these there cannot be."""
        return self.booked + self.kept


@bp.get("/lectures/<lecture_id>")
@staff_required(*DOOR)
def page(lecture_id: str) -> AnyResponse:
    """Everything about one lecture; that it was read is recorded."""
    return show(lecture_id)


def show(
    lecture_id: str,
    problem: Problem | None = None,
    *,
    seats: str | None = None,
    material_title: str = "",
) -> AnyResponse:
    """The page, or for htmx the list of bookings alone; a refused act's words stand on top."""
    actor, now = current_actor(), clock.now()
    row = desk_reading.read(lecture_id, actor, now)
    only = request.args.get("only", "")
    only = only if only in desk_reading.ONLY else ""
    states = ENDED if request.args.get("only") == "ended" else (BookingState.BOOKED,)
    booked = desk_reading.bookings(row, states, request.args.get("cursor"), only or None)
    shown = {
        "row": row,
        "booked": booked.items,
        "next_cursor": booked.next_cursor,
        "only": "ended" if states is ENDED else only,
        "reached": reached.reached(telling.chain(one.booking.id) for one in booked.items),
        "numbers": (numbers := after.numbers(row)),
        "may_book": row.state == LectureState.PUBLISHED and now < row.booking_closes_at,
    }
    if is_part("list"):
        return make_response(render_template("desk/_lecture_bookings.html", **shown))
    line = desk_reading.bookings(row, LINE).items
    errors = problem.errors if problem else []
    html = render_template(
        "desk/lecture.html",
        **shown,
        **_head(row, now),
        seats=seats_of(row, numbers, line, now),
        typed_seats=seats if seats is not None else row.seats,
        material_title=material_title,
        line=line,
        sent=desk_telling.sent(row, now),
        calls=desk_telling.count_to_call(row.id),
        feedback=desk_reading.feedback(row.id),
        materials=reading.materials(row.id),
        topics=_topics(row, now),
        course=trail.latest(telling.lecture_chain(row.id)),
        deed_words=deed_words,
        problem=problem,
        problems=errors,
        wrong=(wrong := {error["field"]: error["message"] for error in errors}),
        seats_fault=wrong.get("seats", ""),
        is_organiser=actor.has_role(*ORGANISERS),
        verdict_words=words.VERDICT_WORDS,
    )
    return make_response(html, problem.status if problem else 200)


def _head(row: Lecture, now: datetime) -> dict[str, object]:
    """What stands under the title."""
    is_published = row.state == LectureState.PUBLISHED
    return {
        "state": state_word(row, now),
        "on": (on := local_date(row.starts_at)),
        "is_provisional": is_provisional(on),
        "when": words.span(row.starts_at, row.ends_at),
        "where": words.where(row.place, row.online),
        "form_word": words.FORM_WORDS[row.form],
        "audience_words": "、".join(words.AUDIENCE_WORDS[one] for one in row.audiences),
        "is_draft": row.state == LectureState.DRAFT,
        "is_ahead": is_published and now < row.starts_at,
        "may_cancel": row.state == LectureState.DRAFT or (is_published and now < row.ends_at),
        "is_over": is_published and now >= row.ends_at,
        "is_cancelled": row.state == LectureState.CANCELLED,
        "has_door": is_published,
    }


def seats_of(row: Lecture, numbers: Numbers, line: list[Row], now: datetime) -> Seats:
    """Seats in numbers; a free one is explained, because free seats beside a line look wrong."""
    free = row.seats - numbers.booked - numbers.kept_for_offers
    waiting = [one.booking for one in line if one.booking.state == BookingState.WAITING]
    why = ""
    if row.state == LectureState.DRAFT:
        why = "还没发布"
    elif row.state == LectureState.CANCELLED or now >= row.starts_at:
        why = ""
    elif now >= row.booking_closes_at:
        why = "过了预约时间"
    elif free > 0 and waiting and waiting[0].party > free:
        why = f"下一位候补要 {waiting[0].party} 座，坐不下"
    elif free > 0 and not waiting:
        why = "还能约"
    return Seats(row.seats, numbers.booked, numbers.kept_for_offers, free, why)


def _topics(row: Lecture, now: datetime) -> list[Listed]:
    """What people asked lately and the bot did not answer well; of use while a talk is prepared."""
    if row.state == LectureState.CANCELLED or now >= row.starts_at:
        return []
    return worklists.unanswered(now)[:MOST_TOPICS]
