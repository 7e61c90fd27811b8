"""转人工, by button, by word or by a suggestion: what was said goes along, a time is named."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.core.db import db
from backend.escalations.models import Escalation
from tests.clock import HeldClock
from tests.factories.chat import WAGES, Decides, Phone, kinds, question_of, unsure
from tests.factories.identity import worker_id

SignIn = Callable[..., dict[str, str]]


def handed(app: APIFlask) -> Escalation:
    """The one question that was handed over."""
    with app.app_context():
        return db.session.scalars(sa.select(Escalation)).one()


def said(row: Escalation) -> list[str]:
    """What a person said, as whoever answers reads it."""
    return [line["text"] for line in json.loads(row.transcript) if line["author"] == "person"]


def test_the_button_needs_no_word_and_names_a_time_and_the_office_hours(
    app: APIFlask, phone: Phone, clock: HeldClock
) -> None:
    phone.ask(question_of(WAGES))
    (told,) = phone.call()
    assert told["kind"] == "escalated" and "11月24日 周二 10:00 前" in told["text"]
    assert "上班时间：工作日" in told["text"]
    waiting = told["waiting"]
    assert (waiting["state"], waiting["due_at"]) == ("waiting", "2026-11-24T02:00:00Z")
    assert waiting["due_words"] in told["text"] and waiting["hours_words"] in told["text"]
    assert waiting["is_overdue"] is False
    row = handed(app)
    assert row.question == question_of(WAGES) and (row.worker_id, row.phone) == (None, None)
    answer = next(one for one in json.loads(row.transcript) if one["author"] == "bot")
    assert answer["entry_id"] == WAGES and len(answer["revision"]) == 16
    clock.advance(days=2)
    assert phone.history()[-1]["waiting"]["is_overdue"] is True


def test_before_anything_was_said_it_works_too(app: APIFlask, phone: Phone) -> None:
    assert kinds(phone.call()) == ["escalated"]
    assert handed(app).question == "（没有另外写，看前面的对话）"


def test_words_and_a_telephone_go_along(app: APIFlask, phone: Phone) -> None:
    asked, told = phone.call(text="老板跑了", phone="+86 138 0000 0009")
    assert (asked["author"], asked["text"], told["kind"]) == ("person", "老板跑了", "escalated")
    row = handed(app)
    assert (row.question, row.phone) == ("老板跑了", "13800000009")


def test_a_signed_in_worker_is_known(
    app: APIFlask, client: FlaskClient, sign_in_worker: SignIn
) -> None:
    headers = sign_in_worker(client)
    Phone(client, headers).call(text="老板跑了")
    assert handed(app).worker_id == worker_id(client, headers)


@pytest.mark.parametrize("words", ["转人工", "人工", "我要人工", "找人工", "怎么转人工？"])
def test_the_word_is_enough_and_the_question_is_what_was_said_before(
    app: APIFlask, phone: Phone, words: str
) -> None:
    phone.ask(question_of(WAGES))
    assert kinds(phone.ask(words)) == ["asked", "escalated"]
    assert handed(app).question == question_of(WAGES)


def test_the_word_alone_at_the_beginning(app: APIFlask, phone: Phone) -> None:
    phone.ask("转人工")
    row = handed(app)
    assert row.question == "转人工" and said(row) == ["转人工"]


@pytest.mark.parametrize("joint", ["。", "，", " ", "\n"])
def test_the_word_beside_a_question_brings_the_answer_and_a_person(
    app: APIFlask, phone: Phone, decides: Decides, joint: str
) -> None:
    text = f"那个怎么弄{joint}转人工"
    decides(text, unsure(WAGES, "arb.apply", "injury.apply"))
    assert kinds(phone.ask(text)) == ["asked", "suggest", "escalated"]
    assert handed(app).question.startswith("那个怎么弄")


def test_wages_called_by_their_cantonese_name_call_nobody(app: APIFlask, phone: Phone) -> None:
    turns = phone.ask("老细成个月都唔出人工，我可以点做")
    assert "escalated" not in kinds(turns)


def test_the_suggestion_is_carried_out_when_it_is_tapped(
    app: APIFlask, phone: Phone, decides: Decides
) -> None:
    decides("那个怎么弄", unsure(WAGES, "chat.human"))
    _asked, suggested = phone.ask("那个怎么弄")
    assert kinds(phone.choose(suggested, suggested["choices"][1])) == ["chosen", "escalated"]
    assert handed(app).question == "那个怎么弄"


def test_calling_again_adds_the_new_words_once(app: APIFlask, phone: Phone) -> None:
    phone.call(text="工资没发")
    phone.ask("已经三个月了")
    assert "已经在工作人员手里" in phone.call()[-1]["text"]
    phone.call(text="老板姓张")
    phone.ask("转人工")
    row = handed(app)
    assert row.question == "工资没发"
    assert said(row) == ["已经三个月了", "老板姓张", "转人工"]


def test_what_is_asked_while_one_waits_reaches_whoever_answers(app: APIFlask, phone: Phone) -> None:
    phone.call(text="工资没发")
    phone.ask(question_of(WAGES))
    assert said(handed(app)) == [question_of(WAGES)]


def test_what_was_said_before_starting_anew_stays_with_the_person(
    app: APIFlask, phone: Phone
) -> None:
    phone.ask("你好")
    phone.restart()
    phone.ask(question_of(WAGES))
    phone.call()
    assert said(handed(app)) == [question_of(WAGES)]


def test_tapping_without_end_is_slowed_down(phone: Phone) -> None:
    for _ in range(10):
        phone.call()
    answer = phone.send("/human", {"key": "a" * 32})
    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_many")
    assert phone.ask("转人工")[-1]["kind"] == "escalated"


def test_a_person_may_still_be_called_after_many_questions(phone: Phone) -> None:
    for _ in range(20):
        phone.ask("😀")
    assert phone.call()[-1]["kind"] == "escalated"
