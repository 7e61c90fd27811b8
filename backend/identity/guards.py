"""Guards at the doors: every view says who may come in, and a test finds those that do not."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.actor import VISITOR, Actor
from backend.core.errors import Forbidden, NotSignedIn
from backend.identity import desk_door
from backend.identity.service.report_tokens import report_actor
from backend.identity.service.sessions import worker_actor

View = TypeVar("View", bound=Callable[..., Any])

_ENDED = "登录过期了，请再登录一次。填的都还在。"
_NOT_YET = "请先登录。填的都还在。"
_WORKER_ONLY = "这里要用手机号或微信登录后才能看。"
_LONGEST_TOKEN = 200


def current_actor() -> Actor:
    """Who is acting in this request; RuntimeError in a view without a guard."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise RuntimeError("this view has no guard")
    return actor


def public(view: View) -> View:
    """Anybody. Reads neither Authorization nor cookies nor address: nobody can be recognised."""
    return _guarded(view, "public", lambda: VISITOR)


def worker_optional(view: View) -> View:
    """Anybody; a worker is recognised. A token that has ended is 401, never silently a visitor."""
    return _guarded(view, "worker_optional", lambda: _bearer() or VISITOR)


def worker_required(view: View) -> View:
    """A signed-in worker, or the holder of a token for one case."""
    return _guarded(view, "worker_required", _some_worker)


def worker_session_required(view: View) -> View:
    """A signed-in worker; a token for one case is not enough."""
    return _guarded(view, "worker_session_required", _real_worker)


def staff_required(*roles: str) -> Callable[[View], View]:
    """Staff at the desk holding one of the roles (none named: any member of staff).

    Not signed in: sent to the sign-in page and back. Wrong role: Forbidden, shown as a page.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            actor = desk_door.desk_actor()
            if actor is None:
                return _to_sign_in()
            if roles and not actor.has_role(*roles):
                raise Forbidden("您的岗位不办这件事。如果需要，请找管理员。")
            g.actor = actor
            return view(*args, **kwargs)

        return _marked(view, wrapper, "staff_required")

    return decorate


def _guarded(view: View, name: str, find_actor: Callable[[], Actor]) -> View:
    @functools.wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        g.actor = find_actor()
        return view(*args, **kwargs)

    return _marked(view, wrapper, name)


def _marked(view: View, wrapper: Any, name: str) -> View:
    wrapper.__guard__ = name
    return cast(View, wrapper)


def _bearer() -> Actor | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not 0 < len(token) <= _LONGEST_TOKEN:
        raise NotSignedIn(_ENDED)
    now = clock.now()
    actor = report_actor(token, now) or worker_actor(token, now)
    if actor is None:
        raise NotSignedIn(_ENDED)
    return actor


def _some_worker() -> Actor:
    actor = _bearer()
    if actor is None:
        raise NotSignedIn(_NOT_YET)
    return actor


def _real_worker() -> Actor:
    actor = _some_worker()
    if actor.id is None:
        raise Forbidden(_WORKER_ONLY, code="case_token")
    return actor


def _to_sign_in() -> AnyResponse:
    back = request.full_path.rstrip("?") if request.method == "GET" else desk_door.HOME
    target = f"{desk_door.SIGN_IN}?{desk_door.next_query(back)}"
    if "HX-Request" in request.headers:
        # htmx would put the sign-in page into a corner of this one: it must leave whole
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target, code=303)


def register(app: Flask) -> None:
    """Check forms of the desk before any view, and give templates `csrf_token()`."""
    app.before_request(_check_form)
    app.after_request(desk_door.keep_form_nonce)
    app.jinja_env.globals["csrf_token"] = desk_door.csrf_token


def _check_form() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS") or not request.path.startswith("/desk/"):
        return
    view = current_app.view_functions.get(request.endpoint or "")
    needs_staff = getattr(view, "__guard__", "") == "staff_required"
    if view is None or (needs_staff and desk_door.desk_actor() is None):
        return  # nothing will be done: not found, or the guard sends to the sign-in page
    if not desk_door.is_form_ours():
        raise Forbidden("这个页面放得太久了，没有办成。请回到上一页，刷新后再点一次。", code="csrf")
