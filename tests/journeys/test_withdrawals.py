"""Withdrawals, which are sometimes forced: slow to take effect, easy to undo, always told."""

from __future__ import annotations

import pytest

from backend.core.errors import Conflict, Forbidden
from tests.factories.complaints import World, fields_of


def test_a_withdrawal_takes_effect_after_a_day_of_silence(world: World) -> None:
    case = world.complain()
    asked = world.post(case, "withdrawal", 202, has_read_consequence=True, reason="想通了")
    assert asked["takes_effect_at"] == "2026-11-24T02:00:00Z"
    again = world.post(case, "withdrawal", 202, has_read_consequence=True)
    assert again["takes_effect_at"] == asked["takes_effect_at"]
    world.clock.advance(hours=23, minutes=59)
    assert world.run_jobs().withdrawn == 0
    assert world.get(case)["withdrawal"]["takes_effect_at"] == asked["takes_effect_at"]
    world.clock.advance(minutes=1)
    assert world.run_jobs().withdrawn == 1
    assert world.run_jobs().withdrawn == 0
    seen = world.get(case)
    assert (seen["state"], seen["withdrawal"], seen["dates"]) == ("withdrawn", None, [])
    assert seen["timeline"][0]["text"] == "满 24 小时，没有反悔。"
    assert world.told(case) == ["file", "ask_withdrawal", "withdraw"]
    assert world.faults() == []


def test_a_withdrawal_taken_back_in_time_leaves_the_case_as_it_was(world: World) -> None:
    case = world.accepted()
    before = world.get(case)
    world.post(case, "withdrawal", 202, has_read_consequence=True)
    assert "undo_withdraw" in world.get(case)["actions"]
    world.delete(case, "withdrawal")
    world.go_on(3)
    assert world.run_jobs().withdrawn == 0
    after = world.get(case)
    assert (after["state"], after["dates"]) == (before["state"], before["dates"])
    assert world.told(case)[-2:] == ["ask_withdrawal", "undo_withdrawal"]
    world.delete(case, "withdrawal", 409)
    world.post(case, "withdrawal", 202, has_read_consequence=True)  # and can be asked again


def test_an_officers_call_makes_it_effective_at_once(world: World) -> None:
    case = world.complain()
    with pytest.raises(Conflict, match="没有申请撤回"):
        world.step(case, "withdraw")
    world.post(case, "withdrawal", 202, has_read_consequence=True)
    with pytest.raises(Forbidden):
        world.step(case, "withdraw", "clerk")
    world.step(case, "withdraw", call_note="本人接听，说是自愿。")
    assert world.get(case)["timeline"][0]["text"] == "打电话问过您本人。"


def test_the_consequence_must_have_been_read(world: World) -> None:
    case = world.complain()
    refused = world.post(case, "withdrawal", 422, has_read_consequence=False)
    assert fields_of(refused) == ["has_read_consequence"]


def test_a_case_that_ends_first_forgets_the_withdrawal(world: World) -> None:
    case = world.accepted()
    world.post(case, "withdrawal", 202, has_read_consequence=True)
    world.approved(case, "close", "unit_head", outcome="paid_in_full")
    world.go_on(2)
    assert world.run_jobs().withdrawn == 0
    seen = world.get(case)
    assert (seen["state"], seen["withdrawal"]) == ("closed", None)


def test_the_wish_spoken_at_the_window_is_written_down(world: World) -> None:
    case = world.complain()
    world.step(case, "ask_withdrawal", "clerk", note="本人到场说要撤回。")
    world.step(case, "undo_withdrawal", "clerk", note="又来说不撤了。")
    assert world.told(case) == ["file", "ask_withdrawal", "undo_withdrawal"]
