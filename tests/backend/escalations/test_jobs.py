"""A question nobody answers goes to the next person, then to the head; each step once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from backend import scheduler
from backend.audit.record import events
from backend.escalations import jobs
from backend.escalations import service as escalations
from backend.escalations.service.asking import chain
from backend.identity.service import deactivate_staff
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]


def run(bureau: Bureau) -> int:
    """One run of the job at the bureau's moment."""
    with bureau.app.app_context():
        return jobs.run(bureau.clock.now())


def past_due(bureau: Bureau, question: str) -> None:
    """Go to a minute after the question goes up next."""
    at = bureau.now(question).goes_up_at
    assert at is not None
    bureau.clock.set(at + timedelta(minutes=1))


def last(bureau: Bureau, question: str) -> dict[str, object]:
    """The details of the last line in the record."""
    with bureau.app.app_context():
        event = events(chain(bureau.row(question).id))[-1]
        return {"act": event.act, "by": event.actor_kind, **event.detail}


def test_before_its_time_a_question_stays_where_it_is(bureau: Bureau) -> None:
    question = bureau.ask()
    assert run(bureau) == 0
    bureau.clock.set(bureau.now(question).due_at - timedelta(minutes=1))
    assert run(bureau) == 0 and bureau.acts(question) == ["ask"]


def test_a_taken_one_that_is_late_goes_to_the_next_person_with_a_line(bureau: Bureau) -> None:
    question = bureau.ask()
    bureau.do(escalations.take, question, who="first")
    past_due(bureau, question)
    assert run(bureau) == 1
    row = bureau.now(question)
    assert (row.state, row.level, row.offered_to_name) == ("waiting", 1, "吴解答")
    first, second = bureau.staff["first"].id, bureau.staff["second"].id
    assert last(bureau, question) == {
        "act": "pass_on", "by": "system", "level": 1, "from": first, "to": second
    }  # fmt: skip


def test_the_next_person_is_the_one_with_fewest_open_questions(bureau: Bureau) -> None:
    question = bureau.ask()
    bureau.clock.advance(hours=1)
    for who in ("first", "first", "second"):
        bureau.do(escalations.take, bureau.ask(), who=who)
    past_due(bureau, question)
    assert run(bureau) == 1
    assert bureau.now(question).offered_to_name == "吴解答"


def test_another_working_day_later_it_is_the_heads_with_an_alarm(bureau: Bureau) -> None:
    question = bureau.ask()
    past_due(bureau, question)
    run(bureau)
    bureau.do(escalations.take, question, who="second")
    past_due(bureau, question)
    assert run(bureau) == 1
    row = bureau.now(question)
    assert (row.level, row.offered_to_name, row.goes_up_at) == (2, "容局长", None)
    with bureau.app.app_context():
        (shown,) = escalations.rows("all", bureau.staff["head"], bureau.clock.now())
    assert shown.is_alarm and shown.is_mine
    bureau.clock.advance(hours=300)
    assert run(bureau) == 0


def test_running_again_changes_nothing_twice(bureau: Bureau) -> None:
    question = bureau.ask()
    past_due(bureau, question)
    assert (run(bureau), run(bureau)) == (1, 0)
    assert bureau.acts(question).count("pass_on") == 1


def test_two_runs_at_once_pass_it_on_once(bureau: Bureau) -> None:
    questions = [bureau.ask() for _ in range(3)]
    past_due(bureau, questions[0])
    gate = Barrier(2)

    def go(_number: int) -> int:
        with bureau.app.app_context():
            gate.wait()
            return jobs.run(bureau.clock.now())

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(go, range(2))) == 3
    for question in questions:
        assert bureau.acts(question) == ["ask", "pass_on"]


def test_an_answered_question_goes_nowhere(bureau: Bureau) -> None:
    question = bureau.ask()
    bureau.do(escalations.take, question, who="first")
    bureau.do(escalations.answer, question, "有人管。", [], who="first")
    bureau.clock.advance(hours=500)
    assert run(bureau) == 0


def test_a_crisis_alarms_everybody_at_once_and_stays_with_its_holder(bureau: Bureau) -> None:
    question = bureau.ask(is_crisis=True)
    bureau.do(escalations.take, question, who="first")
    assert (run(bureau), run(bureau)) == (1, 0)
    row = bureau.now(question)
    assert (row.state, row.level, row.taken_by_name) == ("taken", 2, "钟解答")
    with bureau.app.app_context():
        now = bureau.clock.now()
        seen = [escalations.waiting(bureau.staff[w], now).crisis for w in ("clerk", "head")]
        assert seen == [1, 1]
        assert escalations.waiting(bureau.staff["inspector"], now).crisis == 0


def test_a_crisis_in_an_open_question_raises_it(bureau: Bureau) -> None:
    question = bureau.ask(subject="conversation:7")
    bureau.ask("我不想活了", subject="conversation:7", is_crisis=True)
    assert run(bureau) == 1
    assert bureau.now(question).is_crisis and bureau.acts(question)[-1] == "alarm"


def test_without_anybody_left_it_waits_for_all(bureau: Bureau) -> None:
    with bureau.app.app_context():
        for who in ("first", "second"):
            staff_id = bureau.staff[who].id
            assert staff_id is not None
            deactivate_staff(staff_id, bureau.staff["head"], bureau.clock.now())
    question = bureau.ask()
    past_due(bureau, question)
    assert run(bureau) == 1
    row = bureau.now(question)
    assert (row.state, row.offered_to_id, row.level) == ("waiting", None, 1)


def test_the_job_runs_every_minute_with_the_others() -> None:
    assert scheduler.JOBS["questions"] is jobs.run
