"""确认预约: who comes, or is called by video, in the coming days to confirm a complaint."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.service import appointments
from backend.core import clock
from backend.core.errors import BadInput
from backend.desk.frame import CALL_ROLES
from backend.identity.guards import current_actor, staff_required

bp = APIBlueprint("appointments", __name__, enable_openapi=False)


@bp.get("/appointments")
@staff_required(*CALL_ROLES)
def page() -> str:
    """The appointments from yesterday on, by day and half day."""
    return render_template(
        "desk/appointments.html",
        rows=appointments.coming(clock.now()),
        periods=appointments.PERIODS,
    )


@bp.post("/appointments/<int:appointment_id>")
@staff_required(*CALL_ROLES)
def keep(appointment_id: int) -> AnyResponse:
    """Note whether the person came; the confirmation itself is recorded in the case."""
    kept = request.form.get("kept")
    if kept not in ("yes", "no"):
        raise BadInput("请选来了还是没来。")
    appointments.mark_kept(appointment_id, kept == "yes", current_actor(), clock.now())
    return redirect(url_for("desk.appointments.page"), 303)
