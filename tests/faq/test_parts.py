"""Several matters in one message fall apart, and one deciding fact is read or asked for once."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from faq.bot import Bot
from faq.engine.clarify import Clarify
from faq.engine.facts import fact_words, whole_number, without_numbers
from faq.engine.issues import MOST, SHORTEST, clauses, parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("老板三个月没发工资", ["老板三个月没发工资"]),
        ("工资没有发。手也受伤了！", ["工资没有发", "手也受伤了"]),
        ("工资没有发，还有社保没交", ["工资没有发", "社保没交"]),
        ("工资没有发，还有社保也没交", ["工资没有发", "社保也没交"]),
        ("一共欠我3.5万元工资", ["一共欠我3.5万元工资"]),
        ("1、工资没有发 2、社保没有交", ["工资没有发", "社保没有交"]),
        ("第一，工资没有发；第二，押金没有退", ["工资没有发", "押金没有退"]),
        ("好。嗯。行", []),
        ("", []),
    ],
)
def test_a_message_falls_into_its_matters(text: str, found: list[str]) -> None:
    assert [part.text for part in parts(text)] == found


def test_a_part_begun_as_another_matter_is_known_as_such() -> None:
    found = parts("工资没有发。另外社保没交；手也伤了 2、押金没退")
    assert [part.is_announced for part in found] == [False, True, False, True]


def test_clauses_stand_between_commas_and_spaces() -> None:
    assert clauses("工资没有发，手也伤了 怎么办呢") == ["工资没有发", "手也伤了", "怎么办呢"]
    assert clauses("工资没有发，怎么办") == clauses("工资没有发") == clauses("") == []


@given(st.text("工资没发。，！？1.2、还有 \n另外", max_size=200))
def test_parts_are_few_and_each_is_worth_looking_at(text: str) -> None:
    found = parts(text)
    assert len(found) <= MOST
    assert all(len(part.text) >= SHORTEST and part.text in text for part in found)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我没签合同", {"contract": "none"}),
        ("我签了劳动合同", {"contract": "written"}),
        ("我被公司辞退，被辞退那天就走了", {"left": "left", "ended_by": "employer"}),
        ("我是送外卖的", {"rider": "yes"}),
        ("工地上干活，评了九级", {"site": "yes", "graded": "yes"}),
        ("我爸65岁", {"over_age": "yes"}),
        ("工资没发", {}),
    ],
)
def test_facts_are_read_from_what_was_said(bot: Bot, text: str, facts: dict[str, str]) -> None:
    found = bot.corpus.clarify.read(text)
    assert facts.items() <= found.items()
    assert facts or found == {}


def test_two_values_at_once_are_none(bot: Bot) -> None:
    fact = bot.corpus.clarify.facts["contract"]
    assert fact.read("先没签合同，后来签了劳动合同") is None


def test_every_rule_leads_to_entries_and_every_option_can_be_chosen(bot: Bot) -> None:
    clarify = bot.corpus.clarify
    for rule in clarify.rules:
        assert set(rule.answers.values()) <= bot.corpus.entries.keys()
        assert len(set(rule.answers.values())) >= 2
        assert rule.answers.keys() <= clarify.facts[rule.fact].options.keys()
    for fact in clarify.facts.values():
        assert fact.says.keys() <= fact.options.keys()
        assert fact.ask.endswith("？")


def test_a_rule_is_found_in_either_order(bot: Bot) -> None:
    clarify = bot.corpus.clarify
    rule = clarify.rules[0]
    first, second = list(dict.fromkeys(rule.answers.values()))[:2]
    assert clarify.rule_for(first, second) is clarify.rule_for(second, first) is rule
    assert clarify.rule_for(first, "nothing.known") is None


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ([{"fact": "unknown", "answers": {}}], KeyError),
        ([{"fact": "left", "answers": {"perhaps": "a.b"}}], ValueError),
        ([{"answers": {}}], KeyError),
    ],
)
def test_a_table_that_does_not_fit_is_refused(rules: list[object], error: type[Exception]) -> None:
    facts = {"left": {"ask": "走了吗？", "options": {"yes": "走了", "no": "没走"}}}
    with pytest.raises(error):
        Clarify.of({"facts": facts, "rules": rules})


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我15岁", ["age_child"]),
        ("十七岁进厂", ["age_teen"]),
        ("45岁", ["age_late40s"]),
        ("五十五周岁", ["age_50s"]),
        ("60岁", ["age_over60"]),
        ("3岁孩子", []),
        ("高级工，一级别", []),
        ("10级伤残", ["grade"]),
        ("抢救二十四个小时", ["hours1"]),
        ("干了两年", ["years_few"]),
        ("十年工龄", ["years_10"]),
        ("1998年的事", ["calendar_year"]),
        ("3月15日欠2万", []),
    ],
)
def test_numbers_that_mean_something(text: str, facts: list[str]) -> None:
    assert fact_words(text) == facts


@given(st.integers(1, 99))
def test_every_small_number_is_read_as_it_is_written(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    chinese = digits[ones] if not tens else (
        ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
    )  # fmt: skip
    assert whole_number(chinese) == whole_number(str(number)) == number


@given(st.text(max_size=40))
@example("¹")  # a digit to Unicode, no number to int()
def test_numbers_never_break(text: str) -> None:
    fact_words(text)
    whole_number(text)
    assert not any(c in without_numbers(text) for c in "123456789")
