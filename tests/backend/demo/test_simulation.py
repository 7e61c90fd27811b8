"""The order in which stories are told, and the days they count from."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from backend.demo.days import Days
from backend.demo.simulation import FromTheFuture, Story, play
from backend.law import deadlines
from backend.law.days import shanghai_today
from backend.law.workdays import is_working_day

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", range(1, 29))
def test_an_answer_is_due_today_whenever_one_can_be(day: int) -> None:
    at = datetime(2026, 10, day, 3, 0, tzinfo=UTC)
    today = shanghai_today(at)
    received = shanghai_today(Days(at, random.Random(day)).filing_due_today())
    due = deadlines.due("accept", received).due
    assert due is not None and due >= today
    assert (due == today) == is_working_day(today)


def test_stories_are_told_in_the_order_of_time() -> None:
    told: list[tuple[str, datetime]] = []

    def tell(name: str, *minutes: int) -> Story:
        for minute in minutes:
            now = yield MONDAY.replace(minute=minute)
            told.append((name, now))

    play([tell("a", 1, 30), tell("b", 10, 5)], MONDAY.replace(minute=50), lambda: None)
    assert [(name, at.minute) for name, at in told] == [("a", 1), ("b", 10), ("b", 12), ("a", 30)]


def test_a_story_cannot_reach_into_the_future() -> None:
    def tell() -> Story:
        yield MONDAY.replace(minute=1)

    with pytest.raises(FromTheFuture):
        play([tell()], MONDAY, lambda: None)
