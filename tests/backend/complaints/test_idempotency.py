"""One filing is one case, however often, from wherever and however unluckily it is sent."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit import record as audit_record
from backend.audit.models import AuditEvent
from backend.complaints import numbering
from backend.complaints.models import (
    Case,
    CaseMessage,
    Claimant,
    ClaimLine,
    Clock,
    NumberSeries,
    PaymentWord,
    Supplement,
)
from backend.complaints.service import filing, talk, worker
from backend.core.actor import VISITOR, Actor
from backend.core.db import db, one_transaction
from backend.identity.models import Session
from backend.notify.models import OutboxMessage
from tests.api.filings import complaint, new_key, report
from tests.factories.complaints import World, ok, problem
from tests.factories.identity import bearer, sign_in_worker

ROWS = (Case, Claimant, ClaimLine, Clock, AuditEvent, OutboxMessage)
ONE_OF_EACH = {Case: 1, Claimant: 1, ClaimLine: 3, Clock: 1, OutboxMessage: 1}


def filed_rows(world: World) -> dict[type[Any], int]:
    """How many rows of each kind filing has left (the sign-in's own events left out)."""
    return {model: world.count(model) for model in ONE_OF_EACH}


def together(app: APIFlask, times: int, act: Callable[[int], Any]) -> list[Any]:
    """Do something in several threads at the same moment."""
    threads = min(times, 10)
    barrier = Barrier(threads)

    def run(number: int) -> Any:
        if number < threads:
            barrier.wait(20)
        return act(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.parametrize("signed_in", [True, False])
def test_sent_twice_it_is_one_case_with_the_same_receipt(world: World, signed_in: bool) -> None:
    key, document = new_key(), complaint(world.today)
    headers = sign_in_worker(world.client) if signed_in else {}
    first = ok(world.send(document, key=key, headers=headers), 201)
    world.go_on(2)
    again = ok(world.send(document, key=key, headers=headers), 200)
    if not signed_in:
        assert first.pop("case_token") and again.pop("case_token")
    assert first == again
    assert filed_rows(world) == ONE_OF_EACH


@pytest.mark.parametrize("lane", ["complaints", "reports"])
def test_sent_fifty_times_at_once_it_is_one_case(world: World, lane: str) -> None:
    key = new_key()
    document = complaint(world.today) if lane == "complaints" else report()
    answers = together(
        world.app, 50, lambda _n: world.app.test_client().post(
            f"/api/v1/{lane}", json=document, headers={"Idempotency-Key": key}
        ),
    )  # fmt: skip
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 49}
    assert len({answer.get_json()["number"] for answer in answers}) == 1
    assert world.count(Case) == 1
    assert world.count(Clock) == 1
    assert world.faults() == []


def test_two_tabs_with_other_content_make_one_case_and_one_conflict(world: World) -> None:
    key, headers = new_key(), sign_in_worker(world.client)
    documents = [complaint(world.today), complaint(world.today) | {"request": "还要补偿。"}]
    answers = together(
        world.app, 2, lambda n: world.app.test_client().post(
            "/api/v1/complaints", json=documents[n], headers=headers | {"Idempotency-Key": key}
        ),
    )  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert filed_rows(world) == ONE_OF_EACH


def test_other_content_under_the_same_key_keeps_nothing_and_names_the_case(world: World) -> None:
    key, headers = new_key(), sign_in_worker(world.client)
    first = ok(world.send(complaint(world.today), key=key, headers=headers), 201)
    before = filed_rows(world)
    edited = complaint(world.today) | {"facts": "另外还扣了押金。"}
    found = problem(world.send(edited, key=key, headers=headers), 409, "same_key_other_content")
    assert (found["case_id"], found["number"]) == (first["id"], first["number"])
    assert filed_rows(world) == before
    body = {"text": edited["facts"], "key": new_key()}
    address = f"/api/v1/complaints/{first['id']}/supplements"
    ok(world.client.post(address, json=body, headers=headers), 201)  # what is offered instead


def test_the_same_content_in_another_order_is_the_same(world: World) -> None:
    key, document = new_key(), complaint(world.today)
    ok(world.send(document, key=key), 201)
    turned = json.loads(json.dumps(document), object_pairs_hook=lambda p: dict(reversed(p)))
    ok(world.send(turned, key=key), 200)


def test_a_key_belongs_to_its_sender(world: World) -> None:
    key = new_key()
    ids = [
        ok(world.send(complaint(world.today, phone=phone), key=key,
                      headers=sign_in_worker(world.client, phone)), 201)["id"]
        for phone in ("13800000001", "13800000002")
    ]  # fmt: skip
    ids.append(ok(world.send(complaint(world.today), key=key), 201)["id"])
    assert len(set(ids)) == world.count(Case) == 3


@pytest.mark.parametrize("phone", ["13800000001", "13900000009"])
def test_filed_unsigned_and_sent_again_signed_in_it_is_the_same_case_and_stays_open_to_them(
    world: World, phone: str
) -> None:
    key = new_key()
    first = ok(world.send(complaint(world.today), key=key), 201)  # the answer is lost
    again = ok(
        world.send(complaint(world.today), key=key, headers=sign_in_worker(world.client, phone)),
        200,
    )
    assert again["id"] == first["id"]
    address = f"/api/v1/complaints/{first['id']}"
    assert world.client.get(address, headers=bearer(again["case_token"])).status_code == 200


def test_a_report_sent_again_gives_the_same_receipt_and_still_no_session(world: World) -> None:
    key = new_key()
    first = ok(world.send(report(), key=key, lane="reports"), 201)
    again = ok(world.send(report(), key=key, lane="reports"), 200)
    assert again["receipt_code"] == first["receipt_code"]
    assert world.count(Session) == 0


def test_an_ended_sign_in_is_said_and_nothing_is_filed(world: World) -> None:
    headers = sign_in_worker(world.client)
    world.go_on(91)
    problem(world.send(complaint(world.today), headers=headers), 401, "not_signed_in")
    assert world.count(Case) == 0


@pytest.mark.parametrize("times", [2, 20])
def test_a_message_a_supplement_and_a_word_about_money_are_said_once(
    world: World, times: int
) -> None:
    case = world.complain()
    me, now = Actor("worker", case_id=world.row(case)["id"]), world.clock.at

    def send(_number: int) -> None:
        with world.app.app_context():
            talk.say(case.id, "在吗", "a" * 32, me, now)
            worker.supplement(case.id, "还有押金", "b" * 32, me, now)
            worker.say_paid(case.id, True, 100, None, None, "c" * 32, me, now)

    together(world.app, times, send)
    assert [world.count(model) for model in (CaseMessage, Supplement, PaymentWord)] == [1, 1, 1]
    assert world.row(case)["unread_by_bureau"] == 3
    assert world.faults() == []


def test_different_messages_at_once_are_all_kept_and_the_record_is_whole(world: World) -> None:
    case = world.complain()
    me, now = Actor("worker", case_id=world.row(case)["id"]), world.clock.at

    def send(number: int) -> None:
        with world.app.app_context():
            talk.say(case.id, f"第 {number} 条", f"{number:032x}", me, now)

    together(world.app, 20, send)
    assert world.count(CaseMessage) == 20
    assert world.faults() == []


def numbers(world: World) -> list[int]:
    """The running numbers of all cases, sorted."""
    with world.app.app_context():
        texts = db.session.scalars(sa.select(Case.number)).all()
    return sorted(int(re.search(r"〕(\d+)号", text).group(1)) for text in texts)  # type: ignore[union-attr]


def test_numbers_have_no_gap_after_filings_at_once_and_filings_that_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(number: int) -> int:
        document = complaint(world.today, phone=f"138000000{number:02d}")
        return world.app.test_client().post(
            "/api/v1/complaints", json=document, headers={"Idempotency-Key": new_key()}
        ).status_code  # fmt: skip

    assert set(together(world.app, 12, send)) == {201}
    with monkeypatch.context() as broken:
        broken.setattr(filing, "insert_people", explode)
        assert send(50) == 500
        assert send(51) == 500
    assert send(52) == 201
    assert numbers(world) == list(range(1, 14))
    with world.app.app_context():
        year = world.today.year
        assert numbering.last_number("case:投", year) == 13
        assert numbering.last_number("case:投", year + 1) == 0


def explode(*_anything: object) -> None:
    """Stands for a crash."""
    raise RuntimeError("crash")


def test_document_numbers_have_no_gap_after_a_step_that_failed(world: World) -> None:
    @one_transaction
    def take(is_doomed: bool) -> str:
        number = numbering.document_number("示人社", "令", 2026)
        if is_doomed:
            raise RuntimeError("crash")
        return number

    with world.app.app_context():
        assert take(False) == "示人社令〔2026〕1号"
        with pytest.raises(RuntimeError):
            take(True)
        assert take(False) == "示人社令〔2026〕2号"
    assert world.count(NumberSeries) == 1


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (filing, "insert_people"),
        (filing, "_record_and_tell"),
        (filing.outbox, "queue"),
        (filing.identity, "open_case_session"),
        (audit_record, "insert_row"),
    ],
)
def test_a_crash_at_any_point_of_filing_leaves_nothing_and_the_next_try_works(
    world: World, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    key = new_key()
    with monkeypatch.context() as broken:
        broken.setattr(module, name, explode)
        found = problem(world.send(complaint(world.today), key=key), 500, "error")
    assert "填的都还在" in found["detail"]
    for model in (*ROWS, NumberSeries, Session):
        assert world.count(model) == 0
    ok(world.send(complaint(world.today), key=key), 201)
    assert numbers(world) == [1]


def test_a_crash_in_the_middle_of_a_step_leaves_the_case_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.accepted()
    before, told = world.row(case), world.told(case)
    with monkeypatch.context() as broken:
        broken.setattr("backend.complaints.service.handling.tell", explode)
        with pytest.raises(RuntimeError):
            world.step(case, "give_prior_notice")
    assert (world.row(case), world.told(case)) == (before, told)
    assert world.clocks(case, "hearing_request") == []
    world.step(case, "give_prior_notice")
    assert world.faults() == []


def test_what_is_filed_is_what_the_digest_says(world: World) -> None:
    case = world.complain()
    with world.app.app_context():
        row = db.session.scalars(sa.select(Case).where(Case.public_id == case.id)).one()
        assert filing.digest_of(row.filed_content) == row.digest == case.receipt["digest"]
        filed = json.loads(row.filed_content)
    assert (filed["lane"], filed["facts"]) == ("complaint", complaint(world.today)["facts"])


def test_a_visitor_cannot_file_through_the_service_what_the_checks_refuse(world: World) -> None:
    document = complaint(world.today)
    document["claims"][0]["month"] = "2020-01"
    with pytest.raises(Exception, match="有几处要改"), world.app.app_context():
        filing.file_complaint(document, new_key(), VISITOR, "web", world.clock.at)
    assert world.count(Case) == 0
