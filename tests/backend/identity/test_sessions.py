"""Sessions: seen and ended by their owner only, ended by time, and one case's own keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend.core.db import db
from backend.core.errors import NotFound
from backend.identity import service
from backend.identity.models import Session
from tests.clock import HeldClock
from tests.factories.identity import bearer

ME = "/api/v1/me"
SignIn = Callable[..., dict[str, str]]


def case_headers(client: FlaskClient, clock: HeldClock, case_id: int = 7) -> dict[str, str]:
    with client.application.app_context():
        return bearer(service.open_case_session(case_id, clock.at))


def session_ids(client: FlaskClient, headers: dict[str, str]) -> list[str]:
    return [row["id"] for row in client.get(ME, headers=headers).json["sessions"]]


def test_both_devices_are_listed_and_one_ends_the_other(
    client: FlaskClient, sign_in_worker: SignIn
) -> None:
    old, new = sign_in_worker(client), sign_in_worker(client)
    listed = client.get(ME, headers=new).json["sessions"]
    assert [row["is_current"] for row in listed] == [True, False]
    assert client.delete(f"{ME}/sessions/{listed[1]['id']}", headers=new).status_code == 204
    assert client.get(ME, headers=old).status_code == 401
    assert client.get(ME, headers=new).status_code == 200


def test_signing_out_ends_this_session_at_once(client: FlaskClient, sign_in_worker: SignIn) -> None:
    headers = sign_in_worker(client)
    answer = client.delete(f"{ME}/sessions/current", headers=headers)
    assert (answer.status_code, answer.data) == (204, b"")
    after = client.get(ME, headers=headers)
    assert after.status_code == 401
    assert after.json["detail"] == "登录过期了，请再登录一次。填的都还在。"


def test_somebody_elses_session_is_not_there(client: FlaskClient, sign_in_worker: SignIn) -> None:
    mine, theirs = sign_in_worker(client), sign_in_worker(client, "13900000000")
    (their_id,) = session_ids(client, theirs)
    assert client.delete(f"{ME}/sessions/{their_id}", headers=mine).status_code == 404
    assert client.get(ME, headers=theirs).status_code == 200


@pytest.mark.parametrize("session_id", ["unknown", "%00", "𠮷", "x" * 500])
def test_a_session_that_never_was_is_not_there(
    client: FlaskClient, sign_in_worker: SignIn, session_id: str
) -> None:
    answer = client.delete(f"{ME}/sessions/{session_id}", headers=sign_in_worker(client))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer unknown"},
        {"Authorization": "Basic dTpw"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Bearer 中文".encode().decode("latin-1")},
    ],
)
def test_without_a_live_token_the_answer_is_401(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    for answer in (
        client.get(ME, headers=headers),
        client.delete(f"{ME}/sessions/current", headers=headers),
    ):
        assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")
        assert answer.content_type == "application/problem+json"


def test_a_worker_session_ends_after_ninety_days(
    client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    headers = sign_in_worker(client)
    clock.advance(days=90, seconds=-1)
    assert client.get(ME, headers=headers).status_code == 200
    clock.advance(seconds=1)
    assert client.get(ME, headers=headers).status_code == 401


def test_the_time_last_seen_is_written_at_most_hourly(
    client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    headers = sign_in_worker(client)

    def last_seen() -> str:
        seen: str = client.get(ME, headers=headers).json["sessions"][0]["last_seen_at"]
        return seen

    clock.advance(minutes=59)
    assert last_seen() == "2026-11-23T02:00:00Z"
    clock.advance(minutes=1)
    assert last_seen() == "2026-11-23T03:00:00Z"


def test_a_case_token_is_no_account(client: FlaskClient, clock: HeldClock) -> None:
    headers = case_headers(client, clock)
    answer = client.get(ME, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "case_token")
    assert client.delete(f"{ME}/sessions/current", headers=headers).status_code == 204
    assert client.get(ME, headers=headers).status_code == 401


def test_a_case_token_cannot_end_another_key_to_the_same_case(
    client: FlaskClient, clock: HeldClock
) -> None:
    mine, other = case_headers(client, clock), case_headers(client, clock)
    with client.application.app_context():
        other_id = db.session.scalars(sa.select(Session.public_id).order_by(Session.id)).all()[1]
    assert client.delete(f"{ME}/sessions/{other_id}", headers=mine).status_code == 404
    assert client.get(ME, headers=other).status_code == 403


def test_a_case_session_notes_no_device_and_no_later_visit(
    client: FlaskClient, clock: HeldClock
) -> None:
    headers = case_headers(client, clock)
    opened_at = clock.at
    clock.advance(days=2)
    client.get(ME, headers=headers)
    with client.application.app_context():
        row = db.session.scalars(sa.select(Session)).one()
        assert (row.device, row.last_seen_at, row.worker_id) == ("", opened_at, None)


def test_a_desk_token_opens_nothing_at_the_workers_door(
    client: FlaskClient, sign_in_staff: Callable[..., object]
) -> None:
    desk = sign_in_staff("inspector")
    cookie = desk.client.get_cookie("xinhu_desk", path="/desk")  # type: ignore[attr-defined]
    assert client.get(ME, headers=bearer(cookie.value)).status_code == 401


def test_tokens_are_stored_hashed(client: FlaskClient, sign_in_worker: SignIn) -> None:
    token = sign_in_worker(client)["Authorization"].removeprefix("Bearer ")
    with client.application.app_context():
        assert token not in repr(db.session.execute(sa.text("SELECT * FROM sessions")).all())


@pytest.mark.parametrize("subjects", [{}, {"worker_id": 1, "case_id": 1}])
@pytest.mark.usefixtures("in_app")
def test_the_database_refuses_a_session_of_nobody_or_of_two(
    clock: HeldClock, subjects: dict[str, int]
) -> None:
    row = Session(
        token_hash="x",
        device="",
        created_at=clock.at,
        last_seen_at=clock.at,
        expires_at=clock.at,
        **subjects,
    )
    db.session.add(row)
    with pytest.raises(sa.exc.IntegrityError, match="one_subject"):
        db.session.flush()
    db.session.rollback()


def test_sessions_long_ended_are_forgotten(
    client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    sign_in_worker(client)
    with client.application.app_context():
        assert service.forget_ended(clock.advance(days=119)) == 0
        assert service.forget_ended(clock.advance(days=2)) == 1


@pytest.mark.usefixtures("in_app")
def test_revoking_twice_says_it_is_gone(clock: HeldClock) -> None:
    actor = service.worker_actor(service.open_case_session(3, clock.at), clock.at)
    assert actor is not None
    service.revoke("current", actor, clock.at)
    with pytest.raises(NotFound):
        service.revoke("current", actor, clock.at)
