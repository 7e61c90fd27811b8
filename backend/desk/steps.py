"""Taking a step from the panel: preview, submit, and the page for whoever came second."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints import forms
from backend.complaints.service import desk_views, handling, offers, talk
from backend.complaints.service.resupply_for import resupply_for
from backend.complaints.states import Lane
from backend.complaints.steps import step as step_of
from backend.core import clock
from backend.core.errors import BadInput, Conflict, Problem
from backend.desk import case as case_page
from backend.desk import typed, unsent
from backend.desk.frame import FILING_ROLES, QUEUE_ROLES, is_part
from backend.desk.panel import Typed
from backend.desk.shown import step_words
from backend.identity.guards import current_actor, staff_required

bp = APIBlueprint("steps", __name__, enable_openapi=False)

_GONE = "案件又变了，这一步现在不能办了。您填的还没有提交。"


@bp.get("/cases/<public_id>/steps/<step>")
@staff_required(*QUEUE_ROLES)
def unfold(public_id: str, step: str) -> AnyResponse:
    """The address of a sent form, opened again: back to the case with the step unfolded."""
    return redirect(url_for("desk.case.page", public_id=public_id, step=step))


@bp.post("/cases/<public_id>/steps/<step>")
@staff_required(*QUEUE_ROLES)
def take(public_id: str, step: str) -> AnyResponse:
    """Preview (`do=preview`), check again after a conflict (`do=again`), or submit."""
    values = typed.read(forms.fields(_lane(), step), request.form)
    does = request.form.get("do", "submit")
    if does == "again":
        if not _is_offered(public_id, step):
            return _second(public_id, step, values, Conflict(_GONE, code="gone"))
        return case_page.show(public_id, Typed(step, values, is_recheck=True))
    if does == "preview":
        return _preview(public_id, step, values)
    return _submit(public_id, step, values)


@bp.post("/cases/<public_id>/resupply")
@staff_required(*FILING_ROLES)
def resupply(public_id: str) -> AnyResponse:
    """What somebody brought to the window, item by item of the correction notice."""
    sent = typed.read([typed.Field("answers", "", "amounts")], request.form)["answers"]
    answers = {int(key): text for key, text in sent.items() if key.isascii() and key.isdigit()}
    try:
        resupply_for(public_id, answers, _version(), current_actor(), clock.now())
    except BadInput as problem:
        return case_page.show(
            public_id, Typed(), problem.status, answers=answers, resupply_problem=problem
        )
    return redirect(url_for("desk.case.page", public_id=public_id, done="resupply"), 303)


@bp.post("/cases/<public_id>/messages")
@staff_required(*QUEUE_ROLES)
def reply(public_id: str) -> AnyResponse:
    """Write to the worker; the same form sent twice is one message."""
    text = request.form.get("text") or ""
    key = request.form.get("key") or ""
    try:
        talk.reply(public_id, text, key, current_actor(), clock.now())
    except BadInput as problem:
        return case_page.show(
            public_id, Typed(), problem.status, reply_text=text, reply_problem=problem
        )
    talk.mark_read_by_bureau(public_id, current_actor())
    return redirect(url_for("desk.case.page", public_id=public_id, _anchor="messages"), 303)


@bp.post("/cases/<public_id>/messages/read")
@staff_required(*QUEUE_ROLES)
def mark_read(public_id: str) -> AnyResponse:
    """The worker's messages were read; nothing needs an answer."""
    talk.mark_read_by_bureau(public_id, current_actor())
    return redirect(url_for("desk.case.page", public_id=public_id, _anchor="messages"), 303)


def _preview(public_id: str, step: str, values: dict[str, Any]) -> AnyResponse:
    try:
        words = handling.preview(public_id, step, values, current_actor(), clock.now())
    except BadInput as problem:
        return case_page.show(public_id, Typed(step, values, problem), problem.status)
    except Conflict as problem:
        if not _is_offered(public_id, step):
            return _second(public_id, step, values, problem)
        return case_page.show(public_id, Typed(step, values, problem), problem.status)
    return case_page.show(public_id, Typed(step, values, preview=words))


def _submit(public_id: str, step: str, values: dict[str, Any]) -> AnyResponse:
    actor, now = current_actor(), clock.now()
    try:
        handling.perform(public_id, step, values, _version(), actor, now)
    except BadInput as problem:
        return case_page.show(public_id, Typed(step, values, problem), problem.status)
    except Conflict as problem:
        if problem.code == "stale":
            return _second(public_id, step, values, problem)
        if not _is_offered(public_id, step):
            return _second(public_id, step, values, problem)
        return case_page.show(public_id, Typed(step, values, problem), problem.status)
    return redirect(url_for("desk.case.page", public_id=public_id, done=step), 303)


def _second(public_id: str, step: str, values: dict[str, Any], problem: Problem) -> AnyResponse:
    """Who was first, what they did, and the officer's own input kept with the ways on.

    Where the step can be taken no longer, what was typed can still become an internal note.
    """
    case = desk_views.case(public_id, current_actor(), clock.now())
    step_of(case.lane, step)  # a step that never was has nothing to be kept for
    found = offers.offers(public_id, current_actor(), clock.now())
    possible = {offer.key for offer in (*found.moves, *found.acts)}
    slots = typed.slots(forms.fields(case.lane, step), values)
    at = problem.extra.get("at")
    html = render_template(
        "desk/conflict.html",
        case=case,
        problem=problem,
        by=problem.extra.get("by"),
        at=datetime.fromisoformat(at) if at else None,
        did=step_words(case.lane, problem.extra.get("did", "")),
        step=step,
        step_label=step_words(case.lane, step),
        typed=unsent.in_words(slots, case),
        note=unsent.as_note(step, slots, case) if "note" in possible else None,
        sent=typed.kept(request.form),
        is_still_possible=step in possible,
        reasons=dict(found.blocked).get(step_words(case.lane, step), []),
    )
    answer = make_response(html, 409)
    if is_part("panel"):  # a whole page, not the panel the preview had asked for
        answer.headers["HX-Retarget"] = answer.headers["HX-Reselect"] = "#main"
        answer.headers["HX-Reswap"] = "outerHTML"
    return answer


def _is_offered(public_id: str, step: str) -> bool:
    found = offers.offers(public_id, current_actor(), clock.now())
    return step in {offer.key for offer in (*found.moves, *found.acts)}


def _lane() -> Lane:
    """The lane whose form was shown; the service reads the form again by the case's own lane."""
    return Lane.REPORT if request.form.get("lane") == Lane.REPORT else Lane.COMPLAINT


def _version() -> int | None:
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
