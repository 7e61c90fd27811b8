"""The desk's door: roles, the way to the sign-in page and back, and forms that are not ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask import Flask, Response, render_template_string
from flask.testing import FlaskClient

from backend.core import clock as core_clock
from backend.core import crypto
from backend.identity import desk_door, guards, service
from backend.settings import Settings
from tests.clock import HeldClock
from tests.factories.identity import AtDesk, sign_in_at_desk

SIGN_IN = "/desk/sign-in?next="


@pytest.fixture
def desk(ground_floor: APIFlask) -> APIFlask:
    """An app on the same database with views that show what the guards let through."""
    built = ground_floor

    @built.get("/desk/cases/<int:case_id>")
    @guards.staff_required()
    def any_staff(case_id: int) -> str:
        return guards.current_actor().name

    @built.post("/desk/decide")
    @guards.staff_required("head", "legal_reviewer")
    def decide() -> str:
        return "decided"

    @built.get("/desk/sign-in")
    @guards.public
    def sign_in_page() -> str:
        return render_template_string("{{ csrf_token() }}")

    @built.post("/desk/sign-in")
    @guards.public
    def sign_in() -> Response:
        response = Response("in")
        desk_door.set_desk_cookie(response, "a-token")
        return response

    @built.post("/desk/sign-out")
    @guards.staff_required()
    def sign_out() -> Response:
        service.sign_out(guards.current_actor(), core_clock.now())
        response = Response("out")
        desk_door.clear_desk_cookie(response)
        return response

    @built.get("/nobody")
    def unguarded() -> str:
        return guards.current_actor().kind

    @built.get("/anybody")
    @guards.public
    def anybody() -> str:
        return guards.current_actor().kind

    @built.get("/maybe")
    @guards.worker_optional
    def maybe() -> str:
        return guards.current_actor().kind

    return built


@pytest.fixture
def head(desk: APIFlask) -> AtDesk:
    return sign_in_at_desk(desk, "head", name="王局")


def test_staff_are_let_in_by_name(head: AtDesk) -> None:
    answer = head.client.get("/desk/cases/7")
    assert (answer.status_code, answer.text) == (200, "王局")


def test_without_a_session_the_way_leads_to_the_sign_in_page_and_back(desk: APIFlask) -> None:
    answer = desk.test_client().get("/desk/cases/7?tab=证据")
    assert answer.status_code == 303
    assert answer.location == SIGN_IN + "/desk/cases/7%3Ftab%3D%E8%AF%81%E6%8D%AE"


def test_a_form_without_a_session_leads_to_the_sign_in_page_and_home(desk: APIFlask) -> None:
    answer = desk.test_client().post("/desk/decide")
    assert (answer.status_code, answer.location) == (303, SIGN_IN + "/desk/")


def test_htmx_is_told_to_leave_the_page(desk: APIFlask) -> None:
    answer = desk.test_client().get("/desk/cases/7", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, SIGN_IN + "/desk/cases/7")


def test_the_wrong_role_is_forbidden(desk: APIFlask) -> None:
    inspector = sign_in_at_desk(desk, "inspector", "clerk")
    answer = inspector.client.post("/desk/decide", data={"csrf_token": inspector.csrf})
    assert answer.status_code == 403


def test_one_of_several_roles_is_enough(desk: APIFlask) -> None:
    reviewer = sign_in_at_desk(desk, "inspector", "legal_reviewer")
    answer = reviewer.client.post("/desk/decide", data={"csrf_token": reviewer.csrf})
    assert answer.text == "decided"


def test_htmx_sends_the_form_token_as_a_header(head: AtDesk) -> None:
    answer = head.client.post("/desk/decide", headers={"X-CSRF-Token": head.csrf})
    assert answer.text == "decided"


@pytest.mark.parametrize("token", ["", "0" * 32, "é"])
def test_a_form_that_is_not_ours_is_refused(head: AtDesk, token: str) -> None:
    answer = head.client.post("/desk/decide", data={"csrf_token": token})
    assert (answer.status_code, answer.json["code"]) == (403, "csrf")


def test_a_form_of_another_session_is_refused(desk: APIFlask, head: AtDesk) -> None:
    other = sign_in_at_desk(desk, "head")
    assert head.client.post("/desk/decide", data={"csrf_token": other.csrf}).status_code == 403


def test_the_sign_in_form_belongs_to_the_browser_it_was_shown_in(desk: APIFlask) -> None:
    browser, other = desk.test_client(), desk.test_client()
    token = browser.get("/desk/sign-in").text
    other.get("/desk/sign-in")
    assert browser.post("/desk/sign-in", data={"csrf_token": token}).status_code == 200
    assert other.post("/desk/sign-in", data={"csrf_token": token}).status_code == 403
    assert desk.test_client().post("/desk/sign-in").status_code == 403


@pytest.mark.parametrize(("public_url", "is_secure"), [("https://x.test", True), (None, False)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    desk: APIFlask, settings: Settings, public_url: str | None, is_secure: bool
) -> None:
    desk.config["SETTINGS"] = settings.model_copy(update={"public_url": public_url})
    browser = desk.test_client()
    token = crypto.sign("csrf", "form:abc")
    browser.set_cookie(desk_door.FORM_COOKIE, "abc", path="/desk")
    answer = browser.post("/desk/sign-in", data={"csrf_token": token})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    for part in ("xinhu_desk=a-token", "HttpOnly", "SameSite=Lax", "Path=/desk", "Max-Age=43200"):
        assert part in cookie
    assert ("Secure" in cookie) is is_secure


def test_the_session_ends_after_twelve_hours(head: AtDesk, clock: HeldClock) -> None:
    clock.advance(hours=12, seconds=-1)
    assert head.client.get("/desk/cases/7").status_code == 200
    clock.advance(seconds=1)
    assert head.client.get("/desk/cases/7").status_code == 303


def test_after_signing_out_the_old_cookie_opens_nothing(desk: APIFlask, head: AtDesk) -> None:
    cookie = head.client.get_cookie(desk_door.COOKIE, path="/desk")
    assert cookie is not None
    assert head.client.post("/desk/sign-out", data={"csrf_token": head.csrf}).text == "out"
    assert head.client.get_cookie(desk_door.COOKIE, path="/desk") is None
    thief = desk.test_client()
    thief.set_cookie(desk_door.COOKIE, cookie.value, path="/desk")
    assert thief.get("/desk/cases/7").status_code == 303


def test_a_closed_account_is_out_at_once(desk: APIFlask, head: AtDesk, clock: HeldClock) -> None:
    with desk.app_context():
        assert head.actor.id is not None
        service.deactivate_staff(head.actor.id, head.actor, clock.at)
    assert head.client.get("/desk/cases/7").status_code == 303


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/desk/cases/7?tab=a", "/desk/cases/7?tab=a"),
        (None, "/desk/"),
        ("", "/desk/"),
        ("https://evil.test/desk/", "/desk/"),
        ("//evil.test/desk/", "/desk/"),
        ("/desk/\\evil", "/desk/"),
        ("/desk/\r\nSet-Cookie: a=b", "/desk/"),
        ("/api/v1/me", "/desk/"),
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(path: str | None, target: str) -> None:
    assert desk_door.safe_next(path) == target


def test_public_reads_neither_token_nor_cookie(desk: APIFlask, head: AtDesk) -> None:
    answer = head.client.get("/anybody", headers={"Authorization": "Bearer unknown"})
    assert (answer.status_code, answer.text) == (200, "visitor")


def test_optional_lets_visitors_in_but_never_takes_an_ended_token_for_one(
    desk: APIFlask, sign_in_worker: Callable[..., dict[str, str]]
) -> None:
    browser: FlaskClient = desk.test_client()
    assert browser.get("/maybe").text == "visitor"
    assert browser.get("/maybe", headers=sign_in_worker(browser)).text == "worker"
    assert browser.get("/maybe", headers={"Authorization": "Bearer old"}).status_code == 401


def test_a_view_without_a_guard_does_not_learn_who_is_acting(desk: APIFlask) -> None:
    assert desk.test_client().get("/nobody").status_code == 500


def test_every_guard_leaves_its_name_on_the_view(desk: Flask) -> None:
    names = {key: getattr(view, "__guard__", None) for key, view in desk.view_functions.items()}
    assert names["any_staff"] == names["decide"] == "staff_required"
    assert (names["anybody"], names["maybe"], names["unguarded"]) == (
        "public",
        "worker_optional",
        None,
    )
    assert names["identity.me"] == "worker_session_required"
    assert names["identity.end_session"] == "worker_required"
