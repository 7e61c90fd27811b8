"""Writing to followers: what is sent, and which failures may be tried again."""

from __future__ import annotations

import io
import json

import pytest

from backend.demo.wechat_server import Trouble
from backend.settings import Settings
from backend.wechat import answers
from backend.wechat.client import HttpAccount, official_account
from backend.wechat.port import WeChatDown, WeChatRefused, WeChatUnclear
from backend.wechat.token import Credentials
from tests.fakes.http import Answer
from tests.fakes.wechat import ACCOUNT_SECRET, FakeWeChat, errcode

pytestmark = pytest.mark.usefixtures("in_app")
SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
def account(who: Credentials) -> HttpAccount:
    return HttpAccount(who)


def test_a_text_arrives_as_it_was_written(wechat: FakeWeChat, account: HttpAccount) -> None:
    account.send_text("openid-1", "您好 “引号” 𠮷 <a>")
    assert wechat.sent == [("openid-1", "您好 “引号” 𠮷 <a>")]
    assert wechat.server is not None
    # escapes such as \\u4f60 would be shown to the reader as they are
    assert "您好".encode() in wechat.server.calls[-1].body


def test_a_long_text_is_cut_to_what_wechat_takes(wechat: FakeWeChat, account: HttpAccount) -> None:
    account.send_text("openid-1", "这是一句话。" * 300)
    ((_who, text),) = wechat.sent
    assert len(text.encode()) <= 2048 and text.endswith("。")


def test_a_token_revoked_elsewhere_is_renewed_and_the_message_goes(
    wechat: FakeWeChat, account: HttpAccount
) -> None:
    account.send_text("openid-1", "一")
    wechat.core.token_number += 1
    account.send_text("openid-1", "二")
    assert [text for _who, text in wechat.sent] == ["一", "二"]
    assert wechat.core.token_fetches == 2


@pytest.mark.parametrize("number", [40001, 40014, 42001])
def test_a_token_refused_for_ever_costs_two_fetches_and_ends(
    wechat: FakeWeChat, account: HttpAccount, number: int
) -> None:
    wechat.next_answer, wechat.only = errcode(number), SEND
    for _ in range(4):
        with pytest.raises(WeChatDown) as refused:
            account.send_text("openid-1", "一")
        assert not isinstance(refused.value, WeChatUnclear)
    assert wechat.core.token_fetches == 2
    assert wechat.seen.count(SEND) == 5  # the first message twice, the others once


def test_the_fake_refuses_tokens_for_ever_too(wechat: FakeWeChat, account: HttpAccount) -> None:
    wechat.core.trouble = Trouble.TOKEN_REFUSED
    with pytest.raises(WeChatDown):
        account.send_text("openid-1", "一")
    assert (wechat.core.token_fetches, wechat.sent) == (2, [])


@pytest.mark.parametrize("number", [-1, 45009, 45011, 40013, 40164, 48001])
def test_busy_or_wrongly_set_up_may_be_tried_again(
    wechat: FakeWeChat, account: HttpAccount, number: int
) -> None:
    wechat.next_answer, wechat.only = errcode(number), SEND
    with pytest.raises(WeChatDown) as refused:
        account.send_text("openid-1", "一")
    assert refused.value.errcode == number
    assert not isinstance(refused.value, WeChatUnclear)


@pytest.mark.parametrize("number", [40003, 43004, 45015, 45047, 99999])
def test_a_person_wechat_does_not_deliver_to_is_never_tried_again(
    wechat: FakeWeChat, account: HttpAccount, number: int
) -> None:
    wechat.core.refusals["gone"] = number
    with pytest.raises(WeChatRefused) as refused:
        account.send_text("gone", "一")
    assert refused.value.errcode == number


@pytest.mark.parametrize(
    "answer",
    [Answer(500), Answer(502), Answer(200, b"<html>"), Answer(200, b"[]"), Answer(hang=True)],
)
def test_no_readable_answer_means_that_it_may_have_been_sent(
    wechat: FakeWeChat, account: HttpAccount, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    account.send_text("openid-1", "一")
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.2)
    wechat.next_answer, wechat.only = answer, SEND
    with pytest.raises(WeChatUnclear):
        account.send_text("openid-1", "二")


@pytest.mark.parametrize("answer", [Answer(503), Answer(429)])
def test_a_server_that_says_not_now_has_not_sent_it(
    wechat: FakeWeChat, account: HttpAccount, answer: Answer
) -> None:
    wechat.next_answer, wechat.only = answer, SEND
    with pytest.raises(WeChatDown) as refused:
        account.send_text("openid-1", "一")
    assert not isinstance(refused.value, WeChatUnclear)


def test_nobody_listening_has_not_sent_it() -> None:
    with pytest.raises(WeChatDown) as refused:
        HttpAccount(Credentials("http://127.0.0.1:9", "a", "b")).send_text("openid-1", "一")
    assert not isinstance(refused.value, WeChatUnclear)


def test_neither_secret_token_nor_person_is_in_a_log_line(
    wechat: FakeWeChat, account: HttpAccount, log_text: io.StringIO
) -> None:
    wechat.core.refusals["openid-of-chen"] = 45015
    with pytest.raises(WeChatRefused):
        account.send_text("openid-of-chen", "私事")
    wechat.next_answer = Answer(500)
    with pytest.raises(WeChatDown):
        account.send_text("openid-of-chen", "私事")
    found = log_text.getvalue()
    assert "wechat_unavailable" in found and "wechat_refused" in found
    token = wechat.core.token_of(account.credentials.app_id)
    for secret in (ACCOUNT_SECRET, token, "openid-of-chen", "私事"):
        assert secret not in found and json.dumps(secret) not in found


def test_without_its_settings_there_is_no_account() -> None:
    empty = {"wechat_account_app_id": None, "wechat_account_app_secret": None}
    assert official_account(Settings(**empty)) is None  # type: ignore[arg-type]
    one = empty | {"wechat_account_app_id": "x"}
    assert official_account(Settings(**one)) is None  # type: ignore[arg-type]
