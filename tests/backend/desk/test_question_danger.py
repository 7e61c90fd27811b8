"""Somebody in danger at the desk: whom to call at once, what was given, and nothing beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.core import clock
from backend.core.actor import VISITOR
from backend.core.db import db, one_transaction
from backend.escalations import service as escalations
from backend.escalations.service import Asked
from tests.factories.identity import AtDesk

MOBILE = "13800138000"


@pytest.fixture
def first(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """A colleague who answers."""
    return sign_in_staff("answerer", name="钟解答")


@pytest.fixture
def hand_over(app: APIFlask) -> Callable[[Asked], str]:
    """Hand a question over; gives the address of its page."""

    def do(asked: Asked) -> str:
        with app.app_context():
            return f"/desk/questions/{_handed(asked)}"

    return do


@one_transaction
def _handed(asked: Asked) -> str:
    return escalations.hand_over(asked, VISITOR, clock.now())[0].public_id


def _said(phones: list[str]) -> list[dict[str, Any]]:
    words = {"author": "bot", "kind": "crisis", "text": "先打电话。", "phones": phones}
    return [{"author": "person", "kind": "asked", "text": "我想跳楼"}, words]


def test_the_page_says_whom_to_call_and_which_numbers_were_given(
    app: APIFlask, first: AtDesk, hand_over: Callable[[Asked], str]
) -> None:
    given = _said(["12333", "12345"])
    address = hand_over(Asked("conversation:71", "我想跳楼", given, phone=MOBILE, is_crisis=True))
    page = first.client.get(address).text
    assert "已经给了 12333、12345。" in page and "110、120、12333" not in page
    assert f'href="tel:{MOBILE}"' in page
    assert '<article class="hit">' not in page, "no article beside a cry for help"
    assert '<article class="hit">' in first.client.get(f"{address}?q=辞职要提前几天").text
    with app.app_context():
        read = sa.select(AuditEvent).where(AuditEvent.act == "read").order_by(AuditEvent.id)
        event = db.session.scalars(read).first()
        assert event is not None and event.detail == {"has_read_phone": True}


def test_without_a_telephone_the_page_says_so(
    first: AtDesk, hand_over: Callable[[Asked], str]
) -> None:
    asked = Asked("conversation:72", "我想跳楼", _said(["120"]), is_crisis=True)
    page = first.client.get(hand_over(asked)).text
    assert "没有电话" in page and "tel:" not in page


def test_the_telephone_of_anybody_else_stays_masked(
    first: AtDesk, hand_over: Callable[[Asked], str]
) -> None:
    page = first.client.get(hand_over(Asked("conversation:73", "工资没发", phone=MOBILE))).text
    assert "138****8000" in page and MOBILE not in page


def test_a_later_cry_of_another_kind_shows_what_was_given_then_too(
    first: AtDesk, hand_over: Callable[[Asked], str]
) -> None:
    hand_over(Asked("conversation:74", "堵门", _said(["12333", "12345"]), is_crisis=True))
    again = Asked("conversation:74", "我想跳楼", _said(["120", "110"]), is_crisis=True)
    assert "已经给了 12333、12345、120、110。" in first.client.get(hand_over(again)).text
