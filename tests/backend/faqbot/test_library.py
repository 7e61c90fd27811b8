"""A change of the corpus is in every process within seconds; no answer mixes two versions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db, one_transaction
from backend.faqbot.models import EntryRevision, Override, Turn
from backend.faqbot.service import library
from backend.faqbot.service.library import LOOK_EVERY_S, InForce, Library
from faq.bot import Bot
from faq.schema import Entry
from tests.clock import HeldClock
from tests.factories.chat import WAGES, Phone, question_of
from tests.factories.identity import make_staff


class Watch:
    """Stands in for time.monotonic."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    held = Watch()
    monkeypatch.setattr(library, "time", SimpleNamespace(monotonic=held))
    return held


@pytest.fixture
def quick(app: APIFlask, clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> list[Bot]:
    """Building a version takes no time: the ranker of the files with the changed answers."""
    with app.app_context():
        ready = library.library().in_force(clock.at).bot
    built: list[Bot] = []

    def build(changed: list[Entry], _today: object) -> Bot:
        built.append(Bot(ready.corpus.with_entries(changed), ready.ranker))
        return built[-1]

    monkeypatch.setattr(library, "bot_with", build)
    return built


Approves = Callable[[str], None]


@pytest.fixture
def approves(app: APIFlask, clock: HeldClock) -> Approves:
    """`approves("新的说法。")`: another process puts a new text of one entry in force."""
    with app.app_context():
        ids = [make_staff("answerer").id, make_staff("legal_reviewer").id]
    base = library.files().entries[WAGES]

    @one_transaction
    def put(short: str) -> None:
        live = Override.state == "approved"
        db.session.execute(sa.update(Override).where(live).values(state="replaced"))
        content = base.model_dump(mode="json") | {"short": short, "answer": f"全文：{short}"}
        db.session.add(
            Override(
                entry_id=WAGES, base_hash=base.content_hash, content=content, note="",
                state="approved", proposed_by_id=ids[0], proposed_by_name="甲",
                proposed_at=clock.at, decided_by_id=ids[1], decided_at=clock.at,
            )
        )  # fmt: skip
        library.bump(clock.at)

    def approve(short: str) -> None:
        with app.app_context():
            put(short)

    return approve


def short_of(version: InForce) -> str:
    return version.bot.corpus.entries[WAGES].short


@pytest.mark.usefixtures("quick")
def test_another_process_sees_an_approval_after_a_second(
    app: APIFlask, clock: HeldClock, watch: Watch, approves: Approves
) -> None:
    other = Library()

    def take() -> InForce:
        with app.app_context():  # a request of its own
            return other.in_force(clock.at)

    before = take()
    approves("新的说法。")
    watch.at += LOOK_EVERY_S - 0.01
    assert take() is before, "no look within the second"
    watch.at += 0.02
    after = take()
    assert (short_of(after), after.number) == ("新的说法。", 1)
    assert after.bot.corpus.version != before.bot.corpus.version
    assert short_of(before) == library.files().entries[WAGES].short, "a version never changes"
    assert LOOK_EVERY_S <= 5


def test_nothing_is_built_and_hardly_anything_read_while_nothing_changes(
    app: APIFlask, clock: HeldClock, watch: Watch, quick: list[Bot], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    really = library.pointer
    monkeypatch.setattr(library, "pointer", lambda: looks.append(1) or really())
    other = Library()
    with app.app_context():
        for _ in range(50):
            other.in_force(clock.at)
            watch.at += 0.1
    assert len(quick) == 1 and len(looks) <= 6


def test_a_new_day_is_looked_at_again(
    app: APIFlask, clock: HeldClock, watch: Watch, quick: list[Bot]
) -> None:
    other = Library()
    with app.app_context():
        first = other.in_force(clock.at)
        assert other.in_force(clock.at + timedelta(hours=13)) is first, "23:00 in Shanghai"
        assert other.in_force(clock.at + timedelta(hours=15)) is not first
    assert len(quick) == 2


def test_while_one_builds_the_others_answer_with_what_they_have(
    app: APIFlask,
    clock: HeldClock,
    watch: Watch,
    quick: list[Bot],
    approves: Approves,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = Library()
    begun, go_on = threading.Event(), threading.Event()
    build = library.bot_with

    def slow(changed: list[Entry], today: Any) -> Bot:
        begun.set()
        assert go_on.wait(20)
        return build(changed, today)

    def take() -> InForce:
        with app.app_context():
            return other.in_force(clock.at)

    before = take()
    approves("新的说法。")
    watch.at += 2
    monkeypatch.setattr(library, "bot_with", slow)
    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(take)
        assert begun.wait(20)
        assert take() is before
        go_on.set()
        assert short_of(building.result(20)) == "新的说法。"
    assert short_of(take()) == "新的说法。" and len(quick) == 2


def test_the_first_questions_at_once_build_one_version(
    app: APIFlask, clock: HeldClock, quick: list[Bot]
) -> None:
    other, barrier = Library(), threading.Barrier(4)

    def take(_number: int) -> InForce:
        with app.app_context():
            barrier.wait(20)
            return other.in_force(clock.at)

    with ThreadPoolExecutor(4) as pool:
        versions = list(pool.map(take, range(4)))
    assert len(quick) == 1 and all(one is versions[0] for one in versions)


@pytest.fixture
def own_library(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A library that looks at every question, as if a second passed between them."""
    monkeypatch.setattr(library, "LOOK_EVERY_S", 0.0)
    made = Library()
    monkeypatch.setitem(app.extensions, "faq_library", made)
    yield made


@pytest.mark.usefixtures("quick", "own_library")
def test_answers_given_while_versions_change_are_each_of_one_version(
    app: APIFlask, approves: Approves
) -> None:
    Phone(app.test_client()).ask(question_of(WAGES))
    ended = threading.Event()

    def ask() -> int:
        asked = 0
        while not ended.is_set() or not asked:
            phone = Phone(app.test_client())
            answer = phone.ask(question_of(WAGES))[-1]
            assert answer["entry"]["short"] == answer["text"]
            assert phone.history()[-1] == answer
            asked += 1
        return asked

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        for number in range(6):
            approves(f"第{number}版。")
            threading.Event().wait(0.05)
        ended.set()
        assert sum(one.result(60) for one in asking) >= 3
    with app.app_context():
        query = sa.select(Turn.corpus, Turn.revision).where(Turn.entry_id == WAGES).distinct()
        pairs = db.session.execute(query).all()
        rows = db.session.scalars(sa.select(EntryRevision)).all()
    assert len(pairs) == len({one.corpus for one in pairs}) == len({one.revision for one in pairs})
    assert len(pairs) > 1, "versions did change while they asked"
    for row in rows:
        short, answer = row.content["short"], row.content["answer"]
        assert (answer == f"全文：{short}") is short.endswith("版。")
