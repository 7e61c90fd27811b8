"""The desk's sign-in page, and leaving."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from backend.core import clock
from backend.core.errors import BadInput, NotSignedIn, Problem, TooMany
from backend.core.installation import settings
from backend.desk import faults
from backend.desk.typed import kept
from backend.identity import service
from backend.identity.desk_door import clear_desk_cookie, safe_next, set_desk_cookie
from backend.identity.guards import current_actor, public, staff_required
from backend.identity.service.sessions import staff_actor

bp = APIBlueprint("sign_in", __name__, enable_openapi=False)


@bp.get("/sign-in")
@public
def page() -> Response:
    """The form; whoever is signed in already may sign in as somebody else."""
    return _form()


@bp.post("/sign-in")
@public
def enter() -> Response:
    """Check name and password; the name stays typed when they are wrong, the password does not."""
    username = (request.form.get("username") or "").strip()
    password = request.form.get("password") or ""
    device = (request.user_agent.string or "")[:60]
    try:
        signed_in = service.sign_in_staff(username, password, device, clock.now())
    except (BadInput, NotSignedIn, TooMany) as problem:
        return _form(problem, username)
    if request.form.get("path"):
        g.desk_actor = staff_actor(signed_in.token, clock.now(), is_demo_allowed=settings().demo)
        response = make_response(_resumed())
    else:
        response = make_response(redirect(safe_next(request.form.get("next"))))
    set_desk_cookie(response, signed_in.token)
    return response


@bp.post("/sign-out")
@staff_required()
def leave() -> Response:
    """End this session."""
    service.sign_out(current_actor(), clock.now())
    response = make_response(redirect(url_for("desk.sign_in.page")))
    clear_desk_cookie(response)
    return response


def _form(problem: Problem | None = None, username: str = "") -> Response:
    """The sign-in page; a form that was sent after a session ended stays with it."""
    path = request.form.get("path")
    html = render_template(
        "desk/ended.html" if path else "desk/sign_in.html",
        problem=problem,
        username=username,
        next_path=safe_next(request.values.get("next")),
        sign_ins=current_app.config.get("DEMO_SIGN_INS", ()) if settings().demo else (),
        path=safe_next(path),
        inputs=faults.labelled(kept(request.form), path or ""),
        hidden=faults.sent_again(),
    )
    return make_response(html, problem.status if problem else 200)


def _resumed() -> str:
    """Signed in again: what was typed before is sent with one click, under the new session."""
    path = safe_next(request.form.get("path"))
    return render_template(
        "desk/resumed.html",
        path=path,
        inputs=faults.labelled(kept(request.form), path),
        hidden=faults.sent_again(),
    )
