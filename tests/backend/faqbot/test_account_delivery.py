"""The official account's door: signed messages only, one answer for three deliveries."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.core.db import db
from backend.core.errors import Unavailable
from backend.demo import wechat_follower as follower
from backend.escalations.models import Escalation
from backend.faqbot import account_routes
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.service import account
from backend.settings import Settings
from backend.wechat import callback
from backend.wechat.callback import SUCCESS, AccountKeys, Incoming
from tests.factories.account import CHEN, SEND, TOKEN, Account, count
from tests.factories.chat import (
    WAGES,
    question_of,
)
from tests.fakes.wechat import ACCOUNT_ID, FakeWeChat, errcode


def test_the_address_is_confirmed(both: Account) -> None:
    at = str(int(both.clock.now().timestamp()))
    signature = callback.signature_of(TOKEN, at, "n")
    query = f"signature={signature}&timestamp={at}&nonce=n&echostr=59277"
    answer = both.client.get(f"/wechat/callback?{query}")
    assert (answer.status_code, answer.text) == (200, "59277")
    assert both.client.get(f"/wechat/callback?{query}0".replace("=n&", "=m&")).status_code == 403


def test_three_deliveries_get_one_answer(app: APIFlask, both: Account) -> None:
    xml = both.text(question_of(WAGES), number=7)
    said = [both.read(xml) for _ in range(3)]
    assert said[0] and said == [said[0]] * 3
    assert (count(app, Turn), count(app, Conversation)) == (2, 1)


def test_three_deliveries_at_the_same_moment_too(app: APIFlask, plain: Account) -> None:
    plain.say("你好")
    xml = plain.text(question_of(WAGES), number=8)
    barrier = Barrier(3)

    def deliver(_number: int) -> str | None:
        client = app.test_client()
        barrier.wait(20)
        answer = plain.send(xml, client)
        assert answer.status_code == 200
        return follower.words_of(plain.keys, answer.text)

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(deliver, range(3)))
    assert said[0] and said == [said[0]] * 3 and count(app, Turn) == 4


class Slow:
    """Makes each answer take seconds on a clock that stands in for time.monotonic."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.at, self.seconds = 100.0, seconds
        self.really = account.answer
        self.meanwhile: Callable[[], object] = lambda: None
        monkeypatch.setattr(account, "answer", self.answer)
        monkeypatch.setattr(account_routes, "time", SimpleNamespace(monotonic=lambda: self.at))

    def answer(self, incoming: Incoming, now: object) -> str:
        said = self.really(incoming, now)  # type: ignore[arg-type]
        self.at += self.seconds
        self.meanwhile()
        return said


def test_a_late_answer_goes_by_another_way_and_only_that_way(
    app: APIFlask, both: Account, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    Slow(monkeypatch, 4.5)
    xml = both.text(question_of(WAGES), number=9)
    assert both.send(xml).text == SUCCESS
    ((who, text),) = wechat.sent
    assert who == CHEN and "投诉" in text and len(text.encode()) <= 2048
    assert [both.send(xml).text for _ in range(2)] == [SUCCESS] * 2
    assert len(wechat.sent) == 1 and count(app, Turn) == 2


def test_a_delivery_that_waits_while_the_first_is_late_says_nothing(
    app: APIFlask, plain: Account, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch, 6.0)
    xml = plain.text(question_of(WAGES), number=10)
    begun, waiting = Event(), Event()
    really = account_routes.received.wait_for_reply

    def wait(message_key: str, budget_s: float) -> str | None:
        waiting.set()
        return really(message_key, budget_s)

    monkeypatch.setattr(account_routes.received, "wait_for_reply", wait)

    def meanwhile() -> None:
        begun.set()
        assert waiting.wait(20)

    slow.meanwhile = meanwhile
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(lambda: plain.send(xml, app.test_client()).text)
        assert begun.wait(20)
        second = pool.submit(lambda: plain.send(xml, app.test_client()).text)
        assert (first.result(20), second.result(20)) == (SUCCESS, SUCCESS)
    assert len(wechat.sent) == 1


def test_an_answer_in_time_is_not_sent_a_second_time(
    plain: Account, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    Slow(monkeypatch, 3.9)
    assert plain.say(question_of(WAGES)) and wechat.sent == []


@pytest.mark.parametrize("trouble", ["refused", "without a secret"])
def test_a_late_answer_that_cannot_be_sent_waits_for_the_next_delivery(
    plain: Account,
    wechat: FakeWeChat,
    with_settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    if trouble == "refused":
        wechat.next_answer, wechat.only = errcode(45015), SEND
    else:
        with_settings(**wechat.account | {"wechat_account_app_secret": None})
    slow = Slow(monkeypatch, 4.5)
    xml = plain.text(question_of(WAGES), number=11)
    assert plain.send(xml).text == SUCCESS
    slow.seconds = 0.0
    assert "投诉" in str(plain.read(xml))


def test_what_may_have_been_sent_is_not_said_again(
    plain: Account, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.say("你好")
    wechat.next_answer, wechat.only = errcode(0), SEND
    wechat.next_answer.status = 500
    Slow(monkeypatch, 4.5)
    xml = plain.text(question_of(WAGES), number=12)
    assert [plain.send(xml).text for _ in range(2)] == [SUCCESS] * 2


def test_a_fault_of_ours_is_said_in_words_once(
    plain: Account, monkeypatch: pytest.MonkeyPatch, log_text: io.StringIO
) -> None:
    def broken(incoming: Incoming, _now: object) -> str:
        raise ZeroDivisionError(incoming.text)

    monkeypatch.setattr(account, "answer", broken)
    xml = plain.text("紫藤花厂", number=13)
    said = plain.read(xml)
    assert said == plain.read(xml) and "12333" in str(said)
    assert "account_answer_failed" in log_text.getvalue() and "紫藤" not in log_text.getvalue()


def test_a_busy_database_is_said_in_its_own_words(
    plain: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_incoming: Incoming, _now: object) -> str:
        raise Unavailable("现在问的人太多，请再发一次。", code="busy")

    monkeypatch.setattr(account, "answer", busy)
    assert plain.read(plain.text("在吗")) == "现在问的人太多，请再发一次。"


def test_a_message_that_is_not_wechats_is_refused(app: APIFlask, both: Account) -> None:
    xml = both.text("在吗")
    other = AccountKeys(ACCOUNT_ID, "another token", both.keys.aes_key)
    for keys in (other, AccountKeys(ACCOUNT_ID, "", both.keys.aes_key)):
        made = follower.callback(keys, xml, both.clock.now())
        answer = both.client.post(f"/wechat/callback?{made.query}", data=made.body)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "callback_refused")
    assert both.client.post("/wechat/callback", data=xml).status_code in (400, 403)
    assert count(app, Turn) == 0


def test_a_recording_is_refused_after_five_minutes(both: Account) -> None:
    made = follower.callback(both.keys, both.text("在吗"), both.clock.now())
    both.clock.advance(seconds=301)
    answer = both.client.post(f"/wechat/callback?{made.query}", data=made.body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "callback_refused")


def test_a_recording_within_them_is_answered_as_it_was_and_nothing_is_done_again(
    app: APIFlask, both: Account
) -> None:
    made = follower.callback(both.keys, both.text("转人工", number=14), both.clock.now())
    for _ in range(2):
        both.clock.advance(seconds=100)
        answer = both.client.post(f"/wechat/callback?{made.query}", data=made.body)
        assert "已经转给工作人员" in str(follower.words_of(both.keys, answer.text))
    assert (count(app, Turn), count(app, Escalation)) == (2, 1)


ENTITY = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "xml",
    [
        ENTITY + "<xml><Content>&f;</Content></xml>",
        "<xml><!-- c --></xml>",
        "<?xml version='1.0'?><xml></xml>",
        "<xml>",
        "",
        "text",
        "<xml></xml>",
        "<xml><MsgType>text</MsgType></xml>",
        "\x00",
    ],
)
def test_what_is_no_message_is_unreadable(app: APIFlask, plain: Account, xml: str) -> None:
    answer = plain.send(xml)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "callback_unreadable")
    assert count(app, Turn) == 0


def test_sixty_five_kibibytes_are_too_large(plain: Account) -> None:
    answer = plain.send(plain.text("工" * 22_000))
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")
    made = follower.callback(plain.keys, "", plain.clock.now())
    body = io.BytesIO(b"x" * 70_000)
    chunked = plain.client.post(f"/wechat/callback?{made.query}", input_stream=body)
    assert chunked.status_code in (400, 411, 413)


def test_a_very_long_message_is_answered_and_kept_up_to_its_limit(
    app: APIFlask, plain: Account
) -> None:
    assert plain.say("工" * 5000)
    with app.app_context():
        query = sa.select(Turn.text).where(Turn.author == "person")
        assert len(db.session.scalars(query).one()) == 2000


def test_without_an_account_there_is_no_such_address(
    client: FlaskClient, with_settings: Callable[..., Settings]
) -> None:
    with_settings(wechat_account_app_id=None, wechat_account_token=None)
    for answer in (client.get("/wechat/callback"), client.post("/wechat/callback", data="<xml/>")):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "no_account")


def test_neither_words_nor_openid_reach_the_log_or_the_address_book(
    app: APIFlask, plain: Account, log_text: io.StringIO
) -> None:
    plain.say("紫藤花厂没发工资")
    assert "紫藤" not in log_text.getvalue() and CHEN not in log_text.getvalue()
    with app.app_context():
        for table in ("turns", "conversations", "workers", "wechat_received"):
            rows = repr(db.session.execute(sa.text(f"SELECT * FROM {table}")).all())
            assert CHEN not in rows and "紫藤" not in rows
