"""Signing in at the desk, leaving it, and a session that ends in the middle of a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.factories.identity import PASSWORD, AtDesk, make_staff


@pytest.fixture
def account(app: APIFlask) -> str:
    """The user name of an inspector who is not signed in."""
    with app.app_context():
        return make_staff("inspector", username="he.zhiyuan").username


def token_in(text: str) -> str:
    """The form token on a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', text)
    assert found is not None
    return found.group(1)


def enter(client: FlaskClient, **fields: str) -> Any:
    """Send the sign-in form as our page makes it."""
    csrf = token_in(client.get("/desk/sign-in").text)
    return client.post("/desk/sign-in", data={"csrf_token": csrf, **fields})


def test_the_right_password_opens_the_page_one_came_from(client: FlaskClient, account: str) -> None:
    answer = enter(client, username=account, password=PASSWORD, next="/desk/calls")
    assert answer.status_code == 302 and answer.location == "/desk/calls"
    assert client.get("/desk/calls").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/api/v1/me"])
def test_signing_in_never_leads_to_another_site(
    client: FlaskClient, account: str, elsewhere: str
) -> None:
    answer = enter(client, username=account, password=PASSWORD, next=elsewhere)
    assert answer.location == "/desk/"


def test_a_wrong_password_keeps_the_name_and_not_the_password(
    client: FlaskClient, account: str
) -> None:
    answer = enter(client, username=account, password="wrong wrong wrong")
    assert answer.status_code == 422
    assert f'value="{account}"' in answer.text and "没有登录成功" in answer.text
    assert "wrong wrong" not in answer.text


def test_outside_demo_mode_no_account_is_listed(app: APIFlask, client: FlaskClient) -> None:
    rows = [("监察员", "演示甲", "demo1", "demo password")]
    app.config["DEMO_SIGN_INS"] = rows
    assert "demo password" not in client.get("/desk/sign-in").text


@pytest.mark.parametrize("settings", ["demo"], indirect=True)
def test_demo_mode_lists_its_staff_and_says_what_it_is(app: APIFlask, client: FlaskClient) -> None:
    app.config["DEMO_SIGN_INS"] = [
        ("监察员", "演示甲", "demo1", "demo password"),
        ("工人", "刚交的一件", "13800000001", "验证码会显示"),
    ]
    text = client.get("/desk/sign-in").text
    assert "demo1" in text and "demo password" in text and "13800000001" not in text


def test_leaving_ends_the_session(inspector: AtDesk, post: Callable[..., Any]) -> None:
    assert post(inspector, "/desk/sign-out").location == "/desk/sign-in"
    assert inspector.client.get("/desk/").status_code == 303


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_after_signing_in(
    client: FlaskClient,
    account: str,
    file_case: Callable[..., str],
    inspector: AtDesk,
) -> None:
    public_id = file_case()
    path = f"/desk/cases/{public_id}/steps/note"
    note = "当面问过工头，他说下周付 &<b>"
    ended = client.post(path, data={"csrf_token": "old", "lane": "complaint", "note": note})
    assert ended.status_code == 401
    assert "登录过期了" in ended.text and "他说下周付 &amp;&lt;b&gt;" in ended.text
    sent = {"path": path, "note": note, "lane": "complaint", "version": "1"}
    wrong = client.post(
        "/desk/sign-in",
        data={"csrf_token": token_in(ended.text), "username": account, "password": "no", **sent},
    )
    assert wrong.status_code == 422 and "他说下周付" in wrong.text
    resumed = client.post(
        "/desk/sign-in",
        data={
            "csrf_token": token_in(wrong.text),
            "username": account,
            "password": PASSWORD,
            **sent,
        },
    )
    assert resumed.status_code == 200
    assert "刚才那一步还没有提交" in resumed.text and f'action="{path}"' in resumed.text
    again = client.post(
        path,
        data={
            "csrf_token": token_in(resumed.text),
            "note": note,
            "lane": "complaint",
            "version": "1",
        },
    )
    assert again.status_code == 303
    assert "他说下周付" in inspector.client.get(f"/desk/cases/{public_id}").text
