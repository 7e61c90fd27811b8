"""Approvals: by somebody else, of the right role, once, and only while the case is as it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from backend.complaints.models import Approval, Case
from backend.complaints.service import approvals
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound
from backend.identity.models import Staff, StaffRole
from tests.factories.complaints import Filed, World


def approval(world: World, case: Filed) -> Approval:
    """The last request of a case."""
    with world.app.app_context():
        query = sa.select(Approval).where(Approval.case_id == world.row(case)["id"])
        return db.session.scalars(query.order_by(Approval.id.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def asked(world: World) -> Filed:
    """An order to pay waits for the head."""
    case = world.accepted()
    world.step(case, "order_payment")
    return case


def test_asking_changes_nothing_but_that_it_waits(world: World, asked: Filed) -> None:
    assert world.get(asked)["state"] == "investigating"
    assert "order_payment" not in world.told(asked)
    assert [d["title"] for d in world.get(asked)["documents"]] == ["受理通知书"]
    row = approval(world, asked)
    assert (row.state, row.asked_by_name) == ("pending", "first员")
    assert json.loads(row.input)["amount_fen"] == 1_800_000


@pytest.mark.parametrize("who", ["first", "second", "third", "unit_head", "reviewer", "clerk"])
def test_whoever_may_not_approve_is_refused_and_it_still_waits(
    world: World, asked: Filed, who: str
) -> None:
    with pytest.raises(Forbidden):
        world.answer(asked, who)
    assert approval(world, asked).state == "pending"
    with world.app.app_context():
        assert approvals.pending(world.staff[who]) == []


def give_role(world: World, who: str, role: str) -> None:
    """Let somebody hold one more role."""
    with world.app.app_context():
        db.session.add(StaffRole(staff_id=world.staff[who].id, role=role))
        db.session.commit()
    actor = world.staff[who]
    world.staff[who] = replace(actor, roles=actor.roles | {role})


@pytest.mark.parametrize("who", ["first", "second"])
def test_an_officer_who_is_head_as_well_cannot_approve_their_own_case(
    world: World, asked: Filed, who: str
) -> None:
    give_role(world, who, "head")
    with pytest.raises(Forbidden):
        world.answer(asked, who)


def test_a_reviewer_is_never_an_officer_and_an_officer_never_decides(world: World) -> None:
    case = world.accepted()
    world.step(case, "send_to_review")
    for role in ("legal_reviewer", "head"):
        give_role(world, "second", role)
    for key in ("pass_review", "return_from_review", "decide"):
        with pytest.raises(Conflict) as refused:
            world.step(case, key, "second")
        assert refused.value.code == "own_case"
    assert world.get(case)["state"] == "in_legal_review"


def test_the_approver_cannot_be_named_the_second_officer(world: World) -> None:
    case = world.complain()
    world.step(case, "confirm", "clerk")
    give_role(world, "third", "unit_head")
    world.step(case, "accept", second_officer_id=world.staff["third"].id)
    with pytest.raises(BadInput):
        world.answer(case, "third")
    world.answer(case, "unit_head")
    assert world.get(case)["officers"] == ["first员", "third员"]


def test_two_officers_are_two_active_inspectors(world: World) -> None:
    case = world.complain()
    world.step(case, "confirm", "clerk")
    for wrong in ("first", "clerk"):
        with pytest.raises(BadInput):
            world.step(case, "accept", second_officer_id=world.staff[wrong].id)
    with pytest.raises(BadInput):
        world.step(case, "accept", second_officer_id=999)


def test_a_request_is_answered_once(world: World, asked: Filed) -> None:
    world.answer(asked, "head")
    with pytest.raises(Conflict) as refused, world.app.app_context():
        number = db.session.scalars(
            sa.select(Approval.id).where(Approval.step == "order_payment")
        ).one()
        approvals.answer(number, True, "", world.staff["head"], world.clock.at)
    assert (refused.value.code, refused.value.extra["by"]) == ("stale", "head员")
    assert world.told(asked).count("order_payment") == 1


def test_a_return_needs_an_opinion_and_lets_the_officer_ask_again(
    world: World, asked: Filed
) -> None:
    with pytest.raises(BadInput):
        world.answer(asked, "head", is_yes=False, opinion="  ")
    assert approval(world, asked).state == "pending"
    world.answer(asked, "head", is_yes=False, opinion="金额再核一下。")
    assert world.get(asked)["state"] == "investigating"
    row = approval(world, asked)
    assert (row.state, row.opinion) == ("returned", "金额再核一下。")
    world.approved(asked, "order_payment", "head")
    assert world.get(asked)["state"] == "ordered"
    assert world.faults() == []


def test_while_one_request_waits_no_other_is_made(world: World, asked: Filed) -> None:
    for key in ("close", "extend", "give_prior_notice", "refer_to_police"):
        with pytest.raises(Conflict, match="请示还没批"):
            world.step(asked, key)


def test_a_request_is_void_once_the_case_has_ended(world: World, asked: Filed) -> None:
    world.step(asked, "ask_withdrawal", "clerk")
    world.step(asked, "withdraw")
    assert approval(world, asked).state == "void"
    with pytest.raises(Conflict), world.app.app_context():
        number = approval(world, asked).id
        approvals.answer(number, True, "", world.staff["head"], world.clock.at)
    assert world.get(asked)["state"] == "withdrawn"


def test_a_request_whose_condition_fell_away_is_refused_and_can_be_returned(world: World) -> None:
    case = world.complain()
    world.step(case, "refuse")
    world.go_on(8)  # the time to answer is over before the job has looked
    with pytest.raises(Conflict, match="受理期限已过"):
        world.answer(case, "unit_head")
    assert world.row(case)["state"] == "submitted"
    world.answer(case, "unit_head", is_yes=False, opinion="过期了。")


def test_what_an_officer_asked_for_who_is_gone_cannot_be_approved(
    world: World, asked: Filed
) -> None:
    with world.app.app_context():
        db.session.get_one(Staff, world.staff["first"].id).is_active = False
        db.session.commit()
    with pytest.raises(Conflict) as refused:
        world.answer(asked, "head")
    assert refused.value.code == "asker_gone"


def test_a_case_handed_over_meanwhile_is_not_decided_by_the_former_officers_request(
    world: World, asked: Filed
) -> None:
    world.step(asked, "hand_over", to_id=world.staff["third"].id)
    world.step(asked, "accept_handover", "third")
    with pytest.raises(Conflict, match="别的监察员"):
        world.answer(asked, "head")


def test_what_would_fail_at_approval_fails_at_the_form(world: World) -> None:
    case = world.accepted()
    with pytest.raises(BadInput):
        world.step(case, "order_payment", amount_fen="0")
    with pytest.raises(BadInput):
        world.step(case, "order_payment", pay_by=str(world.today))
    assert world.count(Approval) == 1  # the acceptance alone
    assert world.clocks(case, "pay_by") == []


def test_the_approver_reads_the_form_the_document_and_what_the_worker_will_be_told(
    world: World, asked: Filed
) -> None:
    with world.app.app_context():
        number = approval(world, asked).id
        seen = approvals.show(number, world.staff["head"], world.clock.at)
        assert seen.may_answer and seen.preview is not None
        assert ("责令支付金额", "18,000 元") in seen.values
        assert "责令你单位" in seen.document_text
        assert "18,000 元" in seen.preview.text
        assert any("单位最晚付钱" in line for line in seen.preview.clocks)
        own = approvals.show(number, world.staff["first"], world.clock.at)
        assert (own.may_answer, bool(own.why_not)) == (False, True)
        with pytest.raises(NotFound):
            approvals.show(999, world.staff["head"], world.clock.at)
    assert world.get(asked)["state"] == "investigating"
    assert world.clocks(asked, "pay_by") == []  # shown, not done


def test_the_second_of_two_officers_gets_an_answer_that_names_the_first(world: World) -> None:
    case = world.accepted()
    version = world.row(case)["version"]
    world.step(case, "give_prior_notice", "second", version=version)
    with pytest.raises(Conflict) as refused:
        world.step(case, "send_to_review", "first", version=version)
    found = refused.value
    assert (found.code, found.extra["by"], found.extra["did"]) == (
        "stale", "second员", "give_prior_notice",
    )  # fmt: skip
    assert world.row(case)["state"] == "prior_notice_given"


def test_a_message_of_the_worker_does_not_make_an_open_form_stale(world: World) -> None:
    case = world.accepted()
    version = world.row(case)["version"]
    world.post(case, "messages", text="在吗", key="a" * 32)
    world.step(case, "give_prior_notice", version=version)
    with world.app.app_context():
        query = sa.select(Case.unread_by_bureau).where(Case.public_id == case.id)
        assert db.session.scalars(query).one() == 1
