"""要打电话: the people of one lecture nothing else reaches, what to tell them, and each call."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, FieldError
from backend.identity.guards import current_actor, staff_required
from backend.lectures.service import calling, desk_reading, desk_telling
from backend.lectures.states import DOOR
from backend.notify import outbox
from backend.notify.models import CallRecord

bp = APIBlueprint("lecture_calls", __name__, enable_openapi=False)

LONGEST_NOTE = 1000


@bp.get("/lectures/<lecture_id>/calls")
@staff_required(*DOOR)
def page(lecture_id: str) -> AnyResponse:
    """Who is to be telephoned, the oldest message first, with the calls made so far."""
    return _show(lecture_id)


@bp.post("/lectures/<lecture_id>/calls/<int:outbox_id>")
@staff_required(*DOOR)
def record(lecture_id: str, outbox_id: int) -> AnyResponse:
    """Note a call; the message leaves the list once the person was reached."""
    row = desk_reading.read(lecture_id, current_actor(), clock.now())
    if outbox_id not in {message.id for message, _ in desk_telling.to_call(row.id)}:
        raise NotFound
    note = (request.form.get("note") or "").strip()
    reached = request.form.get("reached")
    wrong = None
    if reached not in ("yes", "no"):
        wrong = FieldError(f"{outbox_id}", "请选接通了没有。")
    elif len(note) > LONGEST_NOTE:
        wrong = FieldError(f"{outbox_id}", f"记录太长，最多 {LONGEST_NOTE} 个字。")
    if wrong is not None:
        return _show(lecture_id, outbox_id, note, wrong)
    outbox.record_call(
        outbox_id, current_actor(), clock.now(), is_reached=reached == "yes", note=note or None
    )
    address = url_for("desk.lecture_calls.page", lecture_id=lecture_id, done=reached)
    return redirect(address, 303)


def _show(
    lecture_id: str, outbox_id: int = 0, note: str = "", wrong: FieldError | None = None
) -> AnyResponse:
    actor, now = current_actor(), clock.now()
    row = desk_reading.read(lecture_id, actor, now)
    messages = [message for message, _booking in desk_telling.to_call(row.id)]
    made: dict[int, list[CallRecord]] = {}
    for call in outbox.calls([message.id for message in messages]):
        made.setdefault(call.outbox_id, []).append(call)
    html = render_template(
        "desk/lecture_calls.html",
        row=row,
        messages=messages,
        people=calling.callees([message.subject for message in messages], actor, now),
        made=made,
        typed_for=outbox_id,
        note=note,
        errors=[wrong] if wrong else [],
    )
    return make_response(html, BadInput.status if wrong else 200)
