"""收进题库 and 改这一条: the form of an entry, new or as it stands."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock, crypto
from backend.core.errors import BadInput, Conflict, FieldError, Problem
from backend.desk.frame import FAQ_ROLES
from backend.faqbot.service import drafts, first_drafts, overrides
from backend.faqbot.service.drafts import Draft
from backend.faqbot.service.overrides import Proposal
from backend.identity.guards import current_actor, staff_required
from backend.law import statutes
from faq.schema import LONGEST_ANSWER, LONGEST_SHORT

bp = APIBlueprint("faq_edit", __name__, enable_openapi=False)

MOST_LINES = 1000
LONGEST_KEY = 64


@bp.get("/faq/new")
@staff_required(*FAQ_ROLES)
def new() -> AnyResponse:
    """A new entry: empty, from an answered question, or from a group of unanswered ones."""
    question, group = request.args.get("question", ""), request.args.get("group", "")
    if question:
        draft = first_drafts.from_question(question, current_actor(), clock.now())
    else:
        draft = first_drafts.from_group(group, clock.now())
    return _show(draft, question=question)


@bp.get("/faq/entries/<entry_id>/edit")
@staff_required(*FAQ_ROLES)
def edit(entry_id: str) -> AnyResponse:
    """An entry's form, filled with what is in force."""
    entry = overrides.in_force(entry_id, clock.now())
    if entry is None:
        raise NotFound
    return _show(drafts.of_entry(entry), seen=entry.content_hash)


@bp.post("/faq/proposals")
@staff_required(*FAQ_ROLES)
def propose() -> AnyResponse:
    """Ask for the change; nothing is live before somebody else agrees."""
    form, now = request.form, clock.now()
    draft, note = _typed(), (form.get("note") or "").strip()
    seen, question = form.get("seen", ""), form.get("question_id", "")
    key = form.get("key", "")[:LONGEST_KEY]
    try:
        if unread := _unread_citations():
            raise BadInput(unread["message"], errors=[unread])
        entry = drafts.entry_of(draft, now)
        wanted = Proposal(entry, seen, note, question, key)
        row = overrides.propose(wanted, current_actor(), now)
    except (BadInput, Conflict) as problem:
        if problem.code == "stale":
            seen = overrides.hash_in_force(draft.entry_id, now)
        key = "" if isinstance(problem, Conflict) else key  # what is sent next is another one
        return _show(draft, seen=seen, question=question, note=note, problem=problem, key=key)
    return redirect(url_for("desk.faq_review.one", override_id=row.id, done="proposed"), 303)


def _typed() -> Draft:
    form = request.form
    lines = (form.get("phrasings") or "").splitlines()[:MOST_LINES]
    return Draft(
        entry_id=form.get("entry_id", ""),
        question=(form.get("question") or "").strip(),
        phrasings=list(dict.fromkeys(line.strip() for line in lines if line.strip())),
        short=_clean("short"),
        answer=_clean("answer"),
        citations=[pair for line in _citation_lines() if (pair := _pair(line)) is not None],
        review_by=form.get("review_by", ""),
    )


def _clean(name: str) -> str:
    return (request.form.get(name) or "").replace("\r\n", "\n").strip()


def _citation_lines() -> list[str]:
    lines = (request.form.get("citations") or "").splitlines()[:MOST_LINES]
    return [line.strip() for line in lines if line.strip()]


def _pair(line: str) -> tuple[str, str] | None:
    """`劳动合同法 第三十条` as law and article."""
    law, _, article = line.replace("《", "").replace("》", " ").strip().rpartition(" ")
    return (law.strip(), article.strip()) if law.strip() and article.strip() else None


def _unread_citations() -> FieldError | None:
    unread = [line for line in _citation_lines() if _pair(line) is None]
    if not unread:
        return None
    return FieldError("citations", f"“{unread[0][:30]}”没看懂，请写：法律全名 空一格 第几条。")


def _show(
    draft: Draft,
    *,
    seen: str = "",
    question: str = "",
    note: str = "",
    problem: Problem | None = None,
    key: str = "",
) -> AnyResponse:
    errors = problem.errors if problem else []
    typed: dict[str, Any] = {
        "draft": draft,
        "seen": seen,
        "question": question,
        "note": note,
        "key": key or crypto.new_token(),
        "problem": problem,
        "errors": errors,
        "wrong": {error["field"]: error["message"] for error in errors},
        "citation_lines": request.form.get("citations")
        or "\n".join(f"{law} {article}" for law, article in draft.citations),
        "laws": list(statutes.statutes()),
        "longest": {"short": LONGEST_SHORT, "answer": LONGEST_ANSWER},
    }
    html = render_template("desk/faq_edit.html", **typed)
    return make_response(html, problem.status if problem else 200)
