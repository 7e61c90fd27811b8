"""电话通知: people nothing else reached, what to tell them, and a record of each call."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.service import call_list
from backend.core import clock
from backend.core.errors import BadInput, FieldError
from backend.desk import ways
from backend.desk.frame import CALL_ROLES
from backend.escalations import service as escalations
from backend.identity.guards import current_actor, staff_required
from backend.lectures.service import calling
from backend.notify import outbox, reached
from backend.notify.models import CallRecord

bp = APIBlueprint("calls", __name__, enable_openapi=False)

NOTE_MAX = 1000


@bp.get("/calls")
@staff_required(*CALL_ROLES)
def page() -> AnyResponse:
    """Who is to be telephoned, oldest message first, with the calls made so far."""
    return _show()


@bp.post("/calls/<int:outbox_id>")
@staff_required(*CALL_ROLES)
def record(outbox_id: int) -> AnyResponse:
    """Note a call; the message leaves the list once the person was reached."""
    note = (request.form.get("note") or "").strip()
    reached = request.form.get("reached")
    if reached not in ("yes", "no"):
        return _show(outbox_id, note, FieldError(f"{outbox_id}", "请选接通了没有。"))
    if len(note) > NOTE_MAX:
        wrong = FieldError(f"{outbox_id}", f"记录太长，最多 {NOTE_MAX} 个字。")
        return _show(outbox_id, note, wrong)
    outbox.record_call(
        outbox_id, current_actor(), clock.now(), is_reached=reached == "yes", note=note or None
    )
    return redirect(url_for("desk.calls.page", done=reached), 303)


def _show(outbox_id: int = 0, note: str = "", wrong: FieldError | None = None) -> AnyResponse:
    messages = outbox.to_call()
    made: dict[int, list[CallRecord]] = {}
    ids = [message.id for message in messages]
    for call in outbox.calls(ids):
        made.setdefault(call.outbox_id, []).append(call)
    subjects = [message.subject for message in messages]
    html = render_template(
        "desk/calls.html",
        messages=messages,
        people=call_list.callees(subjects, current_actor(), clock.now()),
        callers=escalations.callers(subjects, current_actor(), clock.now()),
        listeners=calling.callees(subjects, current_actor(), clock.now()),
        made=made,
        tried={key: ways.tried_words(how.tried) for key, how in reached.of_messages(ids).items()},
        typed_for=outbox_id,
        note=note,
        errors=[wrong] if wrong else [],
    )
    return make_response(html, BadInput.status if wrong else 200)
