"""The ways out against real servers: which failures are certain, and which are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backend.core import sms
from backend.demo.wechat_server import Trouble
from backend.notify import senders
from backend.notify.senders import PerhapsSent, Refused, TryLater
from backend.settings import Settings
from backend.wechat import answers
from tests.fakes.http import Answer, FakeServer, serving
from tests.fakes.wechat import FakeWeChat, fake_wechat

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def wechat() -> Iterator[FakeWeChat]:
    with fake_wechat() as fake:
        yield fake


@pytest.fixture
def by_wechat(wechat: FakeWeChat, settings: Settings) -> senders.Sender:
    return senders.of(settings.model_copy(update=wechat.account))["wechat"]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setattr(sms, "TIMEOUT_S", 0.2)
    with serving(lambda _call: Answer()) as server:
        yield server


@pytest.fixture
def by_sms(gateway: FakeServer, settings: Settings) -> Callable[[], senders.Sender]:
    values = {"sms_url": gateway.url, "sms_secret": "s"}
    return lambda: senders.of(settings.model_copy(update=values))["sms"]


def test_an_installation_without_either_has_no_way_out(settings: Settings) -> None:
    assert senders.of(settings) == {}


def test_the_demo_has_both(settings_of: Callable[[bool], Settings]) -> None:
    assert set(senders.of(settings_of(True))) == {"sms", "wechat"}


def test_wechat_takes_the_text(wechat: FakeWeChat, by_wechat: senders.Sender) -> None:
    by_wechat.send("o-1", "有新消息")
    assert wechat.sent == [("o-1", "有新消息")]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Trouble.TOKEN_REFUSED, "wechat_40001"),
        (Trouble.BUSY, "wechat_45009"),
        (Trouble.GARBAGE, "wechat_unavailable"),
        (Trouble.BROKEN, "wechat_unavailable"),
        (Trouble.SILENT, "wechat_unavailable"),
    ],
)
def test_without_a_token_nothing_has_left(
    wechat: FakeWeChat,
    by_wechat: senders.Sender,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Trouble,
    code: str,
) -> None:
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.2)
    wechat.core.trouble = trouble
    with pytest.raises(TryLater) as failed:
        by_wechat.send("o-1", "有新消息")
    assert failed.value.code == code


def test_a_silent_wechat_may_have_sent_it(
    wechat: FakeWeChat, by_wechat: senders.Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_wechat.send("o-1", "一")
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.2)
    wechat.core.trouble = Trouble.SILENT
    with pytest.raises(PerhapsSent):
        by_wechat.send("o-1", "二")


def test_a_refusal_says_why(wechat: FakeWeChat, by_wechat: senders.Sender) -> None:
    wechat.core.refusals["o-1"] = 45015
    with pytest.raises(Refused) as failed:
        by_wechat.send("o-1", "有新消息")
    assert failed.value.code == "wechat_45015"


def test_the_gateway_takes_the_text(
    gateway: FakeServer, by_sms: Callable[[], senders.Sender]
) -> None:
    by_sms().send("13800000077", "有新消息")
    assert "有新消息".encode() in gateway.calls[0].body


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_gateway_that_says_no_has_not_sent_it(
    gateway: FakeServer, by_sms: Callable[[], senders.Sender], status: int
) -> None:
    gateway.answer = lambda _call: Answer(status)
    with pytest.raises(TryLater) as failed:
        by_sms().send("13800000077", "有新消息")
    assert failed.value.code == "sms_unavailable"


@pytest.mark.parametrize("answer", [Answer(502), Answer(504), Answer(hang=True)])
def test_a_gateway_whose_answer_is_lost_may_have_sent_it(
    gateway: FakeServer, by_sms: Callable[[], senders.Sender], answer: Answer
) -> None:
    gateway.answer = lambda _call: answer
    with pytest.raises(PerhapsSent):
        by_sms().send("13800000077", "有新消息")


def test_a_gateway_nobody_listens_at_has_not_sent_it(settings: Settings) -> None:
    values = {"sms_url": "http://127.0.0.1:9", "sms_secret": "s"}
    with pytest.raises(TryLater):
        senders.of(settings.model_copy(update=values))["sms"].send("13800000077", "有新消息")
