"""Signing in by telephone: codes, their limits, and everything people type instead."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend.audit.models import AuditEvent
from backend.core import clock as core_clock
from backend.core.db import db
from backend.core.errors import BadInput
from backend.identity import service
from backend.identity.models import SmsCode, Worker
from backend.identity.service import sms_codes, workers
from backend.settings import Settings
from tests.clock import HeldClock
from tests.fakes.http import Answer, FakeServer, serving

PHONE = "13812345678"
CODES = "/api/v1/sign-in/sms-codes"
SIGN_IN = "/api/v1/sign-in/phone"


@pytest.fixture
def gateway(with_settings: Callable[..., Settings]) -> Iterator[FakeServer]:
    with serving(lambda _call: Answer(200)) as fake:
        with_settings(sms_url=fake.url + "/send", sms_secret="shared secret")
        yield fake


def sent_code(gateway: FakeServer) -> str:
    text = json.loads(gateway.calls[-1].body)["text"]
    return "".join(c for c in text.split("，")[0] if c.isdigit())


def ask(client: FlaskClient, gateway: FakeServer, phone: str = PHONE) -> str:
    assert client.post(CODES, json={"phone": phone}).status_code == 202
    return sent_code(gateway)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_from_the_sms_signs_in(client: FlaskClient, gateway: FakeServer) -> None:
    answer = client.post(CODES, json={"phone": PHONE})
    assert answer.json == {"expires_in_s": 600, "resend_after_s": 60, "demo_code": None}
    done = client.post(SIGN_IN, json={"phone": PHONE, "code": sent_code(gateway)})
    assert done.status_code == 200
    assert done.json["worker"] == {"phone_masked": "138****5678", "is_phone_verified": True}
    assert done.json["expires_at"] == "2027-02-21T02:00:00Z"
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {done.json['token']}"})
    assert me.json["phone_masked"] == "138****5678"


@pytest.mark.parametrize("typed", ["138 1234 5678", "+86 138-1234-5678", "１３８１２３４５６７８"])
def test_a_phone_as_people_type_it_is_the_same_account(
    client: FlaskClient, gateway: FakeServer, typed: str
) -> None:
    code = ask(client, gateway, typed)
    assert json.loads(gateway.calls[0].body)["phone"] == PHONE
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 200


@pytest.mark.parametrize(
    "phone",
    ["", "123", "138123456789", "138\x001234567", "0750-3861234", "1٣812345678", 138, None, [1]],
)
def test_what_is_no_mobile_number_names_the_field(
    client: FlaskClient, gateway: FakeServer, phone: object
) -> None:
    answer = client.post(CODES, json={"phone": phone})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["phone"]
    assert gateway.calls == []


def test_nothing_personal_is_stored_in_clear(
    client: FlaskClient, gateway: FakeServer, app: object
) -> None:
    code = ask(client, gateway)
    client.post(SIGN_IN, json={"phone": PHONE, "code": code})
    with client.application.app_context():
        for table in ("workers", "sms_codes", "sessions", "audit_events", "rate_counters"):
            for row in db.session.execute(sa.text(f"SELECT * FROM {table}")):
                assert PHONE not in repr(row) and code not in repr(row)


def test_two_sign_ins_are_one_worker_with_an_unbroken_record(
    client: FlaskClient, gateway: FakeServer, clock: HeldClock
) -> None:
    for _ in range(2):
        code = ask(client, gateway)
        assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 200
        clock.advance(minutes=2)
    with client.application.app_context():
        worker = db.session.scalars(sa.select(Worker)).one()
        acts = db.session.execute(sa.select(AuditEvent.chain, AuditEvent.seq, AuditEvent.act))
        chain = f"worker:{worker.id}"
        assert [tuple(row) for row in acts] == [(chain, 1, "sign_in"), (chain, 2, "sign_in")]


def test_a_code_works_once(client: FlaskClient, gateway: FakeServer) -> None:
    code = ask(client, gateway)
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 200
    again = client.post(SIGN_IN, json={"phone": PHONE, "code": code})
    assert (again.status_code, again.json["code"]) == (422, "wrong_code")


def test_the_right_code_after_five_wrong_ones_is_too_late(
    client: FlaskClient, gateway: FakeServer
) -> None:
    code = ask(client, gateway)
    for _ in range(5):
        answer = client.post(SIGN_IN, json={"phone": PHONE, "code": wrong(code)})
        assert (answer.status_code, answer.json["code"]) == (422, "wrong_code")
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 422


def test_the_fifth_try_may_be_the_right_one(client: FlaskClient, gateway: FakeServer) -> None:
    code = ask(client, gateway)
    for _ in range(4):
        client.post(SIGN_IN, json={"phone": PHONE, "code": wrong(code)})
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 200


def test_a_wrong_try_stays_counted_when_the_request_fails_later(
    client: FlaskClient, gateway: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ask(client, gateway)
    with monkeypatch.context() as broken:
        broken.setattr("backend.identity.service.workers.open_for_phone", lambda *_: 1 / 0)
        assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 500
    with client.application.app_context():
        row = db.session.scalars(sa.select(SmsCode)).one()
        assert (row.tries_left, row.used_at) == (4, None)


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 422)])
def test_a_code_lives_ten_minutes(
    client: FlaskClient, gateway: FakeServer, clock: HeldClock, seconds: int, status: int
) -> None:
    code = ask(client, gateway)
    clock.advance(seconds=seconds)
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == status


def test_somebody_elses_code_does_not_open_my_account(
    client: FlaskClient, gateway: FakeServer
) -> None:
    code = ask(client, gateway, "13900000000")
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 422


def test_only_the_newest_code_counts(
    client: FlaskClient, gateway: FakeServer, clock: HeldClock
) -> None:
    old = ask(client, gateway)
    clock.advance(seconds=61)
    new = ask(client, gateway)
    if old != new:
        assert client.post(SIGN_IN, json={"phone": PHONE, "code": old}).status_code == 422
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": new}).status_code == 200


def test_one_code_a_minute_five_an_hour_ten_a_day(
    client: FlaskClient, gateway: FakeServer, clock: HeldClock
) -> None:
    ask(client, gateway)
    clock.advance(seconds=59)
    soon = client.post(CODES, json={"phone": PHONE})
    assert (soon.status_code, soon.headers["Retry-After"]) == (429, "1")
    clock.advance(minutes=-1, seconds=1)
    for _ in range(4):
        clock.advance(minutes=2)
        ask(client, gateway)
    clock.advance(minutes=2)
    assert client.post(CODES, json={"phone": PHONE}).status_code == 429
    ask(client, gateway, "13900000000")
    clock.advance(hours=1)
    for _ in range(5):
        clock.advance(minutes=2)
        ask(client, gateway)
    clock.advance(hours=2)
    assert client.post(CODES, json={"phone": PHONE}).status_code == 429
    clock.advance(hours=22)
    ask(client, gateway)


def test_the_gateway_can_tell_that_it_was_us(client: FlaskClient, gateway: FakeServer) -> None:
    ask(client, gateway)
    call = gateway.calls[0]
    expected = hmac.new(b"shared secret", call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Signature"] == expected


def test_without_a_gateway_the_answer_is_503_and_no_try_is_spent(client: FlaskClient) -> None:
    for _ in range(3):
        answer = client.post(CODES, json={"phone": PHONE})
        assert (answer.status_code, answer.json["code"]) == (503, "sms_unavailable")
        assert "可以先提交" in answer.json["detail"]


def test_a_gateway_that_refuses_is_503(client: FlaskClient, gateway: FakeServer) -> None:
    gateway.answer = lambda _call: Answer(500)
    answer = client.post(CODES, json={"phone": PHONE})
    assert (answer.status_code, answer.json["code"]) == (503, "sms_unavailable")


def test_a_gateway_that_hangs_holds_no_lock(
    client: FlaskClient, gateway: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.core.sms.TIMEOUT_S", 0.3)
    written: list[int] = []

    def answer(_call: object) -> Answer:
        with client.application.app_context():
            codes = db.session.scalar(sa.select(sa.func.count()).select_from(SmsCode))
            service.forget_ended(core_clock.now())  # takes the write lock
            written.append(codes or 0)
        return Answer(hang=True)

    gateway.answer = answer
    assert client.post(CODES, json={"phone": PHONE}).status_code == 503
    assert written == [1]


@pytest.mark.parametrize("settings", ["demo"], indirect=True)
def test_demo_mode_shows_the_code(client: FlaskClient) -> None:
    code = client.post(CODES, json={"phone": PHONE}).json["demo_code"]
    assert client.post(SIGN_IN, json={"phone": PHONE, "code": code}).status_code == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６", 123456, None])
def test_what_is_no_code_names_the_field(client: FlaskClient, code: object) -> None:
    answer = client.post(SIGN_IN, json={"phone": PHONE, "code": code})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["code"]


def test_signing_in_is_possible_with_a_session_that_has_ended(
    client: FlaskClient, gateway: FakeServer
) -> None:
    code = ask(client, gateway)
    ended = {"Authorization": "Bearer ended"}
    answer = client.post(SIGN_IN, json={"phone": PHONE, "code": code}, headers=ended)
    assert answer.status_code == 200


def test_expired_codes_are_forgotten(
    client: FlaskClient, gateway: FakeServer, clock: HeldClock
) -> None:
    ask(client, gateway)
    with client.application.app_context():
        assert service.forget_old_codes(clock.advance(minutes=5)) == 0
        assert service.forget_old_codes(clock.advance(minutes=6)) == 1


def test_a_code_used_by_two_requests_at_once_opens_one_session(
    client: FlaskClient, gateway: FakeServer, clock: HeldClock
) -> None:
    code = ask(client, gateway)
    with client.application.app_context():
        first = sms_codes.check(PHONE, code, clock.at)
        second = sms_codes.check(PHONE, code, clock.at)
        workers._sign_in_with_code(first, PHONE, "", clock.at)
        with pytest.raises(BadInput):
            workers._sign_in_with_code(second, PHONE, "", clock.at)
