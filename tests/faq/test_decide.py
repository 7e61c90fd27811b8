"""A table of beliefs, and what is done with each; thresholds are read, not repeated."""

from __future__ import annotations

import pytest

from faq.engine import decide as rules
from faq.engine.decide import NAMED, OUTSIDE, SURE, TIMES, Decided, decide
from faq.engine.nearest import NONE
from faq.engine.normalise import Normal
from faq.engine.ranker import Candidate, Ranking

INSIDE = {f"in.{letter}": None for letter in "abcdefg"}.keys()
ELSEWHERE = {"oos.rent": None, "oos.loan": None}.keys()
QUESTION = "工资三个月没发去哪里投诉"


def ranking(
    shares: dict[str, float], question: str = QUESTION, exact: str | None = None
) -> Ranking:
    """Candidates with these shares, best first; the phrasings agree with the first."""
    ordered = sorted(shares.items(), key=lambda pair: -pair[1])
    candidates = tuple(Candidate(label, 3 * x, x, 2 * x, x / 2) for label, x in ordered)
    likest = tuple(label for label, _ in ordered[:3])
    return Ranking(Normal(question, question), candidates, NONE, likest, exact)


def decided(shares: dict[str, float], **words: str) -> Decided:
    return decide(ranking(shares, **words), INSIDE, ELSEWHERE)


SURELY = {"in.a": (1 + SURE) / 2, "in.b": (1 - SURE) / 4}


@pytest.mark.parametrize(
    ("shares", "decision", "outside"),
    [
        (SURELY, "answer", None),
        ({"in.a": 0.4, "in.b": 0.35}, "suggest", None),
        ({"in.a": OUTSIDE / TIMES, "oos.rent": OUTSIDE}, "handoff", "oos.rent"),
        ({"in.a": 0.45, "oos.rent": 0.45}, "suggest", "oos.rent"),
        ({"in.a": 0.2, "oos.rent": 0.2, "oos.loan": 0.4}, "handoff", "oos.loan"),
        ({"oos.rent": 0.97, "in.a": 0.02}, "handoff", "oos.rent"),
        ({"in.a": rules.KNOWN / 2, "in.b": rules.KNOWN / 3}, "handoff", None),
        ({"in.a": OUTSIDE + 0.01, "oos.rent": OUTSIDE}, "suggest", None),
        ({"in.a": 0.2, "oos.rent": 0.15, "oos.loan": 0.1}, "suggest", "oos.rent"),
        ({"in.a": 0.2, "oos.rent": 0.19}, "suggest", None),
        ({"in.a": 0.09, "in.b": 0.09, "oos.rent": rules.DOUBT - 0.001}, "suggest", None),
        ({"oos.rent": 0.9}, "handoff", None),
        ({}, "handoff", None),
    ],
)
def test_what_is_done(shares: dict[str, float], decision: str, outside: str | None) -> None:
    got = decided(shares)
    assert (got.decision, got.outside) == (decision, outside)


def test_entries_come_best_first_and_only_so_many() -> None:
    shares = {f"in.{letter}": 0.3 - n / 100 for n, letter in enumerate("abcdefg")}
    got = decided(shares)
    assert got.entries == tuple(f"in.{letter}" for letter in "abcdefg")[:NAMED]


def test_a_doubt_whether_it_is_ours_forbids_answering() -> None:
    doubt = (rules.DOUBT + OUTSIDE) / 2
    assert decided({**SURELY, "oos.rent": doubt}).decision == "suggest"


def test_phrasings_that_do_not_agree_forbid_answering() -> None:
    alone = ranking(SURELY)
    against = Ranking(alone.question, alone.candidates, NONE, ("in.g",), None)
    assert decide(against, INSIDE, ELSEWHERE).decision == "suggest"


def test_the_very_words_of_a_phrasing_are_answered_whatever_is_believed() -> None:
    got = decided({"in.a": 0.4, "in.b": 0.35}, exact="in.b")
    assert (got.decision, got.entries, got.score) == ("answer", ("in.b", "in.a"), 1.0)


def test_the_very_words_of_something_outside_are_not() -> None:
    got = decided(SURELY, exact="oos.rent")
    assert (got.decision, got.outside, got.score) == ("handoff", "oos.rent", 0.0)


def test_an_expired_label_is_passed_over() -> None:
    got = decided({"gone.x": 0.5, "in.a": 0.3, "in.b": 0.1})
    assert got.entries == ("in.a", "in.b")
    assert got.decision != "answer"


def test_the_very_words_of_an_expired_entry_are_never_answered() -> None:
    got = decided({"in.a": 0.4, "in.b": 0.35}, exact="gone.x")
    assert "gone.x" not in got.entries


def test_a_question_without_a_word_is_handed_over() -> None:
    got = decided(SURELY, question="")
    assert (got.decision, got.outside, got.score) == ("handoff", None, 0.0)


def test_the_score_is_the_first_entrys_share() -> None:
    assert decided({"oos.rent": 0.6, "in.a": 0.31234}).score == 0.3123
