"""A conversation is its key's holder's; once somebody has signed in, theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.core.db import db
from backend.faqbot.models import Conversation, Turn
from tests.factories.chat import WAGES, Phone, kinds, new_key, question_of

SignIn = Callable[..., dict[str, str]]
OTHER = "13800000002"

ACTS: list[tuple[str, dict[str, Any] | None]] = [
    ("", None),
    ("/prefill", None),
    ("/questions", {"key": "a" * 32, "text": "在吗"}),
    ("/choices", {"key": "a" * 32, "turn_id": 1, "entry_id": WAGES}),
    ("/restart", {"key": "a" * 32}),
    ("/human", {"key": "a" * 32}),
    ("/turns/2/feedback", {"verdict": "useful"}),
]
BAD_KEYS = ["", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "ａ" * 32, " " + "a" * 31]


@pytest.mark.parametrize(("path", "body"), ACTS)
@pytest.mark.parametrize("who", ["another worker", "nobody"])
def test_somebody_elses_conversation_is_not_yours(
    client: FlaskClient,
    sign_in_worker: SignIn,
    path: str,
    body: dict[str, Any] | None,
    who: str,
) -> None:
    owner = Phone(client, sign_in_worker(client))
    before = owner.ask(question_of(WAGES))
    headers = sign_in_worker(client, OTHER) if who == "another worker" else {}
    answer = Phone(client, headers, owner.key).send(path, body)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_yours")
    assert owner.history() == before


@pytest.mark.parametrize(("path", "body"), ACTS)
def test_without_its_key_there_is_no_conversation(
    app: APIFlask, client: FlaskClient, path: str, body: dict[str, Any] | None
) -> None:
    address = f"/api/v1/conversation{path}"
    for headers in ({}, *({"X-Conversation": key} for key in BAD_KEYS if key.isascii())):
        send = client.get if body is None else client.post
        answer = send(address, headers=headers, **({} if body is None else {"json": body}))
        said = answer.get_json()
        assert (answer.status_code, said["code"]) == (422, "bad_input"), headers
        assert said["errors"][0]["field"] == "X-Conversation"
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Conversation)) == 0


@pytest.mark.parametrize(("path", "body"), ACTS)
def test_a_sign_in_that_has_ended_says_so(
    client: FlaskClient, path: str, body: dict[str, Any] | None
) -> None:
    answer = Phone(client, {"Authorization": "Bearer nonsense"}).send(path, body)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in")


def test_signing_in_takes_the_conversation_along(
    client: FlaskClient, sign_in_worker: SignIn
) -> None:
    phone = Phone(client)
    phone.ask(question_of(WAGES))
    signed_in = Phone(client, sign_in_worker(client), phone.key)
    assert len(signed_in.history()) == 2, "it may still be read by whoever holds the key"
    signed_in.ask("你好")
    assert len(signed_in.history()) == 4
    assert phone.send("").status_code == 404


def test_reading_a_key_that_was_never_used_writes_nothing(app: APIFlask, phone: Phone) -> None:
    assert phone.history() == []
    assert phone.send("/prefill").get_json()["facts"] == ""
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Conversation)) == 0


def test_the_key_itself_is_not_kept(app: APIFlask, phone: Phone) -> None:
    phone.ask("你好")
    with app.app_context():
        rows = db.session.execute(sa.text("SELECT * FROM conversations")).all()
    assert phone.key not in repr(rows)


def test_two_conversations_know_nothing_of_each_other(app: APIFlask, phone: Phone) -> None:
    other = Phone(phone.client)
    same = new_key()
    phone.ask("你好", same)
    other.ask("你好", same)
    assert kinds(phone.history()) == kinds(other.history()) == ["asked", "greeting"]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Turn)) == 4
