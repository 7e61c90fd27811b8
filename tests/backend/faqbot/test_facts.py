"""One fact that decides is asked for once, kept for half an hour, and used without asking."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from backend.faqbot.models import Conversation
from backend.faqbot.service import library
from backend.faqbot.service.replying import Replier
from faq.bot import Bot
from faq.engine.clarify import Clarify, Rule
from tests.clock import HeldClock
from tests.factories.chat import (
    INJURY,
    NO_CONTRACT,
    WAGES,
    Decides,
    Json,
    Phone,
    kinds,
    question_of,
    unsure,
)

VAGUE, AGAIN = "老板那个钱的事情", "还是老板那个钱的事"


@pytest.fixture(autouse=True)
def one_fact_decides(decides: Decides) -> None:
    """Between these two the contract decides."""
    for text in (VAGUE, AGAIN, f"我没签合同，{VAGUE}"):
        decides(text, unsure(WAGES, NO_CONTRACT))


def asked_back(turns: list[Json]) -> Json:
    """The clarifying question."""
    clarify = turns[-1]
    assert (clarify["kind"], clarify["text"]) == ("clarify", "您和单位签过书面合同吗？")
    assert [(c["label"], c["value"]) for c in clarify["choices"]] == [
        ("没签过", "none"),
        ("签过", "written"),
    ]
    return clarify


@pytest.mark.parametrize("words", ["不晓得", "我也说不准", "唔知喎"])
def test_whoever_does_not_know_may_look_at_both(phone: Phone, words: str) -> None:
    asked_back(phone.ask(VAGUE))
    said = phone.ask(words)[-1]
    assert (said["kind"], len(said["choices"])) == ("suggest", 2)
    assert {choice["entry_id"] for choice in said["choices"]} == {WAGES, NO_CONTRACT}
    assert phone.ask(AGAIN)[-1]["kind"] == "suggest"  # it is not asked again


@pytest.mark.parametrize(("number", "entry_id"), [(0, NO_CONTRACT), (1, WAGES)])
def test_the_tapped_fact_decides_and_is_not_asked_again(
    phone: Phone, number: int, entry_id: str
) -> None:
    clarify = asked_back(phone.ask(VAGUE))
    chosen, answer = phone.choose(clarify, clarify["choices"][number])
    assert chosen["text"] == clarify["choices"][number]["label"]
    assert answer["entry"]["id"] == entry_id
    assert phone.ask(AGAIN)[-1]["entry"]["id"] == entry_id


def test_a_fact_that_was_said_is_not_asked(phone: Phone) -> None:
    assert phone.ask(f"我没签合同，{VAGUE}")[-1]["entry"]["id"] == NO_CONTRACT
    assert phone.ask(VAGUE)[-1]["entry"]["id"] == NO_CONTRACT


@pytest.mark.parametrize("words", ["没签过", "没签过。", "没有合同", "一直没签"])
def test_an_answer_in_words_counts_like_a_tap(phone: Phone, words: str) -> None:
    asked_back(phone.ask(VAGUE))
    assert phone.ask(words)[-1]["entry"]["id"] == NO_CONTRACT


def test_words_about_something_else_are_a_question_of_their_own(phone: Phone) -> None:
    asked_back(phone.ask(VAGUE))
    assert phone.ask(question_of(INJURY))[-1]["entry"]["id"] == INJURY


def test_a_question_left_unanswered_is_not_asked_a_second_time(phone: Phone) -> None:
    asked_back(phone.ask(VAGUE))
    again = phone.ask(AGAIN)[-1]
    assert again["kind"] == "suggest"
    assert [c["entry_id"] for c in again["choices"]] == [WAGES, NO_CONTRACT]


@pytest.mark.parametrize(("minutes", "kind"), [(29, "answer"), (31, "clarify")])
def test_a_fact_is_used_for_half_an_hour(
    phone: Phone, clock: HeldClock, minutes: int, kind: str
) -> None:
    clarify = asked_back(phone.ask(VAGUE))
    phone.choose(clarify, clarify["choices"][0])
    clock.advance(minutes=minutes)
    assert phone.ask(AGAIN)[-1]["kind"] == kind


def test_talking_on_does_not_make_a_fact_last_longer(phone: Phone, clock: HeldClock) -> None:
    clarify = asked_back(phone.ask(VAGUE))
    phone.choose(clarify, clarify["choices"][0])
    clock.advance(minutes=20)
    assert phone.ask(AGAIN)[-1]["kind"] == "answer"
    phone.ask("在工地干活")  # another fact, whose half hour is its own
    clock.advance(minutes=11)
    assert phone.ask(AGAIN)[-1]["kind"] == "clarify"


def test_a_fact_said_again_lasts_from_then_on(phone: Phone, clock: HeldClock) -> None:
    phone.ask(f"我没签合同，{VAGUE}")
    clock.advance(minutes=20)
    phone.ask(f"我没签合同，{VAGUE}")
    clock.advance(minutes=20)
    assert phone.ask(AGAIN)[-1]["kind"] == "answer"


def test_starting_anew_forgets_the_facts_and_keeps_the_words(app: APIFlask, phone: Phone) -> None:
    phone.ask(f"我没签合同，{VAGUE}")
    (restarted,) = phone.restart()
    assert restarted["kind"] == "restarted"
    with app.app_context():
        row = db.session.scalars(sa.select(Conversation)).one()
        assert (row.facts, row.restarted_after) == (None, restarted["id"])
    asked_back(phone.ask(VAGUE))
    assert kinds(phone.history()) == ["asked", "answer", "restarted", "asked", "clarify"]


def test_facts_are_unreadable_in_the_database(app: APIFlask, phone: Phone) -> None:
    phone.ask(f"我没签合同，{VAGUE}")
    with app.app_context():
        (raw,) = db.session.execute(sa.text("SELECT facts FROM conversations")).one()
    assert b"none" not in bytes(raw) and b"contract" not in bytes(raw)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("没签过合同", {"contract": "none"}),
        ("没有签过劳动合同", {"contract": "none"}),
        ("单位没跟我签过书面合同", {"contract": "none"}),
        ("没有合同", {"contract": "none"}),
        ("签过合同，工资没发", {"contract": "written"}),
        ("老板跟我签了劳动合同", {"contract": "written"}),
        ("有合同", {"contract": "written"}),
        ("没交过社保", {"insured": "no"}),
        ("公司买了社保", {"insured": "yes"}),
    ],
)
def test_a_no_is_not_read_as_a_yes(said: str, read: dict[str, str]) -> None:
    assert library.files().clarify.read(said) == read


def test_a_rule_with_an_answer_that_is_not_in_force_asks_nothing(
    in_app: APIFlask, clock: HeldClock
) -> None:
    version = library.library().in_force(clock.at)
    corpus = version.bot.corpus
    answers = {"no": WAGES, "yes": INJURY, "unsure": "not.in_force"}
    rule = Clarify(corpus.clarify.facts, [Rule("insured", answers)])
    bot = Bot(replace(corpus, clarify=rule), version.bot.ranker)
    reply = Replier(bot, version.on)._one(unsure(WAGES, INJURY), {})
    assert [said.kind for said in reply.said] == ["suggest"]
