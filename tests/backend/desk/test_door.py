"""The door's page, its list and the scans it takes: who may, and what is refused how."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.audit.models import AuditEvent
from backend.core.db import db
from backend.desk import door as door_page
from backend.lectures.models import DoorScan
from backend.lectures.service import booking, codes, making
from tests.clock import HeldClock
from tests.factories import lectures as made
from tests.factories.identity import AtDesk

JSON = {"Accept": "application/json"}


@pytest.fixture
def organiser(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """A browser of whoever makes lectures."""
    return sign_in_staff("organiser", name="苏敏仪")


@pytest.fixture
def address(app: APIFlask, organiser: AtDesk, clock: HeldClock) -> str:
    """The door of a lecture with one group of three on its list."""
    with app.app_context():
        lecture = made.published(organiser.actor)
        wish = booking.Wish(3, made.key(), name="陈国明", org_name="驿站", phone="13800001234")
        booking.book(lecture.public_id, wish, organiser.actor, clock.now())
        return f"/desk/lectures/{lecture.public_id}/door"


def send(desk: AtDesk, address: str, *scans: dict[str, Any], **headers: str) -> Any:
    """Send scans as the page does."""
    return desk.client.post(
        f"{address}/scans",
        json={"scans": list(scans)},
        headers=JSON | {"X-CSRF-Token": desk.csrf} | headers,
    )


def listed(desk: AtDesk, address: str) -> dict[str, Any]:
    """The list as the phone gets it."""
    answer = desk.client.get(f"{address}/list", headers=JSON)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.get_json()
    return document


def kept(app: APIFlask) -> int:
    """How many scans are in the database."""
    with app.app_context():
        return db.session.query(DoorScan).count()


def test_the_page_names_nobody_and_alone_may_use_the_camera(
    organiser: AtDesk, address: str
) -> None:
    page = organiser.client.get(address)
    assert page.status_code == 200 and "到场签到" in page.text and "被拖欠工资怎么办" in page.text
    for secret in ("陈", "1234", "苏敏仪", organiser.csrf):
        assert secret not in page.text.replace(address, "")
    assert page.headers["Permissions-Policy"] == "camera=(self), microphone=()"
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    other = organiser.client.get("/desk/help")
    assert other.headers["Permissions-Policy"] == "camera=(), microphone=()"


def test_the_list_is_masked_carries_the_token_and_is_recorded(
    app: APIFlask, organiser: AtDesk, address: str
) -> None:
    document = listed(organiser, address)
    (row,) = document["expected"]
    assert (row["name"], row["phone_tail"], row["party"]) == ("陈*明", "1234", 3)
    assert set(row) == {
        *("booking_id", "number", "name", "org_name", "phone_tail"),
        *("party", "attended", "attended_at", "code_hash"),
    }
    assert document["csrf"] == organiser.csrf
    assert document["lecture"]["is_open"] is True
    with app.app_context():
        assert AuditEvent.query.filter_by(act="door_list_read").count() == 1


def test_scans_are_taken_in_order_with_a_result_each(
    app: APIFlask, organiser: AtDesk, address: str
) -> None:
    (row,) = listed(organiser, address)["expected"]
    code = None
    with app.app_context():
        code = codes.code_of(row["booking_id"])
    answer = send(
        organiser,
        address,
        {"key": "a" * 32, "code": code, "age_s": 12.5},
        {"key": "b" * 32, "booking_id": row["booking_id"], "people": 2},
        {"key": "c" * 32, "people": 4, "age_s": 0},
    )
    assert answer.status_code == 200
    document = answer.get_json()
    assert [r["title"] for r in document["results"]] == ["到了 3 人", "到了 2 人", "没预约 4 人"]
    assert [(c["booking_id"], c["attended"]) for c in document["came"]] == [(row["booking_id"], 2)]
    assert document["lecture"]["walk_ins"] == 4
    assert "name" not in json.dumps(document)


def test_the_same_scans_sent_again_are_harmless(
    app: APIFlask, organiser: AtDesk, address: str
) -> None:
    scan = {"key": "a" * 32, "people": 2}
    first = send(organiser, address, scan).get_json()
    assert send(organiser, address, scan).get_json() == first
    assert kept(app) == 1


def test_no_scans_tell_what_other_phones_did_and_record_nothing(
    app: APIFlask, organiser: AtDesk, address: str
) -> None:
    assert send(organiser, address).get_json()["results"] == []
    assert kept(app) == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"key": "short", "people": 1},
        {"people": 1},
        {"key": "b" * 32, "people": 1.5},
        {"key": "b" * 32, "people": True},
        {"key": "b" * 32, "people": 5000},
        {"key": "b" * 32, "code": "nothing of ours"},
        {"key": "b" * 32, "code": "XH1" + "\x00" * 32},
        {"key": "b" * 32, "booking_id": "../../../../etc/"},
        {"key": "b" * 32, "age_s": -1},
        {"key": "b" * 32, "people": 1, "extra": 1},
    ],
)
def test_one_scan_that_cannot_be_read_stops_none_of_the_others(
    app: APIFlask, organiser: AtDesk, address: str, bad: dict[str, Any]
) -> None:
    scans = [{"key": "a" * 32, "people": 1}, bad, {"key": "c" * 32, "people": 1}]
    results = send(organiser, address, *scans).get_json()["results"]
    assert [r["result"] for r in results] == ["walk_in", "refused", "walk_in"]
    assert results[1]["words"] == "这一条读不出来，没有记。请重新扫一次，或者打编号。"
    assert kept(app) == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"scans": 1}', b'{"scans": [1]}', b'{"scans": [], "x": 1}', b"\xff{"],
)
def test_a_body_that_is_no_batch_is_refused_in_words(
    app: APIFlask, organiser: AtDesk, address: str, body: bytes
) -> None:
    answer = organiser.client.post(
        f"{address}/scans",
        data=body,
        content_type="application/json",
        headers=JSON | {"X-CSRF-Token": organiser.csrf},
    )
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"].startswith("这一批没有收下")


def test_more_than_five_hundred_at_once_are_refused_whole(
    app: APIFlask, organiser: AtDesk, address: str
) -> None:
    scans = [{"key": f"{number:032x}", "people": 1} for number in range(501)]
    assert send(organiser, address, *scans).status_code == 422
    assert kept(app) == 0


def test_a_body_too_large_is_not_read(organiser: AtDesk, address: str) -> None:
    scan = {"key": "a" * 32, "code": "x" * door_page.BODY_LIMIT}
    answer = send(organiser, address, scan)
    assert answer.status_code == 413 and answer.get_json()["code"] == "too_large"


def test_what_is_no_json_is_refused(organiser: AtDesk, address: str) -> None:
    headers = JSON | {"X-CSRF-Token": organiser.csrf}
    answer = organiser.client.post(f"{address}/scans", data={"scans": "[]"}, headers=headers)
    assert answer.status_code == 415


def test_scans_without_our_token_change_nothing(
    app: APIFlask, organiser: AtDesk, address: str
) -> None:
    for token in ("", "0" * 64):
        answer = send(organiser, address, {"key": "a" * 32, "people": 1}, **{"X-CSRF-Token": token})
        assert answer.status_code == 403 and answer.get_json()["code"] == "csrf"
    assert kept(app) == 0


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_nothing_is_taken(
    app: APIFlask, client: FlaskClient, address: str
) -> None:
    page = client.get(address)
    assert page.status_code == 303 and page.location == f"/desk/sign-in?next={address}"
    assert client.get(f"{address}/list", headers=JSON).status_code == 303
    answer = client.post(f"{address}/scans", json={"scans": [{"key": "a" * 32, "people": 1}]})
    assert answer.status_code == 303
    assert client.get("/desk/lectures/door-worker.js").status_code == 303
    assert kept(app) == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [("clerk", 200), ("unit_head", 200), ("head", 200), ("inspector", 403), ("answerer", 403)],
)
def test_the_roles_of_the_door_and_no_others(
    app: APIFlask, sign_in_staff: Callable[..., AtDesk], address: str, role: str, status: int
) -> None:
    desk = sign_in_staff(role)
    assert desk.client.get(address).status_code == status
    assert desk.client.get(f"{address}/list", headers=JSON).status_code == status
    assert send(desk, address, {"key": "a" * 32, "people": 1}).status_code == status
    assert desk.client.get("/desk/lectures/door-worker.js").status_code == status
    assert kept(app) == (1 if status == 200 else 0)


def test_a_refusal_is_a_page_for_people_and_a_document_for_our_script(
    sign_in_staff: Callable[..., AtDesk], address: str
) -> None:
    desk = sign_in_staff("inspector")
    assert desk.client.get(address).mimetype == "text/html"
    refused = desk.client.get(f"{address}/list", headers=JSON)
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["status"] == 403


def test_a_lecture_that_is_not_there_is_not_found(organiser: AtDesk, address: str) -> None:
    nowhere = f"/desk/lectures/{'0' * 16}/door"
    assert organiser.client.get(nowhere).status_code == 404
    assert organiser.client.get(f"{nowhere}/list", headers=JSON).get_json()["status"] == 404
    assert send(organiser, nowhere, {"key": "a" * 32, "people": 1}).status_code == 404


def test_a_draft_is_shown_as_shut_and_takes_nobody(
    app: APIFlask, organiser: AtDesk, clock: HeldClock
) -> None:
    with app.app_context():
        draft = making.make(made.plan(clock.now()), made.key(), organiser.actor, clock.now())
        address = f"/desk/lectures/{draft.public_id}/door"
    assert listed(organiser, address)["lecture"]["is_open"] is False
    results = send(organiser, address, {"key": "a" * 32, "people": 1}).get_json()["results"]
    assert results[0]["result"] == "closed"
    assert kept(app) == 0


def test_the_worker_may_answer_for_lectures_only_and_every_file_it_keeps_is_there(
    organiser: AtDesk, address: str
) -> None:
    worker = organiser.client.get("/desk/lectures/door-worker.js")
    assert worker.status_code == 200 and worker.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in worker.headers
    for name in door_page.MODULES:
        with organiser.client.get(f"/desk/static/{name}") as answer:
            assert answer.status_code == 200, name


def test_the_sign_in_page_takes_lists_off_the_phone(client: FlaskClient) -> None:
    assert "door/clear.js" in client.get("/desk/sign-in").text
