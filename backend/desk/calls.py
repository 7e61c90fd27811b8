"""电话通知: people nothing else reached, what to tell them, and a record of each call."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, FieldError
from backend.desk import call_cards, ways
from backend.desk.frame import CALL_ROLES
from backend.identity.guards import current_actor, staff_required
from backend.notify import outbox, reached

bp = APIBlueprint("calls", __name__, enable_openapi=False)

NOTE_MAX = 1000


@bp.get("/calls")
@staff_required(*CALL_ROLES)
def page() -> AnyResponse:
    """Who is to be telephoned, one card a person, with the calls made so far."""
    return _show()


@bp.post("/calls/<int:outbox_id>")
@staff_required(*CALL_ROLES)
def record(outbox_id: int) -> AnyResponse:
    """Note a call; what the person was told leaves the list once they were reached.

    A card with several messages says in `several` that `told` names those it was about: what
    came in after the page was opened was not said, and stays.
    """
    note = (request.form.get("note") or "").strip()
    reached = request.form.get("reached")
    told = _told() if request.form.get("several") else [outbox_id]
    wrong = _wrong(outbox_id, reached, note, told)
    if wrong is not None:
        return _show(outbox_id, note, told, wrong)
    outbox.record_calls(
        told, current_actor(), clock.now(), is_reached=reached == "yes", note=note or None
    )
    return redirect(url_for("desk.calls.page", done=reached), 303)


def _told() -> list[int]:
    sent = request.form.getlist("told")
    return [int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 10]


def _wrong(outbox_id: int, reached: str | None, note: str, told: list[int]) -> FieldError | None:
    if reached not in ("yes", "no"):
        return FieldError(f"{outbox_id}", "请选接通了没有。")
    if not told:
        return FieldError(f"told-{outbox_id}", "请勾上这次电话是为哪几条打的。")
    if len(note) > NOTE_MAX:
        return FieldError(f"{outbox_id}", f"记录太长，最多 {NOTE_MAX} 个字。")
    return None


def _show(
    outbox_id: int = 0,
    note: str = "",
    told: list[int] | None = None,
    wrong: FieldError | None = None,
) -> AnyResponse:
    messages = outbox.to_call()
    ids = [message.id for message in messages]
    html = render_template(
        "desk/calls.html",
        cards=call_cards.cards(messages, outbox.calls(ids), current_actor(), clock.now()),
        tried={key: ways.tried_words(how.tried) for key, how in reached.of_messages(ids).items()},
        typed_for=outbox_id,
        note=note,
        told=told,
        errors=[wrong] if wrong else [],
    )
    return make_response(html, BadInput.status if wrong else 200)
