"""Receipts: found however the code is typed, guarded against guessing, telling nothing personal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.core import crypto
from tests.factories.complaints import World, ok, problem

PERSONAL = ("张示例", "13800000001", "示例装修工程有限公司", "示例路", "18000", "口头说好")


def look_up(world: World, code: str, tail: str = "0001") -> TestResponse:
    """Ask where a case stands."""
    return world.client.post("/api/v1/receipt-lookups", json={"code": code, "phone_tail": tail})


def odd_ways(code: str) -> list[str]:
    """The code as people type it."""
    return [
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        f"  {code}  ",
        code.replace("0", "O").replace("1", "I"),
        code.replace("0", "o").replace("1", "l"),
        code.replace("-", "－"),
    ]


def test_the_code_is_found_however_it_is_typed(world: World) -> None:
    case = world.complain()
    for typed in odd_ways(case.receipt["receipt_code"]):
        assert ok(look_up(world, typed), 200)["number"] == case.receipt["number"]
        world.clock.advance(hours=1)


def test_the_status_shows_where_it_stands_and_nothing_personal(world: World) -> None:
    case = world.accepted()
    found = ok(look_up(world, case.receipt["receipt_code"]), 200)
    assert (found["state"], found["dates"][0]["key"]) == ("investigating", "investigate")
    text = json.dumps(found, ensure_ascii=False)
    assert [word for word in PERSONAL if word in text] == []
    assert all(entry["document"] is None for entry in found["timeline"])


def test_what_was_paid_and_who_handles_it_is_no_matter_of_whoever_holds_the_receipt(
    world: World,
) -> None:
    case = world.accepted()
    world.step(case, "mediate", "mediator", result="agreed", amount_fen="9000")
    world.approved(case, "order_payment", "head", pay_by="2026-12-03")
    world.step(case, "record_payment")
    world.post(case, "payments", is_paid=True, amount_fen=1_800_000, key="a" * 32)
    found = ok(look_up(world, case.receipt["receipt_code"]), 200)
    own = {entry["title"]: entry for entry in world.get(case)["timeline"]}
    said = {entry["title"]: entry for entry in found["timeline"]}
    assert list(said) == list(own)
    assert own["记下收到的钱"]["text"] == "单位付了 18,000 元。"
    assert (said["记下收到的钱"]["text"], said["您说收到钱了"]["text"]) == ("", "")
    assert said["调解"]["text"] == "达成协议。"
    assert said["责令单位限期支付"]["text"] == "最晚2026年12月3日 周四付清。"
    assert {entry["who"] for entry in found["timeline"]} == {"您", ""}
    text = json.dumps(found, ensure_ascii=False)
    names = [person.name for person in world.staff.values()]
    assert [word for word in (*PERSONAL, *names, " 元", "18,000", "9,000") if word in text] == []


def test_an_anonymous_tip_is_owed_a_decision_and_nobody_is_asked_to_sign_in(world: World) -> None:
    anonymous = world.tip_off()
    named = world.tip_off(reporter={"name": "李举报", "phone": "13700000007", "wants_reply": True})
    found = [
        ok(look_up(world, case.receipt["receipt_code"], tail), 200)
        for case, tail in ((anonymous, "0000"), (named, "0007"))
    ]
    assert [one["is_anonymous"] for one in found] == [True, False]
    texts = [one["timeline"][0]["text"] for one in found]
    assert len(set(texts)) == 1
    assert texts[0].startswith("最晚") and texts[0].endswith("决定立不立案。")
    filed = world.complain()
    assert not world.get(filed)["is_anonymous"]
    assert world.get(filed)["timeline"][0]["text"] == "最晚2026年11月30日 周一答复。"


def test_a_wrong_code_and_a_wrong_tail_look_the_same(world: World) -> None:
    code = world.complain().receipt["receipt_code"]
    wrong_tail = problem(look_up(world, code, "9999"), 404, "receipt_not_found")
    wrong_code = problem(look_up(world, "0" * 16), 404, "receipt_not_found")
    nonsense = problem(look_up(world, "你好"), 404, "receipt_not_found")
    assert wrong_tail == wrong_code == nonsense


def test_guesses_are_limited_for_an_hour_even_when_they_turn_right(world: World) -> None:
    code = world.complain().receipt["receipt_code"]
    other = world.complain().receipt["receipt_code"]
    for number in range(10):
        problem(look_up(world, code, f"777{number}"), 404)
    refused = look_up(world, code.lower())
    problem(refused, 429, "too_many")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    ok(look_up(world, other), 200)  # another receipt is not held up
    world.clock.advance(hours=1)
    ok(look_up(world, code), 200)


def test_anyone_who_holds_a_receipt_sees_that_it_is_genuine_and_no_more(world: World) -> None:
    case = world.complain()
    code = case.receipt["receipt_code"]
    found = ok(world.client.get(f"/api/v1/receipts/{code}"), 200)
    assert found == {
        "is_genuine": True,
        "lane": "complaint",
        "number": case.receipt["number"],
        "filed_at": "2026-11-23T02:00:00Z",
        "state_label": "待审查",
        "digest": case.receipt["digest"],
    }
    page = world.client.get(f"/receipt/{code}")
    html = page.get_data(as_text=True)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert all(word in html for word in (case.receipt["number"], "2026-11-23 10:00", "待审查"))
    assert [word for word in PERSONAL if word in html] == []
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "欠薪" not in html.split("</title>")[0]  # a neutral title


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC-DDDD", "x", "你好", "U" * 16])
def test_a_receipt_that_is_none_says_so(world: World, code: str) -> None:
    problem(world.client.get(f"/api/v1/receipts/{code}"), 404)
    page = world.client.get(f"/receipt/{code}")
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_codes_and_addresses_hold_eighty_random_bits(world: World) -> None:
    codes = {crypto.new_receipt_code() for _ in range(500)}
    ids = {crypto.new_public_id() for _ in range(500)}
    assert len(codes) == len(ids) == 500
    assert all(len(code.replace("-", "")) == 16 for code in codes)
    receipts: list[dict[str, Any]] = [world.complain().receipt for _ in range(2)]
    assert receipts[0]["receipt_code"] != receipts[1]["receipt_code"]
