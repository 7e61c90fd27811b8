"""What Flask does on every request and this program has no use for, switched off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIFlask
from flask import Flask
from flask.sessions import NullSession, SessionInterface
from flask.wrappers import Request, Response


class _NoSession(SessionInterface):
    """Nobody is recognised by Flask's own cookie: sessions are rows (`identity`)."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        """Nothing is read; writing to it is an error."""
        return self.make_null_session(app)

    def is_null_session(self, obj: object) -> bool:
        """Always: nothing is saved either."""
        return True

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Nothing to save."""


class PlainFlask(APIFlask):
    """An APIFlask without cookies of Flask's own and without async views."""

    session_interface = _NoSession()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function as it is: every view is synchronous."""
        return func
