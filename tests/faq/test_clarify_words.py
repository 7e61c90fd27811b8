"""Every way in which a clarifying fact may be said is heard, in whatever script or dialect."""

from __future__ import annotations

import re

import pytest

from faq.bot import Bot

SAID = {
    ("contract", "none"): ["没签", "未有签", "没合同", "无合同", "冇簽合約", "公司冇同我簽過合約"],
    ("contract", "written"): ["签了劳动合同", "我有合同", "簽咗勞動合同"],
    ("left", "left"): ["我离职半年", "我已經走咗", "辭咗工，辞工了"],
    ("left", "still"): ["我还在上班", "我還在做", "还在干"],
    ("ended_by", "employer"): ["我被辞退", "老細叫我走", "公司炒咗我", "趕我走"],
    ("ended_by", "worker"): ["我想辞职", "我提离职的", "自己提的", "我不想干"],
    ("site", "yes"): ["工地上的事", "總包不管", "喺地盤做"],
    ("graded", "yes"): ["评了九级", "定了10级", "評咗十級"],
    ("graded", "no"): ["还没鉴定", "还没做鉴定", "没评级", "冇評級"],
    ("insured", "no"): ["没买社保", "没有交工伤", "冇買保險"],
    ("insured", "yes"): ["公司买了社保", "交过工伤", "買咗社保"],
    ("over_age", "yes"): ["退休了", "算超龄", "我65岁", "六十二岁"],
    ("rider", "yes"): ["我是骑手", "送外賣", "外賣仔", "跑單"],
    ("within_year", "yes"): ["两年前的事", "3年多了", "超過一年", "过了一年"],
}


@pytest.mark.parametrize(
    ("fact", "value", "text"), [(*key, text) for key, texts in SAID.items() for text in texts]
)
def test_it_is_heard(bot: Bot, fact: str, value: str, text: str) -> None:
    assert bot.facts(text).get(fact) == value


def test_every_plain_word_is_heard_in_a_text_of_it(bot: Bot) -> None:
    facts = bot.corpus.clarify.facts
    plain = [
        (name, value, form)
        for name, fact in facts.items()
        for value, forms in fact.says.items()
        for form in forms
        if re.escape(form) == form
    ]
    assert plain
    assert [one for one in plain if bot.facts(one[2]).get(one[0]) != one[1]] == []


def test_every_value_that_can_be_read_is_in_the_table(bot: Bot) -> None:
    facts = bot.corpus.clarify.facts
    assert SAID.keys() == {(name, value) for name, fact in facts.items() for value in fact.says}
