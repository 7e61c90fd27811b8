"""题库 · 等批准: what a colleague wants to change, what it would do, and a second person's yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, Conflict, Problem
from backend.desk import differences
from backend.desk.frame import FAQ_ROLES
from backend.escalations import service as escalations
from backend.faqbot.models import Override
from backend.faqbot.service import comparing, overrides
from backend.faqbot.service.library import entry_of
from backend.identity.guards import current_actor, staff_required
from backend.law.policy import DEFAULT_POLICY
from faq.check import LEAST_PHRASINGS

bp = APIBlueprint("faq_review", __name__, enable_openapi=False)

STATE_WORDS = {
    "proposed": "等批准",
    "approved": "在用",
    "rejected": "退回了",
    "replaced": "被后来的取代",
    "exported": "写回文件了",
}
KIND_WORDS = {
    "switched": "换了条目",
    "lost": "能答变成不直接答",
    "gained": "没答上变成能答",
    "suggested": "建议有变",
}
VERDICT_WORDS = {"worse": "变差", "better": "变好", "other": "对错没有变"}
MEASURE_WORDS = {
    "first": "第一条就对",
    "three": "前三条里有对的",
    "answered": "直接答的",
    "answered_right": "直接答的，答对",
    "outside_answered": "不归我们管，却答了",
}
REPORT_WORDS = {
    "kind_words": KIND_WORDS,
    "verdict_words": VERDICT_WORDS,
    "measure_words": MEASURE_WORDS,
}


@bp.get("/faq/proposals")
@staff_required(*FAQ_ROLES)
def pending() -> str:
    """What waits for a second person, oldest first, and what was decided last."""
    actor = current_actor()
    rows = overrides.waiting()
    return render_template(
        "desk/faq_proposals.html",
        rows=[(row, entry_of(row).question, overrides.may_decide(row, actor)) for row in rows],
        decided=[(row, entry_of(row).question) for row in overrides.decided()],
        state_words=STATE_WORDS,
        waiting_count=overrides.count_waiting(),
    )


@bp.get("/faq/proposals/<int:override_id>")
@staff_required(*FAQ_ROLES)
def one(override_id: int) -> AnyResponse:
    """One change beside what is in force; buttons only for whoever may decide."""
    return _show(override_id)


@bp.get("/faq/proposals/<int:override_id>/report")
@staff_required(*FAQ_ROLES)
def report(override_id: int) -> str:
    """Which stored questions would be answered differently; takes seconds, so it comes after."""
    row = overrides.one(override_id)
    found = comparing.report(row, clock.now())
    return render_template("desk/_faq_report.html", report=found, is_part=True, **REPORT_WORDS)


@bp.post("/faq/proposals/<int:override_id>")
@staff_required(*overrides.APPROVERS)
def answer(override_id: int) -> AnyResponse:
    """Approve, or return with an opinion; the opinion stays typed when something is wrong."""
    note = (request.form.get("note") or "").strip()
    does = request.form.get("do")
    decide = overrides.approve if does == "approve" else overrides.reject
    try:
        decide(override_id, _version(), note, current_actor(), clock.now())
    except (BadInput, Conflict) as problem:
        return _show(override_id, problem, note)
    done = "approved" if does == "approve" else "returned"
    return redirect(url_for("desk.faq_review.pending", done=done), 303)


def _show(override_id: int, problem: Problem | None = None, note: str = "") -> AnyResponse:
    actor, now = current_actor(), clock.now()
    row = overrides.one(override_id)
    new, old = entry_of(row), overrides.in_force(row.entry_id, now)
    shown: dict[str, Any] = {
        "row": row,
        "entry": new,
        "old": old,
        "changes": differences.between(old if row.state == "proposed" else None, new),
        "may_decide": overrides.may_decide(row, actor),
        "why_not": _why_not(row),
        "moved": overrides.why_not_live(row) if row.state == "proposed" else "",
        "state_word": STATE_WORDS[row.state],
        "from_question": escalations.named(row.escalation_id),
        "report": comparing.report(row, now) if request.args.get("report") else None,
        "least_phrasings": LEAST_PHRASINGS,
        "complete_by": DEFAULT_POLICY.phrasings_complete_by(new.reviewed_on),
        **REPORT_WORDS,
        "problem": problem,
        "at": _at(problem),
        "note": note,
    }
    html = render_template("desk/faq_proposal.html", **shown)
    return make_response(html, problem.status if problem else 200)


def _why_not(row: Override) -> str:
    actor = current_actor()
    if row.state != "proposed":
        return "已经有结果了。"
    if row.proposed_by_id == actor.id:
        return "这是您自己提的，要请另一个人批。"
    return "" if actor.has_role(*overrides.APPROVERS) else "由科长、局领导或法制审核员批。"


def _at(problem: Problem | None) -> datetime | None:
    at = problem.extra.get("at") if problem else None
    return datetime.fromisoformat(at) if at else None


def _version() -> int:
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
