"""A WeChat server on loopback: knows codes it was given, and misbehaves when it is told to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.fakes.http import Answer, Call, FakeServer, serving

APP_ID, APP_SECRET = "wx-test", "test-secret"


@dataclass
class FakeWeChat:
    """What it knows and how it behaves: `next_answer`, when set, is sent instead of the truth."""

    openids: dict[str, str] = field(default_factory=dict)
    next_answer: Answer | None = None
    server: FakeServer | None = None

    @property
    def url(self) -> str:
        """Address for XINHU_WECHAT_API_BASE."""
        assert self.server is not None
        return self.server.url

    def answer(self, call: Call) -> Answer:
        """jscode2session as WeChat does it: status 200 whatever happens, a code works once."""
        if self.next_answer is not None:
            return self.next_answer
        address = urlsplit(call.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        if address.path != "/sns/jscode2session" or query["grant_type"] != "authorization_code":
            return Answer(404)
        if (query["appid"], query["secret"]) != (APP_ID, APP_SECRET):
            return _json({"errcode": 40125, "errmsg": "invalid appsecret"})
        openid = self.openids.pop(query["js_code"], None)
        if openid is None:
            return _json({"errcode": 40029, "errmsg": "invalid code"})
        return _json({"openid": openid, "session_key": "secret-session-key"})


def errcode(number: int) -> Answer:
    """An answer with an error number."""
    return _json({"errcode": number, "errmsg": "refused"})


def _json(document: dict[str, object]) -> Answer:
    return Answer(200, json.dumps(document).encode())


@contextmanager
def fake_wechat() -> Iterator[FakeWeChat]:
    """Run it until the block ends."""
    fake = FakeWeChat()
    with serving(fake.answer) as server:
        fake.server = server
        yield fake
