"""Requests no phone sends: odd bytes in addresses, headers and bodies, refused in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.filings import complaint, new_key
from tests.clock import START

PROBLEM = "application/problem+json"


def file_raw(client: FlaskClient, body: bytes, **headers: str) -> TestResponse:
    """Send bytes as a complaint."""
    return client.post(
        "/api/v1/complaints",
        data=body,
        content_type="application/json",
        headers={"Idempotency-Key": new_key(), **headers},
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/receipts/%00",
        "/api/v1/receipts/%FF%FE",
        "/api/v1/law/%00",
        "/api/v1/law/..%2F..%2Fetc%2Fpasswd",
        "/api/v1/law/%F0%A0%AE%B7",
        "/api/v1/evidence/%ED%A0%80/view?e=1&s=" + "0" * 32,
        "/api/v1/receipts/" + "A" * 5000,
    ],
)
def test_an_odd_address_is_simply_not_there(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.content_type == PROBLEM


@pytest.mark.parametrize("number", ["9" * 30, "-1", "1e3", "0x10", str(2**63), str(2**64)])
def test_a_number_no_row_can_have_is_not_there(
    client: FlaskClient, number: str, sign_in_worker: Callable[..., dict[str, str]]
) -> None:
    headers = sign_in_worker(client)
    address = f"/api/v1/complaints/{'0' * 16}"
    documents = client.get(f"{address}/documents/{number}", headers=headers)
    cancelled = client.delete(f"{address}/appointments/{number}", headers=headers)
    assert (documents.status_code, cancelled.status_code) == (404, 404)


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer \xff\xfe", "Bearer " + "x" * 4000]
)
def test_a_token_that_is_none_is_not_signed_in(client: FlaskClient, token: str) -> None:
    response = client.get("/api/v1/complaints", headers={"Authorization": token})
    assert response.status_code == 401
    assert response.content_type == PROBLEM


@pytest.mark.parametrize("key", ["", "\xff" * 32, "A" * 32, "0" * 31, "0" * 33, "０" * 32])
def test_a_key_that_is_none_is_named_in_the_answer(client: FlaskClient, key: str) -> None:
    sent = key.encode().decode("latin-1")
    body = json.dumps(complaint(START.date())).encode()
    response = file_raw(client, body, **{"Idempotency-Key": sent})
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe{}", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"null", 422),
        (b"[]", 422),
        (b'{"a": 1e999}', 422),
        (b'"\\ud800"', 422),
        (b" " * (2 * 1024 * 1024), 413),
    ],
)
def test_a_body_that_is_no_complaint_is_refused(
    client: FlaskClient, body: bytes, status: int
) -> None:
    response = file_raw(client, body)
    assert (response.status_code, response.content_type) == (status, PROBLEM)


def test_ten_megabytes_of_json_are_refused_unread(client: FlaskClient) -> None:
    filing = complaint(START.date()) | {"facts": "欠" * 10_000_000}
    response = file_raw(client, json.dumps(filing).encode())
    assert response.status_code == 413
    assert "收不下" in response.get_json()["detail"]


@pytest.mark.parametrize("character", ["\x00", "\ud800", "\u202e", "\x07"])
def test_a_character_nobody_types_is_named_with_its_field(
    client: FlaskClient, character: str
) -> None:
    filing = complaint(START.date())
    filing["claimant"]["name"] = f"张{character}三"
    response = file_raw(client, json.dumps(filing).encode())
    assert response.status_code == 422
    assert [e["field"] for e in response.get_json()["errors"]] == ["claimant.name"]


@pytest.mark.parametrize("amount", [-1, 10**30, 1.5, "650000", True, None])
def test_an_amount_that_cannot_be_is_named_with_its_month(
    client: FlaskClient, amount: object
) -> None:
    filing = complaint(START.date())
    filing["claims"][1]["due_fen"] = amount
    response = file_raw(client, json.dumps(filing).encode())
    assert response.status_code == 422
    assert [e["field"] for e in response.get_json()["errors"]] == ["claims.1.due_fen"]
