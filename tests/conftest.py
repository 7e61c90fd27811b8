"""What every test stands on: settings, app, clients, a clock held still, no network."""

from __future__ import annotations

import base64
import io
import secrets
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask import has_app_context
from flask.testing import FlaskClient

from backend.app import create_app
from backend.core import clock as core_clock
from backend.core import crypto, logs
from backend.core.db import db
from backend.settings import Settings, load
from tests import small_app
from tests.clock import HeldClock
from tests.databases import database_url, empty
from tests.factories import identity as people
from tests.network import loopback_only

BUREAU = Path(__file__).parent / "fixtures" / "bureau.yaml"
SettingsOf = Callable[[bool], Settings]


class OutsideClient(FlaskClient):
    """A client that refuses to run inside an app context.

    A held context would share its database session with the request and hide a forgotten commit.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request."""
        if has_app_context():
            raise RuntimeError("requests are made outside an app context")
        return super().open(*args, **kwargs)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(scope="session")
def settings_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SettingsOf]:
    """Makes the settings of this test process: `settings_of(True)` for demo mode."""
    keys = {f"{name}_key": secrets.token_hex(32) for name in ("session", "index", "audit")}
    keys["field_key"] = base64.b64encode(secrets.token_bytes(32)).decode()
    with database_url() as url:

        @cache
        def make(is_demo: bool) -> Settings:
            folder = tmp_path_factory.mktemp("demo" if is_demo else "bureau")
            return load(demo=is_demo, data_dir=folder, database_url=url, bureau_file=BUREAU, **keys)

        yield make


@pytest.fixture(scope="session")
def app_of(settings_of: SettingsOf) -> Iterator[Callable[[bool], APIFlask]]:
    """Makes the app of this test process, once for each mode, with its tables."""
    made: list[APIFlask] = []

    @cache
    def make(is_demo: bool) -> APIFlask:
        app = create_app(settings_of(is_demo))
        app.config["TESTING"] = False  # errors become answers, as they do for people
        app.test_client_class = OutsideClient
        with app.app_context():
            db.create_all()
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def settings(request: pytest.FixtureRequest, settings_of: SettingsOf) -> Settings:
    """Settings outside demo mode; `parametrize("settings", ["demo"], indirect=True)` inside it."""
    return settings_of(getattr(request, "param", "") == "demo")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """The clock of the whole program, standing still at a Monday morning."""
    held = HeldClock()
    monkeypatch.setattr(core_clock, "now", held.now)
    return held


@pytest.fixture
def now(clock: HeldClock) -> datetime:
    """The moment the test begins at."""
    return clock.at


@pytest.fixture
def app(
    settings: Settings, app_of: Callable[[bool], APIFlask], clock: HeldClock
) -> Iterator[APIFlask]:
    """The application on an empty database."""
    app = app_of(settings.demo)
    names = ("field", "index", "session", "audit")
    crypto.configure(**{name: settings.key(name) for name in names})
    library = app.extensions["faq_library"]
    before = library._now
    yield app
    empty(app)
    if library._now is not before and library._now.number:
        # the approvals are gone with the database; reading the files again would take seconds
        library._now = before
    library.look_again()


@pytest.fixture
def ground_floor(app: APIFlask, settings: Settings) -> Iterator[APIFlask]:
    """A second, small app on the same database, to which a test adds views of its own."""
    built = small_app.create_app(settings)
    yield built
    with built.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """A worker's phone: makes requests outside any app context."""
    return app.test_client()


@pytest.fixture
def in_app(app: APIFlask) -> Iterator[APIFlask]:
    """An app context for tests that call services; `client` cannot be used beside it."""
    with app.app_context():
        yield app


@pytest.fixture
def sign_in_worker() -> Callable[..., dict[str, str]]:
    """`sign_in_worker(client, phone)`: headers of a signed-in worker."""
    return people.sign_in_worker


@pytest.fixture
def sign_in_staff(app: APIFlask) -> Callable[..., people.AtDesk]:
    """`sign_in_staff("inspector", ...)`: a browser signed in at the desk (client, actor, csrf)."""
    return lambda *roles, **words: people.sign_in_at_desk(app, *roles, **words)


@pytest.fixture
def log_text(
    app: APIFlask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[io.StringIO]:
    """Everything the program logs during this test, as it would reach the log file."""
    text = io.StringIO()
    with monkeypatch.context() as redirected:
        redirected.setattr(sys, "stderr", text)
        logs.configure(is_demo=settings.demo)
    yield text
    logs.configure(is_demo=settings.demo)


@pytest.fixture
def with_settings(
    app: APIFlask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Settings]:
    """`with_settings(sms_url=...)`: other settings for this test."""

    def change(**values: Any) -> Settings:
        changed = settings.model_copy(update=values)
        monkeypatch.setitem(app.config, "SETTINGS", changed)
        return changed

    return change
