"""The page of messages that did not go out, and sending one again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.complaints.models import Case
from backend.core.db import db, insert_row, one_transaction
from backend.notify.models import Delivery, OutboxMessage
from tests.clock import HeldClock
from tests.factories.identity import AtDesk

Post = Callable[..., Any]
StuckOf = Callable[..., str]


@pytest.fixture
def clerk(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """The window's browser."""
    return sign_in_staff("clerk", name="冯窗口")


@one_transaction
def add(case: str, values: dict[str, Any]) -> int:
    subject = db.session.query(Case).filter_by(public_id=case).one().chain
    message = db.session.query(OutboxMessage).filter_by(subject=subject).one()
    return insert_row(Delivery, {"outbox_id": message.id} | values)


@pytest.fixture
def stuck(app: APIFlask, clock: HeldClock, file_case: Callable[..., str]) -> StuckOf:
    """`stuck("dead", "no_answer")`: the address at which that message is sent again."""

    def make(state: str, error: str | None, channel: str = "sms") -> str:
        later = clock.at + timedelta(minutes=5) if state in ("failed", "waiting") else None
        with app.app_context():
            values = {"channel": channel, "state": state, "attempts": 2, "last_error": error,
                      "next_try_at": later, "created_at": clock.at}  # fmt: skip
            values["sent_at"] = clock.at if state == "sent" else None
            return f"/desk/deliveries/{add(file_case(), values)}"

    return make


@pytest.mark.parametrize(
    ("state", "error", "channel", "words"),
    [
        ("dead", "wechat_45015", "wechat", ["不再自动发", "48 小时内没有来信", "微信公众号"]),
        ("dead", "wechat_99999", "wechat", ["错误号 99999"]),
        ("unknown", "no_answer", "sms", ["不知道发到没有", "没有回音", "可能会收到两条", "短信"]),
        ("failed", "sms_unavailable", "sms", ["还会自动再发", "网关连不上", "下一次 今天 10:05"]),
    ],
)
def test_what_did_not_go_out_is_listed_with_its_reason(
    clerk: AtDesk, stuck: StuckOf, state: str, error: str, channel: str, words: list[str]
) -> None:
    address = stuck(state, error, channel)
    text = clerk.client.get("/desk/deliveries").text
    assert [word for word in words if word not in text] == []
    assert f'action="{address}"' in text and "2026-00001" in text
    # neither what was said nor to whom: that stands in the case
    assert "区大明" not in text and "13800000099" not in text


def test_every_way_that_was_tried_is_named(app: APIFlask, clerk: AtDesk, stuck: StuckOf) -> None:
    stuck("dead", "sms_unavailable")
    steps = [
        {"way": "subscribe", "code": "wechat_43101", "at": "2026-11-23T10:00:00"},
        {"way": "wechat", "code": "no_account", "at": "2026-11-23T10:00:00"},
    ]
    with app.app_context():
        db.session.query(Delivery).one().tried = steps
        db.session.commit()
        case = db.session.query(Case).one().public_id
    text = clerk.client.get("/desk/deliveries").text
    assert "先试了小程序：本人没有同意收这种消息" in text and "先试了公众号：没有关注公众号" in text
    assert "没送到" in clerk.client.get(f"/desk/cases/{case}").text


def test_who_has_neither_way_nor_account_is_counted_as_to_be_called(
    clerk: AtDesk, stuck: StuckOf
) -> None:
    stuck("to_call", "sms_refused")
    text = clerk.client.get("/desk/deliveries").text
    assert "转到电话通知 <b>1</b>" in text and "没有发不出去的消息" in text


def test_what_went_out_is_counted_and_not_listed(clerk: AtDesk, stuck: StuckOf) -> None:
    stuck("sent", None)
    text = clerk.client.get("/desk/deliveries").text
    assert "没有发不出去的消息" in text and "发出去了 <b>1</b>" in text
    assert "可能会收到两条" not in text


def test_the_rail_counts_what_needs_somebody(clerk: AtDesk, stuck: StuckOf) -> None:
    for state in ("dead", "unknown", "failed", "sent"):
        stuck(state, None)
    assert 'aria-label="2 件在等"' in clerk.client.get("/desk/help").text


def test_sent_again_it_waits_and_the_record_names_who_did_it(
    app: APIFlask, clerk: AtDesk, post: Post, stuck: StuckOf
) -> None:
    address = stuck("dead", "sms_unavailable")
    assert post(clerk, address).location == "/desk/deliveries?done=yes"
    text = clerk.client.get("/desk/deliveries?done=yes").text
    assert "一分钟内再发一次" in text and "没有发不出去的消息" in text and "等着发 <b>1</b>" in text
    with app.app_context():
        (event,) = db.session.query(AuditEvent).filter_by(act="send_again")
        assert (event.actor_name, event.detail["was"]) == ("冯窗口", "dead")
        case = db.session.query(Case).one()
    assert "再发一次提醒" in clerk.client.get(f"/desk/cases/{case.public_id}").text


def test_a_second_click_sends_nothing_twice(clerk: AtDesk, post: Post, stuck: StuckOf) -> None:
    address = stuck("unknown", "stopped")
    assert post(clerk, address).status_code == 303
    again = post(clerk, address)
    assert again.status_code == 409 and "请刷新再看" in again.text


def test_sending_again_needs_the_role_the_token_and_a_message(
    clerk: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post, stuck: StuckOf
) -> None:
    address = stuck("dead", None)
    for role in ("inspector", "mediator", "legal_reviewer"):
        other = sign_in_staff(role)
        assert other.client.get("/desk/deliveries").status_code == 403
        assert post(other, address).status_code == 403
        assert "/desk/deliveries" not in other.client.get("/desk/help").text
    assert clerk.client.post(address).status_code == 403
    assert post(clerk, "/desk/deliveries/999999").status_code == 404
    for role in ("unit_head", "head"):
        assert sign_in_staff(role).client.get("/desk/deliveries").status_code == 200
    assert f'action="{address}"' in clerk.client.get("/desk/deliveries").text
