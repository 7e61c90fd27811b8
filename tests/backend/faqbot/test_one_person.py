"""Two workers who turn out to be one: cases, talks, questions and messages are all theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.app import WORKER_MOVERS
from backend.audit import seals
from backend.complaints.models import Case
from backend.core.actor import Actor
from backend.core.db import db
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.faqbot.models import Conversation
from backend.faqbot.service import staff_replies
from backend.identity import service as identity
from backend.identity.models import Worker
from backend.notify.models import Consent, ConsentReport, OutboxMessage
from backend.settings import Settings
from tests.api.filings import complaint, new_key
from tests.clock import HeldClock
from tests.factories.account import CHEN, Account
from tests.factories.chat import WAGES, Phone, question_of
from tests.factories.identity import bearer, make_staff
from tests.fakes.wechat import APP_ID, APP_SECRET, FakeWeChat

MINI, UNION = "mini-chen", "union-chen"


@dataclass
class Chen:
    """One person: asked in the account, signed in in the mini-program, filed and asked there."""

    app: APIFlask
    headers: dict[str, str]
    phone: Phone
    filing_key: str
    case_id: str


@pytest.fixture
def chen(
    app: APIFlask,
    plain: Account,
    wechat: FakeWeChat,
    clock: HeldClock,
    with_settings: Callable[..., Settings],
) -> Chen:
    with_settings(**wechat.account, wechat_app_id=APP_ID, wechat_app_secret=APP_SECRET)
    client = app.test_client()
    plain.say("转人工")
    wechat.core.unionids = {MINI: UNION, CHEN: UNION}
    wechat.openids["a-code"] = MINI
    headers = bearer(client.post("/api/v1/sign-in/wechat", json={"code": "a-code"}).json["token"])
    phone = Phone(client, headers)
    phone.ask(question_of(WAGES))
    phone.call(text="老板跑了")
    key = new_key()
    made = client.post(
        "/api/v1/complaints",
        json=complaint(clock.at.date()),
        headers=headers | {"Idempotency-Key": key},
    )
    assert made.status_code == 201, made.text
    return Chen(app, headers, phone, key, made.json["id"])


def whose(app: APIFlask) -> dict[str, set[int | None]]:
    """Which workers each table names."""
    tables = {t.name: t for t in db.metadata.sorted_tables if "worker_id" in t.columns}
    with app.app_context():
        return {
            name: set(db.session.scalars(sa.select(table.c.worker_id)))
            for name, table in tables.items()
        }


def learn(app: APIFlask, now: datetime) -> None:
    """What the job does."""
    with app.app_context():
        assert identity.learn(now) == 1


@pytest.mark.parametrize("stays", ["the follower", "the phone's"])
def test_everything_of_both_is_one_persons(
    chen: Chen, plain: Account, clock: HeldClock, stays: str
) -> None:
    app = chen.app
    with app.app_context():
        rows = list(db.session.scalars(sa.select(Worker).order_by(Worker.id)))
        assert [row.account_openid for row in rows] == [CHEN, None]
        kept_id = rows[0].id
        if stays == "the phone's":
            kept_id = rows[1].id
            rows[1].phone_index, rows[1].phone_verified_at = "x" * 64, clock.at
            db.session.commit()
    assert whose(app)["escalations"] == {rows[0].id, rows[1].id}
    said, in_chat = plain.say("你好"), chen.phone.history()
    learn(app, clock.at)
    named = whose(app)
    assert {name for name, ids in named.items() if ids} >= {
        "cases", "conversations", "escalations", "sessions",
    }  # fmt: skip
    named.pop("outbox")  # a message's row leads to the one it became when it is sent
    assert {worker for ids in named.values() for worker in ids} == {kept_id}
    assert chen.phone.history() == in_chat and plain.say("你好") == said
    cases = chen.phone.client.get("/api/v1/complaints", headers=chen.headers).json
    assert [case["id"] for case in cases["items"]] == [chen.case_id]
    with app.app_context():
        assert seals.verify() == []


def test_a_filing_sent_again_after_the_merge_is_still_the_first(
    chen: Chen, clock: HeldClock
) -> None:
    learn(chen.app, clock.at)
    again = chen.phone.client.post(
        "/api/v1/complaints",
        json=complaint(clock.at.date()),
        headers=chen.headers | {"Idempotency-Key": chen.filing_key},
    )
    assert (again.status_code, again.json["id"]) == (200, chen.case_id), again.text
    with chen.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Case.id))) == 1


def test_the_same_key_of_both_leaves_each_case_its_own_sender(chen: Chen, clock: HeldClock) -> None:
    with chen.app.app_context():
        case = db.session.scalars(sa.select(Case)).one()
        values = {
            column.name: getattr(case, column.name)
            for column in Case.__table__.columns
            if column.name != "id"
        }
        other = {"worker_id": 1, "sender": "worker:1", "public_id": "other", "number": "other"}
        values |= other | {"receipt_index": "other"}
        db.session.execute(sa.insert(Case), [values])
        db.session.commit()
    learn(chen.app, clock.at)
    with chen.app.app_context():
        query = sa.select(Case.worker_id, Case.sender).order_by(Case.id)
        assert db.session.execute(query).all() == [(1, "worker:2"), (1, "worker:1")]


def test_an_answer_to_what_was_asked_in_the_app_reaches_the_account(
    chen: Chen, clock: HeldClock
) -> None:
    learn(chen.app, clock.at)
    with chen.app.app_context():
        conversation = db.session.scalars(
            sa.select(Conversation).where(Conversation.channel == "app")
        ).one()
        row = escalations.open_for(f"conversation:{conversation.id}")
        assert row is not None
        staff = make_staff("answerer")
        actor = Actor("staff", staff.id, staff.name, staff.roles)
        row = escalations.take(row.public_id, row.version, actor, clock.at)
        staff_replies.answer(row.public_id, row.version, "有人管。", [], actor, clock.at)
        query = sa.select(OutboxMessage).where(OutboxMessage.template == "question_answered")
        message = db.session.scalars(query).one()
        assert (message.channel, message.worker_id) == ("wechat", 1)


def test_a_page_staff_have_open_is_not_out_of_date(chen: Chen, clock: HeldClock) -> None:
    with chen.app.app_context():
        row = db.session.scalars(sa.select(Escalation).order_by(Escalation.id.desc())).first()
        assert row is not None
        seen, public_id = row.version, row.public_id
        staff = make_staff("answerer")
        actor = Actor("staff", staff.id, staff.name, staff.roles)
    learn(chen.app, clock.at)
    with chen.app.app_context():
        assert escalations.take(public_id, seen, actor, clock.at).worker_id == 1


def test_of_two_answers_to_one_template_the_newer_counts(chen: Chen, clock: HeldClock) -> None:
    earlier, later = clock.at, clock.advance(seconds=5)
    with chen.app.app_context():
        for worker, template, at, left in (
            (1, "both", earlier, 1), (2, "both", later, 2), (2, "one", earlier, 3),
            (1, "kept", later, 4), (2, "kept", earlier, 5),
        ):  # fmt: skip
            db.session.add(
                Consent(worker_id=worker, template_id=template, kind="one_time", answer="accept",
                        left_count=left, answered_at=at)
            )  # fmt: skip
        for worker, key in ((1, "a"), (2, "a"), (2, "b")):
            db.session.add(ConsentReport(worker_id=worker, key=key, at=earlier))
        db.session.commit()
    learn(chen.app, clock.at)
    with chen.app.app_context():
        query = sa.select(Consent.worker_id, Consent.template_id, Consent.left_count)
        found = sorted(db.session.execute(query).all())
        assert found == [(1, "both", 2), (1, "kept", 4), (1, "one", 3)]
        keys = sa.select(ConsentReport.worker_id, ConsentReport.key).order_by(ConsentReport.key)
        assert db.session.execute(keys).all() == [(1, "a"), (1, "b")]


def test_moving_twice_changes_nothing(chen: Chen, clock: HeldClock) -> None:
    learn(chen.app, clock.at)
    before = whose(chen.app)
    with chen.app.app_context():
        assert identity.bring_after(clock.at) == 1
        for move in WORKER_MOVERS.values():
            move(2, 1)
        db.session.commit()
    assert whose(chen.app) == before


def test_a_message_to_the_account_waits_for_no_other_answer_of_wechat(
    plain: Account, wechat: FakeWeChat
) -> None:
    plain.say("你好")
    assert wechat.seen == [], "WeChat hangs up after five seconds"
