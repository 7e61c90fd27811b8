"""题库: every entry in force, what the bot could not answer, and what is due for review."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, Problem
from backend.desk.frame import FAQ_ROLES
from backend.faqbot.service import overrides, searching, topics, worklists
from backend.identity.guards import current_actor, staff_required
from backend.law.days import is_past, shanghai_today

bp = APIBlueprint("faq_lists", __name__, enable_openapi=False)

FEEDBACK_WORDS = {
    "wrong": "答错了",
    "unclear": "看不懂",
    "not_my_case": "不是我这种",
    "other": "别的原因",
}


@bp.get("/faq")
@staff_required(*FAQ_ROLES)
def page() -> str:
    """The entries in force, by topic or by words."""
    words = (request.args.get("q") or "").strip()[: searching.LONGEST_SEARCH]
    topic = request.args.get("topic") or ""
    number = request.args.get("page") or ""
    at = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 5 else 1
    known = topic if topic in topics.titles() else ""
    return render_template(
        "desk/faq.html",
        found=searching.listed(words, known, max(at, 1), clock.now()),
        words=words,
        topic=known,
        topics=topics.titles(),
        **_around(),
    )


@bp.get("/faq/entries/<entry_id>")
@staff_required(*FAQ_ROLES)
def entry(entry_id: str) -> str:
    """One entry as it is answered now, and every change of it that was asked for."""
    found = overrides.in_force(entry_id, clock.now())
    shown = searching.one(entry_id, clock.now())
    if found is None or shown is None:
        raise NotFound
    return render_template(
        "desk/faq_entry.html",
        entry=found,
        shown=shown,
        history=overrides.of_entry(entry_id),
        **_around(),
    )


@bp.get("/faq/unanswered")
@staff_required(*FAQ_ROLES)
def unanswered() -> AnyResponse:
    """Groups of questions that were not answered, or whose answer was rated useless."""
    return _unanswered()


@bp.post("/faq/unanswered/<likeness>")
@staff_required(*FAQ_ROLES)
def close(likeness: str) -> AnyResponse:
    """处理过: take a group off the list with the reason."""
    note = request.form.get("note") or ""
    try:
        worklists.close(likeness, note, current_actor(), clock.now())
    except BadInput as problem:
        return _unanswered(problem, likeness, note)
    return redirect(url_for("desk.faq_lists.unanswered", done="yes"), 303)


@bp.get("/faq/expiring")
@staff_required(*FAQ_ROLES)
def expiring() -> str:
    """Entries whose review is due, and changes that their file has overtaken."""
    today = shanghai_today(clock.now())
    entries = worklists.expiring(clock.now())
    return render_template(
        "desk/faq_expiring.html",
        entries=[(e, topics.title_of(e.id), is_past(e.review_by, today)) for e in entries],
        stale=overrides.stale(),
        **_around(),
    )


def _unanswered(problem: Problem | None = None, likeness: str = "", note: str = "") -> AnyResponse:
    html = render_template(
        "desk/faq_unanswered.html",
        rows=worklists.unanswered(clock.now()),
        feedback_words=FEEDBACK_WORDS,
        problem=problem,
        errors=problem.errors if problem else [],
        typed_for=likeness,
        note=note,
        **_around(),
    )
    return make_response(html, problem.status if problem else 200)


def _around() -> dict[str, Any]:
    """What the row of tabs above every page of the 题库 needs."""
    return {"waiting_count": overrides.count_waiting()}
