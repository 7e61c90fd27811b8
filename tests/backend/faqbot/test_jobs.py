"""Old talks are deleted on their day, approved entries learnt once; a second run does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend import scheduler
from backend.core.db import db
from backend.escalations.models import Escalation
from backend.faqbot import jobs
from backend.faqbot.models import Conversation, EntryRevision, Override, Turn
from backend.faqbot.service import library
from faq import store
from tests.clock import HeldClock
from tests.factories.chat import WAGES, Phone, kinds, question_of
from tests.factories.identity import make_staff


def count(app: APIFlask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_talk_is_kept_for_180_days_after_its_last_word(
    app: APIFlask, phone: Phone, clock: HeldClock
) -> None:
    phone.ask(question_of(WAGES))
    clock.advance(days=100)
    phone.ask("你好")
    other = Phone(phone.client)
    clock.advance(days=179)
    other.ask("你好")
    with app.app_context():
        assert jobs.forget_old(clock.now()) == 0
    clock.advance(days=1, seconds=1)
    with app.app_context():
        assert (jobs.forget_old(clock.now()), jobs.forget_old(clock.now())) == (1, 0)
    assert phone.history() == [] and kinds(other.history()) == ["asked", "greeting"]
    assert (count(app, Conversation), count(app, Turn)) == (1, 2)
    assert count(app, EntryRevision) == 1, "what was answered once stays on record"


def test_the_key_of_a_deleted_talk_begins_a_new_one(
    app: APIFlask, phone: Phone, clock: HeldClock
) -> None:
    phone.call(text="工资没发")
    clock.advance(days=181)
    with app.app_context():
        jobs.forget_old(clock.now())
    assert kinds(phone.ask("你好")) == ["asked", "greeting"]
    assert count(app, Escalation) == 1, "what a person was asked is kept by its own rule"


def test_more_than_a_batch_goes_in_one_run(
    app: APIFlask, phone: Phone, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for _ in range(5):
        Phone(phone.client).ask("你好")
    clock.advance(days=181)
    with app.app_context():
        jobs.run(clock.now())
    assert (count(app, Conversation), count(app, Turn)) == (0, 0)


def test_two_runs_at_once_delete_the_same_talks_once(
    app: APIFlask, phone: Phone, clock: HeldClock
) -> None:
    for _ in range(4):
        Phone(phone.client).ask("你好")
    clock.advance(days=181)
    barrier = Barrier(2)

    def run(_number: int) -> int:
        with app.app_context():
            barrier.wait(20)
            return jobs.forget_old(clock.now())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    assert (count(app, Conversation), count(app, Turn)) == (0, 0)


@pytest.fixture
def learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the other process was told to learn; it makes the folder, as the real one does."""
    told: list[str] = []

    def learn(root: Path, changed: Path | None = None) -> None:
        assert changed is not None
        told.append(changed.read_text("utf-8"))
        corpus = library.files().with_entries(library.live_overrides(library.files()))
        db.session.rollback()
        store.folder_of(corpus, root).mkdir(parents=True)

    monkeypatch.setattr(store, "learn", learn)
    monkeypatch.setattr(jobs, "models_folder", lambda: tmp_path)
    yield told


@pytest.fixture
def approve(app: APIFlask, clock: HeldClock) -> Callable[[str], None]:
    """Put a new phrasing of an entry in force."""
    base = library.files().entries[WAGES]

    def put(phrasing: str) -> None:
        with app.app_context():
            ids = [make_staff("answerer").id, make_staff("legal_reviewer").id]
            content = base.model_dump(mode="json")
            content["phrasings"] = [*content["phrasings"], phrasing]
            db.session.add(
                Override(
                    entry_id=WAGES, base_hash=base.content_hash, content=content, note="",
                    state="approved", proposed_by_id=ids[0], proposed_by_name="甲",
                    proposed_at=clock.at, decided_by_id=ids[1], decided_at=clock.at,
                )
            )  # fmt: skip
            library.bump(clock.at)
            db.session.commit()

    return put


def test_approved_entries_are_learnt_once_and_every_process_is_told(
    app: APIFlask, clock: HeldClock, learnt: list[str], approve: Callable[[str], None]
) -> None:
    with app.app_context():
        assert jobs.learn(clock.at) is False, "the files' model comes with the set-up"
    approve("紫藤花厂欠钱咋办")
    with app.app_context():
        assert library.pointer() == 1
        assert jobs.learn(clock.at) is True
        assert library.pointer() == 2, "so that the new model is taken up"
        assert jobs.learn(clock.at) is False
        assert library.pointer() == 2
    assert len(learnt) == 1 and "紫藤花厂欠钱咋办" in learnt[0]


def test_a_learner_that_fails_leaves_everything_as_it_was(
    app: APIFlask,
    clock: HeldClock,
    learnt: list[str],
    approve: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_root: Path, _changed: Path | None = None) -> None:
        raise store.NoModel("no room")

    approve("紫藤花厂欠钱咋办")
    monkeypatch.setattr(store, "learn", broken)
    with app.app_context():
        with pytest.raises(store.NoModel):
            jobs.learn(clock.at)
        assert library.pointer() == 1


def test_an_override_of_an_older_file_is_not_learnt(
    app: APIFlask, clock: HeldClock, learnt: list[str], approve: Callable[[str], None]
) -> None:
    approve("紫藤花厂欠钱咋办")
    with app.app_context():
        db.session.execute(sa.update(Override).values(base_hash="0" * 16))
        db.session.commit()
        assert jobs.learn(clock.at) is False
    assert learnt == []


def test_the_job_process_runs_it_every_minute(
    app: APIFlask, phone: Phone, clock: HeldClock
) -> None:
    phone.ask("你好")
    clock.advance(days=181)
    assert scheduler.run_job(app, "chat") is True
    assert count(app, Conversation) == 0
