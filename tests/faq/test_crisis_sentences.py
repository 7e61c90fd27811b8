"""Two wide tables: who is in danger now is heard, in whatever words; all other talk stays quiet."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from faq.bot import Bot
from faq.corpus import load_crisis
from faq.engine.crisis import ORDER

_TABLES = Path(__file__).parent / "crisis_tables"
DANGER: dict[str, list[str]] = yaml.safe_load((_TABLES / "danger.yaml").read_text("utf-8"))
QUIET: dict[str, list[str]] = yaml.safe_load((_TABLES / "quiet.yaml").read_text("utf-8"))
_ALL = [(group, text) for group, texts in DANGER.items() for text in texts]
_FEWEST = 120

#: What the trial of the bot took for danger and what it did not hear.
FALSE_ALARMS = [
    "去政府门口那个服务点怎么走",
    "我是安装广告横幅的 拉横幅掉下来摔了",
    "我从15岁就开始打工 现在60了社保怎么算",
    "工友死了一了百了 老板不赔",
    "上个月在工地摔断了腿，工伤怎么赔",
]


def test_the_tables_are_wide_enough() -> None:
    quiet = [text for texts in QUIET.values() for text in texts]
    assert len({text for _, text in _ALL}) >= _FEWEST and len(set(quiet)) >= _FEWEST
    assert DANGER.keys() == set(ORDER)


@pytest.mark.parametrize(("group", "text"), _ALL)
def test_danger_is_heard_by_its_kind(bot: Bot, group: str, text: str) -> None:
    assert bot.crisis(text) == group


@pytest.mark.parametrize("text", [text for texts in QUIET.values() for text in texts])
def test_talk_of_the_past_of_work_and_of_rules_is_quiet(bot: Bot, text: str) -> None:
    assert bot.crisis(text) is None


@pytest.mark.parametrize("text", FALSE_ALARMS)
def test_what_once_called_the_leaders_for_nothing_is_quiet(bot: Bot, text: str) -> None:
    assert bot.crisis(text) is None


@pytest.mark.parametrize(
    ("past", "now"),
    [
        ("上个月有人从架子上掉下来，不动了，后来住院", "有人从架子上掉下来了 不动了"),
        ("我手指断了，能评几级", "我手指断了 流血不停"),
        ("工友去年被埋在沟里，怎么赔", "有人被埋在沟里"),
        ("他去年喝了农药，抢救无效", "我老爸喝了农药"),
    ],
)
def test_the_same_words_are_danger_now_and_none_when_it_is_over(
    bot: Bot, past: str, now: str
) -> None:
    assert bot.crisis(past) is None
    assert bot.crisis(now) is not None


def test_few_of_the_phrasings_that_ask_for_advice_call_for_help(bot: Bot) -> None:
    """Those of children at work are meant to; of the rest hardly one in two hundred."""
    texts = [text for text, entry in bot.corpus.phrasings() if entry != "minor.work"]
    assert sum(bot.crisis(text) is not None for text in texts) < len(texts) / 200


@pytest.mark.parametrize(
    "unit", ["1", "十", "人", "血", "手被机器", "我们去政府门口", "想死我说要"]
)
def test_no_text_keeps_the_patterns_busy(unit: str) -> None:
    began = time.perf_counter()
    load_crisis().find(unit * (8_000 // len(unit)))
    assert time.perf_counter() - began < 5
