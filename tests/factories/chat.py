"""A phone that talks to the question bot over HTTP, and questions whose answers are certain."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.faqbot.service.library import files
from faq.bot import Bot
from faq.engine.decide import Decided

#: The very words of a phrasing that is not ours: always answered with where else to go.
RENT = "房东不退押金怎么办"
WAGES, CONTRACT, INJURY = (
    "wage.arrears.where_to_complain",
    "contract.unsigned_double",
    "injury.apply",
)
NO_CONTRACT = "wage.arrears.no_contract"

Json = dict[str, Any]
Decides = Callable[[str, Decided], None]


def question_of(entry_id: str) -> str:
    """An entry's own question: the very words of a phrasing are always answered."""
    return files().entries[entry_id].question


def new_key() -> str:
    """A key as phones make it."""
    return secrets.token_hex(16)


@dataclass
class Phone:
    """One conversation on one phone; `headers` are those of whoever is signed in."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)
    key: str = field(default_factory=new_key)

    def send(self, path: str, body: Json | None = None) -> TestResponse:
        """A POST below /conversation, or a GET where there is no body."""
        headers = self.headers | {"X-Conversation": self.key}
        address = f"/api/v1/conversation{path}"
        if body is None:
            return self.client.get(address, headers=headers)
        return self.client.post(address, json=body, headers=headers)

    def ask(self, text: str, key: str = "") -> list[Json]:
        """Ask; the turns that came of it."""
        return turns_of(self.send("/questions", {"key": key or new_key(), "text": text}))

    def choose(self, turn: Json, choice: Json, key: str = "") -> list[Json]:
        """Tap a button of a turn."""
        wanted = {name: choice[name] for name in ("entry_id", "value")}
        return turns_of(
            self.send("/choices", {"key": key or new_key(), "turn_id": turn["id"], **wanted})
        )

    def call(self, **more: Any) -> list[Json]:
        """Tap 转人工."""
        return turns_of(self.send("/human", {"key": new_key(), **more}))

    def restart(self) -> list[Json]:
        """Tap 重新开始."""
        return turns_of(self.send("/restart", {"key": new_key()}))

    def history(self) -> list[Json]:
        """All that was said."""
        return turns_of(self.send(""))


def turns_of(response: TestResponse) -> list[Json]:
    """The turns of an answer that is well."""
    assert response.status_code == 200, response.get_data(as_text=True)
    document = response.get_json()
    found: list[Json] = document.get("turns", [document])
    return found


def kinds(turns: list[Json]) -> list[str]:
    """The kinds of turns in order."""
    return [turn["kind"] for turn in turns]


@pytest.fixture
def phone(app: APIFlask) -> Phone:
    """A phone of somebody who is not signed in."""
    return Phone(app.test_client())


@pytest.fixture
def decides(monkeypatch: pytest.MonkeyPatch) -> Decides:
    """`decides(text, Decided(...))`: what the engine is to say of a text, whatever it learnt."""
    told: dict[str, Decided] = {}
    really = Bot.decide

    def decide(bot: Bot, typed: str) -> Decided:
        return told.get(typed) or really(bot, typed)

    monkeypatch.setattr(Bot, "decide", decide)
    return told.__setitem__


def unsure(*entry_ids: str) -> Decided:
    """The engine is not sure between these."""
    return Decided("suggest", entry_ids, None, 0.4, "told by the test")


def lost() -> Decided:
    """The engine knows nothing of it."""
    return Decided("handoff", (WAGES,), None, 0.1, "told by the test")
