"""The case page: everything of one case in one view."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.evidence import routes as evidence_routes
from backend.complaints.evidence import viewing
from backend.complaints.models import ActRecord, Document
from backend.complaints.service import desk_views, queue
from backend.complaints.service.desk_views import CaseDesk, ClockView
from backend.core import clock, crypto
from backend.core.installation import bureau
from backend.desk import panel
from backend.desk.clock_bar import bar
from backend.desk.frame import QUEUE_ROLES, is_part
from backend.desk.shown import step_words
from backend.identity.guards import current_actor, staff_required
from backend.law.days import shanghai_today
from backend.notify import reached

bp = APIBlueprint("case", __name__, enable_openapi=False)

_LIVE = ("running", "paused")


@bp.get("/cases/<public_id>")
@staff_required(*QUEUE_ROLES)
def page(public_id: str) -> AnyResponse | str:
    """One case; `step` in the address unfolds that step in the panel."""
    return show(public_id, panel.Typed(step=request.args.get("step")))


@bp.get("/cases/<public_id>/evidence/<evidence_id>/original")
@staff_required(*QUEUE_ROLES)
def original(public_id: str, evidence_id: str) -> AnyResponse:
    """The sealed original as a download; who took it is recorded."""
    handout = viewing.original_for_staff(evidence_id, current_actor(), clock.now())
    return evidence_routes.hand_out(handout)


def show(public_id: str, typed: panel.Typed, status: int = 200, **more: Any) -> AnyResponse:
    """The page (or, for htmx, its panel alone) with what was typed still in it."""
    actor, now = current_actor(), clock.now()
    case = desk_views.case(public_id, actor, now)
    done = request.args.get("done")
    shown: dict[str, Any] = {
        "case": case,
        "panel": panel.build(case, typed, actor, now),
        "done": step_words(case.lane, done) if done else None,
        **more,
    }
    if is_part("panel"):
        return Response(render_template("desk/_panel.html", **shown), status)
    today = shanghai_today(now)
    main = _main_clock(case)
    html = render_template(
        "desk/case.html",
        main_clock=main,
        bar=bar(main.started_on, main.due_on, main.changes, today) if main else None,
        other_clocks=[c for c in case.clocks if c is not main],
        district=_district(case.case.other_district),
        served=papers_by_subject(case),
        bucket_of=lambda due_on: queue.bucket_of(due_on, today),
        views={e.public_id: viewing.view_link(e, now) for e in case.evidence},
        message_key=crypto.new_token(),
        how=reached.of_messages(message.id for message in case.outbox),
        notes=notes_of(case),
        **shown,
    )
    return Response(html, status)


def papers_by_subject(case: CaseDesk) -> dict[str, Document]:
    """The documents by the name under which a clock for serving one knows it."""
    return {f"document:{paper.id}": paper for paper in case.documents}


def notes_of(case: CaseDesk) -> list[tuple[str, ActRecord]]:
    """What officers wrote down with their acts, newest first, each with the act's name."""
    return [(step_words(case.lane, act.kind), act) for act in reversed(case.acts) if act.text]


def _district(code: str | None) -> str:
    """The name of a neighbouring district; its code when the bureau's file names it no longer."""
    names = {one.code: one.name for one in bureau().other_districts}
    return names.get(code or "", code or "")


def _main_clock(case: CaseDesk) -> ClockView | None:
    """The clock that is shown big: the bureau's next duty to end, or the one that stands still.

    What the employer may still do (ask for a hearing, pay after a demand) is nobody's delay.
    """
    live = [c for c in case.clocks if c.state in _LIVE and c.is_duty]
    return min(live, key=lambda c: c.due_on or date.max, default=None)
