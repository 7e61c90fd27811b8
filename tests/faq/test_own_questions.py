"""The project's own questions: what the bot reached once it may not fall under again."""

from __future__ import annotations

from pathlib import Path

import pytest

from faq.bot import Bot
from faq.floor import FLOOR, Bound, own_questions, shares

QUESTIONS = own_questions()


def test_every_entry_is_asked_for(bot: Bot) -> None:
    asked = {question["intent"] for question in QUESTIONS}
    assert bot.corpus.entries.keys() - asked <= {"chat.greeting", "chat.human"}


def test_no_own_question_is_a_phrasing(bot: Bot) -> None:
    known = {bot.ranker.normalise(text).bare for text, _ in bot.corpus.phrasings()}
    mine = [bot.ranker.normalise(question["text"]).bare for question in QUESTIONS]
    assert sum(bare in known for bare in mine) <= len(mine) // 20


def test_the_floor(bot: Bot) -> None:
    reached = shares(bot, QUESTIONS)
    assert [b for b in FLOOR if not b.holds(reached[b.key])] == [], reached


def test_the_floor_is_not_lowered() -> None:
    assert {b.key: b.limit for b in FLOOR} == {
        "first": 0.94, "three": 0.98, "answered": 0.80, "answered_right": 0.97,
        "outside_answered": 0.03,
    }  # fmt: skip
    assert not Bound("first", 0.94).holds(0.939) and Bound("first", 0.94).holds(0.94)
    assert not Bound("out", 0.03, is_most=True).holds(0.031)


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("老闆走佬咗，爭我三個月人工，點算？", "wage.arrears.boss_ran"),
        ("转人工", "chat.human"),
        ("你好", "chat.greeting"),
        ("没签合同能要双倍工资吗", "contract.unsigned_double"),
        ("托欠工姿去哪投诉", "wage.arrears.where_to_complain"),
    ],
)
def test_plain_questions_are_answered(bot: Bot, typed: str, entry: str) -> None:
    decided = bot.decide(typed)
    assert decided.entries[0] == entry


@pytest.mark.parametrize(
    "typed", ["", "，。！", "😀😀", "\x00", "a" * 10_000, "<script>x</script>", "Wie geht es dir"]
)
def test_what_says_nothing_is_never_answered(bot: Bot, typed: str) -> None:
    assert bot.decide(typed).decision != "answer"


def test_two_bots_of_the_same_files_answer_alike(bot: Bot, tmp_path: Path) -> None:
    other = Bot.open()
    assert other.corpus.version == bot.corpus.version
    for question in QUESTIONS[:40]:
        assert other.decide(question["text"]) == bot.decide(question["text"])
