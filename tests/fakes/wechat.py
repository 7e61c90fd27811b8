"""A WeChat server on loopback: the demo's own, over real HTTP, misbehaving when it is told to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from backend.demo.wechat_mini_server import MiniSide, Subscribed
from backend.demo.wechat_server import WeChatServer
from tests.fakes.http import Answer, Call, FakeServer, serving

APP_ID, APP_SECRET = "wx-test", "test-secret"
ACCOUNT_ID, ACCOUNT_SECRET = "wx-account", "account-secret"


@dataclass
class FakeWeChat:
    """What it knows and how it behaves: `next_answer`, when set, is sent instead of the truth.

    With `only` set, `next_answer` is sent at addresses that end so.
    """

    core: WeChatServer
    sent: list[tuple[str, str]]
    subscribed: list[Subscribed] = field(default_factory=list)
    next_answer: Answer | None = None
    only: str = ""
    server: FakeServer | None = None
    seen: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Address for XINHU_WECHAT_API_BASE."""
        assert self.server is not None
        return self.server.url

    @property
    def openids(self) -> dict[str, str]:
        """The openid of each code that was not used yet."""
        return self.core.openids

    @openids.setter
    def openids(self, known: dict[str, str]) -> None:
        self.core.openids = known

    @property
    def mini(self) -> MiniSide:
        """What it knows of people in the mini-program."""
        return self.core.mini

    @property
    def mini_program(self) -> dict[str, str]:
        """Settings that make this the WeChat of a mini-program."""
        return {
            "wechat_api_base": self.url,
            "wechat_app_id": APP_ID,
            "wechat_app_secret": APP_SECRET,
        }

    @property
    def account(self) -> dict[str, str]:
        """Settings that make this the WeChat of an official account."""
        return {
            "wechat_api_base": self.url,
            "wechat_account_app_id": ACCOUNT_ID,
            "wechat_account_app_secret": ACCOUNT_SECRET,
            "wechat_account_token": "callbacktoken",
        }

    def answer(self, call: Call) -> Answer:
        """What WeChat says, or what the test wants it to say."""
        address = urlsplit(call.path)
        self.seen.append(address.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        method = "GET" if address.path.startswith("/sns/") else "POST"
        reply = self.core.answer(method, address.path, query, call.body)
        if self.next_answer is not None and address.path.endswith(self.only):
            return self.next_answer
        return Answer(reply.status, reply.body, reply.is_silent)


def errcode(number: int) -> Answer:
    """An answer with an error number."""
    return Answer(200, json.dumps({"errcode": number, "errmsg": "refused"}).encode())


@contextmanager
def fake_wechat() -> Iterator[FakeWeChat]:
    """Run it until the block ends."""
    sent: list[tuple[str, str]] = []
    secrets = {APP_ID: APP_SECRET, ACCOUNT_ID: ACCOUNT_SECRET}
    subscribed: list[Subscribed] = []
    side = MiniSide(subscribed.append)
    core = WeChatServer(secrets, lambda who, text: sent.append((who, text)), mini=side)
    fake = FakeWeChat(core, sent, subscribed)
    with serving(fake.answer) as server:
        fake.server = server
        yield fake
