"""Counters of tries: exact at their edges, shared by every process, silent about whom."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from backend.core import rates
from backend.core.db import db
from backend.core.errors import TooMany
from tests.clock import HeldClock

pytestmark = pytest.mark.usefixtures("in_app")


def spend(clock: HeldClock, subject: str = "13812345678") -> None:
    rates.spend("guess", subject, limit=2, window_s=60, now=clock.at, words="太频繁了。")


def test_the_third_try_of_two_waits_for_the_window_of_the_first(clock: HeldClock) -> None:
    spend(clock)
    clock.advance(seconds=40)
    spend(clock)
    with pytest.raises(TooMany) as refused:
        spend(clock)
    assert (refused.value.detail, refused.value.retry_after_s) == ("太频繁了。", 20)
    clock.advance(seconds=19)
    with pytest.raises(TooMany):
        spend(clock)
    clock.advance(seconds=1)
    spend(clock)


def test_one_subject_does_not_use_up_anothers_tries(clock: HeldClock) -> None:
    spend(clock)
    spend(clock)
    spend(clock, "13900000000")


def test_the_subject_cannot_be_read_from_the_counters(clock: HeldClock) -> None:
    spend(clock)
    rows = db.session.execute(sa.text("SELECT * FROM rate_counters")).all()
    assert len(rows) == 1 and "13812345678" not in repr(rows)


def test_counters_of_past_windows_are_forgotten(clock: HeldClock) -> None:
    spend(clock)
    assert rates.forget_ended(clock.at) == 0
    assert rates.forget_ended(clock.advance(seconds=61)) == 1


def test_a_try_given_back_can_be_spent_again_and_no_more_than_were_spent(clock: HeldClock) -> None:
    spend(clock)
    spend(clock)
    rates.give_back("guess", "13812345678", window_s=60, now=clock.at)
    spend(clock)
    with pytest.raises(TooMany):
        spend(clock)
    rates.give_back("guess", "13812345678", window_s=60, now=clock.at, tries=9)  # never below none
    spend(clock)
    spend(clock)
    with pytest.raises(TooMany):
        spend(clock)
    rates.give_back("guess", "unheard of", window_s=60, now=clock.at)
