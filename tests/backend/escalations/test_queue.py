"""The queue: a crisis first, then by due time; each scope holds what it says."""

from __future__ import annotations

from datetime import timedelta

from backend.escalations import service as escalations
from backend.escalations.service.queue import Scope
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]


def listed(bureau: Bureau, scope: Scope = "all", who: str = "first") -> list[tuple[str, str]]:
    """Questions with their groups as somebody sees them."""
    with bureau.app.app_context():
        rows = escalations.rows(scope, bureau.staff[who], bureau.clock.now())
        return [(row.question, row.bucket) for row in rows]


def test_a_crisis_stands_above_what_is_overdue_and_the_rest_goes_by_time(bureau: Bureau) -> None:
    bureau.ask("老的")
    bureau.clock.advance(hours=23)
    bureau.ask("新的")
    bureau.clock.advance(hours=2)
    bureau.ask("要命的", is_crisis=True)
    assert listed(bureau) == [("要命的", "crisis"), ("老的", "overdue"), ("新的", "later")]


def test_a_question_due_today_stands_under_today(bureau: Bureau) -> None:
    question = bureau.ask("今天的")
    bureau.clock.set(bureau.now(question).due_at - timedelta(hours=1))
    assert listed(bureau) == [("今天的", "today")]


def test_scopes_tell_mine_free_and_answered_apart(bureau: Bureau) -> None:
    bureau.ask("没人接")
    mine, done = bureau.ask("我的"), bureau.ask("答完")
    for question in (mine, done):
        bureau.do(escalations.take, question, who="first")
    bureau.do(escalations.answer, done, "答了。", [], who="first")
    assert [q for q, _ in listed(bureau, "mine")] == ["我的"]
    assert [q for q, _ in listed(bureau, "mine", "second")] == []
    assert [q for q, _ in listed(bureau, "free")] == ["没人接"]
    assert listed(bureau, "answered") == [("答完", "answered")]
    with bureau.app.app_context():
        assert escalations.counts(bureau.staff["first"]) == {"all": 2, "mine": 1, "free": 1}


def test_the_rail_counts_what_is_open_late_and_when_the_first_is_due(bureau: Bureau) -> None:
    first = bureau.ask()
    with bureau.app.app_context():
        found = escalations.waiting(bureau.staff["clerk"], bureau.clock.now())
    assert (found.open, found.overdue) == (1, 0)
    assert found.next_due_at == bureau.now(first).due_at
    bureau.clock.set(bureau.now(first).due_at + timedelta(minutes=1))
    with bureau.app.app_context():
        assert escalations.waiting(bureau.staff["clerk"], bureau.clock.now()).overdue == 1


def test_a_long_question_is_cut_in_the_list(bureau: Bureau) -> None:
    bureau.ask("长" * 100 + "\n第二行")
    ((text, _),) = listed(bureau)
    assert text == "长" * 60 + "…"


def test_somebody_who_only_asks_for_a_person_is_listed_by_what_they_said_before(
    bureau: Bureau,
) -> None:
    bureau.ask("转人工")
    ((text, _),) = listed(bureau)
    assert text == "昨晚送餐摔了，站长说先自己垫钱"
