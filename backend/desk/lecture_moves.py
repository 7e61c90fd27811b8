"""发布, 改时间或地点, 取消讲座 and 改座位数: what people who booked are told of, shown first."""

from __future__ import annotations

import hashlib
from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, Conflict, FieldError, Problem
from backend.desk import lecture_forms, lecture_page, lecture_second
from backend.identity.guards import current_actor, staff_required
from backend.lectures import words
from backend.lectures.models import Lecture
from backend.lectures.service import desk_telling, publishing, rows, telling
from backend.lectures.service.publishing import LONGEST_REASON
from backend.lectures.service.telling import Words
from backend.lectures.states import ORGANISERS, BookingState, LectureState

bp = APIBlueprint("lecture_moves", __name__, enable_openapi=False)


@bp.post("/lectures/<lecture_id>/publish")
@staff_required(*ORGANISERS)
def publish(lecture_id: str) -> AnyResponse:
    """Let people book a draft."""
    try:
        publishing.publish(lecture_id, lecture_second.version(), current_actor(), clock.now())
    except Conflict as problem:
        if problem.code == "stale":
            return lecture_second.page(lecture_id, "publish", problem)
        return lecture_page.show(lecture_id, problem)
    return _done(lecture_id, "publish")


@bp.post("/lectures/<lecture_id>/seats")
@staff_required(*ORGANISERS)
def resize(lecture_id: str) -> AnyResponse:
    """Set how many seats there are; not fewer than are taken."""
    text = (request.form.get("seats") or "").strip()
    seats = lecture_forms.whole(text)
    try:
        if seats is None:
            raise BadInput("没有改。", errors=[FieldError("seats", "座位数要填整数，例如 60。")])
        publishing.resize(lecture_id, seats, current_actor(), clock.now())
    except (BadInput, Conflict) as problem:
        if problem.code == "too_few":  # what is wrong stands at its field
            problem.errors = [FieldError("seats", problem.detail)]
        return lecture_page.show(lecture_id, problem, seats=text)
    return _done(lecture_id, "seats")


@bp.get("/lectures/<lecture_id>/change")
@staff_required(*ORGANISERS)
def ask_change(lecture_id: str) -> AnyResponse:
    """The form of another time or place."""
    row = rows.lecture(lecture_id)
    return _show_change(row, lecture_forms.of_lecture(row) | {"version": row.version})


@bp.post("/lectures/<lecture_id>/change")
@staff_required(*ORGANISERS)
def change(lecture_id: str) -> AnyResponse:
    """Show the words everybody will get; what is sent is what was shown last."""
    row = rows.lecture(lecture_id)
    typed = lecture_forms.typed(request.form)
    if typed.get("do") == "again":
        return _show_change(row, typed | {"version": row.version})
    note = str(typed.get("note", ""))
    try:
        _refuse_long(note, "note", "改的原因", is_needed=False)
        # the other facts are the lecture's own; only time and place are asked for here
        changed = {n: typed.get(n, "") for n in (*lecture_forms.WHEN, *lecture_forms.WHERE)}
        plan = lecture_forms.read(lecture_forms.of_lecture(row) | changed)
        said = telling.changed_words(plan, note)
        if not _is_shown(said):
            waiting = telling.changed_words(plan, note, BookingState.WAITING)
            return _show_change(row, typed, said=said, said_waiting=waiting)
        told = publishing.change(
            lecture_id, lecture_second.version(), plan, note, current_actor(), clock.now()
        )
    except BadInput as problem:
        return _show_change(row, typed, lecture_forms.renamed(problem))
    except Conflict as problem:
        if problem.code == "stale":
            return lecture_second.page(lecture_id, "change", problem)
        return _show_change(row, typed, problem)
    return _done(lecture_id, "change", told)


@bp.get("/lectures/<lecture_id>/cancel")
@staff_required(*ORGANISERS)
def ask_cancel(lecture_id: str) -> AnyResponse:
    """The form that calls a lecture off."""
    row = rows.lecture(lecture_id)
    return _show_cancel(row, {"version": row.version})


@bp.post("/lectures/<lecture_id>/cancel")
@staff_required(*ORGANISERS)
def cancel(lecture_id: str) -> AnyResponse:
    """Show the words everybody will get, then call it off with the reason."""
    row = rows.lecture(lecture_id)
    typed = lecture_forms.typed(request.form)
    if typed.get("do") == "again":
        return _show_cancel(row, typed | {"version": row.version})
    reason = str(typed.get("reason", ""))
    try:
        _refuse_long(reason, "reason", "取消的原因", is_needed=True)
        said = telling.cancelled_words(row, reason)
        if not _is_shown(said):
            return _show_cancel(row, typed, said=said)
        told = publishing.cancel_lecture(
            lecture_id, lecture_second.version(), reason, current_actor(), clock.now()
        )
    except BadInput as problem:
        return _show_cancel(row, typed, problem)
    except Conflict as problem:
        if problem.code == "stale":
            return lecture_second.page(lecture_id, "cancel", problem)
        return _show_cancel(row, typed, problem)
    return _done(lecture_id, "cancel", told)


def digest(said: Words) -> str:
    """A name for exactly these words: a form changed after they were shown does not carry it."""
    return hashlib.sha256(f"{said.title}\n{said.text}\n{said.lock}".encode()).hexdigest()[:32]


def _is_shown(said: Words) -> bool:
    return request.form.get("shown") == digest(said) and request.form.get("do") != "preview"


def _refuse_long(text: str, field: str, name: str, *, is_needed: bool) -> None:
    if is_needed and not text:
        message = f"请写{name}：会告诉约了的人。"
    elif len(text) > LONGEST_REASON:
        message = f"{name}最多 {LONGEST_REASON} 个字。"
    else:
        return
    raise BadInput("还没有办。", errors=[FieldError(field, message)])


def _show_change(
    row: Lecture,
    typed: dict[str, Any],
    problem: Problem | None = None,
    said: Words | None = None,
    said_waiting: Words | None = None,
) -> AnyResponse:
    # those in line get words of their own: shown too, where there are any
    others = said_waiting if row.waiting_count else None
    return _show("desk/lecture_change.html", row, typed, problem, said, others)


def _show_cancel(
    row: Lecture, typed: dict[str, Any], problem: Problem | None = None, said: Words | None = None
) -> AnyResponse:
    return _show("desk/lecture_cancel.html", row, typed, problem, said)


def _show(
    template: str,
    row: Lecture,
    typed: dict[str, Any],
    problem: Problem | None,
    said: Words | None,
    said_waiting: Words | None = None,
) -> AnyResponse:
    found = problem.errors if problem else []
    html = render_template(
        template,
        row=row,
        typed=typed,
        problem=problem,
        problems=found,
        errors={error["field"]: error["message"] for error in reversed(found)},
        said=said,
        said_waiting=said_waiting,
        shown=digest(said) if said else "",
        was_shown=bool(typed.get("shown")),
        audience=desk_telling.audience(row.id),
        is_draft=row.state == LectureState.DRAFT,
        when=words.span(row.starts_at, row.ends_at),
        where=words.where(row.place, row.online),
        longest=LONGEST_REASON,
    )
    return make_response(html, problem.status if problem else 200)


def _done(lecture_id: str, deed: str, told: int | None = None) -> AnyResponse:
    address = url_for("desk.lecture_page.page", lecture_id=lecture_id, done=deed, told=told)
    return redirect(address, 303)
