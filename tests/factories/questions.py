"""Questions for tests: people who answer, questions handed over, talks with the real bot."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit.record import events
from backend.core.actor import VISITOR, Actor
from backend.core.db import db, one_transaction
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.service import Asked
from backend.escalations.service.asking import chain
from backend.faqbot.service import asking, humans, library, turns
from backend.faqbot.service.turns import Said
from backend.identity.models import Staff
from faq import store
from tests.clock import HeldClock
from tests.factories.identity import make_staff

TRANSCRIPT = [
    {"author": "person", "kind": "asked", "text": "昨晚送餐摔了，站长说先自己垫钱"},
    {"author": "bot", "kind": "handoff", "text": "这个我没把握，不敢乱答。"},
]
PEOPLE = {
    "first": ("answerer", "钟解答"),
    "second": ("answerer", "吴解答"),
    "clerk": ("clerk", "冯窗口"),
    "unit_head": ("unit_head", "区大队"),
    "head": ("head", "容局长"),
    "reviewer": ("legal_reviewer", "李法审"),
    "inspector": ("inspector", "何监察"),
}


@dataclass
class Bureau:
    """People of every role that has to do with questions, and a phone that asks."""

    app: APIFlask
    clock: HeldClock
    staff: dict[str, Actor] = field(default_factory=dict)

    def ask(self, question: str = "摔伤了谁管", **more: Any) -> str:
        """Hand a question over, without a conversation behind it; gives its public id."""
        subject = more.pop("subject", f"conversation:{secrets.randbelow(10**9) + 10**6}")
        asked = Asked(subject, question, transcript=TRANSCRIPT, **more)
        with self.app.app_context():
            return _hand_over(asked, self.clock)

    def talk(self, *texts: str, hands_over: bool = False, phone: str | None = None) -> str:
        """Say something to the bot; gives the conversation's key."""
        key = secrets.token_hex(16)
        with self.app.app_context():
            for text in texts:
                asking.ask(key, text, secrets.token_hex(16), VISITOR, self.clock.now())
            if hands_over:
                now = self.clock.now()
                humans.call(key, secrets.token_hex(16), None, phone, VISITOR, now)
        return key

    def stored(self, text: str, kind: str = "handoff", *, likeness: str = "") -> None:
        """A question in a conversation of its own, with what the bot is to have said to it."""
        key, now = secrets.token_hex(16), self.clock.now()
        said = [Said("person", "asked", text, likeness=likeness or text), Said("bot", kind, "…")]
        with self.app.app_context():
            conversation = turns.find_or_begin(key, VISITOR, now)
            turns.write(conversation, said, key, "", now)
            db.session.commit()

    def do(self, act: Callable[..., Any], public_id: str, *values: Any, who: str) -> Any:
        """Let somebody act on a question as its page shows it now."""
        with self.app.app_context():
            version = self.row(public_id).version
            return act(public_id, version, *values, self.staff[who], self.clock.now())

    def row(self, public_id: str) -> Escalation:
        """The question as it stands in the database; needs an app context."""
        query = sa.select(Escalation).where(Escalation.public_id == public_id)
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def now(self, public_id: str) -> Escalation:
        """The same, in a context of its own."""
        with self.app.app_context():
            return self.row(public_id)

    def acts(self, public_id: str) -> list[str]:
        """What stands in the record of a question."""
        with self.app.app_context():
            return [event.act for event in events(chain(self.row(public_id).id))]

    def newest(self) -> str:
        """The public id of the question handed over last."""
        with self.app.app_context():
            query = sa.select(Escalation.public_id).order_by(Escalation.id.desc())
            return db.session.scalars(query.limit(1)).one()


@one_transaction
def _hand_over(asked: Asked, clock: HeldClock) -> str:
    row, _is_new = escalations.hand_over(asked, VISITOR, clock.now())
    return row.public_id


@pytest.fixture
def bureau(app: APIFlask, clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    """The bureau on an empty database; the bot's model is the one learnt for development."""
    monkeypatch.setattr(library, "models_folder", lambda: store.DEFAULT)
    made = Bureau(app, clock)
    with app.app_context():
        for key, (role, name) in PEOPLE.items():
            made.staff[key] = actor_of(make_staff(role, name=name))
    yield made


def actor_of(staff: Staff) -> Actor:
    """A member of staff acting."""
    return Actor("staff", staff.id, staff.name, staff.roles)
