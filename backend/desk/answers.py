"""Answering a question: what is put into the box, sending it, and what was said at the time."""

from __future__ import annotations

from dataclasses import replace

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, Conflict, Problem
from backend.desk import questions
from backend.desk.answer_box import (
    Box,
    faults,
    typed_box,
    with_canned,
    with_citation,
    with_earlier,
    with_entry,
)
from backend.desk.frame import ANSWER_ROLES
from backend.faqbot.schemas import TurnOut
from backend.faqbot.service import canned, earlier, searching, shown, staff_replies
from backend.identity.guards import current_actor, staff_required
from backend.law.days import shanghai_today

bp = APIBlueprint("answers", __name__, enable_openapi=False)

PUT_IN = ("insert", "earlier", "canned")


@bp.post("/questions/<public_id>/answer")
@staff_required(*ANSWER_ROLES)
def answer(public_id: str) -> AnyResponse:
    """Put something into the box (see PUT_IN; `do=cite`, `do=again`), or send the answer.

    One that names no article is sent only with `do=without`: it cannot be changed afterwards.
    """
    box = typed_box(request.form)
    if any(request.form.get(name) for name in PUT_IN):
        return questions.show(public_id, _filled(box))
    does = request.form.get("do", "submit")
    if does == "cite":
        law, article = request.form.get("cite_law", ""), request.form.get("cite_article", "")
        box = with_citation(box, law, article)
        return questions.show(public_id, box, BadInput.status if box.errors else 200)
    if does == "again":
        return questions.show(public_id, box)
    return _send(public_id, box)


@bp.get("/questions/<public_id>/conversation")
@staff_required(*ANSWER_ROLES)
def ask_reason(public_id: str) -> AnyResponse:
    """当时怎么答的: asks why, before anything is shown."""
    return _conversation(public_id)


@bp.post("/questions/<public_id>/conversation")
@staff_required(*ANSWER_ROLES)
def conversation(public_id: str) -> AnyResponse:
    """The whole conversation in the words of the time; the reason stands in the record."""
    reason = request.form.get("reason") or ""
    try:
        said = staff_replies.as_it_was(public_id, reason, current_actor(), clock.now())
    except BadInput as problem:
        return _conversation(public_id, problem=problem, reason=reason)
    return _conversation(public_id, said, reason=reason)


def _filled(box: Box) -> Box:
    now = clock.now()
    wanted = request.form.get("insert")
    if wanted:
        found = searching.one(wanted, now)
        if found is None:
            raise NotFound
        return with_entry(box, found)
    if given := request.form.get("earlier"):
        return with_earlier(box, earlier.one(given))
    reply = canned.replies().get(request.form.get("canned", ""))
    if reply is None:
        raise NotFound
    return with_canned(box, reply, shown.filled(reply.text, shanghai_today(now)))


def _send(public_id: str, box: Box) -> AnyResponse:
    if wrong := faults(box):
        problem = BadInput("答复还没有发出。", errors=wrong)
        return questions.show(public_id, box, problem.status, problem)
    if not box.cited and request.form.get("do") != "without":
        return questions.show(public_id, replace(box, asks_without=True), BadInput.status)
    actor, version = current_actor(), questions.version()
    try:
        staff_replies.answer(public_id, version, box.whole, box.cited, actor, clock.now())
    except BadInput as problem:
        return questions.show(public_id, box, problem.status, problem)
    except Conflict as problem:
        return questions.second(public_id, "answer", problem)
    if box.wants_entry:
        return redirect(url_for("desk.faq_edit.new", question=public_id), 303)
    return redirect(url_for("desk.questions.one", public_id=public_id, done="answer"), 303)


def _conversation(
    public_id: str,
    said: list[TurnOut] | None = None,
    problem: Problem | None = None,
    reason: str = "",
) -> AnyResponse:
    html = render_template(
        "desk/conversation.html",
        public_id=public_id,
        said=said,
        problem=problem,
        errors=problem.errors if problem else [],
        reason=reason,
    )
    return make_response(html, problem.status if problem else 200)
