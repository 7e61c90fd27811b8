"""Signing in through WeChat, and what happens when WeChat does not answer properly."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend.core.db import db
from backend.identity.models import Worker
from backend.settings import Settings
from tests.fakes.http import Answer
from tests.fakes.wechat import APP_ID, APP_SECRET, FakeWeChat, errcode, fake_wechat

SIGN_IN = "/api/v1/sign-in/wechat"


@pytest.fixture
def wechat(with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    with fake_wechat() as fake:
        with_settings(wechat_app_id=APP_ID, wechat_app_secret=APP_SECRET, wechat_api_base=fake.url)
        yield fake


def test_the_same_person_is_the_same_worker_and_the_openid_is_encrypted(
    client: FlaskClient, wechat: FakeWeChat
) -> None:
    wechat.openids = {"code-1": "openid-of-chen", "code-2": "openid-of-chen"}
    headers = {"X-Client": "mini"}
    for code in ("code-1", "code-2"):
        answer = client.post(SIGN_IN, json={"code": code}, headers=headers)
        assert answer.status_code == 200
        assert answer.json["worker"] == {"phone_masked": None, "is_phone_verified": False}
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {answer.json['token']}"})
    assert [s["device"] for s in me.json["sessions"]] == ["微信小程序", "微信小程序"]
    with client.application.app_context():
        assert db.session.scalars(sa.select(Worker)).one().openid == "openid-of-chen"
        rows = db.session.execute(sa.text("SELECT * FROM workers")).all()
        assert "openid-of-chen" not in repr(rows)


def test_a_code_used_before_is_refused(client: FlaskClient, wechat: FakeWeChat) -> None:
    wechat.openids = {"once": "someone"}
    assert client.post(SIGN_IN, json={"code": "once"}).status_code == 200
    again = client.post(SIGN_IN, json={"code": "once"})
    assert (again.status_code, again.json["code"]) == (422, "wechat_refused")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(200, b"<html>gateway</html>"),
        Answer(200, b"\xff\xfe"),
        Answer(200, b"[1]"),
        Answer(200, b"{}"),
        Answer(200, b'{"openid": 5}'),
        Answer(200, b'{"openid": ""}'),
        errcode(-1),
        errcode(45011),
        errcode(40125),
    ],
)
def test_when_wechat_is_not_itself_the_answer_is_503(
    client: FlaskClient, wechat: FakeWeChat, answer: Answer
) -> None:
    wechat.next_answer = answer
    done = client.post(SIGN_IN, json={"code": "any"})
    assert (done.status_code, done.json["code"]) == (503, "wechat_unavailable")
    assert "手机号登录" in done.json["detail"]


def test_a_hanging_wechat_is_given_up(
    client: FlaskClient, wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.wechat.answers.TIMEOUT_S", 0.2)
    wechat.next_answer = Answer(hang=True)
    assert client.post(SIGN_IN, json={"code": "any"}).status_code == 503


def test_our_secret_is_in_no_answer_and_no_log_line(
    client: FlaskClient, wechat: FakeWeChat, log_text: io.StringIO
) -> None:
    wechat.openids = {"good": "openid-of-chen"}
    answers = [client.post(SIGN_IN, json={"code": "good"})]
    wechat.next_answer = Answer(503)
    answers.append(client.post(SIGN_IN, json={"code": "good"}))
    everything = log_text.getvalue() + "".join(a.text for a in answers)
    assert "wechat_unavailable" in log_text.getvalue()
    for secret in (APP_SECRET, "secret-session-key", "openid-of-chen"):
        assert secret not in everything


def test_without_an_app_id_the_answer_is_503(client: FlaskClient) -> None:
    answer = client.post(SIGN_IN, json={"code": "any"})
    assert (answer.status_code, answer.json["code"]) == (503, "wechat_unavailable")


@pytest.mark.parametrize("settings", ["demo"], indirect=True)
def test_demo_mode_invents_a_person_for_each_code(client: FlaskClient) -> None:
    for code in ("a", "a", "b"):
        assert client.post(SIGN_IN, json={"code": code}).status_code == 200
    with client.application.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Worker)) == 2


@pytest.mark.parametrize("code", ["", " ", "x" * 129, "a\x00b", 7, None, {"a": 1}])
def test_what_is_no_code_names_the_field(client: FlaskClient, code: object) -> None:
    answer = client.post(SIGN_IN, json={"code": code})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["code"]
