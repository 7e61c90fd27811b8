"""What may happen to a complaint before it is accepted: corrected, refused, redirected, lapsed."""

from __future__ import annotations

from datetime import date

import pytest

from backend.complaints.service.resupply_for import resupply_for
from backend.core.errors import BadInput, Conflict
from tests.factories.complaints import World, fields_of


def test_a_correction_stops_the_clock_and_the_answer_starts_a_new_one(world: World) -> None:
    case = world.complain()
    world.go_on(2)
    world.step(case, "request_correction", items="身份证\n银行流水")
    seen = world.get(case)
    assert (seen["state"], seen["dates"]) == ("correction_requested", [])
    assert [item["text"] for item in seen["correction"]["items"]] == ["身份证", "银行流水"]
    assert "resupply" in seen["actions"]

    world.go_on(20)  # while a correction is out nothing lapses
    assert world.run_jobs().deemed == 0
    first, second = (item["id"] for item in seen["correction"]["items"])
    half = {"items": [{"id": first, "text": "补了"}]}
    assert fields_of(world.post(case, "resupply", 422, **half)) == ["items.1"]
    whole = {"items": [{"id": first, "text": "补了"}, {"id": second, "text": "没有流水，现金发的"}]}
    back = world.post(case, "resupply", 200, **whole)
    assert (back["state"], back["correction"]) == ("submitted", None)
    assert [d["due_on"] for d in back["dates"]] == [str(world.due("accept"))]

    with pytest.raises(Conflict) as refused:
        world.step(case, "request_correction")
    assert refused.value.code == "corrected_once"
    world.step(case, "override_correction", "unit_head")
    world.step(case, "request_correction", items="劳动关系证明")
    assert world.get(case)["correction"]["items"][0]["text"] == "劳动关系证明"
    assert world.told(case) == [
        "file", "request_correction", "remind_correction", "resupply", "request_correction",
    ]  # fmt: skip
    assert world.faults() == []


def test_staff_hand_in_at_the_window_what_was_missing(world: World) -> None:
    case = world.complain()
    world.step(case, "request_correction", items="身份证")
    item = world.get(case)["correction"]["items"][0]["id"]
    with pytest.raises(BadInput, match="有几处要改"):
        world.step(case, "resupply", "clerk")  # the plain step has no items in its form
    clerk, now = world.staff["clerk"], world.clock.at
    with world.app.app_context():
        resupply_for(case.id, {item: "带来了原件"}, None, clerk, now)
    assert world.get(case)["state"] == "submitted"


def test_a_refusal_needs_one_reason_another_hand_and_is_told_in_writing(world: World) -> None:
    case = world.complain()
    world.approved(case, "refuse", "unit_head", ground="already_in_arbitration_or_court")
    seen = world.get(case)
    assert (seen["state"], seen["is_final"], seen["outcome"]) == ("not_accepted", True, None)
    document = seen["documents"][0]
    text = world.get(case, f"/documents/{document['id']}")["text"]
    assert (document["title"], "不予受理" in text) == ("不予受理决定书", True)
    assert "仲裁" in world.outbox(case)[-1].text
    assert seen["overdue"] is None
    world.step(case, "serve", "clerk")  # the duty to serve outlives the case
    assert world.row(case)["is_open"] in (0, False)
    assert world.faults() == []


def test_a_redirection_names_the_competent_body(world: World) -> None:
    case = world.complain()
    world.step(
        case, "redirect", ground="other_jurisdiction", body="邻区人社局", body_contact="邻路 1 号"
    )
    seen = world.get(case)
    assert (seen["state"], seen["headline"]) == ("redirected", "这件事要去别的单位办")
    assert "邻区人社局（邻路 1 号）" in world.outbox(case)[-1].text
    assert seen["timeline"][0]["text"] == "请向邻区人社局提出。"


def test_a_refusal_while_a_correction_is_out_leaves_nothing_to_supply(world: World) -> None:
    case = world.complain()
    world.step(case, "request_correction", items="身份证")
    world.step(case, "redirect")
    seen = world.get(case)
    assert (seen["state"], seen["correction"]) == ("redirected", None)
    assert "resupply" not in seen["actions"]


def test_silence_of_five_working_days_is_acceptance_from_the_day_of_receipt(world: World) -> None:
    case = world.complain()
    world.go_to(date(2026, 11, 30))
    assert world.run_jobs().deemed == 0  # the last day is still in time
    world.go_to(date(2026, 12, 1))
    overdue = world.get(case)["overdue"]
    assert overdue["sentence"].startswith("已超过法定期限")
    assert [c["phone"] for c in overdue["calls"]] == ["0750-0000002", "12333"]
    assert overdue["limitation"]["key"] == "arbitration_limit"
    assert "39" in overdue["warning"]

    assert world.run_jobs().deemed == 1
    assert world.run_jobs().deemed == 0
    row, seen = world.row(case), world.get(case)
    assert (seen["state"], row["alarm"]) == ("investigating", "deemed_unconfirmed")
    assert row["accepted_on"] == row["case_filed_on"] == date(2026, 11, 23)
    assert [d["due_on"] for d in seen["dates"]] == [
        str(world.due("investigate", date(2026, 11, 23)))
    ]
    assert seen["timeline"][0]["title"] == "逾期没有答复，视为已受理"
    assert seen["overdue"] is None
    assert world.told(case).count("deem_accepted") == 1
    world.step(case, "confirm", "clerk")
    assert world.row(case)["alarm"] == "deemed_accepted"
    assert world.faults() == []


def test_a_case_accepted_by_lapse_waits_for_two_officers_before_anything_is_ordered(
    world: World,
) -> None:
    case = world.complain()
    world.go_on(8)
    world.run_jobs()
    with pytest.raises(Conflict, match="两名"):
        world.step(case, "order_payment")
    world.step(case, "take")
    world.step(case, "name_second")
    world.approved(case, "order_payment", "head")
    assert world.get(case)["state"] == "ordered"


def test_after_the_lapse_an_open_request_to_accept_is_void_and_blocks_nothing(
    world: World,
) -> None:
    case = world.complain()
    world.step(case, "confirm")
    world.step(case, "accept")
    world.go_on(8)
    world.run_jobs()
    world.step(case, "name_second")
    world.approved(case, "order_payment", "head")
    assert world.get(case)["state"] == "ordered"


def test_no_complaint_is_refused_or_corrected_once_the_time_to_answer_is_over(
    world: World,
) -> None:
    case = world.complain()
    world.go_on(8)
    for key in ("refuse", "redirect", "request_correction"):
        with pytest.raises(Conflict, match="受理期限已过"):
            world.step(case, key)
    assert world.get(case)["state"] == "submitted"
