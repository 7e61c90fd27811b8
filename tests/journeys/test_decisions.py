"""Decisions: prior notice, legal review, decision, service, superior, demand, court."""

from __future__ import annotations

from datetime import date

import pytest

from backend.core.errors import BadInput, Conflict
from tests.factories.complaints import Filed, World


def decided(world: World) -> Filed:
    """A case in which a reviewed penalty was decided today."""
    case = world.accepted()
    world.step(case, "give_prior_notice")
    world.step(case, "send_to_review")
    world.step(case, "pass_review", "reviewer")
    world.step(case, "decide", "head", kind="penalty", needs_review="1")
    return case


def test_a_penalty_is_noticed_reviewed_decided_served_reported_and_enforced(world: World) -> None:
    world.go_to(date(2026, 3, 2))
    case = world.accepted()
    with pytest.raises(Conflict, match="先告知单位"):
        world.step(case, "decide", "head", kind="penalty")
    world.step(case, "give_prior_notice")
    assert world.clocks(case, "hearing_request")[0].due_on == world.due("hearing_request")
    world.step(case, "send_to_review")
    with pytest.raises(Conflict, match="审核还没有通过"):
        world.step(case, "decide", "head", kind="penalty")
    world.step(case, "return_from_review", "reviewer")
    assert world.get(case)["state"] == "investigating"
    world.step(case, "send_to_review")
    world.step(case, "pass_review", "reviewer")
    with pytest.raises(BadInput):
        world.step(case, "decide", "head", kind="penalty", is_grave="1")
    world.step(case, "decide", "head", kind="penalty", is_grave="1", participants="局领导三人")
    assert world.get(case)["state"] == "decided"
    assert world.clocks(case, "investigate")[0].state == "met"
    assert world.clocks(case, "report_superior")[0].due_on == world.due("report_superior")

    world.go_on(1)
    document = next(d for d in world.get(case)["documents"] if "处罚决定书" in d["title"])
    world.step(case, "serve", document_id=document["id"])
    world.step(case, "report_to_superior")
    assert world.clocks(case, "report_superior")[0].state == "met"
    ends_on = world.due("sue_limit")
    assert world.clocks(case, "enforce_apply")[0].started_on == ends_on

    world.step(case, "demand")
    with pytest.raises(Conflict, match="等满十日"):
        world.step(case, "apply_enforcement")
    last_day = world.due("demand_wait")
    world.go_to(last_day)
    with pytest.raises(Conflict, match="等满十日"):
        world.step(case, "apply_enforcement")
    world.go_on(1)
    passed = next(d for d in world.get(case)["dates"] if d["key"] == "demand_wait")
    assert (passed["is_passed"], world.get(case)["overdue"]) == (True, None)
    assert "超过法定期限" not in passed["sentence"]
    world.approved(case, "apply_enforcement", "unit_head", court="江海区人民法院")
    assert world.get(case)["state"] == "enforcing"
    world.approved(case, "close", "unit_head", outcome="enforced_by_court")
    assert world.get(case)["outcome"]["key"] == "enforced_by_court"
    assert world.told(case)[2:] == [
        "accept", "give_prior_notice", "send_to_review", "return_from_review", "send_to_review",
        "pass_review", "decide", "serve", "demand", "apply_enforcement", "close",
    ]  # fmt: skip
    assert world.faults() == []


def test_a_pass_counts_only_for_the_draft_that_was_sent_last(world: World) -> None:
    case = world.accepted()
    world.step(case, "send_to_review")
    world.step(case, "pass_review", "reviewer")
    world.step(case, "return_from_review", "reviewer")
    world.step(case, "send_to_review")
    with pytest.raises(Conflict, match="审核还没有通过"):
        world.step(case, "decide", "head", kind="handling")


def test_a_case_that_is_cancelled_is_told_and_not_reported_upwards(world: World) -> None:
    case = world.accepted()
    world.step(case, "decide", "head", kind="case_cancelled")
    assert "撤销立案告知书" in [d["title"] for d in world.get(case)["documents"]]
    assert world.clocks(case, "report_superior") == []
    world.approved(case, "close", "unit_head", outcome="case_cancelled")
    assert world.get(case)["outcome"]["key"] == "case_cancelled"


def test_a_case_decided_otherwise_is_not_called_cancelled(world: World) -> None:
    case = decided(world)
    with pytest.raises(BadInput) as refused:
        world.step(case, "close", outcome="case_cancelled")
    assert refused.value.errors[0]["message"] == "还没有作出撤销立案的决定。"


def test_the_duty_to_report_a_decision_outlives_the_case(world: World) -> None:
    case = decided(world)
    world.approved(case, "close", "unit_head", outcome="paid_after_decision")
    assert world.row(case)["is_open"]
    world.step(case, "serve", document_id=world.get(case)["documents"][-1]["id"])
    world.step(case, "report_to_superior")
    assert world.row(case)["next_due_key"] in (None, "serve")
    assert world.faults() == []


def test_an_ignored_order_may_cost_half_to_all_of_the_sum_again(world: World) -> None:
    case = world.accepted()
    world.approved(case, "order_payment", "head", pay_by="2026-12-03")
    world.go_to(date(2026, 12, 3))
    with pytest.raises(Conflict, match="还没过"):
        world.step(case, "order_compensation")
    world.go_to(date(2026, 12, 4))
    seen = world.get(case)
    passed = next(d for d in seen["dates"] if d["key"] == "pay_by")
    assert passed["is_passed"] and "超过法定期限" not in passed["sentence"]  # not our own delay
    with pytest.raises(BadInput):
        world.step(case, "order_compensation", percent="49")
    world.approved(case, "order_compensation", "head", percent="60")
    assert world.get(case)["timeline"][0]["text"] == "按 60%，10,800 元。"
    with pytest.raises(Conflict, match="已经责令加付"):
        world.step(case, "order_compensation")
    world.approved(case, "refer_to_police", "head", authority="示例区公安分局")
    assert world.get(case)["state"] == "ordered"  # an act beside the state
    world.approved(case, "close", "unit_head", outcome="referred_to_police")
    assert world.get(case)["outcome"]["key"] == "referred_to_police"
    assert world.faults() == []


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        ("paid_after_order", "outcome"),
        ("paid_after_decision", "outcome"),
        ("enforced_by_court", "outcome"),
        ("referred_to_police", "outcome"),
        ("case_cancelled", "outcome"),
        ("settled", "amount_fen"),
        ("advised_arbitration", "outcome"),
        ("nothing_known", "outcome"),
    ],
)
def test_an_outcome_whose_step_never_happened_is_refused(
    world: World, outcome: str, field: str
) -> None:
    case = world.accepted()
    with pytest.raises(BadInput) as refused:
        world.step(case, "close", outcome=outcome)
    assert [error["field"] for error in refused.value.errors] == [field]
    assert world.row(case)["outcome"] is None
