"""Every page of the desk: who may open it, its headers, nothing inline, errors as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.core.db import db
from backend.identity.service.sessions import STAFF_SESSION_S, open_session
from tests.factories.identity import AtDesk

SignIn = Callable[..., AtDesk]
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)
PAGES = [
    ("/desk/", "inspector", "我的今天"),
    ("/desk/approvals", "unit_head", "待我审批"),
    ("/desk/calls", "clerk", "电话通知"),
    ("/desk/appointments", "clerk", "确认预约"),
    ("/desk/file-for", "clerk", "代为登记投诉"),
    ("/desk/file-for?lane=report", "inspector", "代为登记举报"),
    ("/desk/help", "admin", "帮助"),
]
CLOSED_TO = [
    ("/desk/approvals", "admin"),
    ("/desk/calls", "mediator"),
    ("/desk/appointments", "legal_reviewer"),
    ("/desk/file-for", "unit_head"),
]


@pytest.mark.parametrize(("path", "role", "title"), PAGES)
def test_a_page_opens_for_its_role_without_anything_inline(
    sign_in_staff: SignIn, path: str, role: str, title: str
) -> None:
    answer = sign_in_staff(role).client.get(path)
    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text
    assert INLINE.search(answer.text) is None
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [path for path, _role, _title in PAGES])
def test_not_signed_in_leads_to_the_sign_in_page_and_back(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/desk/sign-in?next=/desk/")


@pytest.mark.parametrize(("path", "role"), CLOSED_TO)
def test_another_role_gets_a_page_that_says_so(sign_in_staff: SignIn, path: str, role: str) -> None:
    answer = sign_in_staff(role).client.get(path)
    assert answer.status_code == 403
    assert answer.mimetype == "text/html"
    assert "您的岗位不办这件事" in answer.text


def test_an_administrator_without_casework_lands_on_the_help_page(sign_in_staff: SignIn) -> None:
    desk = sign_in_staff("admin")
    assert desk.client.get("/desk/").location == "/desk/help"
    assert "/desk/calls" not in desk.client.get("/desk/help").text


def test_a_case_page_shows_everything_escaped_and_nothing_inline(
    sign_in_staff: SignIn, file_case: Callable[..., str]
) -> None:
    person = {"name": "<b>区𠮷</b>", "phone": "13800000099", "service_address": "A&B 路"}
    public_id = file_case(claimant=person, facts="<script>alert(1)</script>")
    answer = sign_in_staff("inspector").client.get(f"/desk/cases/{public_id}")
    assert answer.status_code == 200
    assert "&lt;script&gt;alert(1)" in answer.text and "<script>alert" not in answer.text
    assert "&lt;b&gt;区𠮷&lt;/b&gt;" in answer.text
    assert INLINE.search(answer.text.replace("&lt;script", "")) is None
    assert "8,000.00" in answer.text and "24,000.00" in answer.text


def test_a_case_is_closed_to_an_administrator(
    sign_in_staff: SignIn, file_case: Callable[..., str]
) -> None:
    answer = sign_in_staff("admin").client.get(f"/desk/cases/{file_case()}")
    assert answer.status_code == 403
    assert "区大明" not in answer.text


@pytest.mark.parametrize("path", ["/desk/nowhere", "/desk/cases/0000000000000000"])
def test_an_unknown_address_is_a_page_that_leads_back(inspector: AtDesk, path: str) -> None:
    answer = inspector.client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "回到我的今天" in answer.text


def test_errors_of_the_api_stay_problem_json(client: FlaskClient) -> None:
    assert client.get("/api/v1/nowhere").mimetype == "application/problem+json"


def test_the_queue_groups_by_date_and_masks_names(
    inspector: AtDesk, file_case: Callable[..., str], clock: Any
) -> None:
    public_id = file_case()
    text = inspector.client.get("/desk/").text
    assert "<b>以后</b>" in text and "剩 5 工作日" in text
    assert f"/desk/cases/{public_id}" in text
    assert "区*明" in text and "区大明" not in text
    clock.advance(days=14)
    late = sign_in_again(inspector, clock)
    assert "<b>已逾期</b>" in late and "逾期" in late


def sign_in_again(desk: AtDesk, clock: Any) -> str:
    """The queue after the session's twelve hours have passed, under a new session."""
    with desk.client.application.app_context():
        token = open_session(clock.now(), STAFF_SESSION_S, staff_id=desk.actor.id).token
        db.session.commit()
    desk.client.set_cookie("xinhu_desk", token, path="/desk")
    return str(desk.client.get("/desk/").text)


def test_filters_stand_in_the_address_and_an_empty_list_names_what_to_drop(
    inspector: AtDesk, file_case: Callable[..., str]
) -> None:
    file_case()
    found = inspector.client.get("/desk/?street=示例街道&lane=complaint&state=submitted").text
    assert "示例木器厂" in found
    none = inspector.client.get("/desk/?street=示例镇&state=submitted").text
    assert "没有合这些条件的案件" in none and "去掉“镇街”" in none
    assert inspector.client.get("/desk/?bucket=<x>&state=nonsense&cursor=").status_code == 200


def test_htmx_gets_the_list_alone(inspector: AtDesk, file_case: Callable[..., str]) -> None:
    file_case()
    part = inspector.client.get("/desk/", headers={"HX-Request": "true", "HX-Target": "list"})
    assert part.text.strip().startswith('<div id="list">') and "<html" not in part.text


def test_a_broken_cursor_is_an_error_page_not_a_crash(inspector: AtDesk) -> None:
    answer = inspector.client.get("/desk/?cursor=%F0nonsense")
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"


def test_a_static_file_is_kept_for_a_year_only_under_its_hash(client: FlaskClient) -> None:
    page = client.get("/desk/sign-in").text
    address = re.search(r"/desk/static/desk\.css\?v=[0-9a-f]{12}", page)
    assert address is not None
    kept = client.get(address.group(), buffered=True)
    assert kept.status_code == 200 and "immutable" in kept.headers["Cache-Control"]
    other = client.get("/desk/static/desk.css?v=0", buffered=True)
    assert other.status_code == 200 and "immutable" not in other.headers["Cache-Control"]
    assert client.get("/desk/static/..%2fframe.py").status_code == 404
    assert client.get("/desk/static/none.css").status_code == 404
