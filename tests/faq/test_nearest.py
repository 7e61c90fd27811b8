"""The index finds what comparing with every phrasing finds, and a label is as like as its best."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from faq.engine.nearest import BEST_OF_LABEL, COMPARED, NONE, Nearest, Neighbours, evidence
from faq.engine.normalise import Normal

letters = st.text("工资不发怎么办老板钱", min_size=1, max_size=8)
corpora = st.lists(letters, min_size=1, max_size=20)


def index(bare: list[str]) -> Nearest:
    return Nearest.build(bare, np.arange(len(bare), dtype=np.int32))


def pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def likeness(bare: list[str], question: str) -> dict[int, float]:
    """By the definition: half cosine of rarity-weighted pairs, half rapidfuzz's ratio."""
    sets = [pairs(text) for text in bare]
    among = {pair: sum(pair in one for one in sets) for one in sets for pair in one}
    rarity = {pair: log((1 + len(bare)) / (1 + n)) + 1 for pair, n in among.items()}
    asked = pairs(question) & rarity.keys()
    long = sqrt(sum(rarity[pair] ** 2 for pair in asked))
    found = {}
    for number, one in enumerate(sets):
        if shared := asked & one:
            length = sqrt(sum(rarity[pair] ** 2 for pair in one))
            cosine = sum(rarity[pair] ** 2 for pair in shared) / (length * long)
            found[number] = (cosine + fuzz.ratio(question, bare[number]) / 100) / 2
    return found


@settings(deadline=None)
@given(corpora, letters)
def test_the_index_equals_comparing_with_everything(bare: list[str], question: str) -> None:
    got = index(bare).neighbours(Normal(question, question))
    assert dict(zip(*got, strict=True)) == pytest.approx(
        likeness(bare, question), rel=1e-4, abs=1e-5
    )
    assert got.likeness == sorted(got.likeness, reverse=True)


@settings(deadline=None)
@given(corpora)
def test_a_phrasing_is_most_like_itself(bare: list[str]) -> None:
    built = index(bare)
    for text in bare:
        got = built.neighbours(Normal(text, text))
        assert got.likeness[0] == pytest.approx(1, abs=1e-4)
        assert pairs(bare[got.phrasings[0]]) == pairs(text)


@pytest.mark.parametrize("question", ["", "x", "天气"])
def test_what_shares_no_pair_has_no_neighbours(question: str) -> None:
    assert index(["工资不发", "老板跑路"]).neighbours(Normal(question, question)) == NONE


def test_an_index_of_nothing_finds_nothing() -> None:
    assert index([]).neighbours(Normal("工资", "工资")) == NONE


def test_at_most_so_many_are_compared_and_the_very_words_are_among_them() -> None:
    bare = [f"工资不发{number}" for number in range(5 * COMPARED)]
    got = index(bare).neighbours(Normal(bare[77], bare[77]))
    assert len(got.phrasings) == COMPARED
    assert bare[got.phrasings[0]] == bare[77]


def test_evidence_is_the_mean_of_a_labels_best_phrasings() -> None:
    built = Nearest.build(["工资"] * 6, np.array([0, 0, 0, 0, 1, 2], np.int32))
    like = [0.9, 0.6, 0.3, 0.2, 0.6, 0.0]
    got = evidence(built, Neighbours(list(range(6)), like), 4)
    assert got.tolist() == pytest.approx([1.5 / BEST_OF_LABEL, 0.6 / BEST_OF_LABEL, 0, 0])


def test_no_neighbours_are_no_evidence() -> None:
    assert evidence(index(["工资"]), NONE, 2).tolist() == [0, 0]
