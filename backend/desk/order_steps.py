"""Taking a step with an order: give it to a colleague, propose a date, note what was said."""

from __future__ import annotations

from datetime import datetime

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, Conflict, FieldError, Problem
from backend.desk import orders
from backend.desk.lecture_forms import clock_time, day, whole
from backend.desk.lecture_second import named, version
from backend.desk.order_words import DESK_LABELS, STEP_OF, Said
from backend.desk.typed import kept
from backend.identity.guards import current_actor, staff_required
from backend.law.lecture_times import moment
from backend.lectures import words
from backend.lectures.service import order_reading, order_telling
from backend.lectures.service import orders as service
from backend.lectures.states import ORGANISERS, OrderState

bp = APIBlueprint("order_steps", __name__, enable_openapi=False)

Form = dict[str, str]


@bp.get("/orders/<order_id>/<step>")
@staff_required(*ORGANISERS)
def unfold(order_id: str, step: str) -> AnyResponse:
    """The address of a sent form, opened again: back to the order with the step unfolded."""
    return redirect(url_for("desk.orders.one", order_id=order_id, step=step))


@bp.post("/orders/<order_id>/<step>")
@staff_required(*ORGANISERS)
def take(order_id: str, step: str) -> AnyResponse:
    """Take a step; what the orderer is told was shown before it is sent."""
    if step not in STEP_OF:
        raise NotFound
    typed = {name: value.strip() for name, value in request.form.items()}
    if typed.get("do") == "again":
        return orders.show(order_id, typed, step)
    try:
        said = _said(step, typed)
        if said is not None and (typed.get("shown") != said.digest or typed.get("do") == "preview"):
            return orders.show(order_id, typed, step, said=said)
        _perform(step, order_id, typed)
    except BadInput as problem:
        return orders.show(order_id, typed, step, problem)
    except Conflict as problem:
        if problem.code in ("stale", "wrong_state"):
            return _second(order_id, step, problem)
        return orders.show(order_id, typed, step, problem)
    return redirect(url_for("desk.orders.one", order_id=order_id, done=step), 303)


def _perform(step: str, order_id: str, typed: Form) -> None:
    actor, now, seen = current_actor(), clock.now(), version()
    if step == "assign":
        service.assign(order_id, seen, whole(typed.get("staff_id", "")) or 0, actor, now)
    elif step == "propose":
        note = typed.get("note") or None
        service.propose(order_id, seen, _moment(typed), typed["speaker"], note, actor, now)
    elif step == "agree":
        service.agree(order_id, seen, actor, now)
    elif step == "refuse_date":
        service.refuse_date(order_id, seen, typed.get("note", ""), actor, now)
    elif step == "hold":
        service.hold(order_id, seen, _attended(typed), actor, now)
    else:
        service.decline(order_id, seen, typed.get("reason", ""), actor, now)


def _said(step: str, typed: Form) -> Said | None:
    """The words of a step that depend on what is typed; BadInput when they cannot be made."""
    if step == "propose":
        at, speaker = _moment(typed), typed.get("speaker", "")
        _refuse(speaker, "speaker", "谁去讲", service.LONGEST_SPEAKER)
        if len(typed.get("note", "")) > service.LONGEST_NOTE:
            _refuse(typed["note"], "note", "留言", service.LONGEST_NOTE)
        if at <= clock.now():
            message = "这个时间已经过去了，请再看一下。"
            raise BadInput(message, errors=[FieldError("on", message)])
        return Said(*order_telling.proposed_words(at, speaker))
    if step == "decline":
        reason = typed.get("reason", "")
        _refuse(reason, "reason", "接不了的原因", service.LONGEST_NOTE)
        return Said(*order_telling.declined_words(reason))
    return None


def _refuse(text: str, field: str, name: str, longest: int) -> None:
    if 0 < len(text) <= longest:
        return
    message = f"{name}最多 {longest} 个字。" if text else f"请写{name}。"
    raise BadInput(message, errors=[FieldError(field, message)])


def _moment(typed: Form) -> datetime:
    on, at = day(typed.get("on", "")), clock_time(typed.get("from_time", ""))
    errors = []
    if on is None:
        errors.append(FieldError("on", "请选哪天去讲。"))
    if at is None:
        errors.append(FieldError("from_time", "请填几点开始，例如 19:00。"))
    if on is None or at is None:
        raise BadInput("还没有发。", errors=errors)
    return moment(on, at)


def _attended(typed: Form) -> int:
    found = whole(typed.get("attended", ""))
    if found is None:
        message = "来了多少人，填整数，例如 35。"
        raise BadInput(message, errors=[FieldError("attended", message)])
    return found


def _second(order_id: str, step: str, problem: Problem) -> AnyResponse:
    """Who was first, what stands there now, and what was typed kept with a way on."""
    row = order_reading.read(order_id, current_actor(), clock.now())
    at = problem.extra.get("at")
    sent = kept(request.form)
    is_still_possible = step in {one.key for one in orders.steps_of(row, clock.now())}
    html = render_template(
        "desk/order_conflict.html",
        row=row,
        number=words.order_number(row.id),
        state_word=DESK_LABELS[OrderState(row.state)],
        when=words.moment(row.proposed_at) if row.proposed_at else "",
        problem=problem,
        by=problem.extra.get("by"),
        at=datetime.fromisoformat(at) if at else None,
        step=STEP_OF[step],
        sent=sent,
        shown=named(sent),
        is_still_possible=is_still_possible,
    )
    return make_response(html, problem.status)
