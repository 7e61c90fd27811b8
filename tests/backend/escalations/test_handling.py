"""Taking, handing back, giving and answering a question; the second person sees who was first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend.audit.models import AuditEvent
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.service import Cited
from backend.escalations.states import S
from backend.identity.models import Worker
from backend.notify.models import OutboxMessage
from tests.factories.identity import worker_id
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]

TEXT = "有人管。先治伤、留票据。\n站点要给您报职业伤害保障。"
HELD = Cited("工伤保险条例", "第十七条")
FREE = Cited("职业伤害保障办法", "第五条")
DEEDS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "take": (escalations.take, ()),
    "hand_back": (escalations.hand_back, ("要等工伤窗口",)),
    "answer": (escalations.answer, (TEXT, [HELD])),
}


def sent(bureau: Bureau) -> list[OutboxMessage]:
    """Every message in the outbox."""
    with bureau.app.app_context():
        return list(db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def taken(bureau: Bureau, who: str = "first", **more: Any) -> str:
    """A question that somebody has taken."""
    question = bureau.ask(**more)
    bureau.do(escalations.take, question, who=who)
    return question


def test_a_taken_question_has_a_holder_and_a_line_in_the_record(bureau: Bureau) -> None:
    question = taken(bureau)
    row = bureau.now(question)
    assert (row.state, row.taken_by_name) == ("taken", "钟解答")
    assert bureau.acts(question) == ["ask", "take"]


def test_taking_twice_oneself_changes_nothing(bureau: Bureau) -> None:
    question = taken(bureau)
    bureau.do(escalations.take, question, who="first")
    assert bureau.acts(question) == ["ask", "take"]


@pytest.mark.parametrize("deed", ["take", "hand_back", "answer"])
def test_the_second_person_is_told_who_has_it_and_changes_nothing(
    bureau: Bureau, deed: str
) -> None:
    question = taken(bureau)
    act, values = DEEDS[deed]
    with pytest.raises(Conflict, match="钟解答") as caught:
        bureau.do(act, question, *values, who="second")
    assert (caught.value.code, caught.value.extra["by"]) == ("taken", "钟解答")
    assert bureau.acts(question) == ["ask", "take"] and sent(bureau) == []


def test_of_two_at_once_one_takes_it_and_the_other_learns_who(bureau: Bureau) -> None:
    question, gate = bureau.ask(), Barrier(2)
    version = bureau.now(question).version

    def go(who: str) -> str:
        with bureau.app.app_context():
            gate.wait()
            try:
                escalations.take(question, version, bureau.staff[who], bureau.clock.now())
            except Problem as problem:
                return str(problem.extra.get("by"))
            return "taken"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(go, ("first", "second")))
    holder = bureau.now(question).taken_by_name
    assert sorted(results) == sorted(["taken", holder])
    assert bureau.acts(question) == ["ask", "take"]


@pytest.mark.parametrize(("state", "deed"), list(product(S, DEEDS)))
def test_a_deed_in_a_wrong_state_is_a_conflict_and_changes_nothing(
    bureau: Bureau, state: S, deed: str
) -> None:
    question = bureau.ask() if state is S.WAITING else taken(bureau)
    if state is S.ANSWERED:
        bureau.do(escalations.answer, question, TEXT, [], who="first")
    before = bureau.acts(question)
    act, values = DEEDS[deed]
    lawful = (state, deed) in {
        (S.WAITING, "take"), (S.TAKEN, "take"), (S.TAKEN, "hand_back"), (S.TAKEN, "answer")
    }  # fmt: skip
    if lawful:
        bureau.do(act, question, *values, who="first")
        return
    with pytest.raises(Conflict):
        bureau.do(act, question, *values, who="first")
    assert bureau.acts(question) == before


@pytest.mark.parametrize("who", ["inspector", "reviewer"])
@pytest.mark.parametrize("deed", list(DEEDS))
def test_other_roles_answer_no_questions(bureau: Bureau, who: str, deed: str) -> None:
    question = bureau.ask()
    act, values = DEEDS[deed]
    with pytest.raises(Forbidden):
        bureau.do(act, question, *values, who=who)
    assert bureau.acts(question) == ["ask"]


def test_a_question_handed_back_waits_again_and_remembers_who_had_it(bureau: Bureau) -> None:
    question = taken(bureau)
    bureau.do(escalations.hand_back, question, "要等工伤窗口", who="first")
    row = bureau.now(question)
    assert (row.state, row.taken_by_id, row.had_by_ids) == (
        "waiting", None, [bureau.staff["first"].id]
    )  # fmt: skip
    bureau.do(escalations.take, question, who="second")
    assert bureau.now(question).taken_by_name == "吴解答"


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_handing_back_needs_a_reason(bureau: Bureau, reason: str) -> None:
    question = taken(bureau)
    with pytest.raises(BadInput) as caught:
        bureau.do(escalations.hand_back, question, reason, who="first")
    assert caught.value.errors[0]["field"] == "reason"
    assert bureau.now(question).state == "taken"


def test_a_unit_head_gives_a_question_to_somebody_even_out_of_other_hands(bureau: Bureau) -> None:
    question, second = taken(bureau), bureau.staff["second"]
    bureau.do(escalations.give_to, question, second.id, who="unit_head")
    row = bureau.now(question)
    assert (row.taken_by_id, row.had_by_ids) == (second.id, [bureau.staff["first"].id])
    with pytest.raises(Conflict, match="吴解答"):
        bureau.do(escalations.answer, question, TEXT, [], who="first")


def test_an_answerer_gives_nothing_away_and_nobody_gives_to_an_inspector(bureau: Bureau) -> None:
    question = bureau.ask()
    with pytest.raises(Forbidden):
        bureau.do(escalations.give_to, question, bureau.staff["second"].id, who="first")
    for nobody in (bureau.staff["inspector"].id, 999_999):
        with pytest.raises(BadInput):
            bureau.do(escalations.give_to, question, nobody, who="head")
    assert bureau.acts(question) == ["ask"]


def test_an_answer_is_kept_with_its_articles_and_ends_the_clock(bureau: Bureau) -> None:
    question = taken(bureau)
    bureau.do(escalations.answer, question, f" {TEXT} ", [HELD, FREE], who="first")
    row = bureau.now(question)
    assert (row.state, row.answer, row.answered_by_name) == ("answered", TEXT, "钟解答")
    assert [c["is_unverified"] for c in row.citations] == [False, True]
    assert row.goes_up_at is None and bureau.acts(question)[-1] == "answer"


@pytest.mark.parametrize("text", ["", " \n ", "长" * 1001])
def test_an_empty_or_endless_answer_is_refused(bureau: Bureau, text: str) -> None:
    question = taken(bureau)
    with pytest.raises(BadInput):
        bureau.do(escalations.answer, question, text, [], who="first")
    assert bureau.now(question).answer is None


def test_too_many_articles_are_refused(bureau: Bureau) -> None:
    question = taken(bureau)
    with pytest.raises(BadInput, match="最多"):
        bureau.do(escalations.answer, question, TEXT, [HELD] * 13, who="first")


def test_an_article_that_does_not_exist_is_refused(bureau: Bureau) -> None:
    question = taken(bureau)
    wrong = Cited("劳动合同法", "第九百条")
    with pytest.raises(BadInput, match="没有第九百条，最后一条是第九十八条") as caught:
        bureau.do(escalations.answer, question, TEXT, [HELD, wrong], who="first")
    assert [error["field"] for error in caught.value.errors] == ["citations"]
    assert bureau.now(question).answer is None and sent(bureau) == []


def test_an_answer_to_a_page_that_is_out_of_date_is_a_conflict(bureau: Bureau) -> None:
    question = taken(bureau, subject="conversation:7")
    version = bureau.now(question).version
    with bureau.app.app_context():
        one_transaction(escalations.add_words)("conversation:7", "站点在礼乐")
        with pytest.raises(Conflict) as caught:
            escalations.answer(
                question, version, TEXT, [], bureau.staff["first"], bureau.clock.now()
            )
    assert caught.value.code == "stale" and sent(bureau) == []


def test_no_question_is_not_found(bureau: Bureau) -> None:
    with bureau.app.app_context(), pytest.raises(NotFound):
        escalations.take("none", 1, bureau.staff["first"], bureau.clock.now())


@pytest.mark.parametrize(
    ("known", "channel"),
    [({"account_openid_index": "x"}, "wechat"), ({}, "sms"), ({"phone_verified_at": None}, "app")],
)
def test_a_signed_in_person_is_told_over_the_best_channel(
    bureau: Bureau,
    client: FlaskClient,
    sign_in_worker: Callable[..., dict[str, str]],
    known: dict[str, Any],
    channel: str,
) -> None:
    worker = worker_id(client, sign_in_worker(client))
    with bureau.app.app_context():
        if known:
            db.session.execute(sa.update(Worker).values(known))
            db.session.commit()
    question = taken(bureau, subject="conversation:7", worker_id=worker)
    bureau.do(escalations.answer, question, TEXT, [], who="first")
    (message,) = sent(bureau)
    assert (message.channel, message.worker_id) == (channel, worker)
    assert (message.subject, message.text) == ("conversation:7", TEXT)
    assert "摔" not in message.lock_screen and "工伤" not in message.lock_screen


def test_somebody_who_left_only_a_telephone_stands_on_the_list_of_calls(bureau: Bureau) -> None:
    question = taken(bureau, phone="13800000077")
    bureau.do(escalations.answer, question, TEXT, [], who="first")
    (message,) = sent(bureau)
    row = bureau.now(question)
    assert (message.channel, message.subject) == ("phone", f"question:{row.id}")
    with bureau.app.app_context():
        subjects = [message.subject, "case:1", "question:x"]
        found = escalations.callers(subjects, bureau.staff["clerk"], bureau.clock.now())
        read = db.session.query(AuditEvent).filter_by(act="call_list_read").one()
    assert found[message.subject].phone == "13800000077"
    assert read.detail == {"questions": [f"Z-{row.id}"]}


def test_somebody_unknown_finds_the_answer_in_the_chat_only(bureau: Bureau) -> None:
    question = taken(bureau)
    bureau.do(escalations.answer, question, TEXT, [], who="first")
    assert sent(bureau) == []


def test_reading_a_question_is_recorded_and_shows_who_may_do_what(bureau: Bureau) -> None:
    question = taken(bureau, phone="13800000077")
    with bureau.app.app_context():
        now = bureau.clock.now()
        own = escalations.read(question, bureau.staff["first"], now)
        other = escalations.read(question, bureau.staff["second"], now)
        chief = escalations.read(question, bureau.staff["head"], now)
    assert (own.may_answer, other.may_answer, chief.may_give) == (True, False, True)
    assert own.phone == "138****0077" and own.transcript[0]["author"] == "person"
    assert bureau.acts(question).count("read") == 3
    assert [event.act for event in chief.course] == ["ask", "take"]


def test_what_staff_and_people_wrote_is_encrypted_at_rest(bureau: Bureau) -> None:
    question = taken(bureau, phone="13800000077")
    bureau.do(escalations.answer, question, TEXT, [], who="first")
    with bureau.app.app_context():
        columns = "question, transcript, phone, answer"
        raw = db.session.execute(sa.text(f"SELECT {columns} FROM escalations")).one()
    for stored in raw:
        assert isinstance(bytes(stored), bytes)
        assert "摔".encode() not in bytes(stored) and b"13800000077" not in bytes(stored)
    assert bureau.now(question).__class__ is Escalation
