"""Input that is wrong is refused in words, field by field, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from backend.faqbot.models import Conversation
from tests.factories.chat import WAGES, Phone, kinds, question_of

KEY = "a" * 32


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/questions", {"key": KEY, "text": ""}, "text"),
        ("/questions", {"key": KEY, "text": " \n\t "}, "text"),
        ("/questions", {"key": KEY, "text": "工" * 2001}, "text"),
        ("/questions", {"key": KEY, "text": "工" * 10_000}, "text"),
        ("/questions", {"key": KEY, "text": "没发\x00工资"}, "text"),
        ("/questions", {"key": KEY, "text": "没发\u202e工资"}, "text"),
        ("/questions", {"key": KEY, "text": 7}, "text"),
        ("/questions", {"key": KEY, "text": None}, "text"),
        ("/questions", {"key": KEY}, "text"),
        ("/questions", {"text": "在吗"}, "key"),
        ("/questions", {"key": "", "text": "在吗"}, "key"),
        ("/questions", {"key": "A" * 32, "text": "在吗"}, "key"),
        ("/questions", {"key": KEY, "text": "在吗", "more": 1}, "more"),
        ("/choices", {"key": KEY, "turn_id": 0, "entry_id": WAGES}, "turn_id"),
        ("/choices", {"key": KEY, "turn_id": 2**31, "entry_id": WAGES}, "turn_id"),
        ("/choices", {"key": KEY, "turn_id": 10**30, "entry_id": WAGES}, "turn_id"),
        ("/choices", {"key": KEY, "turn_id": "1", "entry_id": WAGES}, "turn_id"),
        ("/choices", {"key": KEY, "turn_id": 1, "entry_id": "x" * 81}, "entry_id"),
        ("/choices", {"key": KEY, "turn_id": 1, "value": "x" * 41}, "value"),
        ("/human", {"key": KEY, "phone": "123"}, "phone"),
        ("/human", {"key": KEY, "phone": "1380000000a"}, "phone"),
        ("/human", {"key": KEY, "text": "工" * 2001}, "text"),
        ("/human", {}, "key"),
        ("/restart", {}, "key"),
        ("/turns/1/feedback", {"verdict": "great"}, "verdict"),
        ("/turns/1/feedback", {}, "verdict"),
        ("/turns/1/feedback", {"verdict": "wrong", "note": "x" * 501}, "note"),
    ],
)
def test_a_wrong_field_is_named(
    app: APIFlask, phone: Phone, path: str, body: dict[str, Any], field: str
) -> None:
    answer = phone.send(path, body)
    said = answer.get_json()
    assert (answer.status_code, said["code"]) == (422, "bad_input")
    assert [error["field"] for error in said["errors"]] == [field]
    assert said["errors"][0]["message"] and answer.content_type == "application/problem+json"
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Conversation)) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}" * 9])
def test_a_body_that_is_no_document_is_refused(phone: Phone, body: bytes) -> None:
    answer = phone.client.post(
        "/api/v1/conversation/questions",
        data=body,
        headers={"X-Conversation": phone.key, "Content-Type": "application/json"},
    )
    assert answer.status_code in (400, 422) and answer.get_json()["detail"]


def test_half_a_character_is_refused(phone: Phone) -> None:
    body = b'{"key": "%s", "text": "\\ud83d"}' % KEY.encode()
    headers = {"X-Conversation": phone.key, "Content-Type": "application/json"}
    answer = phone.client.post("/api/v1/conversation/questions", data=body, headers=headers)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("before", ["0", "-1", "x", "2147483648", "1e3", "9" * 40])
def test_a_page_that_cannot_be_is_refused(phone: Phone, before: str) -> None:
    assert phone.send(f"?before={before}").status_code == 422


@pytest.mark.parametrize("number", ["2147483648", "9" * 40, "-1", "x"])
def test_a_turn_beyond_the_database_is_not_found(phone: Phone, number: str) -> None:
    assert phone.send(f"/turns/{number}/feedback", {"verdict": "useful"}).status_code == 404


def test_two_thousand_characters_are_taken(phone: Phone) -> None:
    text = f"{'天' * 1980}，{question_of(WAGES)}"
    assert kinds(phone.ask(text))[0] == "asked"
    assert phone.history()[0]["text"] == text


def test_a_bad_request_is_refused_before_it_is_counted(phone: Phone) -> None:
    for _ in range(30):
        phone.send("/questions", {"key": KEY, "text": ""})
    assert phone.ask("你好")
