"""Work lists: what stayed unanswered or was rated useless, and what is due for review."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from backend.core.db import db
from backend.core.errors import BadInput, NotFound
from backend.faqbot.models import Turn
from backend.faqbot.service import worklists
from backend.faqbot.service.worklists import Seen
from backend.law.days import add_days, shanghai_today
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
NOBODY_KNOWS = "紫藤花开了几朵在河边"


def turns(*kinds: str) -> list[Seen]:
    """Turns of one conversation: `asked:甲` is a question, `answer!wrong` one rated useless."""
    made = []
    for number, one in enumerate(kinds, 1):
        kind, _, likeness = one.partition(":")
        kind, _, feedback = kind.partition("!")
        made.append(Seen(number, 1, AT, kind, likeness or None, feedback or None, None))
    return made


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["asked:甲", "answer"], []),
        (["asked:甲", "handoff"], [("甲", 1, 1, 0)]),
        (["asked:甲", "suggest"], [("甲", 1, 1, 0)]),
        (["asked:甲", "suggest", "chosen", "answer"], []),
        (["asked:甲", "suggest", "asked:乙", "answer"], [("甲", 1, 1, 0)]),
        (["asked:甲", "handoff", "asked:甲", "handoff"], [("甲", 2, 2, 0)]),
        (["asked:甲", "answer!wrong"], [("甲", 1, 0, 1)]),
        (["asked:甲", "answer!useful"], []),
        (["asked:甲", "suggest", "chosen", "answer!unclear"], [("甲", 1, 0, 1)]),
        (["greeting", "handoff"], []),
        ([], []),
    ],
)
def test_questions_are_counted_by_what_followed_them(
    said: list[str], expected: list[tuple[str, int, int, int]]
) -> None:
    found = worklists.grouped(turns(*said))
    assert [(g.likeness, g.asked, g.unanswered, g.useless) for g in found] == expected


def test_what_one_person_said_last_does_not_run_into_the_next_conversation() -> None:
    first = turns("asked:甲", "answer")
    other = Seen(9, 2, AT, "handoff", None, None, None)
    assert worklists.grouped([*first, other]) == []


def test_the_list_ranks_by_how_often_asked_with_an_example(bureau: Bureau) -> None:
    for _ in range(2):
        bureau.stored(f"{NOBODY_KNOWS}【电话号码】", likeness="甲")
    bureau.stored("另一件事", "suggest")
    with bureau.app.app_context():
        rows = worklists.unanswered(bureau.clock.now())
    assert [(row.group.asked, row.example) for row in rows] == [
        (2, f"{NOBODY_KNOWS}【电话号码】"),
        (1, "另一件事"),
    ]


def test_a_useless_answer_is_listed_with_what_was_answered(bureau: Bureau) -> None:
    bureau.talk("试用期多久")
    with bureau.app.app_context():
        db.session.execute(
            sa.update(Turn).where(Turn.kind == "answer").values(feedback="not_my_case")
        )
        db.session.commit()
        (row,) = worklists.unanswered(bureau.clock.now())
    assert row.group.useless == 1 and "试用期" in row.entries[0]


def test_a_closed_group_leaves_the_list_until_it_is_asked_again(bureau: Bureau) -> None:
    bureau.stored(NOBODY_KNOWS)
    with bureau.app.app_context():
        now, clerk = bureau.clock.now(), bureau.staff["clerk"]
        (row,) = worklists.unanswered(now)
        worklists.close(row.group.likeness, "不是劳动的事", clerk, now)
        assert worklists.unanswered(now) == []
        worklists.close(row.group.likeness, "再看一遍", clerk, now)
    bureau.clock.advance(days=1)
    bureau.stored(NOBODY_KNOWS)
    with bureau.app.app_context():
        (row,) = worklists.unanswered(bureau.clock.now())
    assert (row.group.asked, row.closed_before) == (2, "再看一遍")


def test_closing_needs_a_reason_and_a_group(bureau: Bureau) -> None:
    bureau.stored(NOBODY_KNOWS)
    with bureau.app.app_context():
        now, clerk = bureau.clock.now(), bureau.staff["clerk"]
        (row,) = worklists.unanswered(now)
        with pytest.raises(BadInput):
            worklists.close(row.group.likeness, " ", clerk, now)
        with pytest.raises(NotFound):
            worklists.close("none", "处理了", clerk, now)


def test_a_month_later_nobody_is_bothered_with_it(bureau: Bureau) -> None:
    bureau.stored(NOBODY_KNOWS)
    bureau.clock.advance(days=31)
    with bureau.app.app_context():
        assert worklists.unanswered(bureau.clock.now()) == []


def test_entries_are_listed_sixty_days_before_their_review(bureau: Bureau) -> None:
    with bureau.app.app_context():
        now = bureau.clock.now()
        until = add_days(shanghai_today(now), 60)
        entries = worklists.expiring(now)
        assert all(entry.review_by <= until for entry in entries)
        assert [e.review_by for e in entries] == sorted(e.review_by for e in entries)
    bureau.clock.advance(days=1000)
    with bureau.app.app_context():
        assert worklists.expiring(bureau.clock.now())
