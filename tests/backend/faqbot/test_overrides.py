"""A change of the corpus: asked for by one, live only after another's yes, stale with its file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from backend.audit.record import events
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound
from backend.faqbot.models import Override
from backend.faqbot.service import comparing, drafts, library, overrides
from backend.faqbot.service.drafts import Draft
from backend.faqbot.service.library import Library, files
from backend.faqbot.service.overrides import Proposal
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]

ENTRY = "probation.terms"
WORDS = "紫藤花开时的特别试岗补贴咋拿"
NEW = Draft(
    question="紫藤补贴怎么拿",
    phrasings=[WORDS, "紫藤补贴要哪些材料"],
    short="到窗口登记就能拿。",
    answer="带身份证去窗口登记，当场办。",
    citations=[("劳动合同法", "第三十条"), ("紫藤补贴办法", "第一条")],
    review_by="2027-11-23",
)


def proposed(bureau: Bureau, draft: Draft = NEW, who: str = "first") -> Override:
    """A proposal of this draft; needs an app context."""
    now = bureau.clock.now()
    entry = drafts.entry_of(draft, now)
    seen = overrides.hash_in_force(draft.entry_id, now)
    return overrides.propose(Proposal(entry, seen), bureau.staff[who], now)


def edited(bureau: Bureau, **changes: Any) -> Draft:
    """The form of an entry that exists, with changes; needs an app context."""
    entry = overrides.in_force(ENTRY, bureau.clock.now())
    assert entry is not None
    return replace(drafts.of_entry(entry), **{"review_by": "2027-11-23", **changes})


def approve(bureau: Bureau, row: Override, who: str = "reviewer") -> Override:
    """Somebody's yes to a proposal as it stands."""
    now = bureau.clock.now()
    return overrides.approve(row.id, row.version, "", bureau.staff[who], now)


def answered(bureau: Bureau, books: Library, words: str = WORDS) -> str:
    """What a process with this library answers to some words."""
    decided = books.in_force(bureau.clock.now()).bot.decide(words)
    return decided.entries[0] if decided.decision == "answer" else decided.decision


def test_a_proposal_is_not_live_and_an_approved_one_is_in_every_process(bureau: Bureau) -> None:
    other = Library()
    with bureau.app.app_context():
        row = proposed(bureau)
        assert (row.state, row.entry_id.startswith("staff.")) == ("proposed", True)
        assert answered(bureau, other) != row.entry_id
        approve(bureau, row)
        other.look_again()  # as a second's waiting does
        assert answered(bureau, other) == row.entry_id
        assert answered(bureau, library.library()) == row.entry_id
        acts = [(e.act, e.actor_name) for e in events(overrides.chain(row.id))]
    assert acts == [("propose", "钟解答"), ("approve", "李法审")]


def test_nobody_approves_their_own_proposal(bureau: Bureau) -> None:
    with bureau.app.app_context():
        row = proposed(bureau, who="unit_head")
        with pytest.raises(Forbidden, match="另一个人"):
            approve(bureau, row, "unit_head")
        assert overrides.may_decide(row, bureau.staff["unit_head"]) is False
        assert overrides.may_decide(row, bureau.staff["head"]) is True


@pytest.mark.parametrize("who", ["second", "clerk", "inspector"])
def test_other_roles_do_not_approve(bureau: Bureau, who: str) -> None:
    with bureau.app.app_context():
        row = proposed(bureau)
        with pytest.raises(Forbidden):
            approve(bureau, row, who)


def test_an_inspector_proposes_nothing(bureau: Bureau) -> None:
    with bureau.app.app_context(), pytest.raises(Forbidden):
        proposed(bureau, who="inspector")


def test_a_second_decision_is_a_conflict_that_names_the_first(bureau: Bureau) -> None:
    with bureau.app.app_context():
        row = proposed(bureau)
        approve(bureau, row)
        with pytest.raises(Conflict, match="李法审已经批准") as caught:
            approve(bureau, row, "head")
        assert caught.value.extra["by"] == "李法审"
        assert library.pointer() == 1


def test_a_second_approval_of_an_entry_replaces_the_first(bureau: Bureau) -> None:
    with bureau.app.app_context():
        first = proposed(bureau, edited(bureau, short="第一次改的。"))
        approve(bureau, first)
        second = proposed(bureau, edited(bureau, short="第二次改的。"))
        approve(bureau, second)
        assert (overrides.one(first.id).state, overrides.one(second.id).state) == (
            "replaced", "approved"
        )  # fmt: skip
        entry = library.library().in_force(bureau.clock.now()).bot.corpus.entries[ENTRY]
        assert entry.short == "第二次改的。" and library.pointer() == 2


def test_of_two_proposals_side_by_side_the_later_yes_is_refused(bureau: Bureau) -> None:
    with bureau.app.app_context():
        one = proposed(bureau, edited(bureau, short="甲改的。"))
        other = proposed(bureau, edited(bureau, short="乙改的。"), "second")
        bureau.clock.advance(minutes=5)
        approve(bureau, one)
        with pytest.raises(Conflict, match="李法审又批准了") as caught:
            approve(bureau, other, "head")
        assert caught.value.code == "moved_on"


def test_a_form_opened_before_an_approval_is_a_conflict_that_keeps_nothing(bureau: Bureau) -> None:
    with bureau.app.app_context():
        now = bureau.clock.now()
        seen = overrides.hash_in_force(ENTRY, now)
        late = drafts.entry_of(edited(bureau, short="晚交的。"), now)
        approve(bureau, proposed(bureau, edited(bureau, short="先批的。")))
        with pytest.raises(Conflict) as caught:
            overrides.propose(Proposal(late, seen), bureau.staff["second"], now)
        assert caught.value.code == "stale" and overrides.count_waiting() == 0


def test_returning_needs_an_opinion_and_keeps_it(bureau: Bureau) -> None:
    with bureau.app.app_context():
        row, now = proposed(bureau), bureau.clock.now()
        with pytest.raises(BadInput):
            overrides.reject(row.id, row.version, " ", bureau.staff["head"], now)
        overrides.reject(row.id, row.version, "依据不对", bureau.staff["head"], now)
        assert (row.state, row.decision_note) == ("rejected", "依据不对")
        assert library.pointer() == 0


def test_a_change_whose_file_moved_on_is_stale_and_not_used(bureau: Bureau) -> None:
    with bureau.app.app_context():
        live = proposed(bureau, edited(bureau, short="批过的。"))
        approve(bureau, live)
        waiting = proposed(bureau, edited(bureau, short="没批的。"))
        db.session.execute(sa.update(Override).values(base_hash="0" * 16))
        db.session.commit()
        assert [row.id for row in overrides.stale()] == [live.id, waiting.id]
        assert library.live_overrides(files()) == []
        with pytest.raises(Conflict, match="文件里已经更新"):
            approve(bureau, waiting, "head")


def test_no_proposal_is_not_found(bureau: Bureau) -> None:
    with bureau.app.app_context(), pytest.raises(NotFound):
        overrides.one(999)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("question", "", "请写"),
        ("short", "长" * 61, "最多 60"),
        ("answer", "长" * 601, "最多 600"),
        ("answer", "您一定能赢。", "打包票"),
        ("answer", "按 {no_such_value} 算。", "no_such_value"),
        ("phrasings", [], "至少写一句"),
        ("phrasings", ["打我电话13800000001"], "号码"),
        ("phrasings", ["试用期多久"], "已经是"),
        ("phrasings", ["长" * 201], "太长"),
        ("citations", [("《劳动法》", "第一条")], "法律全名"),
        ("review_by", "明年", "日期"),
        ("review_by", "2026-11-23", "晚于今天"),
    ],
)
def test_a_wrong_field_is_named_in_plain_words(
    bureau: Bureau, field: str, value: Any, word: str
) -> None:
    with bureau.app.app_context(), pytest.raises(BadInput) as caught:
        drafts.entry_of(replace(NEW, **{field: value}), bureau.clock.now())
    (error,) = caught.value.errors
    assert error["field"] == field and word in error["message"]


def test_an_article_without_a_held_text_is_marked(bureau: Bureau) -> None:
    with bureau.app.app_context():
        entry = drafts.entry_of(NEW, bureau.clock.now())
    assert [one.unverified for one in entry.citations] == [False, True]


def test_the_report_names_the_questions_whose_answer_changes(bureau: Bureau) -> None:
    bureau.talk(WORDS, "试用期多久")
    bureau.talk(f"{WORDS}？")
    with bureau.app.app_context():
        row = proposed(bureau)
        found = comparing.report(row, bureau.clock.now())
        again = comparing.report(row, bureau.clock.now())
    assert (found.compared, found.same) == (2, 1) and again is found
    (change,) = found.changes
    assert change.after == NEW.question and change.asked == 2 and change.kind in comparing.ORDER
    assert sum(found.counts.values()) == 1


def test_the_report_of_new_wording_changes_no_decision_but_counts_who_reads_it(
    bureau: Bureau,
) -> None:
    bureau.talk("试用期多久")
    with bureau.app.app_context():
        row = proposed(bureau, edited(bureau, short="换了说法。"))
        found = comparing.report(row, bureau.clock.now())
    assert (found.changes, found.reworded) == ([], 1)


def test_old_questions_are_not_asked_again(bureau: Bureau) -> None:
    bureau.talk("试用期多久")
    bureau.clock.advance(days=91)
    with bureau.app.app_context():
        assert comparing.stored(bureau.clock.now()) == []


def sent(bureau: Bureau, key: str, who: str = "first", note: str = "", **changes: Any) -> Override:
    """The form of the new entry, sent with its key; needs an app context."""
    entry = drafts.entry_of(replace(NEW, **changes), bureau.clock.now())
    wanted = Proposal(entry, "", note, form_key=key)
    return overrides.propose(wanted, bureau.staff[who], bureau.clock.now())


def test_a_form_sent_twice_is_one_proposal(bureau: Bureau) -> None:
    with bureau.app.app_context():
        first = sent(bureau, "a" * 32)
        bureau.clock.advance(minutes=1)
        assert sent(bureau, "a" * 32).id == first.id
        assert overrides.count_waiting() == 1
        assert [event.act for event in events(overrides.chain(first.id))] == ["propose"]


def test_another_form_or_another_person_is_another_proposal(bureau: Bureau) -> None:
    with bureau.app.app_context():
        rows = [sent(bureau, "a"), sent(bureau, "b"), sent(bureau, "a", "second"),
                proposed(bureau), proposed(bureau)]  # fmt: skip
        assert len({row.id for row in rows}) == 5


@pytest.mark.parametrize("changes", [{"short": "改过的。"}, {"note": "又想了想"}])
def test_the_same_form_with_other_words_is_refused_and_said(
    bureau: Bureau, changes: dict[str, str]
) -> None:
    with bureau.app.app_context():
        sent(bureau, "a" * 32)
        with pytest.raises(Conflict, match="已经交过一次") as caught:
            sent(bureau, "a" * 32, **changes)
        assert caught.value.code == "sent_before" and overrides.count_waiting() == 1


def test_the_same_form_sent_at_the_same_moment_gives_the_first(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither sees the other yet: the index decides, and the second is given the first one's."""
    with bureau.app.app_context():
        first = sent(bureau, "a" * 32)
        real, looks = overrides._sent_before, []

        def blind_at_first(proposal: Proposal, actor: Any) -> Override | None:
            looks.append(proposal)
            return None if len(looks) == 1 else real(proposal, actor)

        monkeypatch.setattr(overrides, "_sent_before", blind_at_first)
        assert sent(bureau, "a" * 32).id == first.id
        assert len(looks) == 2 and overrides.count_waiting() == 1
