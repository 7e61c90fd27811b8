"""A worker with a complaint, evidence, an appointment, a talk and a lecture, made over HTTP."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.core import clock
from backend.law.days import shanghai_today
from backend.lectures.service import materials
from tests.api.filings import complaint, new_key
from tests.factories import lectures
from tests.factories.chat import WAGES, Phone, question_of
from tests.factories.identity import sign_in_worker
from tests.files.samples import picture


@dataclass(frozen=True, slots=True)
class OwnCase:
    """The worker's headers, their own ids by the names path parameters have, and their talk."""

    headers: dict[str, str]
    ids: dict[str, str | int]
    talk: str


def open_own_case(app: APIFlask) -> OwnCase:
    """File, upload, write, book and order as one worker."""
    client = app.test_client()
    headers = sign_in_worker(client)
    filing = complaint(shanghai_today(clock.now()))
    key = {"Idempotency-Key": new_key()}
    receipt = _made(client.post("/api/v1/complaints", json=filing, headers=headers | key))
    case = f"/api/v1/complaints/{receipt['id']}"
    words = {"text": "请问到哪一步了？", "key": new_key()}
    _made(client.post(f"{case}/messages", json=words, headers=headers))
    slot = client.get(f"{case}/appointment-slots", headers=headers).get_json()["items"][0]
    booking = {"on_date": slot["on_date"], "period": slot["period"], "how": "visit"}
    appointment = _made(client.post(f"{case}/appointments", json=booking, headers=headers))
    talk = Phone(client, headers)
    _asked, answer = talk.ask(question_of(WAGES))
    ids = {
        "case_id": receipt["id"],
        "evidence_id": _upload(client, case, headers),
        "appointment_id": appointment["id"],
        "code": receipt["receipt_code"],
        "key": "gd_supervision_39_2",
        "entry_id": WAGES,
        "turn_id": answer["id"],
        **_lecture(app, client, headers),
    }
    return OwnCase(headers, ids, talk.key)


def _lecture(app: APIFlask, client: FlaskClient, headers: dict[str, str]) -> dict[str, str]:
    """Book a lecture that has something to take home, and order another one."""
    with app.app_context():
        desk, now = lectures.organiser(), clock.now()
        lecture = str(lectures.published(desk).public_id)
        paper = str(materials.add(lecture, "讲义", b"%PDF-1.7\n", desk, now).public_id)
        wanted = lectures.wanted(now)
    path = f"/api/v1/lectures/{lecture}/bookings"
    booked = _made(client.post(path, json={"key": new_key()}, headers=headers))
    order = {name: getattr(wanted, name) for name in wanted.__slots__}
    ordered = _made(client.post("/api/v1/lecture-orders", json=order, headers=headers))
    return {
        "lecture_id": lecture,
        "material_id": paper,
        "booking_id": booked["id"],
        "order_id": ordered["id"],
    }


def _upload(client: FlaskClient, case: str, headers: dict[str, str]) -> str:
    """Announce a picture and send half of it, so that there is something left to send."""
    data = picture()
    announced = {
        "name": "工资条.jpg",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "key": new_key(),
    }
    evidence = _made(client.post(f"{case}/evidence", json=announced, headers=headers))
    return str(evidence["id"])


def _made(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 201, response.get_data(as_text=True)
    return dict(response.get_json())
