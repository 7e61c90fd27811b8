"""Withdrawals, which are sometimes forced: slow to take effect, easy to undo, always told."""

from __future__ import annotations

import pytest

from backend.complaints.service import desk_views
from backend.core.errors import Conflict, Forbidden
from tests.factories.complaints import World, fields_of, ok


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


def test_a_withdrawal_about_to_take_effect_comes_first_wherever_the_case_is_shown(
    world: World,
) -> None:
    case, other = world.complain(), world.complain(phone="13800000077")
    world.post(case, "withdrawal", 202, has_read_consequence=True)
    listed = ok(world.client.get("/api/v1/complaints", headers=case.headers), 200)["items"][0]
    tail = {"code": case.receipt["receipt_code"], "phone_tail": "0001"}
    looked_up = ok(world.client.post("/api/v1/receipt-lookups", json=tail), 200)
    own = world.get(case)
    for seen in (listed, looked_up, own):
        assert seen["headline"] == "您申请了撤回，11月24日 周二 10:00 生效"
    assert listed["withdrawal"] == own["withdrawal"]
    assert "反悔" in own["what_now"]
    assert world.get(other)["headline"] == "我们正在看您的投诉"  # nobody else's
    world.delete(case, "withdrawal")
    listed = ok(world.client.get("/api/v1/complaints", headers=case.headers), 200)["items"][0]
    assert (listed["headline"], listed["withdrawal"]) == ("我们正在看您的投诉", None)


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
    world.approved(case, "close", "unit_head", outcome="paid_in_full", unpaid_reason="有回单。")
    world.go_on(2)
    assert world.run_jobs().withdrawn == 0
    seen = world.get(case)
    assert (seen["state"], seen["withdrawal"]) == ("closed", None)


def test_the_wish_spoken_at_the_window_is_written_down(world: World) -> None:
    case = world.complain()
    world.step(case, "ask_withdrawal", "clerk", note="本人到场说要撤回。")
    world.step(case, "undo_withdrawal", "clerk", note="又来说不撤了。")
    assert world.told(case) == ["file", "ask_withdrawal", "undo_withdrawal"]
    with world.app.app_context():
        acts = desk_views.case(case.id, world.staff["first"], world.clock.at).acts
    wishes = [act for act in acts if act.kind.endswith("_withdrawal")]
    assert [act.text for act in wishes] == ["本人到场说要撤回。", "又来说不撤了。"]
    assert {act.staff_id for act in wishes} == {world.staff["clerk"].id}


def test_whoever_wrote_the_wish_down_cannot_also_make_it_effective(world: World) -> None:
    case = world.complain()
    world.step(case, "ask_withdrawal", note="工人来电话说不投了。")
    with pytest.raises(Conflict, match="请另一名监察员打电话"):
        world.step(case, "withdraw", call_note="打过电话了。")
    assert world.get(case)["state"] == "submitted"
    seen = world.get(case)["timeline"][0]
    assert (seen["who"], seen["text"]) == (world.staff["first"].name, "first员记下的。")
    assert "first员记下：您说要撤回。" in world.outbox(case)[-1].text
    world.step(case, "withdraw", "second", call_note="本人接听，说是自愿。")
    assert world.get(case)["state"] == "withdrawn"
    assert world.faults() == []


def test_what_an_officer_wrote_down_takes_effect_only_after_a_day(world: World) -> None:
    case = world.complain()
    world.step(case, "ask_withdrawal", note="工人来电话说不投了。")
    world.clock.advance(hours=23)
    assert world.run_jobs().withdrawn == 0
    world.clock.advance(hours=1)
    assert world.run_jobs().withdrawn == 1
    assert world.get(case)["state"] == "withdrawn"


def test_a_wish_of_the_workers_own_after_an_officers_record_was_undone_is_theirs(
    world: World,
) -> None:
    case = world.complain()
    world.step(case, "ask_withdrawal", note="工人来电话说不投了。")
    world.step(case, "undo_withdrawal", note="本人说没有这回事。")
    world.clock.advance(minutes=5)
    world.post(case, "withdrawal", 202, has_read_consequence=True)
    world.step(case, "withdraw", call_note="本人接听，说是自愿。")
    assert world.get(case)["state"] == "withdrawn"


def test_the_case_page_says_whose_record_a_withdrawal_is(world: World) -> None:
    recorded, own = world.complain(), world.complain(phone="13800000077")
    world.step(recorded, "ask_withdrawal", "clerk", note="本人到场说要撤回。")
    world.post(own, "withdrawal", 202, has_read_consequence=True)
    with world.app.app_context():
        pages = [
            desk_views.case(one.id, world.staff["first"], world.clock.at) for one in (recorded, own)
        ]
    assert [page.withdrawal_by for page in pages] == [world.staff["clerk"].name, ""]
