"""The ways out against real servers: which failures are certain, and which are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backend.core import sms
from backend.demo.wechat_server import Trouble
from backend.notify import senders
from backend.notify.senders import Letter, PerhapsSent, Refused, TryLater
from backend.settings import Settings, SubscribeTemplate
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
    assert set(senders.of(settings_of(True))) == {"subscribe", "sms", "wechat"}


def test_wechat_takes_the_text(wechat: FakeWeChat, by_wechat: senders.Sender) -> None:
    by_wechat.send("o-1", Letter("有新消息"))
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
        by_wechat.send("o-1", Letter("有新消息"))
    assert failed.value.code == code


def test_a_silent_wechat_may_have_sent_it(
    wechat: FakeWeChat, by_wechat: senders.Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_wechat.send("o-1", Letter("一"))
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.2)
    wechat.core.trouble = Trouble.SILENT
    with pytest.raises(PerhapsSent):
        by_wechat.send("o-1", Letter("二"))


def test_a_refusal_says_why(wechat: FakeWeChat, by_wechat: senders.Sender) -> None:
    wechat.core.refusals["o-1"] = 45015
    with pytest.raises(Refused) as failed:
        by_wechat.send("o-1", Letter("有新消息"))
    assert failed.value.code == "wechat_45015"


def test_the_gateway_takes_the_text(
    gateway: FakeServer, by_sms: Callable[[], senders.Sender]
) -> None:
    by_sms().send("13800000077", Letter("有新消息"))
    assert "有新消息".encode() in gateway.calls[0].body


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_gateway_that_says_no_has_not_sent_it(
    gateway: FakeServer, by_sms: Callable[[], senders.Sender], status: int
) -> None:
    gateway.answer = lambda _call: Answer(status)
    with pytest.raises(TryLater) as failed:
        by_sms().send("13800000077", Letter("有新消息"))
    assert failed.value.code == "sms_unavailable"


@pytest.mark.parametrize("status", [410, 422])
def test_a_gateway_that_refuses_the_number_is_not_asked_again(
    gateway: FakeServer, by_sms: Callable[[], senders.Sender], status: int
) -> None:
    gateway.answer = lambda _call: Answer(status)
    with pytest.raises(Refused) as failed:
        by_sms().send("13800000077", Letter("有新消息"))
    assert failed.value.code == "sms_refused"


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [(43101, Refused, "wechat_43101"), (47003, Refused, "wechat_47003"),
     (40003, Refused, "wechat_40003"), (45009, TryLater, "wechat_45009"),
     (43108, TryLater, "wechat_43108")],
)  # fmt: skip
def test_what_wechat_says_of_a_subscribe_message(
    wechat: FakeWeChat, settings: Settings, number: int, kind: type[senders.NotSent], code: str
) -> None:
    by_subscription = senders.of(settings.model_copy(update=wechat.mini_program))["subscribe"]
    template = SubscribeTemplate(template="t", consent="one_time", fields={"thing1": "what"})
    letter = Letter("有新消息", template, {"thing1": "有新消息"})
    wechat.mini.consents = {("o-1", "t"): 1}
    wechat.mini.refusals["o-1"] = number
    with pytest.raises(kind) as failed:
        by_subscription.send("o-1", letter)
    assert failed.value.code == code
    wechat.mini.refusals.clear()
    by_subscription.send("o-1", letter)
    assert [one.fields for one in wechat.subscribed] == [{"thing1": "有新消息"}]
    with pytest.raises(ValueError, match="template"):
        by_subscription.send("o-1", Letter("有新消息"))


def test_a_subscribe_message_whose_answer_is_lost_may_have_been_sent(
    wechat: FakeWeChat, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_subscription = senders.of(settings.model_copy(update=wechat.mini_program))["subscribe"]
    template = SubscribeTemplate(template="t", consent="one_time", fields={"thing1": "what"})
    letter = Letter("有新消息", template, {"thing1": "有新消息"})
    wechat.mini.consents = None
    by_subscription.send("o-1", letter)
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.2)
    wechat.core.trouble = Trouble.SILENT
    with pytest.raises(PerhapsSent):
        by_subscription.send("o-1", letter)


@pytest.mark.parametrize("answer", [Answer(502), Answer(504), Answer(hang=True)])
def test_a_gateway_whose_answer_is_lost_may_have_sent_it(
    gateway: FakeServer, by_sms: Callable[[], senders.Sender], answer: Answer
) -> None:
    gateway.answer = lambda _call: answer
    with pytest.raises(PerhapsSent):
        by_sms().send("13800000077", Letter("有新消息"))


def test_a_gateway_nobody_listens_at_has_not_sent_it(settings: Settings) -> None:
    values = {"sms_url": "http://127.0.0.1:9", "sms_secret": "s"}
    with pytest.raises(TryLater):
        senders.of(settings.model_copy(update=values))["sms"].send(
            "13800000077", Letter("有新消息")
        )
