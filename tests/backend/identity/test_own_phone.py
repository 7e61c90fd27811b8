"""A telephone proved through WeChat: stored encrypted, nobody else's, and an honest refusal."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend.audit.record import events
from backend.core import crypto
from backend.core.db import db
from backend.demo.wechat_server import Trouble
from backend.identity.models import Worker
from backend.settings import Settings
from tests.factories import identity as people
from tests.fakes.wechat import FakeWeChat, fake_wechat

PROVE, PHONE = "/api/v1/me/phone-by-code", "13812345678"


@pytest.fixture
def wechat(with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    with fake_wechat() as fake:
        with_settings(**fake.mini_program)
        fake.openids = {"code-1": "openid-of-chen"}
        fake.mini.phones = {"phone-1": PHONE, "phone-2": "13987654321"}
        yield fake


@pytest.fixture
def headers(client: FlaskClient, wechat: FakeWeChat) -> dict[str, str]:
    """Somebody who signed in through WeChat, without a telephone."""
    answer = client.post("/api/v1/sign-in/wechat", json={"code": "code-1"})
    return people.bearer(answer.json["token"])


def test_the_telephone_is_proved_and_unreadable_in_the_database(
    client: FlaskClient, headers: dict[str, str], log_text: io.StringIO
) -> None:
    answer = client.post(PROVE, json={"code": "phone-1"}, headers=headers)
    assert (answer.status_code, answer.json) == (
        200, {"phone_masked": "138****5678", "is_phone_verified": True},
    )  # fmt: skip
    assert client.get("/api/v1/me", headers=headers).json["phone_masked"] == "138****5678"
    with client.application.app_context():
        worker = db.session.scalars(sa.select(Worker)).one()
        assert worker.phone == PHONE and worker.phone_verified_at is not None
        assert PHONE not in repr(db.session.execute(sa.text("SELECT * FROM workers")).all())
        (event,) = [one for one in events(f"worker:{worker.id}") if one.act == "phone_proved"]
        assert event.detail == {"way": "wechat", "replaced": False}
    assert PHONE not in log_text.getvalue()


def test_another_telephone_replaces_the_first(client: FlaskClient, headers: dict[str, str]) -> None:
    for code in ("phone-1", "phone-2"):
        assert client.post(PROVE, json={"code": code}, headers=headers).status_code == 200
    with client.application.app_context():
        worker = db.session.scalars(sa.select(Worker)).one()
        assert worker.phone_index == crypto.blind_index("phone", "13987654321")


def test_another_workers_telephone_is_a_conflict_and_changes_nothing(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    theirs = people.sign_in_worker(client, PHONE)
    answer = client.post(PROVE, json={"code": "phone-1"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (409, "phone_taken")
    assert "12333" in answer.json["detail"]
    assert client.get("/api/v1/me", headers=headers).json["phone_masked"] is None
    assert client.get("/api/v1/me", headers=theirs).json["phone_masked"] == "138****5678"


def test_the_same_telephone_again_is_fine(
    client: FlaskClient, headers: dict[str, str], wechat: FakeWeChat
) -> None:
    for _ in range(2):
        wechat.mini.phones["phone-1"] = PHONE
        assert client.post(PROVE, json={"code": "phone-1"}, headers=headers).status_code == 200


def test_a_code_used_before_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post(PROVE, json={"code": "phone-1"}, headers=headers).status_code == 200
    again = client.post(PROVE, json={"code": "phone-1"}, headers=headers)
    assert (again.status_code, again.json["code"]) == (422, "wechat_refused")
    assert "请再点一次" in again.json["detail"]


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.GARBAGE, Trouble.TOKEN_REFUSED])
def test_when_wechat_is_down_a_complaint_need_not_wait(
    client: FlaskClient, headers: dict[str, str], wechat: FakeWeChat, trouble: Trouble
) -> None:
    wechat.core.trouble = trouble
    answer = client.post(PROVE, json={"code": "phone-1"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (503, "wechat_unavailable")
    assert "投诉不用等" in answer.json["detail"]


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "x" * 129}, {"code": 5}])
def test_a_wrong_body_is_told_so(
    client: FlaskClient, headers: dict[str, str], body: dict[str, object]
) -> None:
    assert client.post(PROVE, json=body, headers=headers).status_code == 422


def test_only_a_signed_in_worker_has_a_telephone_to_prove(
    client: FlaskClient, wechat: FakeWeChat
) -> None:
    assert client.post(PROVE, json={"code": "phone-1"}).status_code == 401
    assert wechat.seen == []
