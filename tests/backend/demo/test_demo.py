"""The demo bureau: every state and act once, whole in the record, made once, never elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit import seals
from backend.audit.models import AuditEvent
from backend.complaints.evidence.models import Evidence
from backend.complaints.models import Appointment, Approval, Case, CaseMessage, Clock, Withdrawal
from backend.complaints.models.clock import RUNNING
from backend.complaints.states import STATES
from backend.complaints.steps import ACTS, MOVES
from backend.core import clock as core_clock
from backend.core import crypto
from backend.core.db import db
from backend.demo import accounts, employers, filings, seed
from backend.employers.models import Employer
from backend.escalations.models import Escalation
from backend.escalations.states import S
from backend.faqbot.models import Override
from backend.identity import service as identity
from backend.identity.models import Staff
from backend.identity.roles import ROLES
from backend.law.days import shanghai_today
from backend.notify import fields, kinds
from backend.notify.models import CallRecord, Delivery, OutboxMessage
from backend.settings import DEMO_BUREAU, Bureau
from tests.databases import empty

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
EXTRA_ACTS = {"file", "deem_accepted", "link", "linked", "filed_for", "call", "due_soon", "overdue"}


def use(app: APIFlask) -> None:
    """Set the keys of this app, which another app of the same process may have replaced."""
    settings = app.config["SETTINGS"]
    crypto.configure(**{n: settings.key(n) for n in ("field", "index", "session", "audit")})


@pytest.fixture(scope="module")
def demo(app_of: Callable[[bool], APIFlask]) -> Iterator[tuple[APIFlask, float]]:
    """The demo as made on a Tuesday morning, and how many seconds it took; read only."""
    app = app_of(True)
    use(app)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core_clock, "now", lambda: NOW)
        began = time.monotonic()
        seed.prepare(app)
        took = time.monotonic() - began
    yield app, took
    empty(app)


@pytest.fixture
def inside(demo: tuple[APIFlask, float]) -> Iterator[APIFlask]:
    app, _took = demo
    use(app)
    with app.app_context():
        yield app
        db.session.remove()


def count(model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


@pytest.mark.usefixtures("inside")
def test_every_state_of_both_lanes_is_there() -> None:
    rows = db.session.execute(sa.select(Case.lane, Case.state).distinct())
    assert set(map(tuple, rows)) == {
        (lane, state) for lane, states in STATES.items() for state in states
    }


@pytest.mark.usefixtures("inside")
def test_there_are_forty_complaints_and_every_report() -> None:
    assert count(Case, Case.lane == "complaint") == 40
    assert count(Case, Case.lane == "report") == len(filings.reports())


@pytest.mark.usefixtures("inside")
def test_every_move_and_act_was_taken() -> None:
    wanted = {key for _lane, key in MOVES} | set(ACTS) | EXTRA_ACTS
    assert wanted - set(db.session.scalars(sa.select(AuditEvent.act).distinct())) == set()


@pytest.mark.usefixtures("inside")
def test_the_dates_lie_around_today() -> None:
    today = shanghai_today(NOW)
    due = [(c.due_on, c.is_provisional) for c in db.session.scalars(
        sa.select(Clock).where(Clock.state == RUNNING, Clock.due_on.is_not(None)))]  # fmt: skip
    assert any(on < today for on, _ in due), "overdue"
    assert {c.next_due_key for c in db.session.scalars(
        sa.select(Case).where(Case.next_due_on == today))} == {"accept", "pay_by"}  # fmt: skip
    assert any(on > today and not about for on, about in due)
    assert any(on.year == 2027 and about for on, about in due), "provisional over New Year"
    assert count(Case, Case.is_paused) == 3


@pytest.mark.usefixtures("inside")
def test_what_waits_for_somebody_is_there() -> None:
    assert count(Approval, Approval.state == "pending") == 3
    assert count(Approval, Approval.state == "returned") == 1
    assert count(Withdrawal, Withdrawal.effected_at.is_(None), Withdrawal.undone_at.is_(None)) == 1
    assert count(Appointment) == 1
    assert count(Case, Case.offered_to_id.is_not(None)) == 1
    assert count(Case, Case.linked_from_id.is_not(None)) == 1
    assert count(Case, Case.other_district.is_not(None)) == 1
    assert count(Case, Case.unread_by_bureau > 0) >= 3
    to_call = count(
        OutboxMessage, OutboxMessage.channel == "phone", OutboxMessage.called_at.is_(None)
    )
    assert to_call >= 2
    assert count(CallRecord) == 1
    assert count(CaseMessage) >= 5
    alarms = set(db.session.scalars(sa.select(Case.alarm).distinct()))
    assert {"minor", "overdue", "deemed_accepted", "deemed_unconfirmed"} <= alarms


@pytest.mark.usefixtures("inside")
def test_the_evidence_is_sealed_and_of_several_kinds() -> None:
    rows = list(db.session.scalars(sa.select(Evidence)))
    assert {row.status for row in rows} == {"sealed"}
    assert {row.kind for row in rows} == {"image", "pdf"}


@pytest.mark.usefixtures("inside")
def test_the_record_is_whole_and_sealed_to_its_end() -> None:
    assert seals.verify() == []
    assert seals.seal(NOW) == 0


@pytest.mark.usefixtures("inside")
def test_no_chain_goes_back_in_time_or_into_the_future() -> None:
    last: dict[str, datetime] = {}
    query = sa.select(AuditEvent).order_by(AuditEvent.chain, AuditEvent.seq)
    for event in db.session.scalars(query):
        assert last.get(event.chain, event.at) <= event.at <= NOW, (event.chain, event.act)
        last[event.chain] = event.at


@pytest.mark.usefixtures("inside")
def test_no_employer_is_without_the_word_for_example() -> None:
    names = set(db.session.scalars(sa.select(Employer.name)))
    typed = set(
        db.session.scalars(sa.select(Case.employer_name).where(Case.employer_name.is_not(None)))
    )
    assert len(names) == len(employers.EMPLOYERS) >= 25
    assert [name for name in names | typed if "示例" not in name] == []


@pytest.mark.usefixtures("inside")
def test_no_two_filings_say_the_same() -> None:
    facts = list(db.session.scalars(sa.select(Case.facts).where(Case.linked_from_id.is_(None))))
    assert len(set(facts)) == len(facts)
    assert any("佢" in text for text in facts), "Cantonese"
    assert any(said["name"].startswith("𠮷") for said in filings.complaints().values())


@pytest.mark.usefixtures("inside")
def test_every_role_can_sign_in_with_what_the_banner_says() -> None:
    staff = list(db.session.scalars(sa.select(Staff)))
    assert set().union(*(person.roles for person in staff)) == set(ROLES)
    assert all(person.is_demo for person in staff)
    for _role, name, username, password in accounts.SIGN_INS[: len(accounts.STAFF)]:
        token = identity.sign_in_staff(username, password, "电脑", NOW).token
        actor = identity.staff_actor(token, NOW, is_demo_allowed=True)
        assert actor is not None and actor.name == name


def test_the_banner_names_workers_who_have_cases() -> None:
    phones = {said["phone"] for said in filings.complaints().values()}
    assert {phone for phone, _what in accounts.WORKERS} <= phones


def test_a_second_start_changes_nothing(demo: tuple[APIFlask, float]) -> None:
    app, _took = demo
    use(app)
    with app.app_context():
        before = {t.name: _rows(t) for t in db.metadata.sorted_tables}
    seed.prepare(app)
    with app.app_context():
        assert {t.name: _rows(t) for t in db.metadata.sorted_tables} == before


def _rows(table: sa.Table) -> list[tuple[object, ...]]:
    return sorted(tuple(map(repr, row)) for row in db.session.execute(sa.select(table)))


@pytest.mark.usefixtures("inside")
def test_older_messages_went_out_and_two_need_a_look() -> None:
    assert count(Delivery, Delivery.state == "sent") > 20
    assert count(Delivery, Delivery.state.in_(("dead", "unknown"))) == 2
    assert count(Delivery, Delivery.state.in_(("waiting", "sending", "failed"))) == 0


@pytest.mark.usefixtures("inside")
def test_questions_stand_in_every_state_and_one_change_of_each_kind_is_there() -> None:
    states = set(db.session.scalars(sa.select(Escalation.state).distinct()))
    assert states == {state.value for state in S}
    assert count(Escalation, Escalation.level == 1, Escalation.offered_to_id.is_not(None)) == 1
    changes = set(db.session.scalars(sa.select(Override.state).distinct()))
    assert changes == {"proposed", "approved"}


@pytest.mark.usefixtures("inside")
def test_no_message_of_any_kind_tells_a_lock_screen_what_it_is_about() -> None:
    messages = list(db.session.scalars(sa.select(OutboxMessage)))
    names = {row.name for row in db.session.scalars(sa.select(Employer))}
    assert len({one.template for one in messages}) > 20
    template = Bureau.from_file(DEMO_BUREAU).subscribe_messages["reminder"]
    for one in messages:
        kind = kinds.kind_of(one.subject, one.template)
        shown = fields.fields_of(template, kind, one.facts, one.created_at)
        assert all(fields.is_neutral(text) for text in shown.values()), (one.template, shown)
        everywhere = " ".join([one.lock_screen, *shown.values()])
        assert not any(name in everywhere for name in names)
        assert not re.search(r"[0-9] ?元|1[3-9][0-9]{9}", everywhere), one.template
