"""Cases for the desk's tests, made by the services, and forms posted with their token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask

from backend.complaints.models import Case
from backend.complaints.service import approvals, filing, handling
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db
from tests.clock import HeldClock
from tests.factories.identity import AtDesk

ID_NUMBER = "11010519491231002X"


def document(**changes: Any) -> dict[str, Any]:
    """A complaint about three months, as the API would have checked it."""
    base: dict[str, Any] = {
        "privacy_version": "2026-01",
        "screening": {
            "place": "here",
            "other_district": None,
            "prior_steps": [],
            "age_group": "18_59",
            "worker_kind": "employee",
            "contract": "none",
            "is_still_working": False,
        },
        "claimant": {"name": "区大明", "phone": "13800000099", "service_address": "示例路 9 号"},
        "employer": {
            "employer_id": None,
            "name": "示例木器厂",
            "is_name_unknown": False,
            "address": None,
            "phone": None,
            "contact": None,
        },
        "work": {
            "from_on": "2026-01-05",
            "to_on": "2026-08-31",
            "post": "木工",
            "street": "示例街道",
            "place": "示例工地",
        },
        "claims": [
            {"month": f"2026-0{month}", "due_fen": 800_000, "paid_fen": 0} for month in (6, 7, 8)
        ],
        "request": "付清三个月工资",
        "facts": "六月起没有发工资",
    }
    return base | changes


@pytest.fixture
def file_case(app: APIFlask, clock: HeldClock) -> Callable[..., str]:
    """`file_case(facts=…)`: files a complaint and gives its public id."""

    def file(**changes: Any) -> str:
        with app.app_context():
            filed = filing.file_complaint(
                document(**changes), crypto.new_token(), Actor("visitor"), "mini", clock.now()
            )
            return db.session.get_one(Case, filed.case_id).public_id

    return file


@pytest.fixture
def accept_case(app: APIFlask, clock: HeldClock) -> Callable[..., None]:
    """`accept_case(id, first, second, head)`: confirmed, asked for, approved."""

    def accept(public_id: str, first: Actor, second: Actor, unit_head: Actor) -> None:
        with app.app_context():
            now = clock.now()
            confirmation = {"way": "visit", "confirmed_on": "2026-11-23", "id_number": ID_NUMBER}
            handling.perform(public_id, "confirm", confirmation, None, first, now)
            form = {"second_officer_id": str(second.id), "document": "决定受理。"}
            handling.perform(public_id, "accept", form, None, first, now)
            approval, _case = approvals.pending(unit_head)[-1]
            approvals.answer(approval.id, True, "", unit_head, now)

    return accept


@pytest.fixture
def case_now(app: APIFlask) -> Callable[[str], dict[str, Any]]:
    """`case_now(id)`: the case's row as it stands in the database."""

    def read(public_id: str) -> dict[str, Any]:
        with app.app_context():
            case = db.session.query(Case).filter_by(public_id=public_id).one()
            return {column.name: getattr(case, column.name) for column in Case.__table__.columns}

    return read


def _post(desk: AtDesk, path: str, **fields: str) -> Any:
    return desk.client.post(path, data={"csrf_token": desk.csrf, **fields})


@pytest.fixture
def post() -> Callable[..., Any]:
    """`post(desk, path, field=value)`: a form of ours, sent from this browser."""
    return _post


@pytest.fixture
def inspector(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """An inspector's browser."""
    return sign_in_staff("inspector", name="何监察")
