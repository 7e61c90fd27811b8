"""From the form to the money, and on when the money did not come."""

from __future__ import annotations

from datetime import date

import pytest

from backend.core.errors import BadInput
from tests.api.filings import complaint
from tests.factories.complaints import Filed, World
from tests.factories.identity import bearer


def titles(world: World, case: Filed) -> list[str]:
    """The worker's timeline, oldest first."""
    return [entry["title"] for entry in reversed(world.get(case)["timeline"])]


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_complaint_is_filed_accepted_ordered_paid_and_closed(
    world: World, signed_in: bool
) -> None:
    case = world.complain(signed_in=signed_in)
    assert (case.receipt["case_token"] is None) is signed_in
    assert case.receipt["is_phone_verified"] is signed_in
    assert case.receipt["owed_fen"] == 1_800_000
    assert case.receipt["next"]["due_on"] == "2026-11-30"
    assert case.receipt["next"]["law"]["key"] == "gd_supervision_39_2"

    world.go_on(1)
    world.step(case, "take")
    world.step(case, "confirm")
    assert world.step(case, "accept").is_asked
    assert world.get(case)["state"] == "submitted"  # asked for is not done
    world.answer(case, "unit_head")
    seen = world.get(case)
    assert (seen["state"], seen["officers"]) == ("investigating", ["first员", "second员"])
    assert [d["due_on"] for d in seen["dates"]] == [str(world.due("investigate"))]
    assert world.row(case)["accepted_on"] == world.row(case)["case_filed_on"] == world.today
    assert [d["title"] for d in seen["documents"]] == ["受理通知书"]

    world.go_on(7)
    world.approved(case, "order_payment", "head", pay_by="2026-12-11")
    seen = world.get(case)
    assert seen["state"] == "ordered"
    assert {d["key"]: d["due_on"] for d in seen["dates"]}["pay_by"] == "2026-12-11"
    world.step(case, "serve")

    world.go_to(date(2026, 12, 10))
    world.step(case, "record_payment")
    assert world.get(case)["received_fen"] == 1_800_000
    world.post(case, "payments", is_paid=True, amount_fen=1_800_000, key="a" * 32)
    world.approved(case, "close", "unit_head", outcome="paid_after_order")

    seen = world.get(case)
    assert (seen["state"], seen["is_final"]) == ("closed", True)
    assert seen["outcome"]["key"] == "paid_after_order"
    assert (seen["dates"], seen["overdue"]) == ([], None)
    assert titles(world, case) == [
        "您提交了，我们收到了",
        "本人确认",
        "已受理立案",
        "责令单位限期支付",
        "文书送达",
        "记下收到的钱",
        "您说收到钱了",
        "办结",
    ]
    assert world.told(case) == [
        "file", "confirm", "accept", "order_payment", "serve", "record_payment", "close",
    ]  # fmt: skip
    assert world.faults() == []


def test_a_case_that_owes_on_paper_is_not_closed_as_paid_without_a_reason_the_worker_reads(
    world: World,
) -> None:
    case = world.accepted()
    first = next(iter(world.values(case.id, "record_payment", {})["amounts"]))
    world.step(case, "record_payment", amounts={first: "100"})
    with pytest.raises(BadInput) as refused:
        world.step(case, "close", outcome="paid_in_full")
    (error,) = refused.value.errors
    assert (error["field"], "还欠 17,900 元" in error["message"]) == ("unpaid_reason", True)
    with pytest.raises(BadInput) as other:
        world.step(case, "close", outcome="paid_in_full", amount_fen="18000", unpaid_reason="有")
    assert other.value.errors[0]["field"] == "amount_fen"
    why = "其余的投诉人说不要了。"
    world.approved(case, "close", "unit_head", outcome="paid_in_full", unpaid_reason=why)
    seen, told = world.get(case), world.outbox(case)[-1].text
    for text in (seen["outcome"]["sentence"], seen["timeline"][0]["text"], told):
        assert "还差 17,900 元" in text and "已付清拖欠" not in text
    assert why in told


def test_more_than_was_owed_is_not_recorded_without_saying_what_it_is(world: World) -> None:
    case = world.accepted()
    first = next(iter(world.values(case.id, "record_payment", {})["amounts"]))
    with pytest.raises(BadInput) as refused:
        world.step(case, "record_payment", amounts={first: "60000"})
    (error,) = refused.value.errors
    assert error["field"] == "excess"
    assert "还欠 6,000 元，这里填了 60,000 元" in error["message"]
    assert world.row(case)["received_fen"] == 0
    world.step(case, "record_payment", amounts={first: "60000"}, excess="连同年终奖一起付的。")
    assert world.row(case)["received_fen"] == 6_000_000


def test_not_paid_within_thirty_days_opens_a_linked_case_and_leaves_the_closed_one(
    world: World,
) -> None:
    case = world.accepted()
    why = "单位出示了全额转账截图。"
    world.approved(case, "close", "unit_head", outcome="paid_in_full", unpaid_reason=why)
    before = world.row(case)
    world.go_on(30)
    assert "say_paid" in world.get(case)["actions"]
    said = world.post(case, "payments", is_paid=False, key="b" * 32)
    again = world.post(case, "payments", is_paid=False, key="b" * 32)
    other = world.post(case, "payments", is_paid=False, key="c" * 32)
    assert said == again == other

    new = Filed(said["linked_case"]["id"], case.headers, {})
    seen = world.get(new)
    assert (seen["state"], seen["owed_fen"]) == ("submitted", 1_800_000)
    assert [d["key"] for d in seen["dates"]] == ["discover_file"]
    assert seen["linked"] == [
        {"id": case.id, "number": case.receipt["number"], "relation": "before"}
    ]
    assert world.get(case)["linked"][0]["relation"] == "after"
    assert "linked" in world.told(case)
    after = world.row(case)
    assert {k: after[k] for k in before if k != "unread_by_bureau"} == {
        k: before[k] for k in before if k != "unread_by_bureau"
    }
    world.approved(new, "accept", "unit_head")  # the confirmation is carried over
    assert world.get(new)["state"] == "investigating"
    assert world.faults() == []


def test_not_paid_on_the_thirty_first_day_is_too_late_and_says_where_to_turn(
    world: World,
) -> None:
    case = world.accepted()
    why = "单位出示了全额转账截图。"
    world.approved(case, "close", "unit_head", outcome="paid_in_full", unpaid_reason=why)
    world.go_on(31)
    assert "say_paid" not in world.get(case)["actions"]
    refused = world.post(case, "payments", 409, is_paid=False, key="b" * 32)
    assert refused["code"] == "too_late"
    assert "say_unpaid" not in titles(world, case)


def test_a_follow_up_call_that_finds_no_money_opens_the_linked_case_too(world: World) -> None:
    case = world.accepted()
    world.approved(case, "close", "unit_head", outcome="settled", amount_fen="9000")
    world.step(case, "follow_up", "clerk", result="paid")
    assert world.get(case)["linked"] == []
    world.step(case, "follow_up", "clerk", result="unpaid")
    world.step(case, "follow_up", "clerk", result="unpaid")
    assert [link["relation"] for link in world.get(case)["linked"]] == ["after"]
    assert world.faults() == []


def test_part_of_the_money_leaves_the_rest_owed_in_the_linked_case(world: World) -> None:
    case = world.accepted()
    amounts = dict(list(world.values(case.id, "record_payment", {})["amounts"].items())[:1])
    world.step(case, "record_payment", amounts=amounts)
    world.approved(case, "close", "unit_head", outcome="settled", amount_fen="6000")
    said = world.post(case, "payments", is_paid=False, key="b" * 32)
    linked = Filed(said["linked_case"]["id"], case.headers, {})
    assert world.get(linked)["owed_fen"] == 1_200_000


def test_the_worker_who_filed_unsigned_finds_the_case_after_proving_the_telephone(
    world: World,
) -> None:
    case = world.complain(signed_in=False)
    sent = world.client.post("/api/v1/sign-in/sms-codes", json={"phone": "13800000001"})
    assert sent.status_code == 503  # no sender outside demo mode: filing was possible without
    signed_in = world.complain(phone="13800000001")
    mine = world.client.get("/api/v1/complaints", headers=signed_in.headers).get_json()["items"]
    assert {item["id"] for item in mine} == {case.id, signed_in.id}
    stranger = world.complain(phone="13900000009")
    answer = world.client.get(f"/api/v1/complaints/{case.id}", headers=stranger.headers)
    assert answer.status_code == 404


@pytest.mark.parametrize("settings", ["demo"], indirect=True)
def test_signing_in_by_sms_and_filing_over_http_alone(world: World) -> None:
    sent = world.client.post("/api/v1/sign-in/sms-codes", json={"phone": "138 0000 0001"})
    code = sent.get_json()["demo_code"]
    door = {"phone": "13800000001", "code": code}
    token = world.client.post("/api/v1/sign-in/phone", json=door).get_json()["token"]
    bureau = world.client.get("/api/v1/bureau").get_json()
    document = complaint(world.today, privacy_version=bureau["privacy"]["version"])
    answer = world.send(document, headers=bearer(token))
    assert (answer.status_code, answer.get_json()["is_phone_verified"]) == (201, True)
