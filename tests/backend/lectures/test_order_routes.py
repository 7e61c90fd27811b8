"""Ordering a lecture over the phone: faults named, each step, and whose order it is."""

from __future__ import annotations

from typing import Any

import pytest

from backend.lectures.service import making, orders
from tests.backend.lectures.phones import Phones, order_body, phones, refused
from tests.factories import lectures as made

__all__ = ["phones"]

HOUR = made.HOUR


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "0" * 31}, "key"),
        ({"org_name": ""}, "org_name"),
        ({"org_name": "长" * 61}, "org_name"),
        ({"org_kind": "circus"}, "org_kind"),
        ({"contact_name": "长" * 31}, "contact_name"),
        ({"phone": "123"}, "phone"),
        ({"theme": "长" * 61}, "theme"),
        ({"about": "长" * 501}, "about"),
        ({"place": "长" * 201}, "place"),
        ({"people": 0}, "people"),
        ({"people": 5001}, "people"),
        ({"people": "40"}, "people"),
        ({"wished": []}, "wished"),
        ({"wished": [{"on": "2026-12-01", "part": "evening"}] * 6}, "wished"),
        ({"wished": [{"on": "2026-11-23", "part": "evening"}]}, "wished"),
        ({"wished": [{"on": "2026-02-30", "part": "evening"}]}, "wished.0.on"),
        ({"wished": [{"on": "2026-12-01", "part": "night"}]}, "wished.0.part"),
        ({"more": 1}, "more"),
    ],
    ids=str,
)
def test_an_order_with_a_wrong_field_names_it(
    phones: Phones, changes: dict[str, Any], field: str
) -> None:
    body = order_body(phones, **changes)
    said = refused(phones.call("POST", "/lecture-orders", phones.own, body), 422, "bad_input")
    assert [error["field"] for error in said["errors"]] == [field]
    assert phones.get("/lecture-orders", phones.own)["items"] == []


def test_an_order_goes_its_way_over_the_phone(phones: Phones) -> None:
    body = order_body(phones)
    ordered = phones.post("/lecture-orders", body)
    assert (ordered["state"], ordered["answer_due_on"]) == ("ordered", "2026-11-26")
    assert ordered["answer_due_words"] == "2026年11月26日（周四）"
    assert "contact_name" not in ordered and "phone" not in ordered
    assert phones.post("/lecture-orders", body)["id"] == ordered["id"]
    path, now = f"/lecture-orders/{ordered['id']}", phones.clock.at
    answer = phones.call("POST", f"{path}/agree", phones.own, {"version": 1})
    refused(answer, 409, "wrong_state")
    at = now + HOUR * 200
    phones.inside(lambda: orders.assign(ordered["id"], 1, phones.desk.id or 0, phones.desk, now))
    phones.inside(lambda: orders.propose(ordered["id"], 2, at, "陈志航", None, phones.desk, now))
    version = phones.get(path, phones.own)["version"]
    answer = phones.call("POST", f"{path}/agree", phones.own, {"version": version - 1})
    refused(answer, 409, "stale")
    for note in ("", "长" * 301, None):
        body = {"version": version, "note": note}
        answer = phones.call("POST", f"{path}/refuse-date", phones.own, body)
        assert refused(answer, 422, "bad_input")["errors"][0]["field"] == "note"
    agreed = phones.post(f"{path}/agree", {"version": version})
    assert (agreed["state"], agreed["state_label"]) == ("agreed", "日子说好了")
    assert agreed["notices"][0]["title"] == "日子说好了"
    phones.clock.at = at + HOUR
    later = phones.clock.at
    phones.inside(lambda: orders.hold(ordered["id"], agreed["version"], 38, phones.desk, later))
    for bad in ({}, {"verdict": "great"}, {"verdict": "satisfied", "words": "长" * 501}):
        answer = phones.call("POST", f"{path}/rating", phones.own, bad)
        refused(answer, 422, "bad_input")
    assert phones.post(f"{path}/rating", {"verdict": "satisfied"})["verdict"] == "satisfied"
    refused(phones.call("POST", f"{path}/withdraw", phones.own), 409, "wrong_state")


def test_a_refused_date_and_a_withdrawal_over_the_phone(phones: Phones) -> None:
    ordered, now = phones.post("/lecture-orders", order_body(phones)), phones.clock.at
    path = f"/lecture-orders/{ordered['id']}"
    phones.inside(lambda: orders.assign(ordered["id"], 1, phones.desk.id or 0, phones.desk, now))
    phones.inside(
        lambda: orders.propose(ordered["id"], 2, now + HOUR, "陈志航", None, phones.desk, now)
    )
    body = {"version": 3, "note": "周五晚上行"}
    assert phones.post(f"{path}/refuse-date", body)["state"] == "assigned"
    assert phones.post(f"{path}/withdraw")["state"] == "withdrawn"
    assert phones.post(f"{path}/withdraw")["state"] == "withdrawn"
    (listed,) = phones.get("/lecture-orders", phones.own)["items"]
    assert listed["state_label"] == "撤回了"


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("", None),
        ("/agree", {"version": 1}),
        ("/refuse-date", {"version": 1, "note": "周五"}),
        ("/withdraw", None),
        ("/rating", {"verdict": "satisfied"}),
    ],
)
def test_an_order_of_somebody_else_is_not_there(
    phones: Phones, deed: str, body: dict[str, Any] | None
) -> None:
    own = phones.post("/lecture-orders", order_body(phones))["id"]
    method = "POST" if deed else "GET"
    for order in (own, "0" * 16):
        answer = phones.call(method, f"/lecture-orders/{order}{deed}", phones.other, body)
        refused(answer, 404, "not_found")
    assert phones.get("/lecture-orders", phones.other)["items"] == []
    assert phones.get(f"/lecture-orders/{own}", phones.own)["state"] == "ordered"


def test_a_late_answer_says_so(phones: Phones) -> None:
    own = phones.post("/lecture-orders", order_body(phones))["id"]
    phones.clock.at += HOUR * 24 * 3
    assert not phones.get(f"/lecture-orders/{own}", phones.own)["is_late"]
    phones.clock.at += HOUR * 24
    assert phones.get(f"/lecture-orders/{own}", phones.own)["is_late"]


def test_themes_are_those_lectured_on_each_once(phones: Phones) -> None:
    for theme, hours in (("讨薪", 200), ("工伤", 300), ("讨薪", 400)):
        phones.published(theme=theme, in_hours=hours)
    now = phones.clock.at
    plan = made.plan(now, theme="没发布")
    phones.inside(lambda: making.make(plan, made.key(), phones.desk, now))
    assert phones.get("/lecture-orders/themes") == {"themes": ["讨薪", "工伤"]}
