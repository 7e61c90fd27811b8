"""The linear model separates what is apart, is the same every time, and can say why."""

from __future__ import annotations

from collections import Counter
from math import log

import numpy as np
import pytest

from faq.bot import Bot
from faq.engine.features import Features, characters
from faq.engine.learning import learn
from faq.engine.lexicon import Lexicon
from faq.engine.linear import GROUP_WEIGHTS, Linear, Weighing
from faq.engine.model import WINDOWS
from faq.engine.normalise import Normal

WAGES = ["工资 没发", "老板 不发 工资", "拖欠 工资", "工资 不给", "没发 工资 三个月", "拖欠 不给"]
INJURY = ["手 受伤 了", "工伤 赔 多少", "受伤 住院", "工伤 认定", "住院 谁 赔", "手 断 赔"]
RENT = ["房东 不退 押金", "退租 押金", "房东 涨 房租", "房租 押金", "退租 房东", "涨 房租"]
OF_LABEL = {"wage": WAGES, "injury": INJURY, "oos.rent": RENT}
CONCEPTS = Lexicon(
    {}, {}, (), {"wages": ("工资",), "hurt": ("受伤", "工伤"), "rent": ("房租",)}, ()
)

features = Features(CONCEPTS, str.split)


def sample(text: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    return features(Normal(text, text.replace(" ", ""))).groups


def learnt() -> Linear:
    texts = [(text, label) for label, texts in OF_LABEL.items() for text in texts]
    return learn([sample(text) for text, _ in texts], [label for _, label in texts])


@pytest.fixture(scope="module")
def linear() -> Linear:
    return learnt()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *((text, label) for label, texts in OF_LABEL.items() for text in texts),
        ("三个月 工资 拖欠", "wage"),
        ("工伤 住院", "injury"),
        ("房东 押金", "oos.rent"),
    ],
)
def test_labels_separate(linear: Linear, text: str, label: str) -> None:
    assert linear.labels[int(np.argmax(linear.margins(sample(text))))] == label


def test_learning_twice_gives_the_same_model(linear: Linear) -> None:
    again = learnt()
    assert again.labels == linear.labels == ("injury", "oos.rent", "wage")
    assert again.weighing.groups == linear.weighing.groups
    for text in (*WAGES, *RENT, "工资 押金"):
        assert np.array_equal(again.margins(sample(text)), linear.margins(sample(text)))


def test_a_feature_of_one_phrasing_only_is_not_learnt(linear: Linear) -> None:
    words = linear.weighing.groups[0]
    assert "工资" in words and "认定" not in words


def test_labels_count_alike_however_many_phrasings_they_have() -> None:
    texts = [("工资 没发", "wage")] * 60 + [("押金 不退", "rent")] * 3
    model = learn([sample(text) for text, _ in texts], [label for _, label in texts])
    assert model.labels[int(np.argmax(model.margins(sample("押金 不退"))))] == "rent"


@pytest.mark.parametrize("text", ["工资 没发", "房东 工资 受伤", "工资 工资 工资"])
def test_the_reasons_sum_to_the_margin(linear: Linear, text: str) -> None:
    margins = linear.margins(sample(text))
    for number, label in enumerate(linear.labels):
        reasons = linear.reasons(sample(text), label)
        total = sum(value for _, value in reasons) + float(linear.offsets[number])
        assert total == pytest.approx(float(margins[number]), rel=1e-3, abs=1e-3)
        assert [abs(v) for _, v in reasons] == sorted((abs(v) for _, v in reasons), reverse=True)


def test_the_reasons_of_the_whole_bot_sum_to_the_margin_too(bot: Bot) -> None:
    ranking = bot.rank("厂里三个月没发工资了去哪里投诉")
    first = ranking.candidates[0]
    linear = bot.ranker.model.linear
    sample = bot.ranker.features(ranking.question)
    number = linear.labels.index(first.label)
    total = sum(value for _, value in linear.reasons(sample.groups, first.label))
    margin = total + float(linear.offsets[number])
    assert margin == pytest.approx(float(linear.margins(sample.groups)[number]), abs=0.01)
    windows = float(bot.ranker.model.windows.margins(sample)[number])
    assert (1 - WINDOWS) * margin + WINDOWS * windows == pytest.approx(first.margin, abs=0.01)


def test_nothing_known_leaves_the_offsets(linear: Linear) -> None:
    assert np.array_equal(linear.margins(sample("天气")), linear.offsets)
    assert linear.reasons(sample("天气"), "wage") == []


def test_each_known_group_of_a_row_has_its_own_weight_as_length() -> None:
    rarity = np.array([1, 2, 3], np.float32)
    weighing = Weighing(({"a": 0, "b": 1}, {"c": 2}, {}), rarity)
    columns, values = weighing.row((Counter("aab"), Counter("cx"), Counter("z")))
    assert columns.tolist() == [0, 1, 2]
    assert np.hypot(*values[:2]) == pytest.approx(GROUP_WEIGHTS[0])
    assert values[2] == pytest.approx(GROUP_WEIGHTS[1])
    assert values[0] / values[1] == pytest.approx((1 + log(2)) / 2)  # said twice, half as rare
    columns, values = weighing.row((Counter("x"), Counter(), Counter()))
    assert (columns.tolist(), values.tolist()) == ([], [])


def test_features_are_words_pairs_runs_concepts_and_facts() -> None:
    words, runs, named = sample("我 62岁 受伤 工资")
    assert words["受伤"] == words["受伤_工资"] == 1
    assert runs["受"] == runs["受伤"] == 1 and runs["伤工"] == 0
    assert set(named) == {"=hurt", "=wages", "=hurt=wages", "#age_over60"}


def test_amounts_are_noise_to_words_but_not_to_facts() -> None:
    assert sample("欠 3000 块")[0] == sample("欠 87654 块")[0]
    assert sample("我 62岁")[2] != sample("我 32岁")[2]


def test_runs_do_not_reach_over_a_space() -> None:
    assert sorted(characters("工资 发")) == ["发", "工", "工资", "资"]
    assert characters("") == []
