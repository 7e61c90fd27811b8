"""Errors of the desk as pages: in plain words, with everything that was typed kept on them."""

from __future__ import annotations

from typing import Any

import structlog
from apiflask import APIBlueprint
from flask import Response, current_app, g, make_response, redirect, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.forms import FORMS
from backend.core import problems
from backend.core.db import db, unavailable
from backend.core.errors import Problem
from backend.desk.labels import LABELS
from backend.desk.typed import HIDDEN, kept
from backend.identity import desk_door
from backend.identity.guards import public

log = structlog.get_logger()

bp = APIBlueprint("faults", __name__, enable_openapi=False)

AGAIN = frozenset({429, 500, 503})


@bp.route("/<path:_rest>", methods=["GET", "POST"])
@public
def nowhere(_rest: str) -> AnyResponse:
    """An address under /desk/ that is no page."""
    raise NotFound


def register(desk: APIBlueprint) -> None:
    """Answer every error under /desk/ with a page instead of problem+json."""
    desk.before_request(keep_form_of_ended_session)
    desk.register_error_handler(Problem, on_problem)
    desk.register_error_handler(HTTPException, on_http_error)
    desk.register_error_handler(OperationalError, on_database_error)
    desk.register_error_handler(OSError, on_storage_error)
    desk.register_error_handler(Exception, on_bug)


def keep_form_of_ended_session() -> Response | None:
    """A form sent after the session ended: sign in on the spot, and nothing typed is lost."""
    view = current_app.view_functions.get(request.endpoint or "")
    needs_staff = getattr(view, "__guard__", "") == "staff_required"
    if request.method != "POST" or not needs_staff or desk_door.desk_actor() is not None:
        return None
    inputs = kept(request.form)
    if not inputs or "HX-Request" in request.headers:
        return None  # nothing to keep: the guard sends to the sign-in page
    html = render_template(
        "desk/ended.html",
        inputs=labelled(inputs, request.path),
        path=request.path,
        hidden=sent_again(),
    )
    return make_response(html, 401)


def on_problem(error: Problem) -> Response:
    """An answer of the service that no page treats itself."""
    return page(error.body(), error.retry_after_s)


def on_http_error(error: HTTPException) -> AnyResponse:
    """A bare HTTP status: unknown address, wrong method, body too large."""
    if isinstance(error, RequestRedirect):
        return redirect(error.new_url, error.code)
    return page(problems.from_status(error.code or 500))


def on_database_error(error: OperationalError) -> Response:
    """The database is locked or full: nothing was saved, and the page says so."""
    db.session.rollback()
    log.error("database_unavailable", route=str(request.url_rule), kind=type(error.orig).__name__)
    problem = unavailable(error)
    return page(problem.body(), problem.retry_after_s)


def on_storage_error(error: OSError) -> Response:
    """The disk is full or unreadable."""
    db.session.rollback()
    log.error("storage_error", route=str(request.url_rule), errno=error.errno)
    return page(problems.from_status(503) | {"code": "storage_full"}, 60)


def on_bug(error: Exception) -> Response:
    """Something nobody thought of: logged with its trace, the form kept."""
    db.session.rollback()
    log.exception("unexpected_error", route=str(request.url_rule), kind=type(error).__name__)
    return page(problems.from_status(500))


def page(body: dict[str, Any], retry_after_s: int | None = None) -> Response:
    """The error page: what happened, what to do, what was typed, and a button to send it again."""
    g.is_fault = body["status"] >= 500  # then the database is not asked again
    if request.accept_mimetypes.best == "application/json":  # a script of ours, not a person
        return problems.respond(body, retry_after_s)
    inputs = kept(request.form) if request.method == "POST" and body["status"] != 413 else []
    may_repeat = inputs and (body["status"] in AGAIN or body["code"] == "csrf")
    html = render_template(
        "desk/fault.html",
        problem=body,
        inputs=labelled(inputs, request.path),
        hidden=sent_again() if may_repeat else [],
    )
    response = make_response(html, body["status"])
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def labelled(inputs: list[tuple[str, str]], path: str) -> list[tuple[str, str]]:
    """What was typed with the labels of its fields, for reading; ticks and choices left out.

    `path` is the address it was sent to: a step's form, or another one.
    """
    step = path.rsplit("/", 1)[-1]
    forms = [fields for (_lane, key), fields in FORMS.items() if key == step]
    labels = LABELS | {field.name: field.label for fields in forms for field in fields}
    pairs = [(labels.get(name, "填的内容"), value) for name, value in inputs]
    return [(label, value) for label, value in pairs if not value.isascii() or len(value) > 3]


def sent_again() -> list[tuple[str, str]]:
    """The fields of this request, to send it once more with a fresh form token."""
    left_out = {"csrf_token", "username", "password", "path", "next"}
    extra = [(n, v) for n, v in request.form.items(multi=True) if n in HIDDEN - left_out]
    return extra + kept(request.form)
