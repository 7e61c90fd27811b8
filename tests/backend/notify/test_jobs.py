"""Sending the outbox: each message once, with patience, to the right address, nothing private."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from apiflask import APIFlask

from backend.core.db import db, one_transaction
from backend.identity import service as identity
from backend.identity.models import Worker
from backend.identity.service import workers
from backend.notify import deliveries, jobs, outbox, senders
from backend.notify.deliveries import BACK_OFF_S
from backend.notify.senders import PerhapsSent, Refused, TryLater
from tests.backend.notify.conftest import CASE_TEXT, LOCK_SCREEN, PHONE, Post
from tests.clock import HeldClock

pytestmark = pytest.mark.usefixtures("in_app")


def follower(clock: HeldClock, openid: str = "o-1") -> int:
    return identity.worker_for_account(openid, clock.at).id


def by_phone(clock: HeldClock, phone: str = "13900000001") -> int:
    return workers.open_for_phone(phone, "安卓手机", clock.at).worker.id


def test_a_message_goes_out_once_and_only_its_lock_screen(post: Post) -> None:
    post.queue()
    assert post.run() == jobs.Ran(taken=1, sent=1)
    assert post.sms.sent == [(PHONE, LOCK_SCREEN)]
    assert CASE_TEXT not in repr(post.sms.sent)
    row = post.row()
    assert (row.state, row.attempts, row.sent_at, row.last_error) == (
        "sent",
        1,
        post.clock.at,
        None,
    )
    for _ in range(3):
        post.clock.advance(hours=12)
        assert post.run() == jobs.Ran()
    assert len(post.sms.sent) == 1


@pytest.mark.parametrize("channel", ["app", "phone"])
def test_what_is_read_in_the_app_or_told_by_telephone_does_not_go_out(
    post: Post, channel: str
) -> None:
    post.queue(channel=channel)
    assert post.run() == jobs.Ran()
    assert post.states() == []


def test_a_follower_is_written_to_by_the_official_account(post: Post) -> None:
    post.queue(channel="wechat", worker_id=follower(post.clock))
    post.run()
    assert (post.wechat.sent, post.sms.sent) == ([("o-1", LOCK_SCREEN)], [])


def test_who_does_not_follow_gets_an_sms(post: Post) -> None:
    post.queue(channel="wechat", worker_id=by_phone(post.clock))
    post.run()
    assert (post.wechat.sent, post.sms.sent) == ([], [(PHONE, LOCK_SCREEN)])
    row = post.row()
    assert (row.state, row.channel) == ("sent", "sms")


def test_without_a_telephone_for_the_matter_the_proved_one_is_taken(post: Post) -> None:
    post.queue(channel="wechat", worker_id=by_phone(post.clock), subject="question:5")
    post.run()
    assert post.sms.sent == [("13900000001", LOCK_SCREEN)]


@one_transaction
def unprove(worker_id: int) -> None:
    db.session.get_one(Worker, worker_id).phone_verified_at = None


@pytest.mark.parametrize("phone", [None, "07503123456"])
def test_without_any_address_it_is_read_in_the_app_or_told_by_telephone(
    post: Post, phone: str | None
) -> None:
    worker_id = by_phone(post.clock)
    unprove(worker_id)
    post.phones = {"case:17": phone} if phone else {}
    post.queue("a", channel="wechat", worker_id=worker_id)
    post.queue("b", channel="sms")
    post.queue("c", channel="wechat", worker_id=999_999)
    post.run()
    assert post.states() == ["in_app", "to_call", "in_app"]
    assert (post.wechat.sent, post.sms.sent) == ([], [])
    assert [message.dedupe_key for message in outbox.to_call()] == ["b"]


@pytest.mark.parametrize("code", ["wechat_40003", "wechat_45015"])
def test_what_wechat_refuses_goes_by_sms_where_a_telephone_is_known(post: Post, code: str) -> None:
    post.wechat.failures = [Refused(code)]
    post.queue(channel="wechat", worker_id=follower(post.clock))
    post.run()
    assert post.sms.sent == [(PHONE, LOCK_SCREEN)]
    assert post.row().channel == "sms"


def test_what_is_refused_for_good_is_not_tried_again(post: Post) -> None:
    post.phones = {}
    post.wechat.failures = [Refused("wechat_45015")]
    post.queue(channel="wechat", worker_id=follower(post.clock))
    post.run()
    row = post.row()
    assert (row.state, row.last_error, row.next_try_at) == ("in_app", "wechat_45015", None)
    post.clock.advance(hours=24)
    assert post.run() == jobs.Ran()


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(post: Post) -> None:
    post.sms.always = TryLater("sms_unavailable")
    post.queue()
    for attempt, wait_s in enumerate(BACK_OFF_S, start=1):
        post.run()
        row = post.row()
        assert (row.state, row.attempts, row.last_error) == ("failed", attempt, "sms_unavailable")
        assert row.next_try_at == post.clock.at + timedelta(seconds=wait_s)
        post.clock.advance(seconds=wait_s - 1)
        post.run()
        assert post.row().attempts == attempt  # not before its time
        post.clock.advance(seconds=1)
    post.run()
    row = post.row()
    assert (row.state, row.attempts, row.next_try_at) == ("dead", len(BACK_OFF_S) + 1, None)
    assert BACK_OFF_S == (60, 300, 1800, 7200, 21_600)


def test_a_failure_that_passes_ends_with_one_message(post: Post) -> None:
    post.sms.failures = [TryLater("sms_unavailable")] * 2
    post.queue()
    for _ in range(4):
        post.run()
        post.clock.advance(minutes=10)
    assert post.sms.sent == [(PHONE, LOCK_SCREEN)]
    assert post.states() == ["sent"]


def test_a_channel_that_is_down_is_found_out_by_one_message_and_holds_up_no_other(
    post: Post,
) -> None:
    post.wechat.always = TryLater("wechat_45009")
    for key in "abc":
        post.queue(key, channel="wechat", worker_id=follower(post.clock))
    post.queue("d")
    assert post.run().down == {"wechat"}
    assert sorted(post.states()) == ["failed", "sent", "waiting", "waiting"]
    post.wechat.always = None
    post.clock.advance(minutes=1)
    post.run()
    assert post.states() == ["sent"] * 4


@pytest.mark.parametrize("channel", ["sms", "wechat"])
def test_a_lost_answer_is_not_sent_again_by_itself(post: Post, channel: str) -> None:
    way = post.sms if channel == "sms" else post.wechat
    way.failures = [PerhapsSent()]
    post.queue(channel=channel, worker_id=follower(post.clock))
    for _ in range(3):
        post.run()
        post.clock.advance(hours=12)
    row = post.row()
    assert (row.state, row.last_error) == ("unknown", "no_answer")
    assert (post.sms.sent, post.wechat.sent) == ([], [])


def test_a_crash_in_the_middle_of_sending_is_shown_and_not_sent_again(post: Post) -> None:
    post.sms.failures = [KeyboardInterrupt()]  # type: ignore[list-item]
    post.queue()
    with pytest.raises(KeyboardInterrupt):
        post.run()
    assert post.states() == ["sending"]
    post.run()  # another process, at once: it is still at it
    assert post.states() == ["sending"]
    post.clock.advance(seconds=deliveries.LEASE_S + 1)
    post.run()
    row = post.row()
    assert (row.state, row.last_error) == ("unknown", "stopped")
    assert post.sms.sent == []


def test_a_crash_before_sending_began_loses_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.queue("a")
    post.queue("b")
    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "due", lambda *_words: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            post.run()
    assert post.states() == ["waiting", "waiting"]
    assert post.run().sent == 2


def test_a_slow_attempt_may_still_say_that_it_was_sent(post: Post) -> None:
    post.queue()
    deliveries.take_up(post.clock.at, ["sms"])
    attempt = deliveries.claim(post.row().id, post.clock.at)
    assert attempt is not None
    post.clock.advance(seconds=deliveries.LEASE_S + 1)
    post.run()
    assert post.states() == ["unknown"]
    deliveries.note_sent(attempt, post.clock.at)
    assert post.states() == ["sent"]


def test_two_runs_at_once_send_each_message_once(app: APIFlask, post: Post) -> None:
    for number in range(12):
        post.queue(f"key-{number}")
    barrier = Barrier(3)

    def run(_number: int) -> int:
        with app.app_context():
            barrier.wait(20)
            return post.run().sent

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 12
    assert len(post.sms.sent) == 12
    assert post.states() == ["sent"] * 12


def test_a_message_that_becomes_visible_late_is_found(post: Post) -> None:
    post.queue("later id")
    post.run()
    began_at = post.clock.at - timedelta(minutes=10)
    post.queue("earlier moment, committed after the look", now=began_at)
    post.clock.advance(minutes=20)
    assert post.run().taken == 1
    assert post.states() == ["sent", "sent"]


def test_after_a_long_stop_everything_since_the_last_look_goes_out(post: Post) -> None:
    post.run()
    post.clock.advance(minutes=5)
    post.queue()
    post.clock.advance(hours=100)
    assert post.run().sent == 1


def test_an_update_does_not_send_what_was_read_long_ago(post: Post) -> None:
    post.queue("old")
    post.clock.advance(hours=25)
    post.queue("new")
    assert post.run() == jobs.Ran(taken=1, sent=1)


def test_more_than_one_batch_goes_out_in_one_run(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "BATCH", 4)
    for number in range(11):
        post.queue(f"key-{number}")
    assert post.run() == jobs.Ran(taken=11, sent=11)


def test_a_run_that_takes_too_long_leaves_the_rest_to_the_next(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.queue()
    with monkeypatch.context() as slow:
        slow.setattr(jobs, "LONGEST_RUN_S", -1)
        assert post.run().sent == 0
    assert post.run().sent == 1


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ((), [("wechat", "in_app"), ("sms", "to_call")]),
        (("sms",), [("sms", "sent"), ("sms", "sent")]),
        (("wechat",), [("wechat", "sent"), ("sms", "to_call")]),
    ],
)
def test_what_this_installation_has_no_way_for_is_decided_at_once(
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    channels: tuple[str, ...],
    expected: list[tuple[str, str]],
) -> None:
    kept: dict[str, Any] = {name: senders.CHANNELS[name] for name in channels}
    monkeypatch.setattr(senders, "CHANNELS", kept)
    post.queue("a", channel="wechat", worker_id=follower(post.clock))
    post.queue("b", channel="sms")
    post.run()
    rows = db.session.query(deliveries.Delivery).order_by(deliveries.Delivery.outbox_id)
    assert [(row.channel, row.state) for row in rows] == expected


def test_a_channel_that_was_taken_away_leaves_its_messages_in_the_app(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.queue(worker_id=by_phone(post.clock))
    deliveries.take_up(post.clock.at, ["sms"])
    monkeypatch.setattr(senders, "CHANNELS", {})
    post.run()
    assert post.states() == ["in_app"]
