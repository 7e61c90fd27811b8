"""The investigation's clock: extended, stopped, resumed; handed over; ended in arbitration."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backend.core.errors import BadInput, Conflict
from backend.law.deadlines import Pause
from tests.factories.complaints import World, fields_of


def test_an_extension_adds_thirty_working_days_once_and_is_told_in_writing(world: World) -> None:
    case = world.accepted()
    accepted_on = world.today
    world.go_on(10)
    world.approved(case, "extend", "head")
    clock = world.clocks(case, "investigate")[0]
    assert clock.due_on == world.due("investigate", accepted_on, extensions=1)
    seen = world.get(case)
    assert seen["dates"][0]["is_provisional"]  # reaches into 2027, whose holidays are not out
    assert seen["dates"][0]["sentence"].startswith("约2027年")
    assert "延长办案期限通知书" in [d["title"] for d in seen["documents"]]
    assert world.told(case)[-1] == "extend"
    with pytest.raises(Conflict, match="已经延长过一次"):
        world.step(case, "extend")
    assert world.faults() == []


def test_no_extension_once_the_time_is_over(world: World) -> None:
    world.go_to(date(2026, 3, 2))
    case = world.accepted()
    world.go_to(date(2026, 5, 20))
    with pytest.raises(Conflict, match="期限届满前"):
        world.step(case, "extend")
    seen = world.get(case)
    assert (seen["dates"][0]["is_passed"], seen["overdue"] is not None) == (True, True)
    with pytest.raises(BadInput) as late:
        world.step(case, "order_payment")
    assert fields_of({"errors": late.value.errors}) == ["late_reason"]
    world.approved(case, "order_payment", "head", late_reason="人手不足。")
    assert world.get(case)["state"] == "ordered"


def test_a_suspension_stops_the_clock_until_it_is_resumed_and_moves_the_date(world: World) -> None:
    world.go_to(date(2026, 3, 2))
    case = world.accepted()
    world.go_to(date(2026, 3, 9))
    world.approved(case, "suspend", "head")
    seen = world.get(case)
    assert [d for d in seen["dates"] if d["key"] == "investigate"] == []
    assert world.row(case)["is_paused"]
    notice = world.clocks(case, "suspension_notice")[0]
    assert notice.due_on == world.due("suspension_notice")
    world.step(case, "serve")
    assert world.clocks(case, "suspension_notice")[0].state == "met"
    with pytest.raises(Conflict, match="已中止"):
        world.step(case, "order_payment")

    world.go_to(date(2026, 3, 23))
    world.step(case, "resume")
    due = world.due(
        "investigate",
        date(2026, 3, 2),
        pauses=[Pause(date(2026, 3, 9), date(2026, 3, 22))],
    )
    assert due > world.due("investigate", date(2026, 3, 2))
    assert world.get(case)["dates"][0]["due_on"] == str(due)
    assert world.told(case)[-3:] == ["suspend", "serve", "resume"]
    assert world.faults() == []


@pytest.mark.parametrize(
    ("stop", "go_on", "values"),
    [
        ("suspend", "resume", {}),
        ("exclude_time", "end_excluded_time", {"to_on": "2026-12-20"}),
    ],
)
def test_a_date_that_is_not_certain_after_a_pause_says_so_in_the_record(
    world: World, stop: str, go_on: str, values: dict[str, Any]
) -> None:
    case = world.accepted()
    if stop == "suspend":
        world.approved(case, stop, "head")
    else:
        world.step(case, stop, ground="audit", from_on=str(world.today))
    world.go_on(20)
    world.go_to(date(2026, 12, 21))
    world.step(case, go_on, **values)
    assert world.clocks(case, "investigate")[0].is_provisional
    newest = next(line for line in world.get(case)["timeline"] if line["text"].startswith("最晚约"))
    assert "（以国务院公布的放假安排为准）" in newest["text"]


def test_time_of_an_audit_is_not_counted_and_moves_the_date(world: World) -> None:
    world.go_to(date(2026, 3, 2))
    case = world.accepted()
    world.go_to(date(2026, 3, 20))
    world.step(case, "exclude_time", ground="audit", from_on="2026-03-10")
    assert world.get(case)["dates"] == []
    world.go_to(date(2026, 4, 1))
    with pytest.raises(Conflict, match="早于"):
        world.step(case, "end_excluded_time", to_on="2026-03-09")
    world.step(case, "end_excluded_time", to_on="2026-03-31")
    pause = Pause(date(2026, 3, 10), date(2026, 3, 31))
    due = world.due("investigate", date(2026, 3, 2), pauses=[pause])
    assert world.get(case)["dates"][0]["due_on"] == str(due)
    assert world.told(case)[-2:] == ["exclude_time", "end_excluded_time"]
    assert world.faults() == []


def test_time_is_not_left_out_twice(world: World) -> None:
    world.go_to(date(2026, 3, 2))
    case = world.accepted()
    world.go_to(date(2026, 3, 9))
    world.approved(case, "suspend", "head")
    world.go_to(date(2026, 3, 16))
    world.step(case, "resume")
    world.step(case, "exclude_time", from_on="2026-03-10")
    world.step(case, "end_excluded_time", to_on="2026-03-12")  # lies inside the suspension
    pause = Pause(date(2026, 3, 9), date(2026, 3, 15))
    due = world.due("investigate", date(2026, 3, 2), pauses=[pause])
    assert world.clocks(case, "investigate")[0].due_on == due


def test_nothing_is_left_out_before_the_clock_began(world: World) -> None:
    case = world.accepted()
    with pytest.raises(Conflict, match="起算日"):
        world.step(case, "exclude_time", from_on="2026-11-01")


def test_while_the_clock_stands_the_worker_can_still_write_prove_and_withdraw(
    world: World,
) -> None:
    case = world.accepted()
    world.approved(case, "suspend", "head")
    assert {"message", "evidence", "withdraw"} <= set(world.get(case)["actions"])
    world.post(case, "messages", text="什么时候恢复？", key="a" * 32)
    world.post(case, "withdrawal", 202, has_read_consequence=True)
    world.go_on(1)
    assert world.run_jobs().withdrawn == 1
    assert world.get(case)["state"] == "withdrawn"
    assert world.row(case)["is_paused"] in (0, False)


def test_a_case_handed_over_keeps_its_messages_and_stays_with_the_first_until_accepted(
    world: World,
) -> None:
    case = world.accepted()
    world.post(case, "messages", text="老板跑了。", key="a" * 32)
    world.step(case, "hand_over", to_id=world.staff["third"].id)
    assert world.get(case)["officers"] == ["first员", "second员"]
    with pytest.raises(Conflict, match="没有移交给您"):
        world.step(case, "accept_handover", "second")
    world.step(case, "accept_handover", "third")
    seen = world.get(case)
    assert seen["officers"] == ["third员", "second员"]
    assert [m["text"] for m in seen["messages"]] == ["老板跑了。"]
    assert "third员" in world.outbox(case)[-1].text
    with pytest.raises(Conflict, match="别的监察员"):
        world.step(case, "close")
    assert world.faults() == []


def test_facts_nobody_can_prove_go_to_arbitration_with_the_form(world: World) -> None:
    case = world.accepted()
    world.approved(case, "advise_arbitration", "unit_head", document="告知书和申请书")
    seen = world.get(case)
    assert (seen["state"], seen["outcome"]["key"]) == ("closed", "advised_arbitration")
    assert world.get(case, f"/documents/{seen['documents'][-1]['id']}")["text"] == "告知书和申请书"
    assert "仲裁" in world.outbox(case)[-1].text
    assert world.faults() == []


def test_a_mediation_lets_the_clock_run(world: World) -> None:
    case = world.accepted()
    before = world.get(case)["dates"]
    world.step(case, "mediate", "mediator", result="agreed", amount_fen="9000")
    assert world.get(case)["dates"] == before
    assert world.get(case)["timeline"][0]["text"] == "达成协议，9,000 元。"
