"""Signing in after 转人工: the question becomes the worker's, so that its answer reaches them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.core.actor import Actor
from backend.core.db import db
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.faqbot.models import Conversation
from backend.faqbot.service import staff_replies
from backend.identity.models import Worker
from backend.notify.models import OutboxMessage
from tests.clock import HeldClock
from tests.factories.chat import Phone, new_key
from tests.factories.identity import make_staff, worker_id

SignIn = Callable[..., dict[str, str]]


def whose(app: APIFlask) -> tuple[int | None, int | None]:
    """Whose the conversation is, and whose the question."""
    with app.app_context():
        talk = db.session.scalars(sa.select(Conversation)).one()
        return talk.worker_id, db.session.scalars(sa.select(Escalation)).one().worker_id


def answered(app: APIFlask, clock: HeldClock) -> OutboxMessage | None:
    """Staff answer; the message that tells of it."""
    with app.app_context():
        row = db.session.scalars(sa.select(Escalation)).one()
        staff = make_staff("answerer")
        actor = Actor("staff", staff.id, staff.name, staff.roles)
        row = escalations.take(row.public_id, row.version, actor, clock.at)
        staff_replies.answer(row.public_id, row.version, "有人管。", [], actor, clock.at)
        return db.session.scalars(sa.select(OutboxMessage)).one_or_none()


@pytest.mark.parametrize("act", ["opens the chat", "asks on", "calls again", "begins anew"])
def test_the_next_thing_a_signed_in_worker_does_makes_it_theirs(
    app: APIFlask, client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock, act: str
) -> None:
    phone = Phone(client)
    phone.call(text="老板跑了")
    assert whose(app) == (None, None)
    headers = sign_in_worker(client)
    phone.headers.update(headers)
    acts: dict[str, Callable[[], object]] = {
        "opens the chat": phone.history,
        "asks on": lambda: phone.ask("你好"),
        "calls again": phone.call,
        "begins anew": phone.restart,
    }
    acts[act]()
    worker = worker_id(client, headers)
    assert whose(app) == (worker, worker)
    message = answered(app, clock)
    assert message is not None
    assert (message.channel, message.worker_id) == ("sms", worker)


def test_without_signing_in_there_is_no_message_and_no_worker(
    app: APIFlask, client: FlaskClient, clock: HeldClock
) -> None:
    phone = Phone(client)
    phone.call(text="老板跑了")
    phone.history()
    assert whose(app) == (None, None)
    assert answered(app, clock) is None
    assert phone.history()[-1]["text"] == "有人管。"


def test_an_answered_question_stays_as_it_was_asked(
    app: APIFlask, client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    phone = Phone(client)
    phone.call(text="老板跑了")
    answered(app, clock)
    headers = sign_in_worker(client)
    phone.headers.update(headers)
    assert phone.history()[-1]["text"] == "有人管。"
    assert whose(app) == (worker_id(client, headers), None)


def test_staff_who_have_the_question_open_are_not_disturbed(
    app: APIFlask, client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    phone = Phone(client)
    phone.call(text="老板跑了")
    with app.app_context():
        seen = db.session.scalars(sa.select(Escalation.version)).one()
    phone.headers.update(sign_in_worker(client))
    phone.history()
    with app.app_context():
        assert db.session.scalars(sa.select(Escalation.version)).one() == seen


def test_a_telephone_that_was_left_is_still_called_where_nothing_else_reaches(
    app: APIFlask, client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    phone = Phone(client)
    phone.call(text="老板跑了", phone="13800000009")
    phone.headers.update(sign_in_worker(client))
    phone.history()
    with app.app_context():
        db.session.execute(sa.update(Worker).values(phone_verified_at=None))
        db.session.commit()
    message = answered(app, clock)
    assert message is not None and message.channel == "phone"


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_key_that_was_renewed_reads_nothing_and_the_talk_keeps_its_time(
    app: APIFlask, client: FlaskClient, sign_in_worker: SignIn, clock: HeldClock, is_signed_in: bool
) -> None:
    phone = Phone(client, sign_in_worker(client) if is_signed_in else {})
    phone.call(text="老板跑了")
    before = whose(app)
    for _ in range(2):
        assert renew(phone).status_code == 204
        assert phone.history() == []
    assert phone.send("/prefill").json["facts"] == ""
    assert whose(app) == before, "the question still waits for its answer"
    assert (answered(app, clock) is not None) is is_signed_in
    assert phone.ask("你好")[0]["text"] == "你好", "a new talk with the old key"
    assert len(phone.history()) == 2
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Conversation.id))) == 2


def test_nobody_renews_the_key_of_somebody_who_signed_in(
    client: FlaskClient, sign_in_worker: SignIn
) -> None:
    owner = Phone(client, sign_in_worker(client))
    owner.ask("你好")
    answer = renew(Phone(client, {}, owner.key))
    assert (answer.status_code, answer.json["code"]) == (404, "not_yours")
    assert len(owner.history()) == 2


def test_renewing_needs_a_key_and_a_key_never_used_changes_nothing(
    app: APIFlask, client: FlaskClient
) -> None:
    assert client.delete("/api/v1/conversation/key").status_code == 422
    assert renew(Phone(client, {}, new_key())).status_code == 204
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Conversation.id))) == 0


def renew(phone: Phone) -> TestResponse:
    """清掉这台手机上的对话."""
    headers = phone.headers | {"X-Conversation": phone.key}
    return phone.client.delete("/api/v1/conversation/key", headers=headers)
