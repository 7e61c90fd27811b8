"""点单: orders for a lecture on site: the list, one order with its steps, and a sheet of all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from apiflask import APIBlueprint
from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import Problem
from backend.desk import lecture_sheets
from backend.desk.frame import is_part
from backend.desk.lecture_deeds import deed_words
from backend.desk.order_words import DESK_LABELS, STEPS, Said, Step, said_at_once
from backend.identity.guards import current_actor, staff_required
from backend.identity.service import active_staff
from backend.law.days import is_past, shanghai_today
from backend.law.lecture_times import DEFAULT_TIMES
from backend.law.workdays import default_calendar, working_days_left
from backend.lectures import words
from backend.lectures.models import LectureOrder
from backend.lectures.service import exporting, order_reading, order_telling, trail
from backend.lectures.states import (
    ORDER_FINAL,
    ORDER_MOVES,
    ORGANISERS,
    UNANSWERED,
    OrderState,
    next_state,
)
from backend.notify import outbox, reached

bp = APIBlueprint("orders", __name__, enable_openapi=False)


class Chip(NamedTuple):
    """What the chip of a date is drawn from; a provisional date waits for its year's calendar."""

    bucket: str
    left: int
    due_on: date
    is_provisional: bool = False


@bp.get("/orders")
@staff_required(*ORGANISERS)
def page() -> str:
    """One page of fifty orders, those that wait for our answer first."""
    actor, now = current_actor(), clock.now()
    wanted = request.args.get("scope", "")
    scope = wanted if wanted in order_reading.SCOPES else "open"
    found = order_reading.listed(scope, request.args.get("cursor"), actor, now)
    return render_template(
        "desk/_order_list.html" if is_part("list") else "desk/orders.html",
        rows=found.items,
        next_cursor=found.next_cursor,
        scope=scope,
        waiting_orders=order_reading.waiting(now),
        chip=lambda row: chip(row, now),
        is_called_off=lambda row: order_reading.is_called_off(row, now),
        labels=DESK_LABELS,
        finals=ORDER_FINAL,
        org_words=words.ORG_WORDS,
        number=words.order_number,
    )


@bp.get("/orders.xlsx")
@staff_required(*ORGANISERS)
def sheet() -> Response:
    """Every order with its contact in clear; the export is in the record."""
    now = clock.now()
    exporting.orders(current_actor(), now)
    rows = lecture_sheets.of_orders(exporting.order_rows(), now)
    return lecture_sheets.answer(rows, f"点单-{shanghai_today(now).isoformat()}.xlsx")


@bp.get("/orders/<order_id>")
@staff_required(*ORGANISERS)
def one(order_id: str) -> AnyResponse:
    """One order with its contact in clear; that it was read is recorded."""
    return show(order_id, {}, request.args.get("step"))


def show(
    order_id: str,
    typed: Mapping[str, Any],
    step: str | None = None,
    problem: Problem | None = None,
    said: Said | None = None,
) -> AnyResponse:
    """The page with one step unfolded and what was typed still in it."""
    actor, now = current_actor(), clock.now()
    row = order_reading.read(order_id, actor, now)
    lawful = steps_of(row, now)
    chosen = next((one for one in lawful if one.key == step), lawful[0] if lawful else None)
    found = problem.errors if problem else []
    subject = order_telling.subject(row)
    html = render_template(
        "desk/order.html",
        row=row,
        number=words.order_number(row.id),
        state_word=DESK_LABELS[OrderState(row.state)],
        is_final=OrderState(row.state) in ORDER_FINAL,
        clock_chip=chip(row, now),
        is_called_off=order_reading.is_called_off(row, now),
        org_word=words.ORG_WORDS[row.org_kind],
        part_words=words.PART_WORDS,
        verdict_word=words.ORDER_VERDICT_WORDS.get(row.verdict or ""),
        when=words.moment(row.proposed_at) if row.proposed_at else "",
        steps=lawful,
        chosen=chosen,
        typed=_prefilled(row, typed),
        said=said or (said_at_once(row, chosen.key) if chosen else None),
        is_waiting_for_words=bool(chosen and chosen.is_previewed and said is None),
        was_shown=bool(typed.get("shown")),
        colleagues=_colleagues(),
        messages=outbox.messages(subject),
        how=reached.reached([subject]).get(subject),
        course=trail.latest(subject),
        deed_words=deed_words,
        problem=problem,
        problems=found,
        errors={error["field"]: error["message"] for error in reversed(found)},
    )
    return make_response(html, problem.status if problem else 200)


def steps_of(row: LectureOrder, now: datetime) -> list[Step]:
    """The steps staff may take now, the likeliest first; the service refuses the others."""
    state = OrderState(row.state)
    is_over = row.proposed_at is not None and row.proposed_at <= now
    missing = {"hold"} if not is_over else {"agree"}
    lawful = [
        step
        for step in STEPS
        if next_state(ORDER_MOVES, step.key, state) is not None and step.key not in missing
    ]
    # an order that has its officer is not given away first of all
    return sorted(lawful, key=lambda step: step.key == "assign" and row.officer_id is not None)


def chip(row: LectureOrder, now: datetime) -> Chip | None:
    """How long there is for our answer; None once it was given."""
    if OrderState(row.state) not in UNANSWERED:
        return None
    today, due_on = shanghai_today(now), row.answer_due_on
    left = working_days_left(today, due_on)
    if is_past(due_on, today):
        return Chip("overdue", min(left, -1), due_on)
    is_provisional = not default_calendar().is_published(due_on)
    if due_on == today:
        return Chip("today", left, due_on, is_provisional)
    is_soon = left <= DEFAULT_TIMES.order_answer_working_days
    return Chip("soon" if is_soon else "later", left, due_on, is_provisional)


def _prefilled(row: LectureOrder, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed; before that the first day that suits them, and what is known."""
    first = row.wished[0]["on"] if row.wished else ""
    usual = {"on": first, "speaker": row.speaker, "officer": row.officer_id}
    return usual | dict(typed)


def _colleagues() -> list[tuple[str, str]]:
    able = [one for one in active_staff() if not one.roles.isdisjoint(ORGANISERS)]
    return [(str(one.id), f"{one.name} · {one.unit}") for one in able]
