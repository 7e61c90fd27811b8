"""Reminders reach the worker the day before, once, without a word about the matter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from backend.complaints.service.reminding import remind
from backend.law.days import add_days
from backend.notify import fields
from backend.notify.models import OutboxMessage
from tests.factories.complaints import Filed, World

TUESDAY, THURSDAY = "2026-11-24", "2026-11-26"
MATTER = ("投诉", "工资", "欠", "案", "元", "单位", "补材料")


def reminders(world: World, case: Filed) -> list[OutboxMessage]:
    return [one for one in world.outbox(case) if one.template.startswith("remind_")]


def run(world: World, times: int = 3) -> list[int]:
    return [world.run_jobs().reminded for _ in range(times)]


@pytest.fixture
def booked(world: World) -> Filed:
    """A complaint whose worker comes on Thursday afternoon."""
    case = world.complain()
    world.post(case, "appointments", on_date=THURSDAY, period="pm", how="visit")
    return case


def test_an_appointment_is_reminded_of_the_day_before_and_once(world: World, booked: Filed) -> None:
    world.go_on(1)
    assert run(world) == [0, 0, 0]
    world.go_on(1)
    assert run(world) == [1, 0, 0]
    world.go_on(1)
    assert run(world) == [0, 0, 0]
    (message,) = reminders(world, booked)
    assert "2026年11月26日 周四）下午，到示例区劳动保障监察大队。请带身份证" in message.text
    assert message.facts == {
        "what": "明天有约",
        "when": "2026-11-26T14:30:00+08:00",
        "where": "示例区劳动保障监察大队",
        "note": "请带身份证",
    }


def test_nobody_is_reminded_at_night(world: World, booked: Filed) -> None:
    world.go_to(date(2026, 11, 25))
    world.clock.advance(hours=-2)  # 8:00
    assert run(world) == [0, 0, 0]
    world.clock.advance(hours=13)  # 21:00
    assert run(world) == [0, 0, 0]
    world.clock.advance(hours=-2)
    assert run(world) == [1, 0, 0]


def test_what_was_cancelled_or_confirmed_is_not_reminded_of(world: World) -> None:
    cancelled, confirmed = world.complain(), world.complain()
    for case in (cancelled, confirmed):
        world.post(case, "appointments", on_date=THURSDAY, period="am", how="video")
    number = world.get(cancelled)["appointment"]["id"]
    world.delete(cancelled, f"appointments/{number}")
    world.step(confirmed, "confirm", "clerk")
    world.go_on(2)
    assert run(world) == [0, 0, 0]


def test_an_appointment_moved_to_another_day_is_reminded_of_before_that_day(
    world: World, booked: Filed
) -> None:
    world.go_on(2)
    assert run(world, 1) == [1]
    world.post(booked, "appointments", on_date="2026-11-30", period="am", how="video")
    assert run(world, 1) == [0]
    world.go_to(date(2026, 11, 29))
    assert run(world) == [1, 0, 0]
    assert "视频确认" in reminders(world, booked)[-1].text


def test_what_was_booked_today_for_tomorrow_is_not_said_twice(world: World) -> None:
    case = world.complain()
    world.post(case, "appointments", on_date=TUESDAY, period="am", how="visit")
    assert run(world) == [0, 0, 0]


def test_the_employers_last_day_to_pay_is_told_the_day_before(world: World) -> None:
    case = world.accepted()
    world.approved(case, "order_payment", "head")
    (clock,) = world.clocks(case, "pay_by")
    assert clock.due_on is not None
    world.go_to(add_days(clock.due_on, -2))
    assert run(world) == [0, 0, 0]
    world.go_to(add_days(clock.due_on, -1))
    assert run(world) == [1, 0, 0]
    (message,) = reminders(world, case)
    assert message.template == "remind_pay_by" and "说一下钱的事" in message.text
    world.go_to(clock.due_on)
    assert run(world) == [0, 0, 0]


def test_papers_that_do_not_come_are_asked_for_once_more_after_a_week(world: World) -> None:
    case = world.complain()
    world.step(case, "request_correction")
    world.go_on(6)
    assert run(world) == [0, 0, 0]
    world.go_on(1)
    assert run(world) == [1, 0, 0]
    world.go_on(10)
    assert run(world) == [0, 0, 0]
    assert [one.template for one in reminders(world, case)] == ["remind_correction"]


def test_papers_that_came_are_not_asked_for(world: World) -> None:
    case = world.complain()
    world.step(case, "request_correction")
    items = world.get(case)["correction"]["items"]
    answers = [{"id": one["id"], "text": "补上了"} for one in items]
    world.post(case, "resupply", 200, items=answers)
    world.go_on(7)
    assert run(world) == [0, 0, 0]


def test_no_reminder_says_on_the_lock_screen_what_it_is_about(world: World, booked: Filed) -> None:
    ordered, asked = world.accepted(), world.complain()
    world.approved(ordered, "order_payment", "head")
    world.step(asked, "request_correction")
    for _ in range(12):
        world.go_on(1)
        world.run_jobs()
    found = [message for case in (booked, ordered, asked) for message in reminders(world, case)]
    assert {one.template for one in found} == {
        "remind_appointment", "remind_pay_by", "remind_correction",
    }  # fmt: skip
    for one in found:
        shown = [one.lock_screen, *(one.facts or {}).values()]
        assert [word for word in MATTER for text in shown if word in text] == []
        assert all(fields.is_neutral(text) for text in (one.facts or {}).values())
        assert len(one.lock_screen) <= 70


def test_two_jobs_at_once_remind_once(world: World, booked: Filed) -> None:
    world.go_on(2)
    barrier = Barrier(4)

    def act(_number: int) -> int:
        with world.app.app_context():
            barrier.wait(20)
            return remind(world.clock.at)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(act, range(4))) == 1
    assert len(reminders(world, booked)) == 1


def test_a_day_is_a_day_in_shanghai(world: World, booked: Filed) -> None:
    world.go_to(date(2026, 11, 25))
    world.clock.at -= timedelta(hours=1)  # 9:00 in Shanghai, 1:00 UTC
    assert run(world, 1) == [1]
