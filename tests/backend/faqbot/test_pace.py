"""New keys undo no limit: a worker's and a network's questions are counted over all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

import backend
from backend.core import network
from backend.core.db import db
from backend.core.errors import TooMany
from backend.core.rates import RateCounter
from backend.escalations.models import Escalation
from backend.faqbot.service import pace
from backend.settings import Settings
from tests.clock import HeldClock
from tests.factories.account import Account, count
from tests.factories.chat import WAGES, Phone, new_key, question_of

SignIn = Callable[..., dict[str, str]]
SITE, ELSEWHERE = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small numbers, so that tests do not ask thousands of questions."""
    for name in ("WORKER_PER_MINUTE", "NETWORK_PER_MINUTE"):
        monkeypatch.setattr(pace, name, 3)
    for name in ("WORKER_PER_HOUR", "NETWORK_PER_HOUR"):
        monkeypatch.setattr(pace, name, 5)
    for name in ("WORKER_PEOPLE_PER_HOUR", "NETWORK_PEOPLE_PER_HOUR"):
        monkeypatch.setattr(pace, name, 2)


def greet(phone: Phone) -> int:
    """Say something; the status of the answer."""
    return phone.send("/questions", {"key": new_key(), "text": "你好"}).status_code


def at(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> Phone:
    """A phone with a new key on this network."""
    client.environ_base["REMOTE_ADDR"] = address
    return Phone(client, headers or {})


@pytest.mark.usefixtures("few")
def test_a_worker_with_new_keys_is_one_worker(
    client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    headers = sign_in_worker(client)
    assert [greet(Phone(client, headers)) for _ in range(4)] == [200, 200, 200, 429]
    assert greet(Phone(client, sign_in_worker(client, "13800000002"))) == 200
    clock.advance(seconds=60)
    assert [greet(Phone(client, headers)) for _ in range(3)] == [200, 200, 429]
    said = Phone(client, headers).send("/questions", {"key": new_key(), "text": "你好"})
    assert "这一小时" in said.json["detail"] and "12333" in said.json["detail"]
    assert 0 < int(said.headers["Retry-After"]) <= 3600


@pytest.mark.usefixtures("few")
def test_visitors_with_new_keys_share_their_networks_number(
    client: FlaskClient, clock: HeldClock
) -> None:
    assert [greet(at(client, SITE)) for _ in range(4)] == [200, 200, 200, 429]
    assert greet(at(client, ELSEWHERE)) == 200
    refused = at(client, SITE).send("/questions", {"key": new_key(), "text": "你好"}).json
    assert "同一个网络" in refused["detail"] and "12333" in refused["detail"]
    clock.advance(seconds=60)
    assert [greet(at(client, SITE)) for _ in range(3)] == [200, 200, 429], "the hour's number"
    clock.advance(seconds=3600)
    assert greet(at(client, SITE)) == 200


@pytest.mark.usefixtures("few")
def test_somebody_signed_in_on_a_busy_network_goes_on(
    client: FlaskClient, sign_in_worker: SignIn
) -> None:
    for _ in range(4):
        greet(at(client, SITE))
    assert greet(at(client, SITE, sign_in_worker(client))) == 200


@pytest.mark.usefixtures("few")
def test_every_act_counts_and_reading_does_not(client: FlaskClient) -> None:
    phone = at(client, SITE)
    for _ in range(9):
        phone.history()
    assert phone.send("/restart", {"key": new_key()}).status_code == 200
    assert phone.send("/human", {"key": new_key()}).status_code == 200
    assert greet(phone) == 200
    tapped = phone.send("/choices", {"key": new_key(), "turn_id": 1, "entry_id": WAGES})
    assert tapped.status_code == 429
    assert at(client, SITE).send("/restart", {"key": new_key()}).status_code == 429


@pytest.mark.usefixtures("few")
def test_the_official_account_counts_its_follower(app: APIFlask, plain: Account) -> None:
    said = [plain.say("你好") for _ in range(4)]
    assert ["太快" in one for one in said] == [False, False, False, True]


@pytest.mark.parametrize("way", ["the button", "the word"])
def test_new_keys_do_not_flood_those_who_answer(
    app: APIFlask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(pace, "NETWORK_PEOPLE_PER_HOUR", 2)

    def call(phone: Phone) -> int:
        if way == "the button":
            return phone.send("/human", {"key": new_key()}).status_code
        return phone.send("/questions", {"key": new_key(), "text": "转人工"}).status_code

    phones = [at(client, SITE) for _ in range(3)]
    assert [call(phone) for phone in phones] == [200, 200, 429]
    assert call(phones[0]) == 200, "who waits already may add words"
    assert phones[2].history() == [], "nothing is half done"
    assert count(app, Escalation) == 2
    refused = phones[2].send("/human", {"key": new_key()}).json["detail"]
    assert "没有转" in refused and "12333" in refused


@pytest.mark.usefixtures("few")
def test_somebody_in_danger_is_never_counted_away(app: APIFlask, client: FlaskClient) -> None:
    for _ in range(3):
        assert at(client, SITE).send("/questions", {"key": new_key(), "text": "我不想活了"}).json
    assert count(app, Escalation) == 3


def test_two_hundred_workers_on_one_address_are_not_too_many() -> None:
    assert pace.NETWORK_PER_MINUTE >= 200 * 3
    assert pace.NETWORK_PER_HOUR >= 200 * 30
    assert pace.NETWORK_PEOPLE_PER_HOUR >= 200
    assert pace.WORKER_PER_MINUTE >= pace.PER_MINUTE


def test_no_address_is_kept(app: APIFlask, client: FlaskClient) -> None:
    phone = at(client, SITE)
    phone.ask(question_of(WAGES))
    phone.call()
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(RateCounter.key))) == 5
        for table in db.metadata.sorted_tables:
            assert SITE not in repr(db.session.execute(sa.select(table)).all()), table.name


ADDRESSES = [
    # hops, address of the connection, X-Forwarded-For, what is meant
    (0, SITE, None, SITE),
    (0, SITE, ELSEWHERE, SITE),
    (0, "127.0.0.1", ELSEWHERE, None),
    (0, "::1", None, None),
    (0, None, None, None),
    (0, "unix:", None, None),
    (1, "127.0.0.1", SITE, SITE),
    (1, "127.0.0.1", f"{ELSEWHERE}, {SITE}", SITE),
    (2, "127.0.0.1", f"1.1.1.1, {SITE}, 10.0.0.1", SITE),
    (2, "127.0.0.1", SITE, "127.0.0.1"),
    (1, "127.0.0.1", "nonsense", None),
    (1, "127.0.0.1", None, None),
    (1, "127.0.0.1", f"::ffff:{SITE}", SITE),
    (1, "127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    (1, "127.0.0.1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
]


@pytest.mark.parametrize(("hops", "address", "forwarded", "meant"), ADDRESSES)
def test_only_our_own_proxies_are_believed(
    app: APIFlask, hops: int, address: str | None, forwarded: str | None, meant: str | None
) -> None:
    def digest(hops: int, address: str | None, forwarded: str | None) -> str:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        base = {"REMOTE_ADDR": address} if address else {}
        with app.test_request_context(headers=headers, environ_overrides=base):
            return network.digest(hops)

    found = digest(hops, address, forwarded)
    if meant is None:
        assert found == ""
    elif meant == "127.0.0.1":
        assert found not in ("", digest(0, SITE, None)), "too few entries: whoever connected"
    else:
        assert found == digest(0, meant, None) != ""


@pytest.mark.usefixtures("few")
def test_what_a_caller_writes_before_our_proxy_changes_nothing(
    client: FlaskClient, with_settings: Callable[..., Settings]
) -> None:
    with_settings(proxy_hops=1)
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"

    def ask(number: int) -> int:
        headers = {"X-Forwarded-For": f"198.51.100.{number}, {SITE}"}
        return greet(Phone(client, headers))

    assert [ask(number) for number in range(4)] == [200, 200, 200, 429]


def test_nobody_but_the_chats_door_asks_for_an_address() -> None:
    """The promise of `guards.public`: whoever reports without a name cannot be recognised."""
    folder = Path(backend.__file__).parent
    readers = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if any(
            word in file.read_text(encoding="utf-8")
            for word in (
                "remote_addr",
                "REMOTE_ADDR",
                "access_route",
                "X-Forwarded",
                "network.digest",
            )
        )
    }
    assert readers == {"core/network.py", "faqbot/routes.py"}


def test_a_limit_that_is_used_up_counts_at_none_of_the_others(
    in_app: APIFlask, clock: HeldClock
) -> None:
    limits = [
        network_limit("a", 5),
        network_limit("b", 1),
    ]
    pace.rates.spend_each(limits, clock.at)
    with pytest.raises(TooMany):
        pace.rates.spend_each(limits, clock.at)
    tries = db.session.scalars(sa.select(RateCounter.tries)).all()
    assert list(tries) == [1, 1]


def network_limit(subject: str, tries: int) -> pace.Limit:
    """A limit of an hour."""
    return pace.Limit("test", subject, tries, 3600, "太多了。")
