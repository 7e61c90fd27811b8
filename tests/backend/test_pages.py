"""Pages beside the API and the desk: health, the web build, and the headers all answers carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend import pages, scheduler
from backend.core import files
from backend.core.db import db
from backend.settings import Settings
from tests.clock import HeldClock


@pytest.fixture
def migrated(app: APIFlask) -> Iterator[APIFlask]:
    """The application whose database says which migration it has."""
    with app.app_context():
        flask_migrate.stamp()
    yield app
    drop_stamp(app)


def health(app: APIFlask) -> tuple[int, dict[str, dict[str, object]]]:
    """Status and checks of /healthz."""
    answer = app.test_client().get("/healthz")
    return answer.status_code, answer.get_json()


def drop_stamp(app: APIFlask) -> None:
    """Take the migration's mark away again."""
    with app.app_context():
        db.session.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
        db.session.commit()


def test_all_is_well_after_the_jobs_ran(migrated: APIFlask) -> None:
    assert scheduler.run_all(migrated) == []
    status, found = health(migrated)
    assert (status, found["ok"]) == (200, True)
    assert set(found) == {"ok", "database", "migrations", "disk", "jobs"}
    assert found["jobs"]["age_s"] == dict.fromkeys(scheduler.JOBS, 0)


def test_jobs_that_never_ran_or_stand_still_are_not_well(
    migrated: APIFlask, clock: HeldClock
) -> None:
    assert health(migrated)[1]["jobs"]["ok"] is False
    scheduler.run_all(migrated)
    clock.advance(seconds=pages.JOBS_LATE_S)
    assert health(migrated)[1]["jobs"]["ok"] is True
    clock.advance(seconds=1)
    status, found = health(migrated)
    assert (status, found["ok"], found["jobs"]["ok"]) == (503, False, False)


def test_a_database_that_was_not_migrated_is_not_well(app: APIFlask) -> None:
    drop_stamp(app)
    status, found = health(app)
    assert (status, found["migrations"]["ok"], found["migrations"]["current"]) == (503, False, None)


def test_a_disk_that_is_nearly_full_is_not_well(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda _settings: pages.LEAST_FREE_BYTES - 1)
    status, found = health(app)
    assert (status, found["disk"]["ok"]) == (503, False)


@pytest.fixture
def build(tmp_path: Path, with_settings: Callable[..., Settings]) -> Path:
    """A web build of three files, one of them compressed as well."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>人社服务</title>", encoding="utf-8")
    (tmp_path / "assets" / "app-1a2b.js").write_text("let a = 1", encoding="utf-8")
    (tmp_path / "assets" / "app-1a2b.js.br").write_bytes(b"compressed")
    (tmp_path.parent / "secret.txt").write_text("secret", encoding="utf-8")
    with_settings(mini_dir=tmp_path)
    return tmp_path


def test_the_web_build_is_served_under_a_strict_policy(build: Path, client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Security-Policy"] == pages.WEB_CSP
    assert "unsafe" not in pages.WEB_CSP
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    again = client.get("/", headers={"If-Modified-Since": answer.headers["Last-Modified"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_named_by_its_hash_is_kept_for_ever_and_sent_compressed(
    build: Path, client: FlaskClient
) -> None:
    plain = client.get("/assets/app-1a2b.js")
    assert (plain.data, plain.headers.get("Content-Encoding")) == (b"let a = 1", None)
    packed = client.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "br, gzip"})
    assert (packed.data, packed.headers["Content-Encoding"]) == (b"compressed", "br")
    assert packed.mimetype == plain.mimetype == "text/javascript"
    assert "immutable" in packed.headers["Cache-Control"]
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2F..%2Fsecret.txt", "/none.js"]
)
def test_nothing_outside_the_build_is_served(build: Path, client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, b"secret" in answer.data) == (404, False)


def test_answers_of_the_api_are_kept_by_nobody(client: FlaskClient) -> None:
    assert client.get("/api/v1/bureau").headers["Cache-Control"] == "no-store"


def test_a_site_behind_https_says_so(settings: Settings) -> None:
    built = APIFlask("pages_only", spec_path=None, docs_path=None, static_folder=None)
    pages.register(built, settings.model_copy(update={"public_url": "https://rs.example"}))
    built.add_url_rule("/x", "x", lambda: "x")
    assert "max-age" in built.test_client().get("/x").headers["Strict-Transport-Security"]
