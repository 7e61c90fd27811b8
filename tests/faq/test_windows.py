"""The model of windows: responses by their definition, slopes by small steps, labels apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from faq.engine import window_learning as learning
from faq.engine.features import Features, Sample
from faq.engine.lexicon import Lexicon
from faq.engine.normalise import Normal
from faq.engine.windows import EDGE, EDGES, LONGEST, UNKNOWN, WIDTHS, Alphabet, Windows, responses

TEXTS = {
    "wage": ["老板不发工资", "工资没发", "老板欠工资", "欠我工资不发", "不发钱", "老板不给工资"],
    "hurt": ["手受伤了", "在厂里受伤", "受伤住院", "手断了住院", "脚受伤住院", "住院谁赔"],
    "rent": ["房东不退押金", "退租押金", "房东涨房租", "房租押金不退", "退租房东不退", "涨房租"],
}
CONCEPTS = Lexicon({}, {}, (), {"wages": ("工资", "钱"), "rent": ("房租",)}, ())

features = Features(CONCEPTS, list)


def sample(text: str) -> Sample:
    return features(Normal(text, text.replace(" ", "")))


def learnt() -> Windows:
    pairs = [(text, label) for label, texts in TEXTS.items() for text in texts] * 8
    return learning.learn([sample(text) for text, _ in pairs], [label for _, label in pairs])


@pytest.fixture(scope="module")
def windows() -> Windows:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning, "EPOCHS", 40)
        patch.setattr(learning, "BATCH", 24)
        return learnt()


def best(windows: Windows, text: str) -> str:
    return sorted(TEXTS)[int(np.argmax(windows.margins(sample(text))))]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *((text, label) for label, texts in TEXTS.items() for text in texts),
        ("三个月工资老板不发", "wage"),
        ("房东押金", "rent"),
    ],
)
def test_labels_separate(windows: Windows, text: str, label: str) -> None:
    assert best(windows, text) == label


def test_learning_twice_gives_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "EPOCHS", 2)
    one, other = learnt(), learnt()
    assert one.alphabet == other.alphabet
    assert np.array_equal(
        one.margins(sample("老板不发工资")), other.margins(sample("老板不发工资"))
    )


@pytest.mark.parametrize("text", ["", " ", "😀", "㗎" * 30, "工", "工资" * 300])
def test_any_text_has_finite_margins(windows: Windows, text: str) -> None:
    margins = windows.margins(sample(text))
    assert margins.shape == (3,) and np.isfinite(margins).all()


def test_what_stands_after_the_longest_is_not_read(windows: Windows) -> None:
    text = "工资" * (LONGEST // 2)
    whole, cut = windows.margins(sample(text + "房租")), windows.margins(sample(text))
    assert np.array_equal(whole, cut)


def test_a_text_is_read_with_edges_unknowns_and_concepts() -> None:
    alphabet = Alphabet({"工": 2, "资": 3}, {"wages": 1})
    letters, concepts = alphabet.read(sample("龘工资"))
    edge = [EDGE] * EDGES
    assert letters == [*edge, UNKNOWN, 2, 3, *edge]
    assert concepts == [*[0] * EDGES, 0, 1, 1, *[0] * EDGES]


def test_what_is_learnt_beside_longer_texts_is_what_is_read_alone() -> None:
    chance = np.random.default_rng(5)
    alphabet = Alphabet(dict(zip("甲乙丙丁", range(2, 6), strict=True)), {})
    net = learning._Net.of(alphabet, 3, chance)
    alone, longer = (np.array(alphabet.read(sample(text))) for text in ("甲丙", "甲乙丙丁甲乙丙丁"))
    for batch in ([alone], [alone, longer]):
        letters, _ = learning._padded(batch)
        found = responses((net.letters[letters] @ net.patterns)[0])
        wanted = responses(net.letters[alone[0]] @ net.patterns)
        for one, other in zip(found, wanted, strict=True):
            assert np.allclose(one.max(0), other.max(0), atol=1e-5)


def test_digits_are_alike_to_it() -> None:
    assert sample("欠3000块").letters == sample("欠8765块").letters


@settings(deadline=None, max_examples=30)
@given(st.integers(max(WIDTHS), 9), st.integers(1, 4), st.integers(0, 99))
def test_responses_are_sums_over_the_places_of_a_window(
    characters: int, patterns: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    parts = chance.standard_normal((characters, patterns * sum(WIDTHS))).astype(np.float32)
    begin = 0
    for width, found in zip(WIDTHS, responses(parts), strict=True):
        assert found.shape == (characters - width + 1, patterns)
        for place in range(len(found)):
            for pattern in range(patterns):
                columns = [begin + patterns * k + pattern for k in range(width)]
                wanted = sum(parts[place + k, column] for k, column in enumerate(columns))
                assert found[place, pattern] == pytest.approx(wanted, abs=1e-5)
        begin += patterns * width


def test_slopes_are_what_small_steps_find(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HIDDEN_LETTERS", "HIDDEN_NUMBERS", "HIDDEN_PATTERNS"):
        monkeypatch.setattr(learning, name, 0.0)
    monkeypatch.setattr(learning, "SIZE", 5)
    monkeypatch.setattr(learning, "PATTERNS", 7)
    chance = np.random.default_rng(3)
    alphabet = Alphabet(dict(zip("甲乙丙丁", range(2, 6), strict=True)), {"one": 1, "two": 2})
    net = learning._Net.of(alphabet, 3, chance)
    for name in learning._Net.__slots__:  # small steps need more digits than learning does
        setattr(net, name, getattr(net, name).astype(np.float64))
    net.bias += chance.uniform(0.1, 0.2, net.bias.shape)  # nothing of an edge stands at the bend
    letters = np.array([[0, 0, 2, 3, 4, 0, 0], [0, 0, 5, 2, 0, 0, 0]])
    concepts = np.array([[0, 0, 1, 1, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0]])
    targets, balance = np.array([2, 0]), np.array([1.5, 0.5])
    slopes = learning._slopes(net, letters, concepts, targets, balance, chance)
    for number, (part, slope) in enumerate(zip(net.all(), slopes, strict=True)):
        assert part.shape == slope.shape
        for place in chance.choice(part.size, min(12, part.size), replace=False):
            stepped = []
            for step in (1e-6, -1e-6):
                part.flat[place] += step
                stepped.append(_loss(net, letters, concepts, targets, balance))
                part.flat[place] -= step
            wanted = (stepped[0] - stepped[1]) / 2e-6
            assert slope.flat[place] == pytest.approx(wanted, rel=1e-4, abs=1e-6), (number, place)


def _loss(
    net: learning._Net,
    letters: learning.Ints,
    concepts: learning.Ints,
    targets: learning.Ints,
    balance: NDArray[np.float64],
) -> float:
    """By the definition: shares of each text, the logarithm of the right one, weighed."""
    total = 0.0
    for row, target in enumerate(targets):
        seen = net.letters[letters[row]] + net.concepts[concepts[row]]
        found = np.concatenate([one.max(0) for one in responses(seen @ net.patterns)])
        scores = np.maximum(found + net.bias, 0) @ net.weights + net.offsets
        powers = np.exp(scores - scores.max())
        total -= balance[row] * float(np.log(powers[target] / powers.sum()))
    return total / len(targets)
