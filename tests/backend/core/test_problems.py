"""Every way a request can go wrong is a problem+json document in words a worker can read."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import obstore
import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask import request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.core import clock, files, rates
from backend.core.db import db
from backend.core.rates import RateCounter
from backend.identity.guards import public
from backend.settings import Settings

CODES = "/api/v1/sign-in/sms-codes"


@pytest.fixture
def broken(ground_floor: APIFlask) -> FlaskClient:
    """An app on the same database with views that fail in their own ways."""
    built = ground_floor

    @built.post("/store")
    @public
    def store() -> str:
        files.put("a/b", b"content")
        return "stored"

    @built.post("/missing-file")
    @public
    def missing_file() -> str:
        return Path("/nowhere/at/all").read_text()

    @built.post("/bug")
    @public
    def bug() -> str:
        raise ValueError(request.get_data(as_text=True))

    @built.post("/write")
    @public
    def write() -> str:
        rates.spend("x", "y", limit=9, window_s=60, now=clock.now(), words="")
        return "written"

    @built.post("/integrity")
    @public
    def integrity() -> str:
        values = {"key": "twice", "window_ends_at": clock.now(), "tries": 13812345678}
        for _ in range(2):
            db.session.execute(sa.insert(RateCounter).values(values | {"tries": 7}))
        return "never"

    return built.test_client()


def check(answer: TestResponse, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body: dict[str, object] = answer.json  # type: ignore[assignment]
    assert (body["status"], body["code"]) == (status, code)
    for words in (body["title"], body["detail"]):
        assert any("\u4e00" <= c <= "\u9fff" for c in str(words))
    return body


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"phone": }', b"1" * 6000])
def test_broken_json_cannot_be_read(client: FlaskClient, body: bytes) -> None:
    answer = client.post(CODES, data=body, content_type="application/json")
    check(answer, 400, "bad_request")


def test_json_nested_a_hundred_thousand_deep_cannot_be_read(client: FlaskClient) -> None:
    body = b"[" * 100_000 + b"]" * 100_000
    check(client.post(CODES, data=body, content_type="application/json"), 400, "bad_request")


@pytest.mark.parametrize("document", [[], "text", 5, [{"phone": "13812345678"}]])
def test_json_that_is_no_object_is_bad_input(client: FlaskClient, document: object) -> None:
    check(client.post(CODES, json=document), 422, "bad_input")


def test_ten_megabytes_are_too_large(client: FlaskClient) -> None:
    body = json.dumps({"phone": "1" * 10_000_000})
    check(client.post(CODES, data=body, content_type="application/json"), 413, "too_large")


def test_an_unknown_field_is_named(client: FlaskClient) -> None:
    body = check(client.post(CODES, json={"phone": "13812345678", "a": 1}), 422, "bad_input")
    assert body["errors"] == [{"field": "a", "message": "多了一项不认识的内容。"}]


def test_a_missing_field_is_named(client: FlaskClient) -> None:
    body = check(client.post(CODES, json={}), 422, "bad_input")
    assert body["errors"] == [{"field": "phone", "message": "这一项还没填。"}]


def test_half_a_character_is_bad_input(client: FlaskClient) -> None:
    body = b'{"phone": "\\ud842"}'
    check(client.post(CODES, data=body, content_type="application/json"), 422, "bad_input")


def test_an_unknown_address_is_not_found(client: FlaskClient) -> None:
    check(client.get("/api/v1/nothing"), 404, "not_found")


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.delete(CODES)
    check(answer, 405, "not_allowed")
    assert "POST" in answer.headers["Allow"] and "DELETE" not in answer.headers["Allow"]


def test_a_bug_is_our_fault_and_quotes_nothing_anywhere(
    broken: FlaskClient, log_text: io.StringIO
) -> None:
    body = check(broken.post("/bug", data="陈小明 13812345678"), 500, "error")
    assert "不是您的错" in str(body["detail"])
    assert "ValueError" in log_text.getvalue() and "in bug" in log_text.getvalue()
    for secret in ("陈小明", "13812345678"):
        assert secret not in log_text.getvalue()


def test_a_database_error_is_logged_without_the_row(
    broken: FlaskClient, log_text: io.StringIO
) -> None:
    check(broken.post("/integrity"), 500, "error")
    assert "IntegrityError" in log_text.getvalue()
    assert "twice" not in log_text.getvalue()


def test_a_full_disk_is_503_and_says_what_is_safe(
    broken: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object) -> None:
        raise obstore.exceptions.GenericError("No space left on device (os error 28)")

    monkeypatch.setattr(obstore, "put", refuse)
    answer = broken.post("/store")
    check(answer, 503, "storage_full")
    assert answer.headers["Retry-After"] == "60"


def test_a_file_the_program_misses_is_a_bug_and_no_full_disk(broken: FlaskClient) -> None:
    check(broken.post("/missing-file"), 500, "error")


def test_a_locked_database_is_busy_and_the_next_try_works(
    broken: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not settings.is_sqlite:
        pytest.skip("PostgreSQL has no lock on the whole database")
    app = broken.application
    with app.app_context():
        db.engine.dispose()  # connections made from here on wait a tenth of a second
        sa.event.listen(db.engine, "connect", _be_impatient)
    with sqlite3.connect(settings.data_dir / "xinhu.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = broken.post("/write")
        check(answer, 503, "busy")
        assert answer.headers["Retry-After"] == "3"
        other.execute("ROLLBACK")
    other.close()
    assert broken.post("/write").status_code == 200


def _be_impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=100")


@pytest.mark.parametrize("words", ["database or disk is full", "No space left on device"])
def test_a_full_database_is_503(
    broken: FlaskClient, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def refuse(*_args: object, **_words: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, sqlite3.OperationalError(words))

    monkeypatch.setattr(rates, "insert_once", refuse)
    check(broken.post("/write"), 503, "storage_full")


def test_the_published_description_names_the_error_shape(client: FlaskClient) -> None:
    spec = client.get("/openapi.json").json
    operation = spec["paths"][CODES]["post"]
    assert operation["requestBody"]["required"] is True
    for status in ("400", "413", "422", "429", "503"):
        name = operation["responses"][status]["$ref"].rpartition("/")[2]
        assert "application/problem+json" in spec["components"]["responses"][name]["content"]
