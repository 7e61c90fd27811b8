"""Two workers' phones in front of the lectures' door, and what a refusal must look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.core.actor import Actor
from tests.clock import HeldClock
from tests.factories import lectures as made
from tests.factories.identity import sign_in_worker

T = TypeVar("T")
PROBLEM = "application/problem+json"


@dataclass
class Phones:
    """Two workers' phones and the desk, on an empty database."""

    client: FlaskClient
    clock: HeldClock
    desk: Actor
    own: dict[str, str]
    other: dict[str, str]

    def inside(self, act: Callable[[], T]) -> T:
        """Do something with the services."""
        with self.client.application.app_context():
            return act()

    def published(self, **changes: Any) -> str:
        """The id of a lecture people can book."""
        return self.inside(lambda: str(made.published(self.desk, **changes).public_id))

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None
    ) -> TestResponse:
        """A request to the API; without headers nobody is signed in."""
        options: dict[str, Any] = {"headers": headers or {}}
        if body is not None:
            options["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, **options)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Any:
        """What an address answers; 200."""
        answer = self.call("GET", path, headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """What becomes of a deed of the first worker; it is done."""
        answer = self.call("POST", path, headers or self.own, body)
        assert answer.status_code in (200, 201), answer.get_data(as_text=True)
        return answer.get_json()

    def book(self, lecture: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        """Book one seat."""
        body = {"key": made.key()} | more
        return self.post(f"/lectures/{lecture}/bookings", body, headers)


@pytest.fixture
def phones(app: APIFlask, client: FlaskClient, clock: HeldClock) -> Phones:
    """Two signed-in workers."""
    with app.app_context():
        desk = made.organiser()
    own, other = (sign_in_worker(client, f"138{number:08d}") for number in (1, 2))
    return Phones(client, clock, desk, own, other)


def refused(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """A problem with this status and code, and a Chinese sentence of what to do."""
    said: dict[str, Any] = answer.get_json()
    assert (answer.status_code, said["code"]) == (status, code), said
    assert answer.content_type == PROBLEM and said["status"] == status
    for text in (said["detail"], *(e["message"] for e in said.get("errors", []))):
        assert re.search(r"[\u4e00-\u9fff].*[。”]$", text, re.DOTALL), text
        assert not re.search(r"[a-z]{4,}|！|请稍后再试", text), text
    return said


def order_body(phones: Phones, **changes: Any) -> dict[str, Any]:
    """A good order as a phone sends it."""
    wanted = made.wanted(phones.clock.at)
    body = {name: getattr(wanted, name) for name in wanted.__slots__ if name != "about"}
    return body | changes
