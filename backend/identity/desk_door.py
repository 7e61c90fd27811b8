"""The desk's cookie and forms: who is signed in there, and whether a form came from our page."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, current_app, g, request

from backend.core import clock, crypto
from backend.core.actor import Actor
from backend.identity.service.sessions import STAFF_SESSION_S, staff_actor
from backend.settings import Settings

COOKIE = "xinhu_desk"
FORM_COOKIE = "xinhu_desk_form"
FORM_FIELD = "csrf_token"
FORM_HEADER = "X-CSRF-Token"
HOME = "/desk/"
SIGN_IN = "/desk/sign-in"
_PATH = "/desk"
_LONGEST_TOKEN = 200


def desk_actor() -> Actor | None:
    """The member of staff signed in on this request, looked up once."""
    if "desk_actor" not in g:
        g.desk_actor = _find_actor()
    actor: Actor | None = g.desk_actor
    return actor


def _find_actor() -> Actor | None:
    token = request.cookies.get(COOKIE, "")
    if not 0 < len(token) <= _LONGEST_TOKEN:
        return None
    return staff_actor(token, clock.now(), is_demo_allowed=_settings().demo)


def set_desk_cookie(response: Response, token: str) -> None:
    """Give the browser the session of somebody who just signed in at the desk (12 hours)."""
    _set(response, COOKIE, token, STAFF_SESSION_S)


def clear_desk_cookie(response: Response) -> None:
    """Take the desk's session cookie back from the browser."""
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, secure=_is_https(), samesite="Lax")


def csrf_token() -> str:
    """What every form of the desk carries in `csrf_token` (htmx: header X-CSRF-Token)."""
    actor = desk_actor()
    if actor is not None:
        return crypto.sign("csrf", f"session:{actor.session_id}")
    return crypto.sign("csrf", f"form:{_nonce()}")


def is_form_ours() -> bool:
    """Whether the form of this request was made by our page for this browser."""
    sent = request.headers.get(FORM_HEADER) or request.form.get(FORM_FIELD, "")
    actor = desk_actor()
    if actor is not None:
        return crypto.is_signed("csrf", f"session:{actor.session_id}", sent)
    nonce = request.cookies.get(FORM_COOKIE, "")
    return bool(nonce) and crypto.is_signed("csrf", f"form:{nonce}", sent)


def _nonce() -> str:
    """What ties the sign-in form to this browser before there is a session."""
    nonce = request.cookies.get(FORM_COOKIE) or g.get("form_nonce")
    if nonce is None:
        nonce = g.form_nonce = crypto.new_public_id()
    return nonce


def keep_form_nonce(response: Response) -> Response:
    """Send a nonce that `csrf_token` made on this request to the browser."""
    if "form_nonce" in g:
        _set(response, FORM_COOKIE, g.form_nonce, STAFF_SESSION_S)
    return response


def next_query(path: str) -> str:
    """The query part by which the sign-in page knows where to go back to."""
    return f"next={quote(path, safe='/')}"


def safe_next(path: str | None) -> str:
    """Where to go after signing in: a page of the desk, never another site."""
    if path is None or not path.startswith("/desk/") or "\\" in path or not path.isprintable():
        return HOME
    return path


def _set(response: Response, name: str, value: str, lives_s: int) -> None:
    response.set_cookie(
        name, value, max_age=lives_s, path=_PATH, httponly=True, secure=_is_https(), samesite="Lax"
    )


def _is_https() -> bool:
    return (_settings().public_url or "").startswith("https://")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
