"""Sending an SMS: the gateway's request, and honest refusals."""

from __future__ import annotations

import hashlib
import hmac
import io
import json

import pytest
from apiflask import APIFlask

from backend.core import sms
from backend.core.errors import Unavailable
from backend.settings import Settings
from tests.clock import HeldClock
from tests.fakes.http import Answer, serving


def test_the_request_is_signed_and_dated(clock: HeldClock) -> None:
    with serving(lambda _call: Answer(204, b"")) as gateway:
        sms.HttpSender(gateway.url, b"secret").send("13812345678", "您好𠮷")
    (call,) = gateway.calls
    assert json.loads(call.body) == {
        "phone": "13812345678",
        "text": "您好𠮷",
        "sent_at": int(clock.at.timestamp()),
    }
    signature = hmac.new(b"secret", call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Signature"] == signature


@pytest.mark.parametrize("status", [302, 400, 500])
def test_any_answer_but_success_is_unavailable(clock: HeldClock, status: int) -> None:
    with serving(lambda _call: Answer(status)) as gateway, pytest.raises(Unavailable) as refused:
        sms.HttpSender(gateway.url, b"secret").send("13812345678", "您好")
    assert refused.value.code == "sms_unavailable"


def test_a_failure_is_logged_without_telephone_or_text(
    app: APIFlask, log_text: io.StringIO
) -> None:
    with pytest.raises(Unavailable):
        sms.HttpSender("http://127.0.0.1:9", b"secret").send("13812345678", "验证码 123456")
    assert "sms_failed" in log_text.getvalue()
    assert "138123" not in log_text.getvalue() and "123456" not in log_text.getvalue()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"demo": True}, sms.DemoSender),
        ({"demo": True, "sms_url": "http://x", "sms_secret": "y"}, sms.HttpSender),
        ({"demo": False, "sms_url": "http://x", "sms_secret": "y"}, sms.HttpSender),
    ],
)
def test_the_settings_choose_the_sender(values: dict[str, object], expected: type) -> None:
    assert type(sms.choose(Settings(**values))) is expected  # type: ignore[arg-type]


def test_without_a_gateway_there_is_no_sender() -> None:
    for values in ({}, {"sms_url": "http://x"}, {"sms_secret": "y"}):
        with pytest.raises(Unavailable):
            sms.choose(Settings(demo=False, **values))  # type: ignore[arg-type]
