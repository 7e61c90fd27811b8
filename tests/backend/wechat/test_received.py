"""Three deliveries, one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from backend.wechat import received
from backend.wechat.models import WeChatReceived
from tests.clock import HeldClock

KEY = "o-1:24518000000000001"


@pytest.mark.usefixtures("in_app")
def test_only_the_first_delivery_answers(clock: HeldClock) -> None:
    assert [received.first_time(KEY, clock.at) for _ in range(3)] == [True, False, False]
    assert received.first_time("o-2:7", clock.at)


@pytest.mark.usefixtures("in_app")
def test_the_others_get_the_same_answer_and_it_is_unreadable_in_the_database(
    clock: HeldClock,
) -> None:
    received.first_time(KEY, clock.at)
    assert received.reply_of(KEY) is None
    received.keep_reply(KEY, "您可以投诉。")
    assert received.reply_of(KEY) == received.wait_for_reply(KEY, 5.0) == "您可以投诉。"
    row = db.session.execute(sa.text("SELECT key_hash, reply FROM wechat_received")).one()
    assert "o-1" not in row.key_hash and "投诉".encode() not in bytes(row.reply)


@pytest.mark.usefixtures("in_app")
def test_having_nothing_to_say_is_an_answer_too(clock: HeldClock) -> None:
    received.first_time(KEY, clock.at)
    received.keep_reply(KEY, "")
    assert received.wait_for_reply(KEY, 5.0) == ""


@pytest.mark.usefixtures("in_app")
def test_a_delivery_whose_time_is_over_waits_no_longer(clock: HeldClock) -> None:
    received.first_time(KEY, clock.at)
    assert received.wait_for_reply(KEY, 0.0) is None
    assert received.wait_for_reply("never came", 0.0) is None


def test_a_delivery_that_waits_sees_the_answer_of_another_process(
    app: APIFlask, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Event()
    monkeypatch.setattr(received.time, "sleep", lambda _s: looked.set())  # type: ignore[attr-defined]

    def wait() -> str | None:
        with app.app_context():
            return received.wait_for_reply(KEY, 30.0)

    with app.app_context():
        received.first_time(KEY, clock.at)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(wait)
            assert looked.wait(20)
            received.keep_reply(KEY, "来了")
            assert waiting.result(20) == "来了"


def test_of_deliveries_at_once_one_is_first(app: APIFlask, clock: HeldClock) -> None:
    barrier = Barrier(3)

    def arrive(_number: int) -> bool:
        with app.app_context():
            barrier.wait(20)
            return received.first_time(KEY, clock.at)

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(arrive, range(3))) == [False, False, True]


@pytest.mark.usefixtures("in_app")
def test_yesterdays_messages_are_forgotten(clock: HeldClock) -> None:
    received.first_time("old", clock.at)
    clock.advance(hours=23)
    received.first_time("new", clock.at)
    clock.advance(hours=2)
    assert received.forget_old(clock.at) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WeChatReceived)) == 1
