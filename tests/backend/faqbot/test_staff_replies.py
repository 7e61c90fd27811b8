"""A person's answer stands in the chat it was asked in; canned replies rest on held articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.core.actor import VISITOR
from backend.core.errors import BadInput, Conflict
from backend.escalations import service as escalations
from backend.escalations.service import Cited
from backend.faqbot.service import canned, conversations, drafts, first_drafts, shown, staff_replies
from backend.law import statutes
from backend.law.days import shanghai_today
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]

TEXT = "有人管。\n站点要给您报职业伤害保障。"


@pytest.fixture
def asked(bureau: Bureau) -> tuple[str, str]:
    """A conversation's key and the question handed over from it, taken by the first."""
    key = bureau.talk("紫藤花开了几朵 13800000001", hands_over=True)
    question = bureau.newest()
    bureau.do(escalations.take, question, who="first")
    return key, question


def test_the_answer_reaches_the_chat_with_its_articles(
    bureau: Bureau, asked: tuple[str, str]
) -> None:
    key, question = asked
    cited = [Cited("工伤保险条例", "第十七条"), Cited("没有的办法", "第一条")]
    bureau.do(staff_replies.answer, question, TEXT, cited, who="first")
    with bureau.app.app_context():
        turns = conversations.history(key, VISITOR, None, bureau.clock.now()).turns
    last = turns[-1]
    assert (last.author, last.kind, last.text) == ("staff", "reply", TEXT)
    assert [(c.has_text, c.is_unverified) for c in last.citations] == [(True, False), (False, True)]
    assert any(turn.waiting and turn.waiting.state == "answered" for turn in turns)


def test_a_second_answer_changes_neither_question_nor_chat(
    bureau: Bureau, asked: tuple[str, str]
) -> None:
    key, question = asked
    bureau.do(staff_replies.answer, question, TEXT, [], who="first")
    with pytest.raises(Conflict, match="钟解答已经答复"):
        bureau.do(staff_replies.answer, question, "另一个说法", [], who="second")
    with bureau.app.app_context():
        turns = conversations.history(key, VISITOR, None, bureau.clock.now()).turns
    assert [t.text for t in turns if t.author == "staff"] == [TEXT]


def test_a_question_from_elsewhere_is_answered_without_a_chat(bureau: Bureau) -> None:
    question = bureau.ask(subject="window:1")
    bureau.do(escalations.take, question, who="first")
    bureau.do(staff_replies.answer, question, TEXT, [], who="first")
    assert bureau.now(question).state == "answered"


def test_what_was_said_is_shown_for_a_reason_that_is_recorded(
    bureau: Bureau, asked: tuple[str, str]
) -> None:
    _key, question = asked
    with bureau.app.app_context():
        now, clerk = bureau.clock.now(), bureau.staff["clerk"]
        with pytest.raises(BadInput):
            staff_replies.as_it_was(question, " ", clerk, now)
        said = staff_replies.as_it_was(question, "用户来问当时的答复", clerk, now)
    assert said[0].author == "person" and "13800000001" not in said[0].text
    assert bureau.acts(question).count("conversation_read") == 1


def test_a_form_for_the_faq_is_filled_from_the_answer(
    bureau: Bureau, asked: tuple[str, str]
) -> None:
    _key, question = asked
    bureau.do(
        staff_replies.answer, question, TEXT, [Cited("工伤保险条例", "第十七条")], who="first"
    )
    with bureau.app.app_context():
        now = bureau.clock.now()
        draft = first_drafts.from_question(question, bureau.staff["first"], now)
        entry = drafts.entry_of(draft, now)
    assert (entry.short, entry.answer) == ("有人管。", "站点要给您报职业伤害保障。")
    assert entry.phrasings == ["紫藤花开了几朵"] and entry.id.startswith("staff.")


def test_canned_replies_name_articles_the_bureau_holds_and_fit_into_an_answer(
    bureau: Bureau,
) -> None:
    replies = canned.replies()
    assert len(replies) >= 12
    with bureau.app.app_context():
        for reply in replies.values():
            for one in reply.citations:
                assert statutes.article(one.law, one.article), (reply.key, one)
            assert "{" not in shown.filled(reply.text, shanghai_today(bureau.clock.now()))


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    one = "{key: a, title: 两个, text: 五个字以上, citations: [{law: 劳动法, article: 第三条}]}"
    (tmp_path / "canned.yaml").write_text(f"replies: [{one}, {one}]", "utf-8")
    with pytest.raises(ValueError, match="twice"):
        canned.replies(tmp_path / "canned.yaml")
