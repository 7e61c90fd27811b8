"""People for tests: workers and staff with live sessions, made by the room's own code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock, crypto
from backend.core.actor import SYSTEM, Actor
from backend.identity import desk_door, service
from backend.identity.models import Staff
from backend.identity.service import workers

PHONE = "13800000001"
PASSWORD = "correct horse battery"


def bearer(token: str) -> dict[str, str]:
    """The header that carries a worker's or case token."""
    return {"Authorization": f"Bearer {token}"}


def sign_in_worker(client: FlaskClient, phone: str = PHONE) -> dict[str, str]:
    """Headers of a signed-in worker with this telephone (the same worker for the same one)."""
    with client.application.app_context():
        return bearer(workers.open_for_phone(phone, "安卓手机", clock.now()).token)


def worker_id(client: FlaskClient, headers: dict[str, str]) -> int:
    """Row id of the worker behind the headers of `sign_in_worker`."""
    token = headers["Authorization"].removeprefix("Bearer ")
    with client.application.app_context():
        actor = service.worker_actor(token, clock.now())
    assert actor is not None and actor.id is not None
    return actor.id


def make_staff(*roles: str, username: str = "", name: str = "") -> Staff:
    """An open staff account; needs an app context."""
    username = username or f"{roles[0].replace('_', '-')}-{crypto.new_public_id()[:6]}"
    return service.create_staff(
        username=username,
        name=name or f"测试{username[-4:]}",
        roles=roles,
        unit="监察大队",
        password=PASSWORD,
        actor=SYSTEM,
        now=clock.now(),
    )


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A browser signed in at the desk: who it is, and how to post a form."""

    client: FlaskClient
    actor: Actor
    csrf: str


def sign_in_at_desk(app: Flask, *roles: str, name: str = "") -> AtDesk:
    """A new member of staff with these roles and a browser of theirs."""
    with app.app_context():
        staff = make_staff(*(roles or ("inspector",)), name=name)
        done = service.sign_in_staff(staff.username, PASSWORD, "电脑", clock.now())
        actor = service.staff_actor(done.token, clock.now(), is_demo_allowed=False)
        assert actor is not None
        csrf = crypto.sign("csrf", f"session:{actor.session_id}")
    client = app.test_client()
    client.set_cookie(desk_door.COOKIE, done.token, path="/desk")
    return AtDesk(client, actor, csrf)
