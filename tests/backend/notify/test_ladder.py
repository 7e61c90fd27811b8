"""The ladder: subscribe message, official account, SMS, the app, the telephone; never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit.record import events
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.identity.models import Worker
from backend.identity.service import workers
from backend.notify import consents, deliveries, jobs, outbox
from backend.notify.deliveries import BACK_OFF_S
from backend.notify.models import OutboxMessage
from backend.notify.reached import reached
from backend.notify.senders import PerhapsSent, Refused, TryLater
from backend.settings import SubscribeTemplate
from tests.backend.notify.conftest import CASE_TEXT, LOCK_SCREEN, PHONE, Post, templates
from tests.clock import HeldClock

pytestmark = pytest.mark.usefixtures("in_app")
Use = Callable[[dict[str, SubscribeTemplate]], None]
MINI, ACCOUNT, TEMPLATE = "o-mini", "o-account", "tmpl-progress"
CLERK = Actor("staff", 3, "冯窗口", frozenset({"clerk"}))


@pytest.fixture(autouse=True)
def _templates(with_templates: Use) -> None:
    with_templates(templates())


@pytest.fixture
def person(clock: HeldClock) -> int:
    """Somebody in the mini-program who also follows the official account."""
    found = workers._sign_in_as_openid(MINI, "微信小程序", clock.at).worker.id

    @one_transaction
    def follow() -> None:
        row = db.session.get_one(Worker, found)
        row.account_openid, row.account_openid_index = ACCOUNT, "index"

    follow()
    return found


@pytest.fixture
def agree(person: int, clock: HeldClock) -> Callable[..., None]:
    """`agree(2)`: tap 允许 so often."""
    number = iter(range(1, 1000))

    def tap(times: int = 1, template: str = TEMPLATE) -> None:
        for _ in range(times):
            consents.report(person, f"{next(number):032x}", {template: "accept"}, clock.at)

    return tap


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile, without BEGIN and the like."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def codes(post: Post) -> list[tuple[str, str]]:
    """The ways that came to an end for the only message, and why."""
    return [(step["way"], step["code"]) for step in post.row().tried or []]


def queue(post: Post, person: int | None, key: str = "a", **words: Any) -> None:
    post.queue(key, **({"channel": "wechat", "worker_id": person} | words))


def test_who_agreed_gets_a_subscribe_message_and_spends_the_consent(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree(2)
    queue(post, person)
    assert post.run() == jobs.Ran(taken=1, sent=1)
    assert [address for address, _text in post.subscribe.sent] == [MINI]
    (letter,) = post.subscribe.letters
    assert letter.template is not None and letter.template.template == TEMPLATE
    assert letter.fields["thing1"] == "您办的事有新进展"
    assert CASE_TEXT not in repr(letter.fields)
    assert (post.wechat.sent, post.sms.sent) == ([], [])
    assert (post.row().channel, consents.left(person, TEMPLATE)) == ("subscribe", 1)


def test_facts_fill_the_fields(post: Post, person: int, agree: Callable[..., None]) -> None:
    agree(template="tmpl-reminder")
    facts = outbox.Facts(what="明天的约定", when="2026-12-01", note="带身份证")
    queue(post, person, template="remind_appointment", facts=facts)
    post.run()
    assert post.subscribe.letters[0].fields == {
        "thing1": "明天的约定", "time2": "2026年12月1日 08:30",
        "thing3": "示例人社局", "thing4": "带身份证",
    }  # fmt: skip


def test_each_consent_is_one_message_and_the_next_goes_the_next_way(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree()
    queue(post, person, "a")
    queue(post, person, "b")
    post.run()
    assert len(post.subscribe.sent) == 1
    assert post.wechat.sent == [(ACCOUNT, LOCK_SCREEN)]
    assert post.states() == ["sent", "sent"]
    assert consents.left(person, TEMPLATE) == 0


def test_wechats_no_consent_empties_the_ledger_and_goes_on(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree(3)
    post.subscribe.failures = [Refused("wechat_43101")]
    queue(post, person)
    post.run()
    assert consents.left(person, TEMPLATE) == 0
    assert post.wechat.sent == [(ACCOUNT, LOCK_SCREEN)]
    assert codes(post) == [("subscribe", "wechat_43101")]


@pytest.mark.parametrize("code", ["wechat_47003", "wechat_40037", "wechat_41030", "wechat_40003"])
def test_another_refusal_goes_on_and_spends_nothing(
    post: Post, person: int, agree: Callable[..., None], code: str
) -> None:
    agree()
    post.subscribe.failures = [Refused(code)]
    queue(post, person)
    post.run()
    assert post.wechat.sent == [(ACCOUNT, LOCK_SCREEN)]
    assert consents.left(person, TEMPLATE) == 1


def test_all_the_way_down_to_an_sms(post: Post, person: int, agree: Callable[..., None]) -> None:
    agree()
    post.subscribe.failures = [Refused("wechat_43101")]
    post.wechat.failures = [Refused("wechat_45015")]
    queue(post, person)
    assert post.run().sent == 1
    assert post.sms.sent == [(PHONE, LOCK_SCREEN)]
    assert codes(post) == [("subscribe", "wechat_43101"), ("wechat", "wechat_45015")]
    assert post.row().attempts == 1


def test_below_the_last_step_whoever_has_an_account_reads_it_in_the_app(
    post: Post, person: int
) -> None:
    post.wechat.failures = [Refused("wechat_45015")]
    post.sms.failures = [Refused("sms_refused")]
    queue(post, person)
    post.run()
    assert (post.states(), outbox.to_call()) == (["in_app"], [])
    assert reached(["case:17"])["case:17"].word == "没送到·短信退回"


def test_who_has_no_account_either_is_telephoned(post: Post) -> None:
    post.sms.failures = [Refused("sms_refused")]
    queue(post, None, channel="sms")
    post.run()
    assert post.states() == ["to_call"]
    (message,) = outbox.to_call()
    found = reached(["case:17"])["case:17"]
    assert (found.word, found.needs_call, found.is_reached) == ("要打电话", True, False)
    assert [(one.way, one.code) for one in found.tried] == [
        ("sms", "sms_refused"), ("wechat", "no_account"),
    ]  # fmt: skip
    outbox.record_call(message.id, CLERK, post.clock.at, is_reached=True, note=None)
    assert [event.act for event in events("case:17")] == ["call"]
    found = reached(["case:17"])["case:17"]
    assert (found.word, found.needs_call, found.is_reached) == ("打过电话了", False, True)
    post.clock.advance(hours=24)
    assert post.run() == jobs.Ran()  # what is told by telephone does not go out as well


def test_who_asked_for_sms_gets_one_before_the_official_account(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    queue(post, person, "a", channel="sms")
    post.sms.failures = []
    post.run()
    assert (post.sms.sent, post.wechat.sent) == ([(PHONE, LOCK_SCREEN)], [])
    agree()
    queue(post, person, "b", channel="sms")
    post.run()
    assert len(post.subscribe.sent) == 1
    post.sms.failures = [Refused("sms_refused")]
    queue(post, person, "c", channel="sms")
    post.run()
    assert post.wechat.sent == [(ACCOUNT, LOCK_SCREEN)]


def test_without_an_openid_in_the_mini_program_nothing_is_spent(
    post: Post, clock: HeldClock
) -> None:
    someone = workers.open_for_phone("13900000001", "安卓手机", clock.at).worker.id
    consents.report(someone, "0" * 32, {TEMPLATE: "accept"}, clock.at)
    queue(post, someone)
    post.run()
    assert post.sms.sent == [(PHONE, LOCK_SCREEN)]
    assert consents.left(someone, TEMPLATE) == 1
    assert codes(post) == [("subscribe", "no_mini"), ("wechat", "no_account")]


def test_wechat_down_for_an_hour_loses_nothing_and_then_everything_goes_out_once(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree(2)
    for key in "abcd":
        queue(post, person, key)
    post.subscribe.always = post.wechat.always = TryLater("wechat_unavailable")
    for _ in range(60):
        post.run()
        post.clock.advance(minutes=1)
    assert (post.subscribe.sent, post.wechat.sent, post.sms.sent) == ([], [], [])
    assert consents.left(person, TEMPLATE) == 2
    post.subscribe.always = post.wechat.always = None
    for _ in range(180):
        post.run()
        post.clock.advance(minutes=1)
    assert post.states() == ["sent"] * 4
    assert (len(post.subscribe.sent), len(post.wechat.sent), post.sms.sent) == (2, 2, [])
    assert consents.left(person, TEMPLATE) == 0


def test_wechat_down_holds_up_nobody_whom_it_would_not_reach(
    post: Post, person: int, agree: Callable[..., None], clock: HeldClock
) -> None:
    agree()
    post.subscribe.always = post.wechat.always = TryLater("wechat_unavailable")
    queue(post, person, "a")
    queue(post, None, "b", channel="sms")
    other = workers.open_for_phone("13900000001", "安卓手机", clock.at).worker.id
    queue(post, other, "c", subject="case:18")
    post.run()
    assert post.states() == ["failed", "sent", "sent"]
    assert [address for address, _text in post.sms.sent] == [PHONE, "13900000001"]


def test_a_way_that_stays_down_is_left_for_the_next_one_and_only_the_last_gives_up(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree()
    for way in (post.subscribe, post.wechat, post.sms):
        way.always = TryLater("down")
    queue(post, person)
    for wait_s in (*BACK_OFF_S, 1) * 3:
        post.run()
        post.clock.advance(seconds=wait_s)
    row = post.row()
    assert (row.state, row.channel, row.attempts) == ("dead", "sms", len(BACK_OFF_S) + 1)
    assert codes(post) == [("subscribe", "down"), ("wechat", "down")]
    assert consents.left(person, TEMPLATE) == 1
    assert reached(["case:17"])["case:17"].word == "没送到"


def test_a_lost_answer_is_not_sent_again_nor_another_way(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree()
    post.subscribe.failures = [PerhapsSent()]
    queue(post, person)
    for _ in range(3):
        post.run()
        post.clock.advance(hours=12)
    assert post.row().state == "unknown"
    assert (post.wechat.sent, post.sms.sent) == ([], [])
    assert consents.left(person, TEMPLATE) == 1  # if it was taken, WeChat says so next time
    assert reached(["case:17"])["case:17"].word == "不知道发到没有"


def test_a_crash_between_two_ways_sends_nothing_twice(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree()
    post.subscribe.failures = [Refused("wechat_43101")]
    post.wechat.failures = [KeyboardInterrupt()]  # type: ignore[list-item]
    queue(post, person)
    with pytest.raises(KeyboardInterrupt):
        post.run()
    post.clock.advance(seconds=deliveries.LEASE_S + 1)
    post.run()
    assert post.row().state == "unknown"
    assert codes(post) == [("subscribe", "wechat_43101")]
    assert (post.subscribe.sent, post.sms.sent) == ([], [])


def test_three_runs_at_once_send_each_once_and_spend_exactly_that(
    app: APIFlask, post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree(5)
    for number in range(9):
        queue(post, person, f"key-{number}")
    barrier = Barrier(3)

    def run(_number: int) -> int:
        with app.app_context():
            barrier.wait(20)
            return post.run().sent

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 9
    assert len(post.subscribe.sent) + len(post.wechat.sent) == 9
    spent = min(5, len(post.subscribe.sent))
    assert consents.left(person, TEMPLATE) == 5 - spent
    assert len(post.subscribe.sent) >= 5


def test_a_lasting_consent_is_not_used_up(
    post: Post, person: int, agree: Callable[..., None], with_templates: Use
) -> None:
    with_templates(templates("long_term"))
    agree()
    for key in "abc":
        queue(post, person, key)
    post.run()
    assert len(post.subscribe.sent) == 3 and consents.left(person, TEMPLATE) == 1


def test_each_subject_finds_its_telephone_by_its_prefix(post: Post, clock: HeldClock) -> None:
    for key, subject in (("a", "case:17"), ("b", "booking:5"), ("c", "order:5"), ("d", "odd")):
        queue(post, None, key, channel="sms", subject=subject)
    numbers = {"case": "13800000001", "booking": "13800000002", "order": None}
    jobs.run(clock.at, {kind: lambda _s, found=found: found for kind, found in numbers.items()})
    assert [address for address, _text in post.sms.sent] == ["13800000001", "13800000002"]
    assert post.states() == ["sent", "sent", "to_call", "to_call"]


def test_what_a_list_shows_is_read_in_one_query(
    post: Post, person: int, agree: Callable[..., None]
) -> None:
    agree()
    queue(post, person, "a", subject="booking:1")
    queue(post, person, "b", subject="booking:2")
    queue(post, None, "c", subject="booking:3", channel="sms")
    queue(post, None, "d", subject="booking:4", channel="phone")
    queue(post, person, "e", subject="booking:5", channel="app")
    queue(post, person, "f", subject="booking:2", template="changed")
    post.phones = {}
    # a booking's messages have a template of their own
    consents.report(person, "f" * 32, {"tmpl-booking": "accept"}, post.clock.at)
    post.run()
    queue(post, person, "g", subject="booking:6")
    with statements() as asked:
        found = reached([*(f"booking:{number}" for number in range(1, 8))])
    assert len(asked) == 1
    assert {subject: one.word for subject, one in found.items()} == {
        "booking:1": "小程序",
        "booking:2": "公众号",
        "booking:3": "要打电话",
        "booking:4": "要打电话",
        "booking:5": "只在程序里",
        "booking:6": "等着发",
    }
    assert found["booking:1"].is_reached and not found["booking:5"].is_reached
    assert reached([]) == {}


def test_queueing_is_one_statement_with_facts_or_without(post: Post) -> None:
    with statements() as asked:
        post.queue("a")
        post.queue("b", facts=outbox.Facts(what="有新消息"))
    assert len(asked) == 2
    query = sa.select(OutboxMessage.facts).order_by(OutboxMessage.id)
    assert list(db.session.scalars(query)) == [None, {"what": "有新消息"}]


def test_a_lease_outlasts_all_time_outs_of_one_attempt() -> None:
    # a token asked for twice, with its waiting, and two sendings
    assert timedelta(seconds=deliveries.LEASE_S) > timedelta(seconds=2 * (8 + 3) + 2 * 3)
