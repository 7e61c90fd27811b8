"""A fake WeChat and the official account of these tests, set up in the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backend.settings import Settings
from backend.wechat.token import Credentials
from tests.fakes.wechat import ACCOUNT_ID, ACCOUNT_SECRET, FakeWeChat, fake_wechat


@pytest.fixture
def wechat(with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    """A fresh fake WeChat, known to the settings as the official account's."""
    with fake_wechat() as fake:
        with_settings(**fake.account)
        yield fake


@pytest.fixture
def who(wechat: FakeWeChat) -> Credentials:
    """The official account at the fake."""
    return Credentials(wechat.url, ACCOUNT_ID, ACCOUNT_SECRET)
