"""The published API document: fresh, the same every time, and exact where schemas cannot speak."""

from __future__ import annotations

import json
from typing import Any

import pytest
from apiflask import APIFlask

from tools import api_types

OPEN_TO_ALL = {
    ("/api/v1/articles", "get"),
    ("/api/v1/faq/entries/{entry_id}", "get"),
    ("/api/v1/faq/start", "get"),
    ("/api/v1/bureau", "get"),
    ("/api/v1/consent-templates", "get"),
    ("/api/v1/employers", "get"),
    ("/api/v1/evidence/{evidence_id}/view", "get"),
    ("/api/v1/law/{key}", "get"),
    ("/api/v1/lecture-orders/themes", "get"),
    ("/api/v1/lectures/{lecture_id}/calendar.ics", "get"),
    ("/api/v1/lectures/{lecture_id}/materials/{material_id}", "get"),
    ("/api/v1/receipt-lookups", "post"),
    ("/api/v1/receipts/{code}", "get"),
    ("/api/v1/reports", "post"),
    ("/api/v1/scenes/{scene}", "get"),
    ("/api/v1/sign-in/phone", "post"),
    ("/api/v1/sign-in/sms-codes", "post"),
    ("/api/v1/sign-in/wechat", "post"),
}


@pytest.fixture
def document() -> dict[str, Any]:
    """The committed document."""
    return json.loads(api_types.DOCUMENT.read_text())


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Every operation by path and method."""
    return {
        (path, method): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_committed_files_are_what_the_code_says() -> None:
    assert api_types.main(["--check"]) == 0, "run `make api` and commit both files"


def test_the_served_document_is_the_committed_one(app: APIFlask, document: dict[str, Any]) -> None:
    served = app.test_client().get("/openapi.json").get_json()
    served.pop("servers")  # only the running service knows its own address
    assert served == document


def test_the_document_describes_the_api_and_nothing_else(
    app: APIFlask, document: dict[str, Any]
) -> None:
    routed = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert len(document["paths"]) == len(routed)
    assert all(path.startswith("/api/v1/") for path in document["paths"])


def test_only_public_addresses_ask_for_no_token(document: dict[str, Any]) -> None:
    without = {key for key, said in operations(document).items() if said["security"] == []}
    assert without == OPEN_TO_ALL
    filing = operations(document)["/api/v1/complaints", "post"]
    assert filing["security"] == [{}, {"bearer": []}], "filing works with and without signing in"


@pytest.mark.parametrize("path", ["/api/v1/complaints", "/api/v1/reports"])
def test_filing_requires_an_idempotency_key_and_may_answer_twice(
    document: dict[str, Any], path: str
) -> None:
    filing = operations(document)[path, "post"]
    headers = {said["name"]: said for said in filing["parameters"] if said["in"] == "header"}
    assert headers["Idempotency-Key"]["required"] is True
    assert headers["X-Client"]["required"] is False
    assert {"200", "201", "409"} <= set(filing["responses"])


def test_a_piece_of_evidence_is_sent_as_bytes(document: dict[str, Any]) -> None:
    piece = operations(document)["/api/v1/evidence/{evidence_id}/content", "put"]["requestBody"]
    assert list(piece["content"]) == ["application/octet-stream"]


def test_every_body_is_required_and_every_error_is_a_problem(document: dict[str, Any]) -> None:
    for key, said in operations(document).items():
        assert said.get("requestBody", {"required": True})["required"] is True, key
        for status, answer in said["responses"].items():
            if int(status) >= 400:
                assert answer == {"$ref": f"#/components/responses/Problem{status}"}, key
    for answer in document["components"]["responses"].values():
        assert list(answer["content"]) == ["application/problem+json"]


def test_what_may_be_missing_is_null_in_the_types(document: dict[str, Any]) -> None:
    dated = document["components"]["schemas"]["CaseRowOut"]["properties"]["next"]
    assert dated == {"anyOf": [{"$ref": "#/components/schemas/DateOut"}, {"type": "null"}]}
    types = api_types.TYPES.read_text()
    assert 'next: components["schemas"]["DateOut"] | null;' in types
