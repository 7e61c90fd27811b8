"""From a question in one's own words to a person's answer, through the doors alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend import scheduler
from backend.audit import seals
from backend.core.db import db
from backend.demo import wechat_follower as follower
from backend.notify.models import OutboxMessage
from backend.settings import Settings
from backend.wechat.callback import AccountKeys
from tests.clock import HeldClock
from tests.factories.chat import Json, Phone, kinds
from tests.factories.identity import AtDesk, worker_id
from tests.fakes.wechat import ACCOUNT_ID, FakeWeChat, fake_wechat

# nearly nothing is said by these: whatever the bot has learnt, it has to ask back about one
VAGUE = ("签过", "没签过", "那这个怎么算", "要多少天", "公司这样对吗")
ANSWER = {"short": "可以投诉。", "text": "带上考勤记录，到窗口来登记，不收钱。"}
LAW = {"citations": "劳动合同法|第三十条"}
SignIn = Callable[..., dict[str, str]]


class Officer:
    """A member of staff at the desk, reading pages and sending their forms."""

    def __init__(self, desk: AtDesk) -> None:
        self.desk = desk

    def page(self, address: str) -> str:
        """A page's text."""
        answer = self.desk.client.get(address)
        assert answer.status_code == 200
        return answer.text

    def waiting(self) -> list[str]:
        """The addresses of the questions that wait, most urgent first."""
        found = re.findall(r'href="(/desk/questions/[0-9a-z]{16})"', self.page("/desk/questions"))
        return list(dict.fromkeys(found))

    def send(self, address: str, deed: str, **form: Any) -> None:
        """Send the form of a deed as the question's page shows it."""
        version = re.search(r'name="version" value="(\d+)"', self.page(address))
        assert version is not None
        sent = {"csrf_token": self.desk.csrf, "version": version[1], **form}
        answer = self.desk.client.post(f"{address}/{deed}", data=sent)
        assert answer.status_code == 303, answer.text

    def answer(self, address: str, **more: Any) -> None:
        """Take the question and answer it."""
        self.send(address, "take")
        self.send(address, "answer", do="submit", **ANSWER, **(LAW | more))


@pytest.fixture
def officer(sign_in_staff: Callable[..., AtDesk]) -> Officer:
    return Officer(sign_in_staff("answerer", name="钟解答"))


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    """A phone of somebody who is not signed in."""
    return Phone(client)


def messages(app: APIFlask) -> list[OutboxMessage]:
    """What was written to people outside the chat."""
    with app.app_context():
        query = sa.select(OutboxMessage).where(OutboxMessage.template == "question_answered")
        return list(db.session.scalars(query))


def full(turn: Json) -> str:
    """An answer of staff as it is sent: its short part first."""
    assert turn["text"] == f"{ANSWER['short']}\n{ANSWER['text']}"
    return str(turn["text"])


def test_a_visitor_asks_taps_is_not_helped_and_gets_a_persons_answer(
    app: APIFlask, phone: Phone, officer: Officer, clock: HeldClock
) -> None:
    start = phone.client.get("/api/v1/faq/start").get_json()
    assert len(start["most_asked"]) == 6

    back = next(turn for words in VAGUE if (turn := phone.ask(words)[-1])["choices"])
    assert back["kind"] in ("suggest", "clarify") and len(back["choices"]) >= 2
    _chosen, answer = phone.choose(back, back["choices"][0])
    assert answer["kind"] == "answer"
    law = answer["entry"]["citations"][0]
    if law["has_text"]:
        query = {"law": law["law"], "article": law["article"]}
        assert phone.client.get("/api/v1/articles", query_string=query).get_json()["text"]

    rated = phone.send(f"/turns/{answer['id']}/feedback", {"verdict": "not_my_case"})
    assert rated.get_json()["feedback"] == "not_my_case"

    asked, told = phone.call(text="我跟老板没签字，只有微信记录", phone="13800000009")
    assert told["kind"] == "escalated" and "11月24日 周二 10:00 前" in told["text"]

    (address,) = officer.waiting()
    page = officer.page(address)
    assert asked["text"] in page and VAGUE[0] in page and "138****0009" in page
    clock.advance(hours=2)
    officer.answer(address, citations=["劳动合同法|第三十条"])
    assert officer.waiting() == []

    history = phone.history()
    assert [turn["id"] for turn in history] == sorted(turn["id"] for turn in history)
    reply = history[-1]
    assert kinds(history).count("reply") == 1 and (reply["author"], reply["kind"]) == (
        "staff",
        "reply",
    )
    assert full(reply) and reply["citations"][0]["has_text"] is True
    assert history[-2]["waiting"]["state"] == "answered"
    assert phone.send(f"/turns/{reply['id']}/feedback", {"verdict": "useful"}).status_code == 200
    (message,) = messages(app)
    assert (message.channel, message.worker_id) == ("phone", None), "on the list of calls"

    phone.ask("谢谢")
    assert kinds(phone.history()).count("reply") == 1
    assert scheduler.run_all(app) == []
    with app.app_context():
        assert seals.verify() == []


def test_a_signed_in_worker_is_told_outside_the_chat_too(
    app: APIFlask, client: FlaskClient, officer: Officer, sign_in_worker: SignIn
) -> None:
    headers = sign_in_worker(client)
    phone = Phone(client, headers)
    phone.ask("老板三个月没发工资")
    assert phone.ask("转人工")[-1]["kind"] == "escalated"
    (address,) = officer.waiting()
    assert "老板三个月没发工资" in officer.page(address)
    officer.answer(address)
    (message,) = messages(app)
    assert (message.channel, message.worker_id) == ("sms", worker_id(client, headers))
    assert full(phone.history()[-1]) == message.text
    assert "工资" not in message.lock_screen and "投诉" not in message.lock_screen


def test_words_added_while_somebody_answers_are_read_before_it_goes(
    phone: Phone, officer: Officer
) -> None:
    phone.call(text="工资没发")
    (address,) = officer.waiting()
    officer.send(address, "take")
    stale = re.search(r'name="version" value="(\d+)"', officer.page(address))
    assert stale is not None
    phone.ask("老板今天又说不发了")
    sent = {"csrf_token": officer.desk.csrf, "version": stale[1], "do": "submit", **ANSWER, **LAW}
    refused = officer.desk.client.post(f"{address}/answer", data=sent)
    assert refused.status_code == 409 and "老板今天又说不发了" in officer.page(address)
    officer.send(address, "answer", do="submit", **ANSWER, **LAW)
    assert full(phone.history()[-1])


def test_somebody_in_danger_comes_first_at_the_desk(phone: Phone, officer: Officer) -> None:
    Phone(phone.client).call(text="工资没发")
    crisis = phone.ask("我不想活了")
    assert [one["phone"] for one in crisis[1]["phones"]] == ["120", "110", "12333"]
    first, second = officer.waiting()
    assert "我不想活了" in officer.page(first) and "工资没发" in officer.page(second)


@pytest.fixture
def wechat(with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    """WeChat's servers, and an official account at them."""
    with fake_wechat() as fake:
        with_settings(**fake.account)
        yield fake


def test_a_follower_of_the_official_account_gets_the_answer_as_a_message(
    app: APIFlask, client: FlaskClient, officer: Officer, clock: HeldClock, wechat: FakeWeChat
) -> None:
    keys = AccountKeys(ACCOUNT_ID, "callbacktoken")

    def write(words: str) -> str:
        made = follower.callback(keys, follower.text_message("o-chen", words, clock.at), clock.at)
        answer = client.post(f"/wechat/callback?{made.query}", data=made.body)
        return str(follower.words_of(keys, answer.text))

    assert "微信" not in write("老板三个月没发工资")
    assert "已经转给工作人员" in write("转人工")
    (address,) = officer.waiting()
    officer.answer(address, citations=["劳动合同法|第三十条"])
    clock.advance(minutes=1)
    assert scheduler.run_all(app) == []
    ((who, text),) = wechat.sent
    assert who == "o-chen" and "回复“看答复”" in text and "工资" not in text
    assert scheduler.run_all(app) == [] and len(wechat.sent) == 1
    said = write("看答复")
    assert f"工作人员答复：{ANSWER['short']}\n{ANSWER['text']}" in said
    assert "《劳动合同法》第三十条" in said
    assert ANSWER["text"] not in write("谢谢"), "it is not said a second time"
