"""What of a case goes on paper: the case file on A4, and the receipt handed over at the window."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import render_template
from werkzeug.wrappers import Response

from backend.complaints.service import desk_views
from backend.core import clock
from backend.desk.case import notes_of, papers_by_subject
from backend.desk.frame import FILING_ROLES, QUEUE_ROLES
from backend.identity.guards import current_actor, staff_required
from backend.notify import reached

bp = APIBlueprint("case_paper", __name__, enable_openapi=False)


@bp.get("/cases/<public_id>/print")
@staff_required(*QUEUE_ROLES)
def case_file(public_id: str) -> str:
    """The whole file with full dates and every document; that it was opened is in the record."""
    actor, now = current_actor(), clock.now()
    case = desk_views.case(public_id, actor, now, read_as="print")
    return render_template(
        "desk/case_print.html",
        case=case,
        served=papers_by_subject(case),
        notes=notes_of(case),
        how=reached.of_messages(message.id for message in case.outbox),
        now=now,
    )


@bp.post("/cases/<public_id>/receipt/printed")
@staff_required(*FILING_ROLES)
def receipt_printed(public_id: str) -> Response:
    """The page says so by itself each time the receipt goes to the printer."""
    desk_views.receipt_printed(public_id, current_actor(), clock.now())
    return Response(status=204)
