"""A bureau at work for tests: people of every role, cases filed over HTTP, steps by services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.audit import seals
from backend.complaints import documents, forms, jobs
from backend.complaints.models import Approval, Case, ClaimLine, Clock, Document
from backend.complaints.service import approvals, handling
from backend.core.actor import Actor
from backend.core.db import db
from backend.identity.models import Staff, StaffRole
from backend.law import deadlines
from backend.law.days import add_days, shanghai_today, start_of_day
from backend.notify.models import OutboxMessage
from tests.api.filings import PHONE, complaint, new_key, report
from tests.clock import HeldClock
from tests.factories.identity import bearer, sign_in_worker

ID_NUMBER = "990000198001010012"  # 99 is no province: a right check digit, and nobody's number
PEOPLE = {
    "first": ("inspector",),
    "second": ("inspector",),
    "third": ("inspector",),
    "unit_head": ("unit_head",),
    "head": ("head",),
    "reviewer": ("legal_reviewer",),
    "mediator": ("mediator",),
    "clerk": ("clerk",),
    "admin": ("admin",),
}


@dataclass(frozen=True, slots=True)
class Filed:
    """A filing and how its sender follows it."""

    id: str
    headers: dict[str, str]
    receipt: dict[str, Any]


@dataclass
class World:
    """One bureau on an empty database, its clock and a phone."""

    app: APIFlask
    clock: HeldClock
    staff: dict[str, Actor] = field(default_factory=dict)

    @property
    def client(self) -> FlaskClient:
        """A phone, outside any app context."""
        return self.app.test_client()

    @property
    def today(self) -> date:
        """Today in Shanghai."""
        return shanghai_today(self.clock.at)

    def go_to(self, on: date) -> datetime:
        """Move the clock to 10:00 in Shanghai on this day."""
        self.clock.set(start_of_day(on))
        return self.clock.advance(hours=10)

    def go_on(self, days: int) -> datetime:
        """Move the clock by whole days."""
        return self.go_to(add_days(self.today, days))

    def due(self, key: str, start: date | None = None, **words: Any) -> date:
        """The last day of a statutory limit that starts on a day (default: today)."""
        found = deadlines.due(key, start or self.today, **words).due
        assert found is not None
        return found

    # the phone

    def send(self, document: dict[str, Any], *, key: str = "", lane: str = "complaints",
             headers: dict[str, str] | None = None) -> TestResponse:  # fmt: skip
        """Post a filing."""
        sent = {"Idempotency-Key": key or new_key()} | (headers or {})
        return self.client.post(f"/api/v1/{lane}", json=document, headers=sent)

    def complain(self, *, phone: str = PHONE, signed_in: bool = True, **changes: Any) -> Filed:
        """File a complaint, signed in by telephone or not; `changes` replace top-level parts."""
        document = complaint(self.today, phone=phone) | changes
        headers = sign_in_worker(self.client, phone) if signed_in else {}
        receipt = ok(self.send(document, headers=headers), 201)
        return Filed(receipt["id"], headers or bearer(receipt["case_token"]), receipt)

    def tip_off(self, **changes: Any) -> Filed:
        """Send a report; anonymous unless a reporter is given."""
        document = report() | changes
        document["is_anonymous"] = document["reporter"] is None
        receipt = ok(self.send(document, lane="reports"), 201)
        return Filed(receipt["id"], bearer(receipt["case_token"]), receipt)

    def get(self, case: Filed, path: str = "") -> dict[str, Any]:
        """What the sender reads of the case."""
        return ok(self.client.get(f"/api/v1/complaints/{case.id}{path}", headers=case.headers), 200)

    def post(self, case: Filed, path: str, status: int = 201, **body: Any) -> dict[str, Any]:
        """Something the sender does with the case."""
        address = f"/api/v1/complaints/{case.id}/{path}"
        return ok(self.client.post(address, json=body, headers=case.headers), status)

    def delete(self, case: Filed, path: str, status: int = 204) -> None:
        """Something the sender takes back."""
        address = f"/api/v1/complaints/{case.id}/{path}"
        answer = self.client.delete(address, headers=case.headers)
        assert answer.status_code == status, answer.get_data(as_text=True)

    # the desk

    def values(self, case_id: str, key: str, given: dict[str, Any]) -> dict[str, Any]:
        """A whole form: drafts for documents, today for dates, a sentence for the rest."""
        with self.app.app_context():
            row = db.session.scalars(sa.select(Case).where(Case.public_id == case_id)).one()
            filled: dict[str, Any] = {}
            for one in forms.fields(row.lane, key):
                if one.is_required:
                    filled[one.name] = self._filled(row, key, one)
            return filled | given

    def _filled(self, row: Case, key: str, one: Any) -> Any:
        if one.kind == "document":
            return documents.draft(row, key, self.clock.at) or "决定草稿。"
        if one.kind == "choice":
            return one.choices[0][0]
        if one.kind == "amounts":
            lines = sa.select(ClaimLine).where(ClaimLine.case_id == row.id)
            return {str(x.id): f"{x.owed_fen / 100:.2f}" for x in db.session.scalars(lines)}
        if one.kind == "document_id":
            query = sa.select(Document.id).where(
                Document.case_id == row.id, Document.served_on.is_(None)
            )
            return db.session.scalars(query.order_by(Document.id.desc())).first()
        is_later = one.name == "pay_by"
        simple = {
            "date": str(add_days(self.today, 10) if is_later else self.today),
            "money": "18000",
            "percent": "50",
            "lines": "身份证正反面\n工资条",
            "officer": self.staff["second"].id,
            "id_number": ID_NUMBER,
        }
        return simple.get(one.kind, "写明了。")

    def step(self, case: Filed | str, key: str, who: str = "first", version: int | None = None,
             **given: Any) -> handling.Performed:  # fmt: skip
        """A member of staff takes a step, or asks for its approval."""
        case_id = case if isinstance(case, str) else case.id
        values = self.values(case_id, key, given)
        with self.app.app_context():
            return handling.perform(case_id, key, values, version, self.staff[who], self.clock.at)

    def answer(
        self, case: Filed | str, who: str, *, is_yes: bool = True, opinion: str = ""
    ) -> None:
        """Answer the request that waits in this case."""
        with self.app.app_context():
            found = self._pending(case if isinstance(case, str) else case.id)
            approvals.answer(found, is_yes, opinion, self.staff[who], self.clock.at)

    def _pending(self, case_id: str) -> int:
        query = (
            sa.select(Approval.id)
            .join(Case, Case.id == Approval.case_id)
            .where(Case.public_id == case_id, Approval.state == "pending")
        )
        return db.session.scalars(query).one()

    def approved(self, case: Filed | str, key: str, by: str, **given: Any) -> None:
        """A step asked for by the first officer and approved."""
        assert self.step(case, key, **given).is_asked
        self.answer(case, by)

    def accepted(self, **words: Any) -> Filed:
        """A complaint that was confirmed and accepted today."""
        case = self.complain(**words)
        self.accept(case)
        return case

    def accept(self, case: Filed | str) -> None:
        """Confirm and accept a complaint that lies there."""
        self.step(case, "confirm", "clerk")
        self.approved(case, "accept", "unit_head")

    def run_jobs(self) -> jobs.Ran:
        """Everything time brings."""
        with self.app.app_context():
            return jobs.run(self.clock.at)

    # looking

    def row(self, case: Filed | str) -> dict[str, Any]:
        """Every column of the case as it is stored."""
        with self.app.app_context():
            case_id = case if isinstance(case, str) else case.id
            query = sa.select(Case.__table__).where(Case.public_id == case_id)
            return dict(db.session.execute(query).mappings().one())

    def clocks(self, case: Filed | str, key: str) -> list[Clock]:
        """The case's clocks of one kind, oldest first."""
        number = self.row(case)["id"]
        with self.app.app_context():
            query = sa.select(Clock).where(Clock.case_id == number, Clock.key == key)
            return list(db.session.scalars(query.order_by(Clock.id)))

    def told(self, case: Filed | str) -> list[str]:
        """Which messages lie in the outbox for this case, oldest first."""
        return [message.template for message in self.outbox(case)]

    def outbox(self, case: Filed | str) -> list[OutboxMessage]:
        """The messages of a case, oldest first."""
        subject = f"case:{self.row(case)['id']}"
        with self.app.app_context():
            query = sa.select(OutboxMessage).where(OutboxMessage.subject == subject)
            return list(db.session.scalars(query.order_by(OutboxMessage.id)))

    def count(self, model: type[Any]) -> int:
        """How many rows a table holds."""
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0

    def faults(self) -> list[str]:
        """What the audit check finds after sealing."""
        with self.app.app_context():
            seals.seal(self.clock.at)
            return seals.verify()


def ok(response: TestResponse, status: int) -> dict[str, Any]:
    """The body of an answer with the expected status."""
    assert response.status_code == status, response.get_data(as_text=True)
    found: dict[str, Any] = json.loads(response.data) if response.data else {}
    return found


def problem(response: TestResponse, status: int, code: str = "") -> dict[str, Any]:
    """The body of an error with the expected status and code."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    found: dict[str, Any] = json.loads(response.data)
    assert not code or found["code"] == code, found
    return found


def fields_of(found: dict[str, Any]) -> list[str]:
    """The fields an error names."""
    return [error["field"] for error in found["errors"]]


def hire(app: APIFlask, now: datetime) -> dict[str, Actor]:
    """One of every role and three inspectors; rows below the service: no password is needed."""
    with app.app_context():
        people = {
            name: Staff(
                username=name,
                name=f"{name}员",
                unit="监察大队",
                password_hash="!",
                created_at=now,
                role_rows=[StaffRole(role=role) for role in roles],
            )
            for name, roles in PEOPLE.items()
        }
        db.session.add_all(people.values())
        db.session.commit()
        return {
            name: Actor("staff", person.id, person.name, frozenset(PEOPLE[name]))
            for name, person in people.items()
        }


@pytest.fixture
def world(app: APIFlask, clock: HeldClock) -> Iterator[World]:
    """A bureau at work on an empty database."""
    yield World(app, clock, hire(app, clock.at))
