"""What was said stays readable in the words of its day, and answers of staff come into it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from sqlalchemy import event

from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.service import Cited
from backend.faqbot import jobs
from backend.faqbot.models import Conversation, EntryRevision, Turn
from backend.faqbot.service import library
from faq.schema import Entry
from tests.clock import HeldClock
from tests.factories.chat import WAGES, Json, Phone, kinds, new_key, question_of
from tests.factories.identity import make_staff

TEXT = "有人管。\n带上考勤记录来窗口。"
Answers = Callable[..., None]


@dataclass
class Answerer:
    """A colleague who answers through the escalations alone, without the desk."""

    app: APIFlask
    clock: HeldClock

    def __call__(self, text: str = TEXT, cited: tuple[Cited, ...] = ()) -> str:
        """Take and answer the question that is open; its public id."""
        with self.app.app_context():
            found = make_staff("answerer", name="钟解答")
            actor = Actor("staff", found.id, found.name, found.roles)
            query = sa.select(Escalation).where(Escalation.state != "answered")
            row = db.session.scalars(query).one()
            now = self.clock.now()
            row = escalations.take(row.public_id, row.version, actor, now)
            escalations.answer(row.public_id, row.version, text, cited, actor, now)
            return row.public_id


@pytest.fixture
def answers(app: APIFlask, clock: HeldClock) -> Answerer:
    return Answerer(app, clock)


def replies(turns: list[Json]) -> list[str]:
    return [turn["text"] for turn in turns if turn["kind"] == "reply"]


def test_an_answer_of_staff_is_read_once_with_its_law_and_its_time(
    phone: Phone, clock: HeldClock, answers: Answerer
) -> None:
    phone.call(text="工资没发")
    at = clock.advance(hours=3)
    answers(TEXT, (Cited("劳动合同法", "第三十条"), Cited("没有的办法", "第一条")))
    clock.advance(hours=1)
    first, again = phone.history(), phone.history()
    assert first == again and kinds(first) == ["asked", "escalated", "reply"]
    reply = first[-1]
    assert (reply["author"], reply["text"], reply["can_rate"]) == ("staff", TEXT, True)
    assert reply["at"] == at.isoformat().replace("+00:00", "Z")
    assert [(c["has_text"], c["is_unverified"]) for c in reply["citations"]] == [
        (True, False),
        (False, True),
    ]
    assert first[1]["waiting"]["state"] == "answered"
    rated = phone.send(f"/turns/{reply['id']}/feedback", {"verdict": "useful"})
    assert rated.get_json()["feedback"] == "useful"


@pytest.mark.parametrize("act", ["ask", "call", "restart", "choose"])
def test_it_stands_before_what_is_said_next(
    phone: Phone, answers: Answerer, act: str, decides: Callable[..., None]
) -> None:
    phone.call(text="工资没发")
    answers()
    if act == "choose":
        answer = phone.send("/choices", {"key": new_key(), "turn_id": 1, "entry_id": WAGES})
        assert answer.status_code == 404
        assert replies(phone.history()) == [TEXT]
        return
    turns = {
        "ask": lambda: phone.ask(question_of(WAGES)),
        "call": lambda: phone.call(text="还有"),
        "restart": phone.restart,
    }[act]()
    assert turns[0]["kind"] == "reply", "the phone sees it without asking for the history"
    history = phone.history()
    assert replies(history) == [TEXT] and history[2:] == turns
    assert [turn["id"] for turn in history] == sorted(turn["id"] for turn in history)


def test_two_questions_get_their_two_answers_in_order(phone: Phone, answers: Answerer) -> None:
    for text in ("一", "二"):
        phone.call(text=f"问题{text}")
        answers(f"答复{text}")
    assert replies(phone.history()) == ["答复一", "答复二"]
    assert kinds(phone.history()) == ["asked", "escalated", "reply"] * 2


def test_reading_at_once_brings_it_in_once(app: APIFlask, phone: Phone, answers: Answerer) -> None:
    phone.call(text="工资没发")
    answers()
    barrier = Barrier(4)

    def read(_number: int) -> list[str]:
        mine = Phone(app.test_client(), key=phone.key)
        barrier.wait(20)
        return replies(mine.history())

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [[TEXT]] * 4


def test_somebody_elses_answer_stays_theirs(phone: Phone, answers: Answerer) -> None:
    other = Phone(phone.client)
    other.ask("你好")
    phone.call(text="工资没发")
    answers()
    assert replies(other.history()) == [] and replies(phone.history()) == [TEXT]


def test_a_new_conversation_that_got_an_old_ones_number_reads_none_of_its_answers(
    app: APIFlask, phone: Phone, clock: HeldClock, answers: Answerer
) -> None:
    phone.call(text="工资没发")
    answers()
    clock.advance(days=181)
    with app.app_context():
        assert jobs.forget_old(clock.now()) == 1
        row = db.session.scalars(sa.select(Escalation)).one()
        number = int(row.subject.removeprefix("conversation:"))
        other = Phone(phone.client)
        key_hash, now = crypto.token_hash(other.key), clock.now()
        again = Conversation(
            id=number, key_hash=key_hash, channel="app", created_at=now, last_at=now
        )
        db.session.add(again)
        db.session.commit()
    assert other.history() == []


def test_reading_costs_one_look_more_where_nothing_waits(app: APIFlask, phone: Phone) -> None:
    phone.ask(question_of(WAGES))
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        phone.history()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    selects = [one for one in seen if one.startswith("SELECT")]
    assert len(selects) == 4, "conversation, answers, turns, what was shown"
    assert not [one for one in seen if one.startswith(("INSERT", "UPDATE"))]


def test_an_answer_is_shown_in_the_words_it_had_when_it_was_given(
    app: APIFlask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = phone.ask(question_of(WAGES))[-1]
    whole = library.files()
    words = {"short": "新的说法。", "answer": "新的答复。", "citations": []}
    changed = Entry.model_validate(whole.entries[WAGES].model_dump() | words)
    monkeypatch.setattr(library, "files", lambda: whole.with_entries([changed]))
    monkeypatch.setitem(app.extensions, "faq_library", library.Library())
    after = phone.ask(question_of(WAGES))[-1]
    assert (after["text"], after["entry"]["answer"]) == ("新的说法。", "新的答复。")
    history = phone.history()
    assert history[1] == before and history[3] == after
    assert before["entry"]["revision"] != after["entry"]["revision"]
    with app.app_context():
        rows = db.session.scalars(sa.select(Turn.corpus).where(Turn.author == "bot")).all()
        assert len(set(rows)) == 2
        assert db.session.scalar(sa.select(sa.func.count()).select_from(EntryRevision)) == 2


def test_a_long_talk_is_read_page_by_page(phone: Phone, clock: HeldClock) -> None:
    for _ in range(30):
        phone.ask("你好")
        clock.advance(seconds=10)
    document = phone.send("").get_json()
    assert (len(document["turns"]), document["has_more"], document["keep_days"]) == (40, True, 180)
    older = phone.send(f"?before={document['turns'][0]['id']}").get_json()
    assert (len(older["turns"]), older["has_more"]) == (20, False)
    ids = [turn["id"] for turn in older["turns"] + document["turns"]]
    assert ids == sorted(set(ids)) and len(ids) == 60
