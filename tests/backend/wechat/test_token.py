"""The shared token: fetched once for everybody, kept encrypted, renewed at most once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db, one_transaction
from backend.demo.wechat_server import Trouble
from backend.settings import Settings
from backend.wechat import answers, token
from backend.wechat.models import WeChatToken
from backend.wechat.port import WeChatDown, WeChatUnclear
from tests.clock import HeldClock
from tests.fakes.http import Answer
from tests.fakes.wechat import ACCOUNT_SECRET, FakeWeChat, errcode
from tools.places import ROOT

PROCESSES = 8


@pytest.mark.usefixtures("in_app")
def test_the_token_is_fetched_once_and_unreadable_in_the_database(
    wechat: FakeWeChat, who: token.Credentials
) -> None:
    first = token.access_token(who)
    assert [token.access_token(who) for _ in range(3)] == [first] * 3
    assert wechat.seen == ["/cgi-bin/stable_token"]
    stored = db.session.execute(sa.text("SELECT token FROM wechat_tokens")).scalar_one()
    assert first.encode() not in bytes(stored)
    assert ACCOUNT_SECRET not in repr(who)


@pytest.mark.usefixtures("in_app")
def test_it_is_fetched_again_before_it_runs_out(
    wechat: FakeWeChat, who: token.Credentials, clock: HeldClock
) -> None:
    token.access_token(who)
    clock.advance(seconds=7200 - 301)
    token.access_token(who)
    assert wechat.core.token_fetches == 1
    clock.advance(seconds=2)
    token.access_token(who)
    assert wechat.core.token_fetches == 2


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.GARBAGE, Trouble.BROKEN])
def test_while_it_still_works_a_failed_refresh_harms_nobody(
    wechat: FakeWeChat, who: token.Credentials, clock: HeldClock, trouble: Trouble
) -> None:
    first = token.access_token(who)
    clock.advance(seconds=7000)
    wechat.core.trouble = trouble
    with pytest.raises(WeChatDown):
        token.access_token(who)
    assert token.access_token(who) == first
    assert wechat.core.token_fetches == 2


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(200, b"<html>"),
        Answer(200, b"[]"),
        Answer(200, b"{}"),
        Answer(200, b"[" * 100_000),
        Answer(200, b'{"access_token": "", "expires_in": 7200}'),
        Answer(200, b'{"access_token": "t", "expires_in": -1}'),
        Answer(200, b'{"access_token": "t", "expires_in": "7200"}'),
        errcode(40013),
        errcode(40164),
        errcode(-1),
    ],
)
def test_no_usable_answer_is_down_and_nobody_asks_again_for_a_while(
    wechat: FakeWeChat, who: token.Credentials, clock: HeldClock, answer: Answer
) -> None:
    wechat.next_answer = answer
    for _ in range(3):
        with pytest.raises(WeChatDown) as refused:
            token.access_token(who)
        assert not isinstance(refused.value, WeChatUnclear)
    assert wechat.core.token_fetches == 1
    wechat.next_answer = None
    clock.advance(seconds=token.PAUSE_S + 1)
    assert token.access_token(who) == wechat.core.token_of(who.app_id)


@pytest.mark.usefixtures("in_app")
def test_a_silent_wechat_is_given_up(
    wechat: FakeWeChat, who: token.Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.1)
    wechat.core.trouble = Trouble.SILENT
    with pytest.raises(WeChatDown):
        token.access_token(who)


@pytest.mark.usefixtures("in_app")
def test_a_fetcher_that_was_killed_is_replaced_when_its_claim_ends(
    wechat: FakeWeChat,
    who: token.Credentials,
    clock: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert token._look(who.app_id, None, clock.at).claim is not None  # and then it died
    monkeypatch.setattr(token, "WAIT_S", 0.0)
    with pytest.raises(WeChatDown):
        token.access_token(who)
    assert wechat.core.token_fetches == 0
    clock.advance(seconds=token.CLAIM_S + 1)
    assert token.access_token(who)


@pytest.mark.usefixtures("in_app")
def test_a_fetch_that_came_back_too_late_changes_nothing(
    wechat: FakeWeChat, who: token.Credentials, clock: HeldClock
) -> None:
    late = token._look(who.app_id, None, clock.at).claim
    clock.advance(seconds=token.CLAIM_S + 1)
    good = token.access_token(who)
    assert late is not None
    token._keep(who.app_id, late, "stale", 7200, clock.at)
    token._give_back(who.app_id, late, clock.at)
    assert token.access_token(who) == good
    assert wechat.core.token_fetches == 1


@pytest.mark.usefixtures("in_app")
def test_a_refused_token_is_renewed_once_by_all_together(
    wechat: FakeWeChat, who: token.Credentials, clock: HeldClock
) -> None:
    old = token.access_token(who)
    new = token.renewed(who, old)
    assert new != old
    assert token.renewed(who, old) == new  # another process was refused the old one too
    with pytest.raises(WeChatDown):
        token.renewed(who, new)
    assert wechat.core.token_fetches == 2
    clock.at += timedelta(seconds=token.FORCE_EVERY_S)
    assert token.renewed(who, new) not in (old, new)


@pytest.mark.usefixtures("in_app")
def test_wechat_is_never_asked_inside_a_transaction(
    wechat: FakeWeChat, who: token.Credentials
) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        one_transaction(token.access_token)(who)
    assert wechat.seen == []


def test_eight_threads_at_once_make_one_fetch(
    app: APIFlask, wechat: FakeWeChat, who: token.Credentials
) -> None:
    barrier = Barrier(PROCESSES)

    def ask(_number: int) -> str:
        with app.app_context():
            barrier.wait(20)
            return token.access_token(who)

    with ThreadPoolExecutor(PROCESSES) as pool:
        assert len(set(pool.map(ask, range(PROCESSES)))) == 1
    assert wechat.core.token_fetches == 1


@contextmanager
def cold_processes(settings: Settings, url: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Real processes on the database of this test that are ready to ask."""
    variables = {
        f"XINHU_{name.upper()}": str(value)
        for name, value in settings.model_dump().items()
        if value is not None and name not in ("demo", "mini_dir")
    }
    made = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.backend.wechat.cold_process"],
            cwd=ROOT,
            env={**os.environ, **variables, "FAKE_WECHAT": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    try:
        yield made
    finally:
        for process in made:
            process.kill()
            process.communicate()


def test_eight_cold_processes_make_exactly_one_fetch(
    app: APIFlask, settings: Settings, wechat: FakeWeChat
) -> None:
    with cold_processes(settings, wechat.url) as processes:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        tokens = {p.stdout.readline().strip() for p in processes if p.stdout is not None}
    assert len(tokens) == 1 and "" not in tokens
    assert wechat.core.token_fetches == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(WeChatToken)) == 1
