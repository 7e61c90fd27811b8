"""Decisions: prior notice, legal review, decision, service, superior, demand, court."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from backend.complaints.service import handling
from backend.core.errors import BadInput, Conflict
from backend.law.days import add_days
from tests.api.filings import PHONE
from tests.factories.complaints import Filed, World
from tests.factories.identity import sign_in_worker


def decided(world: World) -> Filed:
    """A case in which a reviewed penalty was decided today."""
    case = noticed(world)
    world.go_to(add_days(world.due("hearing_request"), 1))
    world.step(case, "send_to_review")
    world.step(case, "pass_review", "reviewer")
    world.step(case, "decide", "head", kind="penalty", needs_review="1")
    return case


def noticed(world: World) -> Filed:
    """A case whose prior notice was given and served today."""
    case = world.accepted()
    world.step(case, "give_prior_notice")
    world.step(case, "serve")
    return case


def test_a_penalty_is_noticed_reviewed_decided_served_reported_and_enforced(world: World) -> None:
    world.go_to(date(2026, 3, 2))
    case = world.accepted()
    with pytest.raises(Conflict, match="先告知单位"):
        world.step(case, "decide", "head", kind="penalty")
    world.step(case, "give_prior_notice")
    assert world.clocks(case, "hearing_request") == []  # counted from service, not from issue
    world.go_on(1)
    world.step(case, "serve")
    assert world.clocks(case, "hearing_request")[0].due_on == world.due("hearing_request")
    world.go_to(add_days(world.due("hearing_request"), 1))
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
    for day in (world.today, ends_on):  # the employer may still appeal
        world.go_to(day)
        with pytest.raises(Conflict, match="复议和起诉的期限还没过"):
            world.step(case, "apply_enforcement")
    world.go_on(1)
    with pytest.raises(BadInput) as early:
        world.step(case, "apply_enforcement", applied_on=str(ends_on))
    assert early.value.errors[0]["message"].startswith("最早填2026年9月")
    case = replace(case, headers=sign_in_worker(world.client, PHONE))  # months have gone by
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


def test_no_penalty_before_the_notice_is_served_and_the_employers_time_is_over(
    world: World,
) -> None:
    case = world.accepted()
    world.step(case, "give_prior_notice")
    world.go_on(20)  # time runs from service: nothing has run out
    with pytest.raises(Conflict) as refused:
        world.step(case, "decide", "head", kind="penalty", waiver="放弃声明书")
    assert refused.value.code == "notice_not_served"
    world.step(case, "serve")
    last_day = world.due("hearing_request")
    for day in (world.today, last_day):
        world.go_to(day)
        with pytest.raises(Conflict, match=f"{last_day.month}月{last_day.day}日") as refused:
            world.step(case, "decide", "head", kind="penalty")
        assert refused.value.code == "hearing_time_runs"
    world.go_on(1)
    world.step(case, "decide", "head", kind="penalty")
    assert world.get(case)["state"] == "decided"


def test_a_new_notice_gives_the_employer_its_time_again(world: World) -> None:
    case = noticed(world)
    world.go_to(add_days(world.due("hearing_request"), 1))
    world.step(case, "send_to_review")
    world.step(case, "return_from_review", "reviewer")
    world.step(case, "give_prior_notice")
    with pytest.raises(Conflict) as refused:
        world.step(case, "decide", "head", kind="penalty")
    assert refused.value.code == "notice_not_served"


def test_an_employer_that_gave_up_its_time_in_writing_is_not_waited_for(world: World) -> None:
    case = noticed(world)
    world.step(case, "decide", "head", kind="penalty", waiver="放弃陈述申辩和听证声明书")
    assert world.get(case)["state"] == "decided"
    assert [c.state for c in world.clocks(case, "hearing_request")] == ["stopped"]


def test_a_handling_decision_waits_for_no_hearing(world: World) -> None:
    case = noticed(world)
    world.step(case, "decide", "head", kind="handling")
    assert world.get(case)["state"] == "decided"


def test_nothing_is_demanded_from_an_employer_that_was_not_served(world: World) -> None:
    case = world.accepted()
    world.step(case, "decide", "head")
    with pytest.raises(Conflict, match="还没有送达单位"):
        world.step(case, "demand")
    world.step(case, "serve")
    world.step(case, "demand")


def test_an_act_is_not_dated_before_what_it_refers_to(world: World) -> None:
    case = world.complain()
    world.go_on(1)
    early(world, case, "confirm", "confirmed_on", date(2026, 11, 23))
    world.accept(case)
    world.go_on(1)
    early(world, case, "mediate", "held_on", date(2026, 11, 23), result="failed")
    early(world, case, "refer_to_police", "referred_on", date(2026, 11, 24))
    early(world, case, "record_payment", "paid_on", date(2026, 10, 1))  # for October's wage too
    world.step(case, "decide", "head")
    world.go_on(1)
    early(world, case, "serve", "served_on", date(2026, 11, 25))
    early(world, case, "report_to_superior", "reported_on", date(2026, 11, 25))
    world.step(case, "serve")
    early(world, case, "demand", "demanded_on", date(2026, 11, 26))


def early(world: World, case: Filed, key: str, field: str, first: date, **given: str) -> None:
    """The day before the first possible one is refused and that one named; it itself passes."""
    with pytest.raises(BadInput) as refused:
        world.step(case, key, **given, **{field: str(add_days(first, -1))})
    (error,) = refused.value.errors
    assert error["field"] == field
    assert error["message"].startswith(f"最早填{first.year}年{first.month}月{first.day}日")
    with world.app.app_context():
        values = world.values(case.id, key, given | {field: str(first)})
        handling.preview(case.id, key, values, world.staff["first"], world.clock.at)


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"amount_fen": "50000"}, "difference", "还欠 18,000 元，这里填了 50,000 元"),
        ({"pay_by": "2036-01-05"}, "pay_by", "请选更早的日期，或先办延期"),
        ({"document": "责令你单位在限期内支付。"}, "document", "18,000 元"),
        ({"document": "请付18,000.00元。"}, "document", "2026-12-03"),
        ({"document": "2026年12月3日前付118000元。"}, "document", "18,000 元"),
    ],
)
def test_an_order_names_a_sum_that_is_explained_and_a_day_inside_the_investigation(
    world: World, given: dict[str, str], field: str, words: str
) -> None:
    case = world.accepted()
    with pytest.raises(BadInput) as refused:
        world.step(case, "order_payment", **given)
    (error,) = refused.value.errors
    assert (error["field"], words in error["message"]) == (field, True), error


def test_the_order_says_who_is_paid_how_much_and_by_when(world: World) -> None:
    case = world.accepted()
    why = "核对考勤后多算了两天。"
    world.approved(case, "order_payment", "head", amount_fen="18200", difference=why)
    paper = world.get(case)["documents"][-1]
    text = world.get(case, f"/documents/{paper['id']}")["text"]
    assert "于2026年12月3日（含当日）向张示例付清18,200 元" in text and "【" not in text
    assert "最晚在2026年12月3日 周四（当天也算）付清 18,200 元" in world.outbox(case)[-1].text


def test_after_the_investigation_an_order_gives_no_more_time_than_another_one(
    world: World,
) -> None:
    world.go_to(date(2026, 3, 2))
    case = world.accepted()
    world.go_to(date(2026, 5, 20))
    with pytest.raises(BadInput, match="有几处要改") as refused:
        world.step(case, "order_payment", pay_by="2027-03-02", late_reason="人手不足。")
    assert refused.value.errors[0]["field"] == "pay_by"
    last = str(world.due("investigate"))
    world.step(case, "order_payment", pay_by=last, late_reason="人手不足。")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("经查明，现作出如下决定：", "不一样"),
        ("写明了。现作出如下决定：", "冒号后面是空的"),
        ("写明了。【履行期限】", "【履行期限】还没有填"),
    ],
)
def test_no_decision_goes_out_with_an_empty_operative_part(
    world: World, document: str, words: str
) -> None:
    case = world.accepted()
    with pytest.raises(BadInput) as refused:
        world.step(case, "decide", "head", document=document)
    (error,) = refused.value.errors
    assert (error["field"], words in error["message"]) == ("document", True), error
    world.step(case, "decide", "head", content="五日内付清 18,000 元。")
    paper = world.get(case)["documents"][-1]
    assert world.get(case, f"/documents/{paper['id']}")["text"].endswith("五日内付清 18,000 元。")


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
    world.step(case, "record_payment")
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
