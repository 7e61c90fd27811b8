"""What cannot be right is refused with the field's name and kept nowhere; what is odd is taken."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from backend.complaints.models import Case
from tests.api.filings import complaint, new_key, report
from tests.clock import START
from tests.factories.complaints import Filed, World, fields_of, ok, problem

TODAY = START.date()


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one part replaced; `claims.0.month` reaches into lists."""
    made = copy.deepcopy(document)
    *way, last = path.split(".")
    at: Any = made
    for part in way:
        at = at[int(part)] if part.isdigit() else at[part]
    at[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("claimant.name", "", "claimant.name"),
        ("claimant.name", "  ", "claimant.name"),
        ("claimant.name", 7, "claimant.name"),
        ("claimant.name", "张\x00三", "claimant.name"),
        ("claimant.name", "王" * 41, "claimant.name"),
        ("claimant.phone", "1380000", "claimant.phone"),
        ("claimant.phone", "١٣٨٠٠٠٠٠٠٠١", "claimant.phone"),
        ("claimant.service_address", None, "claimant.service_address"),
        ("claimant.id_number", "44070419800101001X", "claimant.id_number"),
        ("employer.name", None, "employer.name"),
        ("employer.employer_id", -1, "employer.employer_id"),
        ("work.from_on", "2026-11-24", "work.from_on"),
        ("work.from_on", "2026-02-30", "work.from_on"),
        ("work.from_on", "1911-01-01", "work.from_on"),
        ("work.from_on", 20260101, "work.from_on"),
        ("work.to_on", "2026-11-24", "work.to_on"),
        ("work.to_on", "2026-01-01", "work.to_on"),
        ("work.to_on", None, "work.to_on"),
        ("work.place", "", "work.place"),
        ("claims", [], "claims"),
        ("claims", "none", "claims"),
        ("claims.0.month", "2026-13", "claims.0.month"),
        ("claims.0.month", "2020-01", "claims.0.month"),
        ("claims.0.month", "2026-11", "claims.0.month"),
        ("claims.0.month", "2026-09", "claims.1.month"),
        ("claims.0.due_fen", -1, "claims.0.due_fen"),
        ("claims.0.due_fen", 10**12, "claims.0.due_fen"),
        ("claims.0.due_fen", 5_000_000_000, "claims.0.due_fen"),
        ("claims.0.paid_fen", 650_001, "claims.0.paid_fen"),
        ("claims.0.owed_fen", 1, "claims.0.owed_fen"),
        ("screening.age_group", "old", "screening.age_group"),
        ("screening.is_still_working", "yes", "screening.is_still_working"),
        ("screening.prior_steps", ["prayer"], "screening.prior_steps.0"),
        ("privacy_version", "", "privacy_version"),
        ("request", "付" * 1001, "request"),
        ("facts", "", "facts"),
        ("facts", "欠" * 5001, "facts"),
        ("facts", "a\u202eb", "facts"),
        ("wechat_id", "x", "wechat_id"),
    ],
)
def test_a_complaint_that_cannot_be_right_names_the_field_and_is_not_kept(
    world: World, path: str, value: Any, field: str
) -> None:
    found = problem(world.send(changed(complaint(TODAY), path, value)), 422, "bad_input")
    assert field in fields_of(found)
    assert all("一" <= error["message"][0] <= "龥" for error in found["errors"])
    assert world.count(Case) == 0


def test_several_wrong_fields_are_named_at_once(world: World) -> None:
    document = changed(complaint(TODAY), "work.from_on", "2027-01-01")
    document = changed(document, "employer.name", None)
    document = changed(document, "claims.2.paid_fen", 700_000)
    found = fields_of(problem(world.send(document), 422))
    assert {"work.from_on", "employer.name", "claims.2.paid_fen"} <= set(found)


def test_nothing_owed_is_no_claim(world: World) -> None:
    document = complaint(TODAY)
    for claim in document["claims"]:
        claim["paid_fen"] = claim["due_fen"]
    assert fields_of(problem(world.send(document), 422)) == ["claims"]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("what", "", "what"),
        ("what", "\x00", "what"),
        ("place", None, "place"),
        ("people_count", 0, "people_count"),
        ("people_count", 10**9, "people_count"),
        ("employer.name", None, "employer.name"),
        ("is_anonymous", 1, "is_anonymous"),
        ("openid", "o123", "openid"),
    ],
)
def test_a_report_that_cannot_be_right_names_the_field(
    world: World, path: str, value: Any, field: str
) -> None:
    found = problem(world.send(changed(report(), path, value), lane="reports"), 422)
    assert field in fields_of(found)
    assert world.count(Case) == 0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("claimant.name", "𠮷田·买买提😀"),
        ("claimant.phone", " 138 0000 0001 "),
        ("claimant.phone", "+86 138-0000-0001"),
        ("claimant.phone", "１３８０００００００１"),
        ("facts", "第一行\n第二行\t𠮷👷"),
        ("employer", {"is_name_unknown": True}),
        ("work.from_on", "2015-03-01"),
        ("claims.0.due_fen", 0),
    ],
)
def test_what_is_odd_but_possible_is_taken_as_it_was_typed(
    world: World, path: str, value: Any
) -> None:
    document = changed(complaint(TODAY), path, value)
    if path == "claims.0.due_fen":
        document["claims"][0]["paid_fen"] = 0
    receipt = ok(world.send(document), 201)
    case = Filed(receipt["id"], {"Authorization": f"Bearer {receipt['case_token']}"}, receipt)
    if path == "facts":
        assert world.get(case)["facts"] == value
    if path == "claimant.phone":
        tail = {"code": receipt["receipt_code"], "phone_tail": "0001"}
        assert world.client.post("/api/v1/receipt-lookups", json=tail).status_code == 200


def test_a_withdrawn_suggestion_is_asked_again_instead_of_lost(world: World) -> None:
    document = changed(complaint(TODAY), "employer", {"employer_id": 999, "name": None})
    assert fields_of(problem(world.send(document), 422)) == ["employer.name"]


WORKER_BODIES = [
    ("messages", {"text": "", "key": "a" * 32}, "text"),
    ("messages", {"text": "字" * 2001, "key": "a" * 32}, "text"),
    ("messages", {"text": "在吗", "key": "short"}, "key"),
    ("messages", {"text": "a\x00b", "key": "a" * 32}, "text"),
    ("messages", {"text": "在吗", "key": "a" * 32, "to": "head"}, "to"),
    ("supplements", {"text": 5, "key": "a" * 32}, "text"),
    ("supplements", {"key": "a" * 32}, "text"),
    ("resupply", {"items": []}, "items"),
    ("resupply", {"items": [{"id": "1", "text": "x"}]}, "items.0.id"),
    ("appointments", {"on_date": "2026-11-24", "period": "noon", "how": "visit"}, "period"),
    ("appointments", {"on_date": "soon", "period": "am", "how": "visit"}, "on_date"),
    ("withdrawal", {}, "has_read_consequence"),
    ("payments", {"is_paid": "no", "key": "a" * 32}, "is_paid"),
    ("payments", {"is_paid": True, "amount_fen": -5, "key": "a" * 32}, "amount_fen"),
    ("payments", {"is_paid": True, "paid_on": "2026-11-24", "key": "a" * 32}, "paid_on"),
]


@pytest.mark.parametrize(("path", "body", "field"), WORKER_BODIES)
def test_what_a_worker_does_later_is_checked_as_well(
    world: World, path: str, body: dict[str, Any], field: str
) -> None:
    case = world.complain()
    before = world.row(case)
    assert fields_of(world.post(case, path, 422, **body)) == [field]
    assert world.row(case) == before


ALLOWED = [
    ("GET", "", None, 200),
    ("GET", "/appointment-slots", None, 200),
    ("POST", "/messages", {"text": "在吗", "key": "a" * 32}, 201),
    ("POST", "/messages/read", None, 204),
    ("POST", "/supplements", {"text": "还有", "key": "a" * 32}, 201),
    ("POST", "/appointments", {"on_date": "2026-11-24", "period": "am", "how": "video"}, 201),
    ("POST", "/withdrawal", {"has_read_consequence": True}, 202),
    ("POST", "/payments", {"is_paid": True, "key": "a" * 32}, 201),
]
REFUSED_NOW = [
    ("POST", "/resupply", {"items": [{"id": 1, "text": "x"}]}, 409),
    ("DELETE", "/withdrawal", None, 409),
    ("DELETE", "/appointments/77", None, 404),
    ("GET", "/documents/77", None, 404),
    ("POST", "/appointments", {"on_date": "2026-11-29", "period": "am", "how": "visit"}, 409),
]


def ask(world: World, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    """One request about a case."""
    words = {"json": body} if body is not None else {}
    return world.client.open(f"/api/v1/complaints/{path}", method=method, headers=headers, **words)


@pytest.mark.parametrize(("method", "path", "body", "status"), [*ALLOWED, *REFUSED_NOW])
def test_each_door_opens_for_the_owner_alone(
    world: World, method: str, path: str, body: Any, status: int
) -> None:
    case, stranger = world.complain(), world.complain(phone="13900000009")
    before = world.row(case)
    problem(ask(world, method, case.id + path, body, {}), 401, "not_signed_in")
    problem(ask(world, method, case.id + path, body, {"Authorization": "Bearer x"}), 401)
    problem(ask(world, method, case.id + path, body, stranger.headers), 404)
    problem(ask(world, method, "0" * 16 + path, body, case.headers), 404)
    assert world.row(case) == before
    answer = ask(world, method, case.id + path, body, case.headers)
    assert answer.status_code == status, answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/supplements", {"text": "还有", "key": "a" * 32}),
        ("/resupply", {"items": [{"id": 1, "text": "x"}]}),
        ("/appointments", {"on_date": "2026-11-24", "period": "am", "how": "video"}),
        ("/withdrawal", {"has_read_consequence": True}),
        ("/payments", {"is_paid": False, "key": "a" * 32}),
    ],
)
def test_an_ended_case_takes_only_messages(world: World, path: str, body: Any) -> None:
    case = world.complain()
    world.step(case, "redirect")
    before = world.row(case)
    problem(ask(world, "POST", case.id + path, body, case.headers), 409)
    assert world.row(case) == before
    said = {"text": "为什么", "key": new_key()}
    assert ask(world, "POST", case.id + "/messages", said, case.headers).status_code == 201


def test_places_for_confirmation_run_out_and_come_back(world: World) -> None:
    slot = {"on_date": "2026-11-24", "period": "am", "how": "visit"}
    cases = [world.complain(phone=f"1390000000{n}") for n in range(5)]
    booked = [world.post(case, "appointments", **slot)["id"] for case in cases[:4]]
    assert world.post(cases[4], "appointments", 409, **slot)["code"] == "full"
    assert world.get(cases[4], "/appointment-slots")["items"][0]["left"] == 0
    world.delete(cases[0], f"appointments/{booked[0]}")
    world.post(cases[4], "appointments", **slot)
    moved = world.post(cases[4], "appointments", **(slot | {"period": "pm"}))
    assert world.get(cases[4])["appointment"]["id"] == moved["id"]
    assert [s["on_date"] for s in world.get(cases[0], "/appointment-slots")["items"][::2]] == [
        "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30",
    ]  # fmt: skip
