"""The WeChat client alone: which one is chosen, and what it asks for and lets out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from backend.settings import Settings
from backend.wechat import client
from backend.wechat.port import MiniUser, WeChatDown, WeChatRefused
from tests.fakes.wechat import APP_ID, APP_SECRET, FakeWeChat, errcode, fake_wechat


@pytest.fixture(scope="module")
def server() -> Iterator[FakeWeChat]:
    with fake_wechat() as fake:
        yield fake


@pytest.fixture
def wechat(server: FakeWeChat) -> client.HttpWeChat:
    server.next_answer = None
    return client.HttpWeChat(server.url, APP_ID, APP_SECRET)


def test_a_code_is_exchanged_for_the_openid(server: FakeWeChat, wechat: client.HttpWeChat) -> None:
    server.openids["a&b=c 𠮷"] = "openid-1"
    assert wechat.code_to_user("a&b=c 𠮷") == MiniUser("openid-1")
    assert server.server is not None
    query = parse_qs(urlsplit(server.server.calls[-1].path).query)
    assert query["js_code"] == ["a&b=c 𠮷"] and query["appid"] == [APP_ID]


@pytest.mark.parametrize("number", [40029, 40163, 40226, 41008, 99999])
def test_a_code_wechat_does_not_take_is_refused(
    server: FakeWeChat, wechat: client.HttpWeChat, number: int
) -> None:
    server.next_answer = errcode(number)
    with pytest.raises(WeChatRefused):
        wechat.code_to_user("any")


@pytest.mark.parametrize("number", [-1, 45009, 45011, 40013, 40125])
def test_busy_or_wrongly_set_up_is_down(
    server: FakeWeChat, wechat: client.HttpWeChat, number: int
) -> None:
    server.next_answer = errcode(number)
    with pytest.raises(WeChatDown):
        wechat.code_to_user("any")


def test_nobody_listening_is_down() -> None:
    with pytest.raises(WeChatDown):
        client.HttpWeChat("http://127.0.0.1:9", APP_ID, APP_SECRET).code_to_user("any")


def test_the_secret_is_not_in_its_name() -> None:
    assert APP_SECRET not in repr(client.HttpWeChat("http://127.0.0.1", APP_ID, APP_SECRET))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"demo": True}, client.DemoWeChat),
        ({"demo": False}, client.NoWeChat),
        ({"demo": False, "wechat_app_id": "x"}, client.NoWeChat),
        ({"demo": False, "wechat_app_id": "x", "wechat_app_secret": "y"}, client.HttpWeChat),
        ({"demo": True, "wechat_app_id": "x", "wechat_app_secret": "y"}, client.HttpWeChat),
    ],
)
def test_the_settings_choose_the_client(values: dict[str, object], expected: type) -> None:
    empty = {"wechat_app_id": None, "wechat_app_secret": None}
    assert type(client.choose(Settings(**(empty | values)))) is expected  # type: ignore[arg-type]
