"""Every address of the lectures' door: who may, whose it is, and words a worker understands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from apiflask import APIFlask

from backend.identity.service import open_case_session
from backend.identity.service.report_tokens import report_token
from backend.lectures.models import Lecture, LectureFeedback
from backend.lectures.service import (
    after,
    codes,
    door,
    making,
    materials,
    publishing,
    reading,
)
from backend.lectures.service.door import Scan
from tests.backend.lectures.phones import PROBLEM, Phones, phones, refused
from tests.factories import lectures as made
from tests.factories.identity import bearer

__all__ = ["phones"]

HOUR = made.HOUR
ONLINE = "https://live.example/geheim"

# --- who may come in

NEEDS_WORKER = [
    ("POST", "/lectures/{id}/bookings"),
    ("GET", "/bookings"),
    ("GET", "/bookings/{id}"),
    ("POST", "/bookings/{id}/accept"),
    ("POST", "/bookings/{id}/confirm"),
    ("POST", "/bookings/{id}/cancel"),
    ("POST", "/bookings/{id}/feedback"),
    ("POST", "/lecture-orders"),
    ("GET", "/lecture-orders"),
    ("GET", "/lecture-orders/{id}"),
    ("POST", "/lecture-orders/{id}/agree"),
    ("POST", "/lecture-orders/{id}/refuse-date"),
    ("POST", "/lecture-orders/{id}/withdraw"),
    ("POST", "/lecture-orders/{id}/rating"),
]
FOR_ALL = [
    "/lectures", "/lectures/calendar?month=2026-12", "/lectures/{id}",
    "/lectures/{id}/calendar.ics", "/lecture-orders/themes",
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), NEEDS_WORKER)
def test_who_is_not_signed_in_is_asked_to_and_a_case_token_is_no_account(
    phones: Phones, method: str, path: str
) -> None:
    address = path.format(id="0" * 16)
    body = {"key": made.key()} if method == "POST" else None
    refused(phones.call(method, address, body=body), 401, "not_signed_in")
    refused(phones.call(method, address, bearer("x" * 40), body), 401, "not_signed_in")
    for issue in (open_case_session, report_token):
        token = phones.inside(lambda issue=issue: issue(7, phones.clock.at))
        refused(phones.call(method, address, bearer(token), body), 403, "case_token")


@pytest.mark.parametrize("path", FOR_ALL)
def test_lectures_are_looked_at_by_anybody(phones: Phones, path: str) -> None:
    address = path.format(id=phones.published())
    for headers in (None, phones.own):
        assert phones.call("GET", address, headers).status_code == 200


@pytest.mark.parametrize("path", FOR_ALL[:3])
def test_a_session_that_ended_is_not_taken_for_a_visitor(phones: Phones, path: str) -> None:
    address = path.format(id=phones.published())
    refused(phones.call("GET", address, bearer("x" * 40)), 401, "not_signed_in")


def test_the_routes_named_here_are_all_there_are(app: APIFlask) -> None:
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("lectures."):
            path = re.sub(r"<[a-z_]+>", "{id}", rule.rule.removeprefix("/api/v1"))
            found |= {(method, path) for method in (rule.methods or set()) & {"GET", "POST"}}
    open_ones = {("GET", path.split("?")[0]) for path in FOR_ALL}
    assert found == {*NEEDS_WORKER, *open_ones, ("GET", "/lectures/{id}/materials/{id}")}


# --- looking


def test_a_draft_is_nowhere_and_a_cancelled_one_says_so(phones: Phones) -> None:
    now = phones.clock.at
    draft = phones.inside(
        lambda: making.make(made.plan(now), made.key(), phones.desk, now).public_id
    )
    for address in (f"/lectures/{draft}", f"/lectures/{draft}/calendar.ics"):
        refused(phones.call("GET", address), 404, "not_found")
    body = {"key": made.key()}
    answer = phones.call("POST", f"/lectures/{draft}/bookings", phones.own, body)
    refused(answer, 404, "not_found")
    assert phones.get("/lectures")["items"] == []
    lecture = phones.published()
    phones.inside(lambda: publishing.cancel_lecture(lecture, 2, "讲师生病", phones.desk, now))
    assert phones.get("/lectures")["items"] == []
    (listed,) = phones.get("/lectures/calendar?month=2026-12")["items"]
    assert (listed["id"], listed["state"], listed["can_book"]) == (lecture, "cancelled", False)
    assert phones.get(f"/lectures/{lecture}")["cancel_reason"] == "讲师生病"
    text = phones.call("GET", f"/lectures/{lecture}/calendar.ics").get_data(as_text=True)
    assert "METHOD:CANCEL" in text


def test_the_page_says_what_can_be_done(phones: Phones) -> None:
    lecture = phones.published(seats=2)
    seen = phones.get(f"/lectures/{lecture}", phones.own)
    assert (seen["free"], seen["can_book"], seen["can_wait"], seen["own"]) == (2, True, False, None)
    phones.book(lecture, party=2)
    mine = phones.get(f"/lectures/{lecture}", phones.own)
    assert (mine["free"], mine["can_book"], mine["can_wait"]) == (0, False, False)
    assert mine["own"]["state"] == "booked" and mine["own"]["can_cancel"]
    theirs = phones.get(f"/lectures/{lecture}", phones.other)
    assert (theirs["can_book"], theirs["can_wait"], theirs["own"]) == (False, True, None)
    assert phones.book(lecture, phones.other, may_wait=True)["state"] == "waiting"
    assert phones.get(f"/lectures/{lecture}", phones.other)["own"]["ahead"] == 0


def test_the_way_in_online_is_told_only_to_those_who_booked(phones: Phones) -> None:
    lecture = phones.published(seats=1, place="", online=ONLINE)
    for headers in (None, phones.own):
        seen = phones.get(f"/lectures/{lecture}", headers)
        assert seen["is_online"] and seen["online"] is None
    own = phones.book(lecture)["id"]
    waits = phones.book(lecture, phones.other, may_wait=True)["id"]
    assert phones.get(f"/lectures/{lecture}", phones.own)["online"] == ONLINE
    assert phones.get(f"/bookings/{own}", phones.own)["online"] == ONLINE
    assert phones.get(f"/lectures/{lecture}", phones.other)["online"] is None
    assert phones.get(f"/bookings/{waits}", phones.other)["online"] is None
    phones.post(f"/bookings/{own}/cancel")
    assert phones.get(f"/bookings/{own}", phones.own)["online"] is None
    lists = [phones.get("/lectures"), phones.get("/lectures/calendar?month=2026-12")]
    text = phones.call("GET", f"/lectures/{lecture}/calendar.ics").get_data(as_text=True)
    assert "geheim" not in f"{lists}{text}"


def test_page_after_page_shows_every_lecture_once(
    phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    # two begin at the same moment: the id decides
    ids = [phones.published(in_hours=hours) for hours in (300, 200, 200, 250, 400)]
    monkeypatch.setattr(reading, "PAGE", 2)
    seen: list[str] = []
    path = "/lectures"
    while path:
        page = phones.get(path)
        seen += [item["id"] for item in page["items"]]
        path = f"/lectures?cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen == [ids[1], ids[2], ids[3], ids[0], ids[4]]


def test_page_after_page_shows_every_own_booking_newest_first(
    phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [phones.book(phones.published())["id"] for _ in range(3)]
    phones.book(phones.published(), phones.other)
    monkeypatch.setattr(reading, "PAGE", 2)
    first = phones.get("/bookings", phones.own)
    second = phones.get(f"/bookings?cursor={first['next_cursor']}", phones.own)
    seen = [item["own"]["id"] for item in first["items"] + second["items"]]
    assert seen == own[::-1] and second["next_cursor"] is None


@pytest.mark.parametrize("path", ["/lectures", "/bookings"])
def test_a_cursor_nobody_gave_out_is_refused(
    phones: Phones, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for _ in range(3):
        phones.book(phones.published())
    monkeypatch.setattr(reading, "PAGE", 2)
    cursor = phones.get(path, phones.own)["next_cursor"]
    foreign = phones.get({"/lectures": "/bookings", "/bookings": "/lectures"}[path], phones.own)
    tampered = cursor[:-4] + ("AAAA" if cursor[-4:] != "AAAA" else "BBBB")
    for wrong in ("x", "%00", tampered, cursor[:-1], foreign["next_cursor"]):
        refused(phones.call("GET", f"{path}?cursor={wrong}", phones.own), 400, "bad_cursor")
    answer = phones.call("GET", f"{path}?cursor={'x' * 401}", phones.own)
    assert answer.status_code == 422 and answer.content_type == PROBLEM


@pytest.mark.parametrize(
    "month", ["", "2026-13", "2026-00", "26-12", "2026-12-01", "9999-12", "0000-01"]
)
def test_a_month_that_is_none_is_refused(phones: Phones, month: str) -> None:
    refused(phones.call("GET", f"/lectures/calendar?month={month}"), 422, "bad_input")


@pytest.mark.parametrize("month", ["1950-01", "2100-12"])
def test_the_first_and_the_last_month_are_simply_empty(phones: Phones, month: str) -> None:
    assert phones.get(f"/lectures/calendar?month={month}")["items"] == []


def test_materials_are_for_all_and_gone_ones_are_not_there(phones: Phones) -> None:
    lecture, now = phones.published(), phones.clock.at
    file = phones.inside(
        lambda: materials.add(lecture, "讲义", b"%PDF-1.7\n", phones.desk, now).public_id
    )
    (listed,) = phones.get(f"/lectures/{lecture}")["materials"]
    assert (listed["id"], listed["title"], listed["size_bytes"]) == (file, "讲义", 9)
    answer = phones.call("GET", f"/lectures/{lecture}/materials/{file}")
    assert (answer.data, answer.content_type) == (b"%PDF-1.7\n", "application/pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    elsewhere = f"/lectures/{phones.published()}/materials/{file}"
    refused(phones.call("GET", elsewhere), 404, "not_found")
    phones.inside(lambda: materials.remove(lecture, file, phones.desk, now))
    answer = phones.call("GET", f"/lectures/{lecture}/materials/{file}")
    refused(answer, 404, "not_found")


# --- booking


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "key"),
        ({"key": "A" * 32}, "key"),
        ({"key": "0" * 32, "party": 0}, "party"),
        ({"key": "0" * 32, "party": 61}, "party"),
        ({"key": "0" * 32, "party": 2**40}, "party"),
        ({"key": "0" * 32, "party": "2"}, "party"),
        ({"key": "0" * 32, "party": 1.5}, "party"),
        ({"key": "0" * 32, "party": True}, "party"),
        ({"key": "0" * 32, "may_wait": "yes"}, "may_wait"),
        ({"key": "0" * 32, "name": "长" * 31}, "name"),
        ({"key": "0" * 32, "name": ""}, "name"),
        ({"key": "0" * 32, "name": "何\u202e强"}, "name"),
        ({"key": "0" * 32, "org_name": "长" * 61}, "org_name"),
        ({"key": "0" * 32, "phone": "13800000001"}, "phone"),
    ],
    ids=str,
)
def test_a_booking_with_a_wrong_field_names_it(
    phones: Phones, body: dict[str, Any], field: str
) -> None:
    lecture = phones.published(seats=60)
    answer = phones.call("POST", f"/lectures/{lecture}/bookings", phones.own, body)
    said = refused(answer, 422, "bad_input")
    assert [error["field"] for error in said["errors"]] == [field]
    assert phones.get("/bookings", phones.own)["items"] == []


def test_booking_answers_what_became_of_it(phones: Phones) -> None:
    lecture, key = phones.published(seats=3), made.key()
    path, body = f"/lectures/{lecture}/bookings", {"key": key, "party": 2}
    first = phones.post(path, body)
    assert (first["state"], first["party"], first["is_new"]) == ("booked", 2, True)
    assert phones.post(path, body) == first | {"is_new": False}
    said = refused(
        phones.call("POST", path, phones.own, {"key": made.key()}), 409, "already_booked"
    )
    assert said["booking_id"] == first["id"]
    full = {"key": made.key(), "party": 2}
    said = refused(phones.call("POST", path, phones.other, full), 409, "full")
    assert (said["free"], said["waiting"]) == (1, 0)
    assert phones.post(path, full | {"may_wait": True}, phones.other)["state"] == "waiting"
    nowhere = phones.call("POST", f"/lectures/{'0' * 16}/bookings", phones.own, body)
    refused(nowhere, 404, "not_found")


@pytest.mark.parametrize(("hours", "code"), [(216, "closed"), (240, "over")])
def test_too_late_is_a_conflict(phones: Phones, hours: int, code: str) -> None:
    lecture = phones.published()
    phones.clock.at += HOUR * hours
    answer = phones.call("POST", f"/lectures/{lecture}/bookings", phones.own, {"key": made.key()})
    refused(answer, 409, code)


def test_the_code_is_there_only_while_it_is_booked(phones: Phones) -> None:
    lecture = phones.published(seats=1)
    own = phones.book(lecture)["id"]
    waits = phones.book(lecture, phones.other, may_wait=True)["id"]
    seen = phones.get(f"/bookings/{own}", phones.own)
    assert phones.inside(lambda: codes.booking_of(seen["code"])) == own
    side = len(seen["code_rows"])
    assert {len(row) for row in seen["code_rows"]} == {side} and side >= 21
    assert set("".join(seen["code_rows"])) == {"0", "1"}
    assert phones.get(f"/bookings/{waits}", phones.other)["code"] is None
    phones.post(f"/bookings/{own}/cancel")
    gone = phones.get(f"/bookings/{own}", phones.own)
    assert (gone["code"], gone["code_rows"], gone["own"]["state"]) == (None, None, "cancelled")
    assert phones.get(f"/bookings/{waits}", phones.other)["code"] is None  # only offered
    phones.post(f"/bookings/{waits}/accept", headers=phones.other)
    assert phones.get(f"/bookings/{waits}", phones.other)["code"]
    now = phones.clock.at
    phones.inside(lambda: publishing.cancel_lecture(lecture, 2, "停电", phones.desk, now))
    off = phones.get(f"/bookings/{waits}", phones.other)
    assert (off["code"], off["online"], off["own"]["can_cancel"]) == (None, None, False)
    assert off["notices"][0]["title"] == "讲座取消了"


@pytest.mark.parametrize("deed", ["", "/accept", "/confirm", "/cancel", "/feedback"])
def test_a_booking_of_somebody_else_is_not_there(phones: Phones, deed: str) -> None:
    own = phones.book(phones.published())["id"]
    method, body = ("GET", None) if not deed else ("POST", None)
    if deed == "/feedback":
        body = {"verdict": "useful"}
    for booking in (own, "0" * 16):
        answer = phones.call(method, f"/bookings/{booking}{deed}", phones.other, body)
        refused(answer, 404, "not_found")
    assert phones.get(f"/bookings/{own}", phones.own)["own"]["state"] == "booked"


def test_a_deed_in_a_wrong_state_is_a_conflict_with_words(phones: Phones) -> None:
    lecture = phones.published(seats=1)
    own = phones.book(lecture)["id"]
    waits = phones.book(lecture, phones.other, may_wait=True)["id"]
    answer = phones.call("POST", f"/bookings/{waits}/accept", phones.other)
    assert "还没轮到您" in refused(answer, 409, "wrong_state")["detail"]
    answer = phones.call("POST", f"/bookings/{own}/feedback", phones.own, {"verdict": "useful"})
    refused(answer, 409, "not_over")
    phones.post(f"/bookings/{own}/cancel")
    assert phones.post(f"/bookings/{own}/cancel")["own"]["state"] == "cancelled"
    answer = phones.call("POST", f"/bookings/{own}/confirm", phones.own)
    assert "已经取消" in refused(answer, 409, "wrong_state")["detail"]
    phones.clock.at += HOUR * 24
    answer = phones.call("POST", f"/bookings/{waits}/accept", phones.other)
    refused(answer, 409, "offer_over")


def test_a_draft_that_was_never_published_stays_unknown_when_it_is_cancelled(
    phones: Phones,
) -> None:
    now = phones.clock.at
    row = phones.inside(lambda: making.make(made.plan(now), made.key(), phones.desk, now))
    draft, version = row.public_id, row.version
    reason = "内部：讲师费没批"
    phones.inside(lambda: publishing.cancel_lecture(draft, version, reason, phones.desk, now))
    assert phones.get("/lectures/calendar?month=2026-12")["items"] == []
    for address in (f"/lectures/{draft}", f"/lectures/{draft}/calendar.ics"):
        refused(phones.call("GET", address), 404, "not_found")
    body = {"key": made.key()}
    refused(phones.call("POST", f"/lectures/{draft}/bookings", phones.own, body), 404, "not_found")


def test_cancelling_too_late_and_after_the_start(phones: Phones) -> None:
    lecture = phones.published()
    own = phones.book(lecture)["id"]
    phones.clock.at += HOUR * 214
    refused(phones.call("POST", f"/bookings/{own}/cancel", phones.own), 409, "too_late")
    assert not phones.get(f"/bookings/{own}", phones.own)["own"]["can_cancel"]
    phones.clock.at += HOUR * 26
    for deed in ("cancel", "confirm"):
        refused(phones.call("POST", f"/bookings/{own}/{deed}", phones.own), 409, "over")


def test_a_change_is_confirmed_on_the_phone(phones: Phones) -> None:
    lecture, now = phones.published(), phones.clock.at
    own = phones.book(lecture)["id"]
    plan = made.plan(now, place="少年宫")
    phones.inside(lambda: publishing.change(lecture, 2, plan, "", phones.desk, now))
    assert phones.get(f"/bookings/{own}", phones.own)["own"]["needs_confirming"]
    assert not phones.post(f"/bookings/{own}/confirm")["own"]["needs_confirming"]


def test_saying_how_it_was_over_the_phone(phones: Phones) -> None:
    lecture = phones.published()
    own = phones.book(lecture)["id"]
    phones.clock.at += HOUR * 240
    scan = Scan(made.key(), booking_id=own)
    phones.inside(lambda: door.take_scans(lecture, [scan], phones.desk, phones.clock.at))
    phones.clock.at += HOUR * 2
    assert phones.get(f"/bookings/{own}", phones.own)["own"]["can_say"]
    path = f"/bookings/{own}/feedback"
    for body, field in (
        ({}, "verdict"),
        ({"verdict": "great"}, "verdict"),
        ({"verdict": "useful", "words": "长" * 501}, "words"),
        ({"verdict": "useful", "still_unclear": "\x00"}, "still_unclear"),
        ({"verdict": "useful", "may_be_shown": 1}, "may_be_shown"),
    ):
        said = refused(phones.call("POST", path, phones.own, body), 422, "bad_input")
        assert [error["field"] for error in said["errors"]] == [field]
    body = {"verdict": "useful", "words": "讲得明白", "may_be_shown": True}
    assert not phones.post(path, body)["own"]["can_say"]
    refused(phones.call("POST", path, phones.own, body), 409, "already_said")
    assert phones.get(f"/lectures/{lecture}")["listeners_said"] == []
    phones.inside(lambda: show_all(phones))
    assert phones.get(f"/lectures/{lecture}")["listeners_said"] == ["讲得明白"]


def show_all(phones: Phones) -> None:
    """Staff let others read everything that may be read."""
    for row in LectureFeedback.query.all():
        after.show(row.public_id, True, phones.desk, phones.clock.at)


def test_the_place_in_line_is_told(phones: Phones) -> None:
    lecture = phones.published(seats=1)
    phones.inside(lambda: made.book(row_of(lecture), made.worker(9)))
    phones.book(lecture, may_wait=True)
    behind = phones.book(lecture, phones.other, may_wait=True)["id"]
    seen = phones.get(f"/bookings/{behind}", phones.other)["own"]
    assert (seen["state"], seen["ahead"], seen["can_cancel"]) == ("waiting", 1, True)
    (listed,) = phones.get("/bookings", phones.other)["items"]
    assert listed["own"]["ahead"] == 1 and listed["lecture"]["waiting"] == 2


def row_of(public_id: str) -> Lecture:
    """The row of a lecture."""
    found: Lecture = Lecture.query.filter_by(public_id=public_id).one()
    return found
