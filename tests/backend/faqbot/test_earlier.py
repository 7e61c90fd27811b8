"""Whoever gets a like question sees what colleagues answered, without anybody's numbers."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from backend.core.actor import VISITOR
from backend.core.db import db
from backend.core.errors import NotFound
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.service import Cited
from backend.faqbot.models import StaffAnswer, Turn
from backend.faqbot.service import earlier, rating, staff_replies
from backend.faqbot.service.library import library
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]

WORDS = "紫藤补贴几时发"
TEXT = "月底发。\n带身份证到窗口领。"


def answered(bureau: Bureau, words: str = WORDS, text: str = TEXT, **more: Any) -> str:
    """A question that the first has answered; gives its public id."""
    question = bureau.ask(words, **more)
    bureau.do(escalations.take, question, who="first")
    cited = [Cited("劳动合同法", "第三十条")]
    bureau.do(staff_replies.answer, question, text, cited, who="first")
    return question


def found(bureau: Bureau, words: str = WORDS, but: str = "") -> list[earlier.Earlier]:
    """What is shown beside a question of these words."""
    with bureau.app.app_context():
        return earlier.answers(words, bureau.clock.now(), but=but)


def test_an_answer_is_found_by_the_same_words_in_any_order(bureau: Bureau) -> None:
    question = answered(bureau)
    (one,) = found(bureau, "几时发紫藤补贴？")
    assert (one.public_id, one.question, one.answer, one.by) == (question, WORDS, TEXT, "钟解答")
    assert one.at == bureau.clock.now() and one.citations == [Cited("劳动合同法", "第三十条")]
    assert one.number.startswith("Z-") and not one.has_masked


def test_an_answer_is_found_by_the_entry_the_bot_thinks_of(bureau: Bureau) -> None:
    question = answered(bureau, "试用期多久")
    assert [one.public_id for one in found(bureau, "试用期最长可以多长时间")] == [question]
    assert found(bureau, "怎么申请仲裁") == []


def test_what_is_not_ours_is_found_by_where_else_it_goes(bureau: Bureau) -> None:
    question = answered(bureau, "房东不退押金怎么办")
    with bureau.app.app_context():
        place = earlier.place_of(library().in_force(bureau.clock.now()).bot, "房东不退押金怎么办")
    assert place.entry_id is not None and place.entry_id.startswith("oos.")
    assert [one.public_id for one in found(bureau, "租房押金房东不退给我")] == [question]


def test_the_question_itself_and_open_ones_are_not_among_them(bureau: Bureau) -> None:
    question = answered(bureau)
    bureau.ask(WORDS)
    assert found(bureau, but=question) == []
    assert len(found(bureau)) == 1


def test_signs_without_words_are_like_nothing(bureau: Bureau) -> None:
    answered(bureau, "？？？")
    answered(bureau, "😀")
    with bureau.app.app_context():
        places = db.session.execute(sa.select(StaffAnswer.likeness, StaffAnswer.entry_id)).all()
    assert [tuple(place) for place in places] == [(None, None)] * 2
    assert found(bureau, "！！") == []


def test_five_are_shown_those_of_the_same_words_first_and_then_the_newest(bureau: Bureau) -> None:
    same = answered(bureau, "试用期多久")
    newer = []
    for number in range(6):
        bureau.clock.advance(minutes=5)
        newer.append(answered(bureau, "试用期最长可以多长时间", f"第{number}次答。"))
    ids = [one.public_id for one in found(bureau, "试用期多久")]
    assert ids == [same, *reversed(newer[-4:])]


def test_numbers_of_the_person_are_masked_and_public_ones_stay(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = "0750-3860001"
    with bureau.app.app_context():
        own = earlier.bureau().model_copy(update={"supervision_phone": public})
    monkeypatch.setattr(earlier, "bureau", lambda: own)
    answered(bureau, f"{WORDS} 13800000001", f"回您电话 13800000001。\n有事打 {public}。")
    (one,) = found(bureau, f"{WORDS} 13900000002")
    assert "13800000001" not in one.question + one.answer and one.has_masked
    assert one.answer == f"回您电话 【电话号码】。\n有事打 {public}。"
    assert earlier.masked(f"卡号 6222{public}1") == ("卡号 【银行卡号】", True)
    monkeypatch.undo()
    with bureau.app.app_context():
        assert earlier.masked(f"有事打 {public}") == ("有事打 【电话号码】", True)


def test_it_says_what_the_person_said_of_the_answer(bureau: Bureau) -> None:
    key = bureau.talk(WORDS, hands_over=True)
    question = bureau.newest()
    bureau.do(escalations.take, question, who="first")
    bureau.do(staff_replies.answer, question, TEXT, [], who="first")
    assert [one.feedback for one in found(bureau)] == [None]
    with bureau.app.app_context():
        turn = db.session.scalars(sa.select(Turn).where(Turn.kind == "reply")).one()
        rating.rate(key, turn.id, "useful", None, bureau.clock.now(), VISITOR)
    assert [one.feedback for one in found(bureau)] == ["useful"]


def test_an_answer_outlives_its_conversation_and_may_come_from_elsewhere(bureau: Bureau) -> None:
    question = answered(bureau, subject="window:3")
    assert [one.public_id for one in found(bureau)] == [question]


def test_one_answer_is_read_by_its_id_and_an_open_question_is_none(bureau: Bureau) -> None:
    question, waiting = answered(bureau), bureau.ask("还没人答")
    with bureau.app.app_context():
        assert earlier.one(question).answer == TEXT
        for wrong in (waiting, "none"):
            with pytest.raises(NotFound):
                earlier.one(wrong)


def test_an_unanswered_question_has_no_place(bureau: Bureau) -> None:
    question = bureau.ask(WORDS)
    with bureau.app.app_context():
        bot = library().in_force(bureau.clock.now()).bot
        with pytest.raises(LookupError):
            earlier.keep(bureau.row(question), bot)


@pytest.mark.parametrize("name", ["likeness", "entry_id"])
def test_like_questions_are_found_by_an_index(bureau: Bureau, name: str) -> None:
    """However many were answered: a value is looked up, newest first, without sorting."""
    with bureau.app.app_context():
        sql = earlier.newest(getattr(StaffAnswer, name), "x").compile(
            db.engine, compile_kwargs={"literal_binds": True}
        )
        is_sqlite = db.engine.dialect.name == "sqlite"
        if not is_sqlite:  # the planner would read a small table whole
            db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            db.session.execute(sa.text("SET LOCAL enable_sort = off"))
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        plan = " ".join(str(row) for row in db.session.execute(sa.text(f"{explain} {sql}")))
        assert f"ix_staff_answers_{name}_answered_at" in plan
        assert "SCAN staff" not in plan and "TEMP B-TREE" not in plan and "Seq Scan" not in plan


def test_every_answer_has_its_place_in_the_same_transaction(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = bureau.ask(WORDS)
    bureau.do(escalations.take, question, who="first")

    def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(earlier, "keep", broken)
        with pytest.raises(OSError):
            bureau.do(staff_replies.answer, question, TEXT, [], who="first")
    with bureau.app.app_context():
        assert db.session.scalar(sa.select(Escalation.state)) == "taken"
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StaffAnswer)) == 0
