"""发送情况: messages that did not leave the house, why, and sending one again."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.service import contact
from backend.core import clock
from backend.desk import ways
from backend.desk.frame import SENDING_ROLES
from backend.identity.guards import current_actor, staff_required
from backend.notify import stuck

bp = APIBlueprint("deliveries", __name__, enable_openapi=False)


@bp.get("/deliveries")
@staff_required(*SENDING_ROLES)
def page() -> str:
    """What did not go out, the given-up first, with the number in each state above."""
    rows = stuck.stuck()
    return render_template(
        "desk/deliveries.html",
        rows=rows,
        cases=contact.numbers(message.subject for _delivery, message in rows),
        counts=stuck.counts(),
        state_words=ways.STATE_WORDS,
        way_words=ways.WAY_WORDS,
        why=ways.why,
        tried=ways.tried,
    )


@bp.post("/deliveries/<int:delivery_id>")
@staff_required(*SENDING_ROLES)
def again(delivery_id: int) -> AnyResponse:
    """Let one message be sent again; it goes with the next run, within a minute."""
    stuck.send_again(delivery_id, current_actor(), clock.now())
    return redirect(url_for("desk.deliveries.page", done="yes"), 303)
