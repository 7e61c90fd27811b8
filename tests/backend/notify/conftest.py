"""Messages waiting to go out, and ways out that a test controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db, one_transaction
from backend.notify import jobs, outbox, senders
from backend.notify.models import Delivery
from backend.notify.senders import Letter
from backend.settings import SubscribeTemplate
from tests.clock import HeldClock

LOCK_SCREEN = "您在示例局办的事有新消息，请打开查看。"
CASE_TEXT = "您投诉示例公司欠薪 8000 元，我们已经立案。"
PHONE = "13800000077"


@dataclass
class Way:
    """A channel: keeps what it was given, and fails in the ways the test lines up."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    always: Exception | None = None
    letters: list[Letter] = field(default_factory=list)

    def send(self, address: str, letter: Letter) -> None:
        """Take a letter, or fail."""
        if self.always is not None:
            raise self.always
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, letter.text))
        self.letters.append(letter)


@dataclass
class Post:
    """The three ways out, and the telephone known for each subject."""

    sms: Way
    wechat: Way
    subscribe: Way
    clock: HeldClock
    phones: dict[str, str]

    @one_transaction
    def queue(self, key: str = "a", **words: Any) -> None:
        """Write a message, as a step of a case does."""
        values: dict[str, Any] = {
            "subject": "case:17",
            "worker_id": None,
            "channel": "sms",
            "template": "accepted",
            "title": "已受理",
            "text": CASE_TEXT,
            "lock_screen": LOCK_SCREEN,
            "dedupe_key": key,
            "now": self.clock.at,
        }
        outbox.queue(**(values | words))

    def run(self) -> jobs.Ran:
        """Run the job."""
        return jobs.run(self.clock.at, {"case": self.phones.get})

    def row(self) -> Delivery:
        """The only delivery, as it stands."""
        db.session.rollback()
        return db.session.scalars(sa.select(Delivery)).one()

    def states(self) -> list[str]:
        """The state of every delivery, in the order the messages were written."""
        db.session.rollback()
        return list(db.session.scalars(sa.select(Delivery.state).order_by(Delivery.outbox_id)))


@pytest.fixture
def post(clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Ways out for SMS and WeChat; the telephone of case 17 is known."""
    made = Post(Way(), Way(), Way(), clock, {"case:17": PHONE})
    ways: dict[str, Callable[[object], object]] = {
        "subscribe": lambda _settings: made.subscribe,
        "sms": lambda _settings: made.sms,
        "wechat": lambda _settings: made.wechat,
    }
    monkeypatch.setattr(senders, "CHANNELS", ways)
    return made


def templates(consent: str = "one_time") -> dict[str, SubscribeTemplate]:
    """A template for each kind of message, as a bureau's file would name them."""
    names = {"progress": "tmpl-progress", "reminder": "tmpl-reminder", "answer": "tmpl-answer",
             "booking": "tmpl-booking", "lecture_reminder": "tmpl-lecture"}  # fmt: skip
    fields = {"thing1": "what", "time2": "when", "thing3": "where", "thing4": "note"}
    return {
        kind: SubscribeTemplate.model_validate(
            {"template": name, "consent": consent, "fields": fields}
        )
        for kind, name in names.items()
    }


@pytest.fixture
def with_templates(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, SubscribeTemplate]], None]:
    """`with_templates(templates("long_term"))`: what the bureau's file says in this test."""

    def use(mapped: dict[str, SubscribeTemplate]) -> None:
        changed = app.config["BUREAU"].model_copy(update={"subscribe_messages": mapped})
        monkeypatch.setitem(app.config, "BUREAU", changed)

    return use
