"""The official account as WeChat's servers see it, in plain and in encrypted mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.core import clock as core_clock
from backend.core.db import db
from backend.demo import wechat_follower as follower
from backend.faqbot.service.library import library
from backend.settings import Settings
from backend.wechat.callback import SUCCESS, AccountKeys
from tests.clock import HeldClock
from tests.fakes.wechat import ACCOUNT_ID, FakeWeChat, fake_wechat

AES = "XinhuGoldenVectorKey0123456789abcdefghijklm"
TOKEN = "callbacktoken"
SEND = "/cgi-bin/message/custom/send"
PAGE = "https://bureau.example.org/#/pages/home/index"
CHEN = "o-chen"


@pytest.fixture
def wechat(app: APIFlask, with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    """A fake WeChat, the installation's official account at it, and a bot that is ready."""
    with app.app_context():  # the first question of a process may take longer than WeChat waits
        library().in_force(core_clock.now())
    with fake_wechat() as fake:
        with_settings(**fake.account, public_url="https://bureau.example.org/")
        yield fake


@dataclass
class Account:
    """The official account as WeChat's servers see it."""

    client: FlaskClient
    clock: HeldClock
    keys: AccountKeys

    def send(self, xml: str, client: FlaskClient | None = None) -> TestResponse:
        """Deliver a message, signed now."""
        made = follower.callback(self.keys, xml, self.clock.now())
        return (client or self.client).post(f"/wechat/callback?{made.query}", data=made.body)

    def text(self, words: str, openid: str = CHEN, number: int | None = None) -> str:
        """The XML of a text."""
        return follower.text_message(openid, words, self.clock.now(), number)

    def event(self, name: str, key: str = "") -> str:
        """The XML of an event."""
        inner = f"<Event><![CDATA[{name}]]></Event><EventKey><![CDATA[{key}]]></EventKey>"
        return follower.message(CHEN, self.clock.now(), inner, "event")

    def read(self, xml: str) -> str | None:
        """What the follower reads at once; None for nothing."""
        answer = self.send(xml)
        assert answer.status_code == 200, answer.text
        words = follower.words_of(self.keys, answer.text)
        assert (words is None) is (answer.text == SUCCESS)
        return words

    def say(self, words: str, openid: str = CHEN) -> str:
        """Write to the account, and read its answer."""
        self.clock.advance(seconds=1)
        answer = self.read(self.text(words, openid))
        assert answer is not None
        return answer


@pytest.fixture(params=["plain", "encrypted"])
def both(
    request: pytest.FixtureRequest,
    client: FlaskClient,
    clock: HeldClock,
    wechat: FakeWeChat,
    with_settings: Callable[..., Settings],
) -> Account:
    """The account in each mode."""
    aes = AES if request.param == "encrypted" else None
    client.get("/api/v1/faq/start")  # a web process reads the bot at its start, not in a question
    with_settings(
        **wechat.account, wechat_account_aes_key=aes, public_url="https://bureau.example.org/"
    )
    return Account(client, clock, AccountKeys(ACCOUNT_ID, TOKEN, aes))


@pytest.fixture
def plain(client: FlaskClient, clock: HeldClock, wechat: FakeWeChat) -> Account:
    """The account in plain mode."""
    return Account(client, clock, AccountKeys(ACCOUNT_ID, TOKEN))


def count(app: APIFlask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
