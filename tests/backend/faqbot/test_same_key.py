"""The same request twice, one after the other or at the same moment, is one set of turns."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import Conflict
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.faqbot.models import Conversation, EntryRevision, Turn
from backend.faqbot.service import staff_replies
from tests.clock import HeldClock
from tests.factories.chat import (
    CONTRACT,
    WAGES,
    Decides,
    Json,
    Phone,
    kinds,
    new_key,
    question_of,
    turns_of,
    unsure,
)
from tests.factories.identity import make_staff

KEY = "c" * 32
THREADS = 4


def count(app: APIFlask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def at_once(app: APIFlask, phone: Phone, path: str, bodies: list[Json]) -> list[Json]:
    """Send all at the same moment, each from a client of its own; the documents that come."""
    barrier = Barrier(len(bodies))

    def send(body: Json) -> Json:
        mine = Phone(app.test_client(), phone.headers, phone.key)
        barrier.wait(20)
        answer = mine.send(path, body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, bodies))


ACTS: list[tuple[str, Json, int]] = [
    ("/questions", {"text": question_of(WAGES)}, 2),
    ("/questions", {"text": "转人工"}, 2),
    ("/questions", {"text": "我不想活了"}, 3),
    ("/human", {"text": "工资没发", "phone": "13800000009"}, 2),
    ("/human", {}, 1),
    ("/restart", {}, 1),
]


@pytest.mark.parametrize(("path", "body", "turns"), ACTS)
def test_a_second_time_gives_the_first_result(
    app: APIFlask, phone: Phone, path: str, body: Json, turns: int
) -> None:
    first = turns_of(phone.send(path, body | {"key": KEY}))
    assert turns_of(phone.send(path, body | {"key": KEY})) == first
    assert len(first) == turns == count(app, Turn)
    assert count(app, Escalation) == ("escalated" in kinds(first))
    turns_of(phone.send(path, body | {"key": new_key()}))
    assert count(app, Turn) == 2 * turns, "another key is another request"


@pytest.mark.parametrize(("path", "body", "turns"), ACTS)
def test_at_the_same_moment_too(
    app: APIFlask, phone: Phone, path: str, body: Json, turns: int
) -> None:
    phone.ask("你好")  # the model is there: nobody waits for it in the race
    racing = Phone(app.test_client())
    found = at_once(app, racing, path, [body | {"key": KEY}] * THREADS)
    assert all(one == found[0] for one in found) and len(found[0]["turns"]) == turns
    assert racing.history() == found[0]["turns"]
    assert count(app, Conversation) == 2
    assert count(app, Escalation) == ("escalated" in kinds(found[0]["turns"]))


def test_a_tap_twice_at_once_is_one_tap(app: APIFlask, phone: Phone, decides: Decides) -> None:
    decides("那个怎么弄", unsure(WAGES, CONTRACT))
    _asked, suggested = phone.ask("那个怎么弄")
    body = {"key": KEY, "turn_id": suggested["id"], "entry_id": CONTRACT}
    found = at_once(app, phone, "/choices", [body] * THREADS)
    assert all(one == found[0] for one in found)
    assert kinds(phone.history()) == ["asked", "suggest", "chosen", "answer"]
    assert turns_of(phone.send("/choices", body)) == found[0]["turns"]


def test_different_questions_at_once_are_all_kept_whole(app: APIFlask, phone: Phone) -> None:
    phone.ask("你好")
    bodies = [{"key": new_key(), "text": question_of(WAGES)} for _ in range(THREADS)]
    found = at_once(app, phone, "/questions", bodies)
    assert len({one["turns"][0]["id"] for one in found}) == THREADS
    assert kinds(phone.history()) == ["asked", "greeting", *["asked", "answer"] * THREADS]
    assert count(app, EntryRevision) == 1


def test_calls_for_a_person_at_once_open_one_question(app: APIFlask, phone: Phone) -> None:
    phone.ask("你好")
    at_once(app, phone, "/human", [{"key": new_key(), "text": f"事{n}"} for n in range(THREADS)])
    assert count(app, Escalation) == 1
    with app.app_context():
        row = db.session.scalars(sa.select(Escalation)).one()
        assert all(f"事{n}" in row.question + row.transcript for n in range(THREADS))


def test_a_colleague_who_acts_on_the_question_meanwhile_costs_the_person_nothing(
    app: APIFlask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.call(text="工资没发")
    really: Callable[..., None] = escalations.add_words
    tries: list[str] = []

    def overtaken(subject: str, text: str, phone: str | None) -> None:
        tries.append(text)
        if len(tries) == 1:
            raise Conflict("刚才有人先改了。", code="stale")
        really(subject, text, phone)

    monkeypatch.setattr(escalations, "add_words", overtaken)
    assert kinds(phone.ask(question_of(WAGES))) == ["asked", "answer"]
    assert len(tries) == 2 and kinds(phone.history()) == ["asked", "escalated", "asked", "answer"]


def test_a_person_who_writes_while_a_colleague_answers_gets_everything_once(
    app: APIFlask, phone: Phone, clock: HeldClock
) -> None:
    phone.ask("你好")
    phone.call(text="工资没发")
    with app.app_context():
        staff = make_staff("answerer", name="钟解答")
        actor = Actor("staff", staff.id, staff.name, staff.roles)
        row = db.session.scalars(sa.select(Escalation)).one()
        escalations.take(row.public_id, row.version, actor, clock.at)
    barrier = Barrier(3)

    def write(number: int) -> None:
        mine = Phone(app.test_client(), key=phone.key)
        barrier.wait(20)
        for more in range(4):
            mine.ask("😀" * (number * 4 + more + 1))

    def answer() -> None:
        barrier.wait(20)
        for _ in range(40):
            with app.app_context():
                row = db.session.scalars(sa.select(Escalation)).one()
                try:
                    staff_replies.answer(
                        row.public_id, row.version, "有人管。", [], actor, clock.at
                    )
                except Conflict:  # more was said meanwhile: read it, then answer
                    continue
                return
        raise AssertionError("never got through")

    with ThreadPoolExecutor(3) as pool:
        acts = [pool.submit(write, 0), pool.submit(write, 1), pool.submit(answer)]
        for act in acts:
            act.result(60)
    history = phone.history()
    assert kinds(history).count("reply") == 1
    asked = [turn["text"] for turn in history if turn["kind"] == "asked"]
    assert len(asked) == len(set(asked)) == 10
