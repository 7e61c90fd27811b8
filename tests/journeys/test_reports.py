"""Reports: their own small machine, nobody's name outside the officers, no acceptance by lapse."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.errors import Conflict
from tests.factories.complaints import World

REPORTER: dict[str, Any] = {"name": "李举报", "phone": "13700000007", "wants_reply": True}


def test_an_anonymous_tip_is_filed_investigated_and_closed_and_nobody_is_told(
    world: World,
) -> None:
    case = world.tip_off()
    assert case.receipt["next"]["due_on"] == str(world.due("report_file"))
    assert world.get(case)["actions"] == ["supplement", "evidence"]
    world.approved(case, "file_case", "unit_head")
    assert world.get(case)["dates"][0]["due_on"] == str(world.due("investigate"))
    world.step(case, "investigate", plan="夜访工地")
    with pytest.raises(Conflict, match="匿名"):
        world.step(case, "answer_reporter")
    world.approved(case, "close", "unit_head", outcome="no_violation")
    seen = world.get(case)
    assert (seen["state_label"], seen["outcome"]["key"]) == ("已结案", "no_violation")
    # answers wait in the app for whoever holds the key; no channel leads outside
    assert {message.channel for message in world.outbox(case)} <= {"app"}
    looked_up = {"code": case.receipt["receipt_code"], "phone_tail": "0000"}
    found = world.client.post("/api/v1/receipt-lookups", json=looked_up)
    assert (found.status_code, found.get_json()["state"]) == (200, "closed")
    assert world.faults() == []


def test_a_named_reporter_who_asked_is_answered(world: World) -> None:
    case = world.tip_off(reporter=REPORTER)
    world.approved(case, "file_case", "unit_head")
    world.step(case, "answer_reporter", answer="已经立案，正在查。")
    assert world.outbox(case)[-1].text == "已经立案，正在查。"
    assert world.get(case)["timeline"][0]["title"] == "答复举报人"
    with pytest.raises(Conflict, match="别的监察员"):
        world.step(case, "answer_reporter", "third")
    assert world.faults() == []


def test_a_named_reporter_who_wants_no_answer_gets_none(world: World) -> None:
    case = world.tip_off(reporter=REPORTER | {"wants_reply": False})
    with pytest.raises(Conflict, match="没有要求答复"):
        world.step(case, "answer_reporter")


def test_a_report_of_another_district_is_transferred_with_a_letter(world: World) -> None:
    case = world.tip_off(reporter=REPORTER)
    world.step(case, "transfer", body="邻区人社局")
    seen = world.get(case)
    assert (seen["state"], seen["timeline"][0]["text"]) == ("transferred", "移送邻区人社局。")
    assert seen["documents"] == []  # the letter is to the other body
    assert world.row(case)["closed_at"] is not None
    assert world.faults() == []


def test_a_report_that_is_not_filed_says_so(world: World) -> None:
    case = world.tip_off()
    world.approved(case, "not_file", "unit_head")
    assert world.get(case)["state"] == "not_filed"
    assert world.get(case)["timeline"][0]["title"] == "举报没有立案"


def test_silence_accepts_no_report(world: World) -> None:
    case = world.tip_off()
    world.go_on(20)
    assert world.run_jobs().deemed == 0
    assert (world.row(case)["state"], world.row(case)["alarm"]) == ("received", "overdue")
    world.approved(case, "file_case", "unit_head")
    assert world.row(case)["state"] == "filed"


def test_a_report_takes_no_word_about_money_and_no_appointment(world: World) -> None:
    case = world.tip_off(reporter=REPORTER)
    world.approved(case, "file_case", "unit_head")
    world.step(case, "investigate")
    assert world.post(case, "payments", 409, is_paid=False, key="a" * 32)["code"] == "not_a_claim"
    slot = world.get(case, "/appointment-slots")["items"][0]
    booking = {"on_date": slot["on_date"], "period": slot["period"], "how": "visit"}
    assert world.post(case, "appointments", 409, **booking)["code"] == "confirmed"


def test_the_key_to_a_report_opens_nothing_else(world: World) -> None:
    tip, other = world.tip_off(), world.complain()
    answer = world.client.get(f"/api/v1/complaints/{other.id}", headers=tip.headers)
    assert answer.status_code == 404
    mine = world.client.get("/api/v1/complaints", headers=tip.headers).get_json()["items"]
    assert [item["id"] for item in mine] == [tip.id]
    world.go_on(8)  # and nothing at all after a week
    assert world.client.get(f"/api/v1/complaints/{tip.id}", headers=tip.headers).status_code == 401
