"""待我审批: requests of colleagues, and the page on which one is read and answered."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.evidence import viewing
from backend.complaints.service import approvals, returned
from backend.core import clock
from backend.core.errors import BadInput, Conflict, Problem
from backend.desk.frame import APPROVAL_ROLES, QUEUE_ROLES
from backend.desk.shown import step_words
from backend.identity.guards import current_actor, staff_required

bp = APIBlueprint("approvals", __name__, enable_openapi=False)


@bp.get("/approvals")
@staff_required(*QUEUE_ROLES)
def pending() -> str:
    """What this person may answer, oldest first, and what they asked for themselves."""
    actor = current_actor()
    return render_template(
        "desk/approvals.html",
        rows=approvals.pending(actor) if actor.has_role(*APPROVAL_ROLES) else [],
        asked=approvals.asked_by(actor),
        returned_ids={approval.id for approval in returned.asked_by(actor)},
        step_words=step_words,
    )


@bp.get("/approvals/<int:approval_id>")
@staff_required(*QUEUE_ROLES)
def one(approval_id: int) -> AnyResponse:
    """One request with the frozen text; buttons only for whoever may answer it."""
    return _show(approval_id)


@bp.post("/approvals/<int:approval_id>")
@staff_required(*APPROVAL_ROLES)
def answer(approval_id: int) -> AnyResponse:
    """Approve, or return with an opinion; the opinion stays typed when something is wrong."""
    opinion = (request.form.get("opinion") or "").strip()
    is_approved = request.form.get("answer") == "approve"
    try:
        approvals.answer(approval_id, is_approved, opinion, current_actor(), clock.now())
    except (BadInput, Conflict) as problem:
        return _show(approval_id, problem, opinion)
    done = "approved" if is_approved else "returned"
    return redirect(url_for("desk.approvals.pending", done=done), 303)


def _show(approval_id: int, problem: Problem | None = None, opinion: str = "") -> AnyResponse:
    actor = current_actor()
    now = clock.now()
    view = approvals.show(approval_id, actor, now)
    shown: dict[str, Any] = {
        "view": view,
        "problem": problem,
        "opinion": opinion,
        "links": {e.public_id: viewing.view_link(e, now) for e in view.basis.evidence},
    }
    html = render_template("desk/approval.html", **shown)
    return make_response(html, problem.status if problem else 200)
