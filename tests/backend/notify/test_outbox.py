"""Messages queued once, and people telephoned until they are reached."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from backend.audit.record import events
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import NotFound
from backend.notify import outbox
from tests.clock import HeldClock

pytestmark = pytest.mark.usefixtures("in_app")

OFFICER = Actor("staff", 3, "陈监察", frozenset({"clerk"}))


@one_transaction
def queue(clock: HeldClock, key: str, **words: Any) -> None:
    values: dict[str, Any] = {
        "subject": "case:17",
        "worker_id": None,
        "channel": "phone",
        "template": "accepted",
        "title": "已受理",
        "text": "您投诉示例公司欠薪 8000 元，我们已经立案。",
        "lock_screen": "您的事项有新进展",
        "dedupe_key": key,
    }
    outbox.queue(**(values | words), now=clock.at)


def test_a_message_is_read_back_and_unreadable_in_the_database(clock: HeldClock) -> None:
    queue(clock, "a")
    db.session.remove()
    (message,) = outbox.messages("case:17")
    assert message.text == "您投诉示例公司欠薪 8000 元，我们已经立案。"
    stored = db.session.execute(sa.text("SELECT text FROM outbox")).scalar_one()
    assert "示例公司".encode() not in bytes(stored)


def test_the_same_act_again_writes_no_second_message_and_breaks_nothing(clock: HeldClock) -> None:
    queue(clock, "due:17:accept")
    queue(clock, "due:17:accept", text="另一句")
    queue(clock, "due:17:report")
    assert [m.dedupe_key for m in outbox.messages("case:17")] == ["due:17:report", "due:17:accept"]
    assert outbox.messages("case:17")[1].text.startswith("您投诉")


def test_the_list_to_call_holds_phone_messages_oldest_first(clock: HeldClock) -> None:
    queue(clock, "late")
    clock.advance(hours=-1)
    queue(clock, "early")
    queue(clock, "app", channel="app")
    assert [m.dedupe_key for m in outbox.to_call()] == ["early", "late"]
    assert [m.dedupe_key for m in outbox.to_call(limit=1)] == ["early"]


def test_of_a_booking_only_how_things_stand_now_is_told(clock: HeldClock) -> None:
    queue(clock, "offered", subject="booking:5")
    queue(clock, "other", subject="booking:55")
    queue(clock, "first", subject="case:5")
    queue(clock, "second", subject="case:5")
    queue(clock, "lapsed", subject="booking:5")
    assert [m.dedupe_key for m in outbox.to_call()] == ["other", "first", "second", "lapsed"]
    queue(clock, "changed", subject="booking:5", channel="wechat")
    assert [m.dedupe_key for m in outbox.to_call()] == ["other", "first", "second"]


def test_a_call_that_reached_nobody_keeps_the_message_on_the_list(clock: HeldClock) -> None:
    queue(clock, "a")
    (message,) = outbox.to_call()
    outbox.record_call(message.id, OFFICER, clock.at, is_reached=False, note="无人接听")
    assert [m.id for m in outbox.to_call()] == [message.id]
    outbox.record_call(message.id, OFFICER, clock.at, is_reached=True, note=None)
    assert outbox.to_call() == []
    made = outbox.calls([message.id])
    assert [(c.is_reached, c.note, c.staff_name) for c in made] == [
        (False, "无人接听", "陈监察"),
        (True, None, "陈监察"),
    ]


def test_each_call_is_in_the_record_of_the_case_without_the_note(clock: HeldClock) -> None:
    queue(clock, "a")
    (message,) = outbox.to_call()
    outbox.record_call(message.id, OFFICER, clock.at, is_reached=False, note="家人接的电话")
    (event,) = events("case:17")
    assert (event.act, event.actor_id) == ("call", 3)
    assert event.detail == {"outbox_id": message.id, "is_reached": False}


def test_one_call_about_several_messages_is_noted_for_each_and_recorded_once_a_case(
    clock: HeldClock,
) -> None:
    for key in ("a", "b"):
        queue(clock, key)
    queue(clock, "c", subject="case:18")
    ids = [message.id for message in outbox.to_call()]
    outbox.record_calls(reversed(ids), OFFICER, clock.at, is_reached=True, note=None)
    assert outbox.to_call() == []
    assert [call.outbox_id for call in outbox.calls(ids)] == ids
    assert [e.act for e in events("case:17")] == ["call"]
    assert [e.act for e in events("case:18")] == ["call"]


def test_a_call_about_several_of_which_one_is_wrong_notes_none(clock: HeldClock) -> None:
    queue(clock, "a")
    queue(clock, "b", channel="app")
    with pytest.raises(NotFound):
        outbox.record_calls([1, 2], OFFICER, clock.at, is_reached=True, note=None)
    assert len(outbox.to_call()) == 1
    assert outbox.calls([1, 2]) == []


@pytest.mark.parametrize("channel", ["app", None])
def test_only_a_message_on_the_list_can_be_called_about(
    clock: HeldClock, channel: str | None
) -> None:
    if channel is not None:
        queue(clock, "a", channel=channel)
    with pytest.raises(NotFound):
        outbox.record_call(1, OFFICER, clock.at, is_reached=True, note=None)
    assert events("case:17") == []


def test_the_database_refuses_an_unknown_channel(clock: HeldClock) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="channel_known"):
        queue(clock, "a", channel="pigeon")
