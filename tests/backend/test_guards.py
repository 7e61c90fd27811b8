"""Every view of the application says who may come in."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Flask

from backend.identity import guards

GUARDS = {
    "public",
    "worker_optional",
    "worker_required",
    "worker_session_required",
    "staff_required",
}
# made by APIFlask itself; describes the interface and holds no data
UNGUARDED = {"openapi.spec"}


def unguarded_views(app: Flask) -> list[str]:
    """Endpoints that can be reached and do not say by whom."""
    return sorted(
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if getattr(app.view_functions[rule.endpoint], "__guard__", None) not in GUARDS
        }
        - UNGUARDED
    )


def test_no_view_is_without_a_guard(app: APIFlask) -> None:
    assert unguarded_views(app) == []


def test_everything_at_the_desk_but_signing_in_asks_for_staff(app: APIFlask) -> None:
    open_views = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk/")
        and getattr(app.view_functions[rule.endpoint], "__guard__", None) != "staff_required"
    }
    # the last one is the page that says there is no such page
    assert open_views <= {"/desk/sign-in", "/desk/static/<path:name>", "/desk/<path:_rest>"}


def test_a_view_without_a_guard_is_found() -> None:
    bad = Flask("bad", static_folder=None)
    bad.add_url_rule("/bad", "bad", lambda: "anyone")
    bad.add_url_rule("/good", "good", guards.public(lambda: "anyone"))
    assert unguarded_views(bad) == ["bad"]
