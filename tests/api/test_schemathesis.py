"""Sends made-up requests to every address: no 5xx, and no answer the document does not name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from backend.settings import Settings
from tests.api.own_case import OwnCase, open_own_case
from tests.fakes.http import Answer, serving
from tests.fakes.wechat import APP_ID, APP_SECRET, fake_wechat
from tools import api_types

load_all_checks()

schema = schemathesis.openapi.from_dict(json.loads(api_types.DOCUMENT.read_text()))
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "missing_required_header",
        "unsupported_method",
        "allow_header_conformance",
    ]
)
WITHOUT_TOKEN = [*CHECKED, *CHECKS.get_by_names(["ignored_auth"])]
# the same examples on every machine; an example that fails is a test to be written
bounded = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def outside_services(with_settings: Callable[..., Settings]) -> Iterator[None]:
    """WeChat and an SMS gateway that answer: 503 would only say that this machine has none."""
    with fake_wechat() as wechat, serving(lambda _call: Answer(200, b"{}")) as gateway:
        with_settings(
            wechat_api_base=wechat.url,
            wechat_app_id=APP_ID,
            wechat_app_secret=APP_SECRET,
            sms_url=gateway.url,
            sms_secret="a gateway's secret",
        )
        yield


@pytest.fixture
def own(app: APIFlask) -> OwnCase:
    """A signed-in worker with a case, a file, a message, an appointment and a talk."""
    return open_own_case(app)


@schema.parametrize()
@bounded
def test_a_stranger_gets_only_documented_answers(case: schemathesis.Case, app: APIFlask) -> None:
    answer(case, app, WITHOUT_TOKEN)


@schema.parametrize()
@bounded
def test_a_worker_gets_only_documented_answers(
    case: schemathesis.Case, app: APIFlask, own: OwnCase
) -> None:
    aim(case, own)
    answer(case, app, CHECKED, own.headers)


def aim(case: schemathesis.Case, own: OwnCase) -> None:
    """Turn well-formed ids, which nobody could guess, into those of the worker's own things."""
    for name, own_id in own.ids.items():
        made = (case.path_parameters or {}).get(name)
        if made is not None and is_well_formed(case, name, made):
            case.path_parameters[name] = own_id
    made = (case.headers or {}).get("X-Conversation", "")
    if re.fullmatch("[0-9a-f]{32}", made):
        case.headers["X-Conversation"] = own.talk


def is_well_formed(case: schemathesis.Case, name: str, value: Any) -> bool:
    """Whether the value is one the document allows for this part of the path."""
    parameters = case.operation.definition.raw["parameters"]
    said = next(p["schema"] for p in parameters if p["name"] == name)
    if said["type"] == "integer":
        return isinstance(value, int)
    return isinstance(value, str) and bool(re.fullmatch(said.get("pattern", ".+"), value))


def answer(
    case: schemathesis.Case, app: APIFlask, checks: list[Any], headers: dict[str, str] | None = None
) -> None:
    """Send the request to the app in this process and hold its answer against the document."""
    case.operation.schema.app = app
    case.call_and_validate(app=app, headers=headers, checks=checks)
