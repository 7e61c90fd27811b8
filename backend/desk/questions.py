"""问题解答: the queue of questions handed to a person, one question, and who has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, Conflict, Problem
from backend.desk.answer_box import Box, typed_box
from backend.desk.frame import ANSWER_ROLES, is_part
from backend.desk.typed import kept
from backend.escalations import service as escalations
from backend.escalations.service.queue import BUCKETS, SCOPES, Row, Scope
from backend.escalations.states import ANSWERERS
from backend.faqbot.service import canned, earlier, searching
from backend.identity.guards import current_actor, staff_required
from backend.identity.service import active_staff
from backend.law import statutes

bp = APIBlueprint("questions", __name__, enable_openapi=False)

DEEDS = {
    "take": "接下",
    "hand-back": "交回",
    "give": "转给别人",
    "answer": "答复",
}


@bp.get("/questions")
@staff_required(*ANSWER_ROLES)
def page() -> str:
    """Open questions by due time, a crisis first; or the last answered ones."""
    actor, now = current_actor(), clock.now()
    wanted = request.args.get("scope", "all")
    scope: Scope = next((s for s in SCOPES if s == wanted), "all")
    return render_template(
        "desk/questions.html",
        groups=_grouped(escalations.rows(scope, actor, now)),
        counts=escalations.counts(actor),
        scope=scope,
    )


@bp.get("/questions/<public_id>")
@staff_required(*ANSWER_ROLES)
def one(public_id: str) -> AnyResponse:
    """One question with what was said, the answer box, and the FAQ beside it."""
    return show(public_id, Box())


@bp.get("/questions/<public_id>/found")
@staff_required(*ANSWER_ROLES)
def found(public_id: str) -> str:
    """The entries nearest to some words, for the column beside the answer."""
    words = request.args.get("q") or ""
    return render_template(
        "desk/_found.html",
        found=searching.ranked(words, clock.now()),
        words=words,
        public_id=public_id,
        may_insert=True,
    )


@bp.get("/questions/<public_id>/<any(take, give, answer, 'hand-back'):_deed>")
@staff_required(*ANSWER_ROLES)
def sent_form(public_id: str, _deed: str) -> AnyResponse:
    """The address of a sent form, opened again: back to the question."""
    return redirect(url_for("desk.questions.one", public_id=public_id))


@bp.post("/questions/<public_id>/take")
@staff_required(*ANSWER_ROLES)
def take(public_id: str) -> AnyResponse:
    """Take a waiting question; whoever comes second is told who has it."""
    return _do(public_id, "take", lambda version, now: escalations.take(
        public_id, version, current_actor(), now
    ))  # fmt: skip


@bp.post("/questions/<public_id>/hand-back")
@staff_required(*ANSWER_ROLES)
def hand_back(public_id: str) -> AnyResponse:
    """Put it back into the queue with a reason."""
    reason = request.form.get("reason") or ""
    return _do(public_id, "hand-back", lambda version, now: escalations.hand_back(
        public_id, version, reason, current_actor(), now
    ))  # fmt: skip


@bp.post("/questions/<public_id>/give")
@staff_required(*ANSWER_ROLES)
def give(public_id: str) -> AnyResponse:
    """Give it to somebody who answers; the service lets unit head and head do it."""
    wanted = request.form.get("staff_id") or ""
    staff_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
    return _do(public_id, "give", lambda version, now: escalations.give_to(
        public_id, version, staff_id, current_actor(), now
    ))  # fmt: skip


def show(
    public_id: str, box: Box, status: int = 200, problem: Problem | None = None
) -> AnyResponse:
    """The page, or for htmx its answer box alone, with what was typed still in it."""
    now = clock.now()
    question = escalations.read(public_id, current_actor(), now)
    errors = problem.errors if problem else box.errors
    shown: dict[str, Any] = {
        "question": question,
        "box": box,
        "problem": problem,
        "errors": errors,
        "wrong": {error["field"]: error["message"] for error in errors},
        "canned": canned.replies().values(),
        "laws": list(statutes.statutes()),
    }
    if is_part("answer-box"):
        return Response(render_template("desk/_answer_box.html", **shown), status)
    # whoever is in danger is to be called: no article beside it, unless one is looked for
    words = request.args.get("q") or ("" if question.is_crisis else question.headline)
    html = render_template(
        "desk/question.html",
        found=searching.ranked(words, now),
        given_before=earlier.answers(question.headline, now, but=public_id),
        words=request.args.get("q") or "",
        public_id=public_id,
        may_insert=question.may_answer,
        receivers=_receivers() if question.may_give else [],
        **shown,
    )
    return make_response(html, status)


def second(public_id: str, deed: str, problem: Problem) -> AnyResponse:
    """Who was first, what stands there now, and what was typed kept with a way on."""
    actor = current_actor()
    at = problem.extra.get("at")
    question = escalations.read(public_id, actor, clock.now())
    html = render_template(
        "desk/question_conflict.html",
        question=question,
        problem=problem,
        by=problem.extra.get("by"),
        at=datetime.fromisoformat(at) if at else None,
        deed=DEEDS[deed],
        box=typed_box(request.form) if deed == "answer" else None,
        sent=kept(request.form),
        public_id=public_id,
    )
    return make_response(html, problem.status)


def version() -> int:
    """The version of the question that the sent page showed."""
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _do(public_id: str, deed: str, act: Callable[[int, datetime], object]) -> AnyResponse:
    try:
        act(version(), clock.now())
    except BadInput as problem:
        return show(public_id, Box(), problem.status, problem)
    except Conflict as problem:
        return second(public_id, deed, problem)
    return redirect(url_for("desk.questions.one", public_id=public_id, done=deed), 303)


def _receivers() -> list[tuple[int, str]]:
    able = [s for s in active_staff() if not s.roles.isdisjoint(ANSWERERS)]
    return [(s.id, f"{s.name} · {s.unit}") for s in able]


def _grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.bucket, []).append(row)
    return sorted(groups.items(), key=lambda group: BUCKETS.index(group[0]))
