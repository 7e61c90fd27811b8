"""The mini-program's client: what it asks, what it lets out, and how it fails."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from backend.demo.wechat_mini_server import Subscribed
from backend.demo.wechat_server import Trouble
from backend.settings import Settings
from backend.wechat import answers, mini
from backend.wechat.port import WeChatDown, WeChatRefused, WeChatUnclear
from tests.fakes.http import Answer
from tests.fakes.wechat import APP_ID, APP_SECRET, FakeWeChat, errcode

pytestmark = pytest.mark.usefixtures("in_app")
DATA = {"thing1": "您办的事有新进展", "time2": "2026年11月23日 10:00"}
CALLS: dict[str, Callable[[mini.Mini], object]] = {
    "phone": lambda app: app.phone_by_code("code"),
    "code": lambda app: app.unlimited_qr("scene", "pages/home/index"),
    "send": lambda app: app.subscribe_send("o-1", "tmpl", "pages/mine/index", DATA),
    "text": lambda app: app.check_text("o-1", mini.COMMENT, "你好"),
    "media": lambda app: app.check_media("o-1", mini.COMMENT, "https://example.org/1.jpg"),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


@pytest.fixture
def app_settings(with_settings: Callable[..., Settings], wechat: FakeWeChat) -> Settings:
    wechat.mini.phones["code"] = "13812345678"
    wechat.mini.consents = {("o-1", "tmpl"): 1}
    return with_settings(**wechat.mini_program)


@pytest.fixture
def app_client(app_settings: Settings) -> mini.Mini:
    found = mini.mini_program(app_settings)
    assert found is not None
    return found


def test_without_an_app_id_there_is_no_mini_program(settings: Settings) -> None:
    assert mini.mini_program(settings) is None
    with pytest.raises(WeChatDown):
        mini.phone_by_code(settings, "code")


def test_the_demo_has_one_at_its_own_wechat_only(settings_of: Callable[[bool], Settings]) -> None:
    demo = settings_of(True)
    found = mini.mini_program(demo)
    assert found is not None and found.credentials.app_id == "wxdemomini"
    real = demo.model_copy(update={"wechat_api_base": "https://example.org"})
    assert mini.mini_program(real) is None


def test_a_code_gives_the_telephone_once(app_client: mini.Mini) -> None:
    assert app_client.phone_by_code("code") == "13812345678"
    with pytest.raises(WeChatRefused) as refused:
        app_client.phone_by_code("code")
    assert refused.value.errcode == 40029


@pytest.mark.parametrize(("country", "phone"), [("852", "61234567"), ("86", "075031234567")])
def test_a_telephone_that_cannot_get_our_sms_is_refused(
    app_client: mini.Mini, wechat: FakeWeChat, country: str, phone: str
) -> None:
    wechat.mini.country, wechat.mini.phones = country, {"code": phone}
    with pytest.raises(WeChatRefused, match="中国内地"):
        app_client.phone_by_code("code")


@pytest.mark.parametrize("info", [None, [], {}, {"purePhoneNumber": 5, "countryCode": "86"}])
def test_a_telephone_that_is_none_is_down(
    app_client: mini.Mini, wechat: FakeWeChat, info: object
) -> None:
    wechat.next_answer = Answer(200, json.dumps({"errcode": 0, "phone_info": info}).encode())
    wechat.only = "getuserphonenumber"
    with pytest.raises(WeChatDown):
        app_client.phone_by_code("code")


def test_an_unlimited_code_is_a_picture(app_client: mini.Mini, wechat: FakeWeChat) -> None:
    assert app_client.unlimited_qr("l" * 32, "pages/home/index").startswith(b"\x89PNG")
    app_client.unlimited_qr("a", "pages/home/index", "trial")
    assert wechat.server is not None
    asked = [json.loads(call.body) for call in wechat.server.calls[-2:]]
    assert asked[0] == {"scene": "l" * 32, "page": "pages/home/index", "env_version": "release"}
    assert (asked[1]["env_version"], asked[1]["check_path"]) == ("trial", False)
    for scene in ("", "l" * 33):
        with pytest.raises(ValueError, match="at most 32"):
            app_client.unlimited_qr(scene, "pages/home/index")


def test_a_subscribe_message_is_taken_once_a_consent(
    app_client: mini.Mini, wechat: FakeWeChat
) -> None:
    CALLS["send"](app_client)
    assert wechat.subscribed == [Subscribed("o-1", "tmpl", "pages/mine/index", DATA)]
    with pytest.raises(WeChatRefused) as refused:
        CALLS["send"](app_client)
    assert refused.value.errcode == 43101


@pytest.mark.parametrize(
    "data", [{}, {"thing1": ""}, {"thing1": "长" * 21}, {"amount1": "1"}, {"time1": "明天"}]
)
def test_fields_wechat_does_not_take_are_refused(
    app_client: mini.Mini, wechat: FakeWeChat, data: dict[str, str]
) -> None:
    with pytest.raises(WeChatRefused) as refused:
        app_client.subscribe_send("o-1", "tmpl", "pages/mine/index", data)
    assert (refused.value.errcode, wechat.subscribed) == (47003, [])


@pytest.mark.parametrize("verdict", ["pass", "review", "risky"])
def test_what_wechat_says_of_a_text_is_told(
    app_client: mini.Mini, wechat: FakeWeChat, verdict: str
) -> None:
    wechat.mini.verdicts["你好"] = verdict
    found = app_client.check_text("o-1", mini.COMMENT, "你好")
    assert found.verdict == verdict and found.trace_id
    with pytest.raises(ValueError, match="2500"):
        app_client.check_text("o-1", mini.COMMENT, "长" * 2501)


def test_a_picture_gets_a_number_under_which_the_answer_comes(app_client: mini.Mini) -> None:
    assert app_client.check_media("o-1", mini.COMMENT, "https://example.org/1.jpg")


@every_call
def test_a_token_refused_for_ever_is_renewed_once(
    app_client: mini.Mini, wechat: FakeWeChat, call: Callable[[mini.Mini], object]
) -> None:
    wechat.core.trouble = Trouble.TOKEN_REFUSED
    with pytest.raises(WeChatDown) as down:
        call(app_client)
    assert down.value.errcode == 40001
    assert (wechat.core.token_fetches, len(wechat.seen)) == (2, 4)


@every_call
def test_a_token_renewed_elsewhere_is_no_failure(
    app_client: mini.Mini, wechat: FakeWeChat, call: Callable[[mini.Mini], object]
) -> None:
    app_client.check_text("o-1", mini.COMMENT, "你好")
    wechat.core.token_number += 1
    call(app_client)
    assert wechat.core.token_fetches == 2


@every_call
@pytest.mark.parametrize(
    "answer",
    [errcode(45009), errcode(-1), errcode(40013), errcode(48001), Answer(200, b"<html>"),
     Answer(500), Answer(200, b"[1]"), Answer(200, b"\xff\xfe")],
)  # fmt: skip
def test_busy_wrongly_set_up_or_garbage_is_down(
    app_client: mini.Mini,
    wechat: FakeWeChat,
    call: Callable[[mini.Mini], object],
    answer: Answer,
) -> None:
    CALLS["text"](app_client)
    wechat.next_answer = answer
    with pytest.raises(WeChatDown):
        call(app_client)


@every_call
def test_no_answer_is_given_up_after_the_time_out(
    app_client: mini.Mini,
    wechat: FakeWeChat,
    call: Callable[[mini.Mini], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    CALLS["text"](app_client)
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.1)
    wechat.core.trouble = Trouble.SILENT
    with pytest.raises(WeChatUnclear):
        call(app_client)


@pytest.mark.parametrize("call", ["text", "media", "code"])
def test_an_answer_without_what_was_asked_for_is_down(
    app_client: mini.Mini, wechat: FakeWeChat, call: str
) -> None:
    wechat.next_answer, wechat.only = Answer(200, b'{"errcode": 0, "result": {}}'), "/never"
    CALLS["text"](app_client)
    wechat.only = ""
    with pytest.raises(WeChatDown):
        CALLS[call](app_client)


def test_the_secret_is_nowhere_to_be_seen(app_client: mini.Mini) -> None:
    assert APP_ID in repr(app_client) and APP_SECRET not in repr(app_client)
