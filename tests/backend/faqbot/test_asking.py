"""What comes back for what is asked: an answer, a choice, another place, help, or a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.core.db import db
from backend.escalations.models import Escalation
from backend.faqbot.models import Turn
from backend.faqbot.service import library
from backend.law import limits
from faq.engine.decide import Decided, Decision
from faq.schema import Entry
from tests.clock import HeldClock
from tests.factories.chat import (
    CONTRACT,
    INJURY,
    RENT,
    WAGES,
    Decides,
    Phone,
    kinds,
    lost,
    question_of,
    unsure,
)

SignIn = Callable[..., dict[str, str]]


def questions(app: APIFlask) -> list[Escalation]:
    """Everything handed to a person."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Escalation).order_by(Escalation.id)))


def test_a_sure_answer_has_its_short_part_its_law_and_its_date(phone: Phone) -> None:
    asked, answer = phone.ask(question_of(WAGES))
    assert (asked["author"], asked["kind"], asked["text"]) == (
        "person",
        "asked",
        question_of(WAGES),
    )
    assert (answer["author"], answer["kind"], answer["can_rate"]) == ("bot", "answer", True)
    entry = answer["entry"]
    assert entry["id"] == WAGES and answer["text"] == entry["short"] and len(entry["short"]) <= 60
    assert len(entry["revision"]) == 16 and entry["reviewed_on"] and entry["answer"]
    assert entry["citations"] and "{" not in entry["answer"]
    assert answer["offers_complaint"] is any(
        action["kind"] == "file_complaint" for action in entry["actions"]
    )


def test_a_signed_in_worker_gets_the_same_and_keeps_the_conversation(
    app: APIFlask, client: FlaskClient, sign_in_worker: SignIn
) -> None:
    phone = Phone(client, sign_in_worker(client))
    assert kinds(phone.ask(question_of(WAGES))) == ["asked", "answer"]
    assert kinds(Phone(app.test_client(), phone.headers, phone.key).history()) == [
        "asked",
        "answer",
    ]


def test_what_stands_in_the_database_names_entry_revision_and_corpus(
    app: APIFlask, phone: Phone
) -> None:
    _asked, answer = phone.ask(question_of(WAGES))
    with app.app_context():
        row = db.session.get_one(Turn, answer["id"])
        assert (row.entry_id, row.revision) == (WAGES, answer["entry"]["revision"])
        assert len(row.corpus or "") == 16 and row.score is not None


def test_three_are_suggested_and_a_tap_answers(phone: Phone, decides: Decides) -> None:
    decides("那个怎么弄", unsure(WAGES, CONTRACT, INJURY, "arb.apply"))
    _asked, suggested = phone.ask("那个怎么弄")
    assert (suggested["kind"], suggested["offers_human"]) == ("suggest", True)
    assert [c["entry_id"] for c in suggested["choices"]] == [WAGES, CONTRACT, INJURY]
    assert suggested["choices"][1]["label"] == question_of(CONTRACT)
    chosen, answer = phone.choose(suggested, suggested["choices"][1])
    assert (chosen["author"], chosen["kind"]) == ("person", "chosen")
    assert chosen["text"] == question_of(CONTRACT) and answer["entry"]["id"] == CONTRACT


def test_a_button_that_was_not_offered_is_gone(phone: Phone, decides: Decides) -> None:
    decides("那个怎么弄", unsure(WAGES, CONTRACT))
    _asked, suggested = phone.ask("那个怎么弄")
    for wanted in ({"entry_id": INJURY}, {"value": "none"}, {"entry_id": WAGES, "value": "x"}, {}):
        body = {"key": "a" * 32, "turn_id": suggested["id"], **wanted}
        answer = phone.send("/choices", body)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "no_choice"), wanted
    answer = phone.send("/choices", {"key": "a" * 32, "turn_id": 2**31 - 1, "entry_id": WAGES})
    assert answer.status_code == 404
    assert kinds(phone.history()) == ["asked", "suggest"]


def test_what_is_not_ours_is_sent_where_it_belongs(app: APIFlask, phone: Phone) -> None:
    _asked, away = phone.ask(RENT)
    assert (away["kind"], away["entry"], away["offers_human"]) == ("redirect", None, True)
    assert away["text"] and questions(app) == []


@pytest.mark.parametrize("decision", ["handoff", "suggest"])
def test_what_may_be_ours_is_offered_beside_where_else_to_go(
    phone: Phone, decides: Decides, decision: Decision
) -> None:
    decides("那个怎么弄", Decided(decision, (WAGES, CONTRACT), "oos.rent", 0.3, "told by the test"))
    _asked, away = phone.ask("那个怎么弄")
    assert (away["kind"], away["offers_human"]) == ("redirect", True)
    assert away["text"].startswith("是劳动方面的事，点下面的问题。不是的话：租房的事")
    assert [c["entry_id"] for c in away["choices"]] == [WAGES, CONTRACT]
    assert phone.choose(away, away["choices"][1])[-1]["entry"]["id"] == CONTRACT


def test_what_is_hardly_ours_is_offered_nothing(phone: Phone, decides: Decides) -> None:
    decides("那个怎么弄", Decided("handoff", (WAGES,), "oos.rent", 0.05, "told by the test"))
    _asked, away = phone.ask("那个怎么弄")
    assert (away["kind"], away["choices"]) == ("redirect", [])
    assert away["text"].startswith("租房的事")


@pytest.mark.parametrize("text", ["😀😀😀", "？？！！……", "。", "---", "\u200b👍🏽", "<br>"])
def test_something_without_a_word_is_asked_back(app: APIFlask, phone: Phone, text: str) -> None:
    _asked, back = phone.ask(text)
    assert back["kind"] == "handoff" and "没看明白" in back["text"]
    assert questions(app) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "How do I get my unpaid wages from my boss?",
        "Мне не платят зарплату",
        "'; DROP TABLE turns; --",
        "a" * 2000,
        "工" * 2000,
        "{minimum_wage_month}",
        "\\u0000 %s {0} ${x}",
    ],
)
def test_odd_words_are_kept_as_they_are_and_answered_without_a_guess(
    phone: Phone, text: str
) -> None:
    asked, *_others, said = phone.ask(text)
    assert asked["text"] == text and said["kind"] in ("handoff", "redirect", "suggest")
    assert phone.history()[0]["text"] == text


def test_twenty_one_questions_in_a_minute_are_too_many_and_nothing_is_lost(
    phone: Phone, clock: HeldClock
) -> None:
    for number in range(20):
        phone.ask("😀" * (number + 1))
    answer = phone.send("/questions", {"key": "b" * 32, "text": "在吗"})
    said = answer.get_json()
    assert (answer.status_code, said["code"]) == (429, "too_many")
    assert "太快" in said["detail"] and int(answer.headers["Retry-After"]) <= 60
    assert len(Phone(phone.client).ask("😀")) == 2, "another conversation has its own count"
    clock.advance(seconds=61)
    assert kinds(phone.ask("在吗", "b" * 32))[0] == "asked"


def test_several_matters_are_answered_in_the_order_of_their_limits(phone: Phone) -> None:
    _asked, several = phone.ask(f"{question_of(WAGES)}。{question_of(INJURY)}")
    assert several["kind"] == "several" and several["can_rate"] is True
    named = [entry["id"] for entry in several["entries"]]
    assert named == [INJURY, WAGES]
    lengths = [limits.limit_of(entry_id) for entry_id in named]
    assert [one.about_days for one in lengths if one] == sorted(
        one.about_days for one in lengths if one
    )
    assert phone.history()[-1]["entries"] == several["entries"]


def test_an_outside_matter_does_not_hide_a_labour_one(phone: Phone) -> None:
    _asked, answer, redirect = phone.ask(f"{RENT}。{question_of(WAGES)}")
    assert (answer["kind"], answer["entry"]["id"]) == ("answer", WAGES)
    assert redirect["kind"] == "redirect"


def test_another_matter_that_is_unclear_is_asked_about(phone: Phone, decides: Decides) -> None:
    decides("那个东西", unsure(CONTRACT, INJURY))
    _asked, answer, more = phone.ask(f"{question_of(WAGES)}。另外那个东西")
    assert (answer["kind"], answer["entry"]["id"]) == ("answer", WAGES)
    assert (more["kind"], more["text"]) == ("suggest", "还有一件，您是想问哪个？")
    assert [choice["entry_id"] for choice in more["choices"]] == [CONTRACT, INJURY]


def test_what_masking_left_asks_nothing(phone: Phone) -> None:
    alone = phone.ask(question_of(WAGES))[-1]["entry"]["id"]
    typed = f"我身份证440711199001011234，手机13800138000，{question_of(WAGES)}"
    assert phone.ask(typed)[-1]["entry"]["id"] == alone
    assert kinds(phone.ask("我的手机号是13800138000"))[-1] == "handoff"


def test_talk_is_never_offered_as_a_matter(phone: Phone, decides: Decides) -> None:
    decides("嗯那个", unsure("chat.greeting", WAGES, INJURY))
    said = phone.ask("嗯那个")[-1]
    assert [choice["entry_id"] for choice in said["choices"]] == [WAGES, INJURY]


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("我不想活了", ["120", "110", "12333"]),
        ("今晚带刀去公司", ["110", "12333"]),
        ("我手被机器轧断了正在流血", ["120", "110", "12333"]),
    ],
)
def test_crisis_words_bring_phones_and_a_person_at_once(
    app: APIFlask, phone: Phone, text: str, phones: list[str]
) -> None:
    turns = phone.ask(text)
    assert turns[1]["kind"] == "crisis"
    assert [one["phone"] for one in turns[1]["phones"]] == phones
    assert turns[-1]["kind"] == "escalated" and turns[-1]["waiting"]["state"] == "waiting"
    (row,) = questions(app)
    assert row.is_crisis and row.question == text


def test_a_crisis_raises_a_question_that_waits_already(app: APIFlask, phone: Phone) -> None:
    phone.call(text="工资没发")
    phone.ask("我不想活了")
    (row,) = questions(app)
    assert row.is_crisis and row.transcript.count("我不想活了") == 1


def test_two_misses_in_a_row_offer_a_person(phone: Phone, decides: Decides) -> None:
    for text in ("甲甲甲甲", "乙乙乙乙", "丙丙丙丙"):
        decides(text, lost())
    assert kinds(phone.ask("甲甲甲甲")) == ["asked", "handoff"]
    second = phone.ask("乙乙乙乙")
    assert kinds(second) == ["asked", "handoff", "note"]
    assert second[-1]["offers_human"] and "工作人员" in second[-1]["text"]
    assert kinds(phone.ask("丙丙丙丙")) == ["asked", "handoff"], "then it counts anew"
    phone.ask(question_of(WAGES))
    assert kinds(phone.ask("甲甲甲甲")) == ["asked", "handoff"], "an answer ends the row"


def test_an_entry_whose_time_is_over_is_neither_answered_nor_suggested(
    app: APIFlask, phone: Phone, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = clock.at.date()
    entry = entry_until(app, monkeypatch, day)
    assert phone.ask(entry.question)[-1]["entry"]["id"] == entry.id
    clock.set(clock.at + timedelta(days=2))
    later = phone.ask(entry.question)[-1]
    shown = [later["entry"] or {}, *later["entries"], *later["choices"]]
    assert entry.id not in {one.get("id") or one.get("entry_id") for one in shown}
    gone = phone.client.get(f"/api/v1/faq/entries/{entry.id}")
    assert (gone.status_code, gone.get_json()["code"]) == (404, "no_entry")


def entry_until(app: APIFlask, monkeypatch: pytest.MonkeyPatch, day: date) -> Entry:
    """An entry of the files that ends on a day, in this process only."""
    whole = library.files()
    entry = Entry.model_validate(whole.entries["probation.terms"].model_dump() | {"valid_to": day})
    changed = whole.with_entries([entry])
    monkeypatch.setattr(library, "files", lambda: changed)
    monkeypatch.setitem(app.extensions, "faq_library", library.Library())
    return entry


def test_a_greeting_is_greeted(phone: Phone) -> None:
    assert kinds(phone.ask("你好")) == ["asked", "greeting"]


def test_nothing_certain_is_said_when_the_engine_names_an_entry_outside_a_rule(
    phone: Phone, decides: Decides
) -> None:
    decides("甲甲甲甲", Decided("suggest", (WAGES,), None, 0.5, "only one"))
    _asked, suggested = phone.ask("甲甲甲甲")
    assert [c["entry_id"] for c in suggested["choices"]] == [WAGES]
