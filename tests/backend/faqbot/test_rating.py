"""有用 or 没用: a later word replaces it; about an answer only, in one's own conversation."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from backend.core.db import db
from backend.faqbot.models import FEEDBACK, Turn
from tests.clock import HeldClock
from tests.factories.chat import WAGES, Json, Phone, question_of


@pytest.fixture
def turns(phone: Phone) -> list[Json]:
    """A question and its answer."""
    return phone.ask(question_of(WAGES))


@pytest.mark.parametrize("verdict", FEEDBACK)
def test_each_verdict_is_kept_with_its_answer(
    app: APIFlask, phone: Phone, turns: list[Json], verdict: str, clock: HeldClock
) -> None:
    answer = phone.send(f"/turns/{turns[1]['id']}/feedback", {"verdict": verdict})
    assert answer.status_code == 200
    assert answer.get_json() == turns[1] | {"feedback": verdict} == phone.history()[1]
    with app.app_context():
        assert db.session.get_one(Turn, turns[1]["id"]).feedback_at == clock.at


def test_a_later_word_replaces_the_earlier_one_and_its_reason(
    app: APIFlask, phone: Phone, turns: list[Json]
) -> None:
    address = f"/turns/{turns[1]['id']}/feedback"
    phone.send(address, {"verdict": "wrong", "note": "不是这个意思"})
    with app.app_context():
        assert db.session.get_one(Turn, turns[1]["id"]).feedback_note == "不是这个意思"
    phone.send(address, {"verdict": "useful"})
    with app.app_context():
        row = db.session.get_one(Turn, turns[1]["id"])
        assert (row.feedback, row.feedback_note) == ("useful", None)


def test_ones_own_words_are_not_rated(phone: Phone, turns: list[Json]) -> None:
    answer = phone.send(f"/turns/{turns[0]['id']}/feedback", {"verdict": "useful"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "not_an_answer")
    assert phone.history()[0]["feedback"] is None


def test_another_conversations_answer_is_not_found(phone: Phone, turns: list[Json]) -> None:
    other = Phone(phone.client)
    for when in ("before it has begun", "after"):
        answer = other.send(f"/turns/{turns[1]['id']}/feedback", {"verdict": "wrong"})
        assert (answer.status_code, answer.get_json()["code"]) == (404, "no_turn"), when
        other.ask("你好")
    assert phone.history()[1]["feedback"] is None


def test_an_answer_that_never_was_is_not_found(phone: Phone, turns: list[Json]) -> None:
    answer = phone.send("/turns/999999/feedback", {"verdict": "wrong"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no_turn")
