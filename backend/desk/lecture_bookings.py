"""代为预约, one booking when its person telephones, and the people of a lecture to be called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock, crypto, texts
from backend.core.errors import BadInput, Conflict, FieldError, Problem
from backend.core.installation import bureau
from backend.desk.lecture_deeds import deed_words
from backend.desk.lecture_forms import whole
from backend.identity.guards import current_actor, staff_required
from backend.lectures import words
from backend.lectures.models import Lecture
from backend.lectures.service import answers, booking, desk_booking, desk_reading
from backend.lectures.service.booking import Booked, Wish
from backend.lectures.states import BOOKING_LABELS, DOOR, BookingState

bp = APIBlueprint("lecture_bookings", __name__, enable_openapi=False)

LONGEST_NAME, LONGEST_ORG, LONGEST_KEY = 30, 60, 64


@bp.get("/lectures/<lecture_id>/book")
@staff_required(*DOOR)
def ask(lecture_id: str) -> AnyResponse:
    """The form that books for somebody at the window or on the telephone."""
    return _show(lecture_id, {"party": "1"})


@bp.post("/lectures/<lecture_id>/book")
@staff_required(*DOOR)
def book(lecture_id: str) -> AnyResponse:
    """Book, or join the line where the form says so; sent twice it is one booking."""
    typed = {name: value.strip() for name, value in request.form.items()}
    try:
        booked = booking.book(lecture_id, _wish(typed), current_actor(), clock.now())
    except (BadInput, Conflict) as problem:
        return _show(lecture_id, typed, problem)
    return redirect(_address(lecture_id, booked), 303)


@bp.get("/lectures/<lecture_id>/bookings/<booking_id>")
@staff_required(*DOOR)
def one(lecture_id: str, booking_id: str) -> AnyResponse:
    """One booking with its person in clear; that it was read is recorded."""
    return _show_one(lecture_id, booking_id)


@bp.post("/lectures/<lecture_id>/bookings/<booking_id>/cancel")
@staff_required(*DOOR)
def cancel(lecture_id: str, booking_id: str) -> AnyResponse:
    """Somebody telephones that they do not come."""
    reason = request.form.get("reason") or ""
    return _do(lecture_id, booking_id, "cancel", lambda now: answers.cancel(
        booking_id, current_actor(), now, reason
    ))  # fmt: skip


@bp.post("/lectures/<lecture_id>/bookings/<booking_id>/confirm")
@staff_required(*DOOR)
def confirm(lecture_id: str, booking_id: str) -> AnyResponse:
    """Somebody says on the telephone that they still come."""
    return _do(lecture_id, booking_id, "confirm", lambda now: answers.confirm_change(
        booking_id, current_actor(), now
    ))  # fmt: skip


@bp.post("/lectures/<lecture_id>/bookings/<booking_id>/accept")
@staff_required(*DOOR)
def accept(lecture_id: str, booking_id: str) -> AnyResponse:
    """Somebody says on the telephone that they take the seats kept for them."""
    return _do(lecture_id, booking_id, "accept", lambda now: answers.accept_offer(
        booking_id, current_actor(), now
    ))  # fmt: skip


def _wish(typed: dict[str, str]) -> Wish:
    """What was typed as a wish; BadInput names everything that cannot stay."""
    errors = []
    name, org_name = typed.get("name", ""), typed.get("org_name", "")
    phone, party = texts.normal_phone(typed.get("phone", "")), whole(typed.get("party", ""))
    if not 1 <= len(name) <= LONGEST_NAME or texts.has_control(name):
        errors.append(FieldError("name", f"请填谁来听，最多 {LONGEST_NAME} 个字。"))
    if phone is None:
        errors.append(
            FieldError("phone", "请填电话：手机是 1 开头的 11 位，座机带区号。有变要打给他。")
        )
    if len(org_name) > LONGEST_ORG or texts.has_control(org_name):
        errors.append(FieldError("org_name", f"单位或团体最多 {LONGEST_ORG} 个字。"))
    if party is None:
        errors.append(FieldError("party", "人数要填整数，例如 2。"))
    if errors or phone is None or party is None:
        raise BadInput("还没有约上。", errors=errors)
    return Wish(
        party=party,
        key=typed.get("key", "")[:LONGEST_KEY],
        may_wait=typed.get("may_wait") == "1",
        name=name,
        org_name=org_name or None,
        phone=phone,
    )


def _address(lecture_id: str, booked: Booked) -> str:
    done = "book" if booked.state == BookingState.BOOKED else "wait"
    return url_for(
        "desk.lecture_bookings.one", lecture_id=lecture_id, booking_id=booked.public_id, done=done
    )


def _show(lecture_id: str, typed: dict[str, str], problem: Problem | None = None) -> AnyResponse:
    row, now = desk_reading.read(lecture_id, current_actor(), clock.now()), clock.now()
    found = problem.errors if problem else []
    is_full = problem is not None and problem.code == "full"
    html = render_template(
        "desk/lecture_book.html",
        row=row,
        typed=typed,
        key=typed.get("key") or crypto.new_token(),
        problem=problem,
        problems=found,
        errors={error["field"]: error["message"] for error in reversed(found)},
        asks_to_wait=is_full or typed.get("may_wait") == "1" or row.waiting_count > 0,
        free=max(0, row.seats - row.seats_taken),
        most=min(row.seats, bureau().policy.lecture_party_max),
        is_closed=now >= row.booking_closes_at,
        **_facts(row),
    )
    return make_response(html, problem.status if problem else 200)


def _facts(row: Lecture) -> dict[str, Any]:
    return {
        "when": words.span(row.starts_at, row.ends_at),
        "where": words.where(row.place, row.online),
    }


def _show_one(lecture_id: str, booking_id: str, problem: Problem | None = None) -> AnyResponse:
    found = desk_booking.read(lecture_id, booking_id, current_actor(), clock.now())
    errors = problem.errors if problem else []
    html = render_template(
        "desk/lecture_booking.html",
        found=found,
        row=found.lecture,
        booking=found.booking,
        state_word=BOOKING_LABELS[BookingState(found.booking.state)].replace("您", "他"),
        problem=problem,
        problems=errors,
        errors={error["field"]: error["message"] for error in errors},
        typed={"reason": request.form.get("reason") or ""},
        deed_words=deed_words,
        **_facts(found.lecture),
    )
    return make_response(html, problem.status if problem else 200)


def _do(
    lecture_id: str, booking_id: str, deed: str, act: Callable[[datetime], object]
) -> AnyResponse:
    # a booking under another lecture's address is not there
    desk_booking.find(lecture_id, booking_id, current_actor())
    try:
        act(clock.now())
    except (BadInput, Conflict) as problem:
        return _show_one(lecture_id, booking_id, problem)
    address = url_for(
        "desk.lecture_bookings.one", lecture_id=lecture_id, booking_id=booking_id, done=deed
    )
    return redirect(address, 303)
