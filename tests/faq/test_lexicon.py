"""The word tables: standard words come out whole, and every way of saying is really heard."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backend.law.statutes import statutes
from faq.bot import Bot
from faq.corpus import ROOT, load_crisis, load_lexicon
from faq.engine import tokens
from faq.engine.features import Features, concepts
from faq.engine.lexicon import Lexicon
from faq.engine.normalise import Normaliser
from faq.engine.script import folded

LEXICON = load_lexicon()
normalise = Normaliser(LEXICON)
features = Features(LEXICON, tokens.fast(LEXICON))
CRISIS = yaml.safe_load((ROOT / "lexicon" / "crisis.yaml").read_text("utf-8"))
#: Older spellings inside laws that mean the same in the newer one, and plain synonyms.
HARMLESS = {"帐户", "帐号", "转帐", "帐目", "打零工"}


def broken(text: str) -> set[str]:
    """What the tables would change in a text that is right already."""
    rewrite, table = LEXICON.rewriting
    return {m for m in rewrite.findall(text) if table[m] != m} - HARMLESS


def test_our_own_answers_need_no_repair(bot: Bot) -> None:
    faults = {
        entry.id: found
        for entry in bot.corpus.entries.values()
        if (found := broken(f"{entry.question}\n{entry.short}\n{entry.answer}"))
    }
    assert faults == {}


def test_no_word_of_the_law_is_taken_for_dialect() -> None:
    faults = {
        (law, number): found
        for law, statute in statutes().items()
        for number, text in statute.articles.items()
        if (found := broken(text))
    }
    assert faults == {}


def test_a_form_stands_in_at_most_two_concepts() -> None:
    assert {f: names for f, names in features.forms.items() if len(names) > 2} == {}


def test_every_form_of_a_concept_is_found_in_a_text_of_it() -> None:
    lost = [
        (name, form)
        for name, forms in LEXICON.concepts.items()
        for form in forms
        if f"={name}" not in concepts(features.named(normalise(form).text))
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("公司要给N+1吗", "severance"),
        ("我要2N", "illegal_dismiss"),
        ("我被炒了", "dismiss"),
        ("喺地盘做嘢", "site"),
        ("按金唔退", "deposit"),
        ("大假冇得放", "annual_leave"),
        ("间厂执笠", "closure"),
        ("嗰個判頭走佬", "run_away"),
        ("打坏机器", "loss"),
        ("冇買社保", "social_unpaid"),
        ("我是HR", "employer_side"),
    ],
)
def test_concepts_are_found_however_they_are_typed(typed: str, name: str) -> None:
    assert f"={name}" in concepts(features.named(normalise(typed).text))


def test_every_dialect_word_and_slip_is_rewritten_in_a_text_of_it() -> None:
    table = {**LEXICON.repairs, **LEXICON.replacements}
    lost = {word: got for word, right in table.items() if (got := normalise.spelt(word)) != right}
    assert lost == {}


def test_two_spellings_of_one_word_are_rewritten_alike() -> None:
    rewrite, table = LEXICON.rewriting
    assert all(table[folded(w)] == right for w, right in LEXICON.replacements.items())
    assert all(table[folded(w)] == right for w, right in LEXICON.repairs.items())
    assert rewrite.search("嗰个") is not None


def test_every_filler_is_taken_out() -> None:
    said = {filler: normalise(f"{filler}我的钱没发").bare for filler in LEXICON.fillers}
    assert {filler: bare for filler, bare in said.items() if bare != "我的钱没发"} == {}


def test_every_word_of_the_dictionary_survives_normalising() -> None:
    assert [w for w, _, _ in LEXICON.words if normalise.spelt(w) != w] == []


def test_no_word_is_dialect_and_slip_at_once() -> None:
    assert LEXICON.replacements.keys() & LEXICON.repairs.keys() == set()


def test_a_repair_that_changes_nothing_is_no_repair() -> None:
    assert [wrong for wrong, right in LEXICON.repairs.items() if wrong == right] == []


def test_what_a_repair_gives_needs_no_other_repair() -> None:
    rewrite, table = LEXICON.rewriting
    again = {
        wrong: right
        for wrong, right in LEXICON.repairs.items()
        if any(table[m] != m for m in rewrite.findall(right))
    }
    # 辞工 is Cantonese for what 辞职 is; both are concepts of their own.
    assert set(again.values()) <= {"辞工", "炒鱿鱼"}


@given(st.lists(st.text("工资老板钱", min_size=1, max_size=4), min_size=1), st.text("工资老板钱"))
def test_the_longest_word_at_a_place_is_taken(words: list[str], text: str) -> None:
    table = dict.fromkeys(words, "")
    rewrite, _ = Lexicon({}, table, (), {}, ()).rewriting
    match = rewrite.search(text)
    places = [(text.find(word), -len(word)) for word in words if word in text]
    assert (match is None) == (places == [])
    if match is not None:
        assert (match.start(), match.start() - match.end()) == min(places)


def test_tables_of_nothing_change_nothing() -> None:
    bare = Normaliser(Lexicon({}, {}, (), {}, ()))
    assert bare("老板不发工资").bare == "老板不发工资"


EXAMPLES = {
    "self_harm": ["活着没意思，我不想活了", "想自杀", "拿不到钱我就去跳楼", "不如死了算了"],
    "violence": ["我要砍死老板", "砍死他们"],
    "injury_now": ["工友刚刚从架子上摔下来了", "有人触电了快来人", "血流不止怎么办"],
    "child": ["厂里有童工", "我弟弟才14岁在厂里打工"],
    "gathering": ["我们打算去堵路", "准备拉横幅讨薪"],
}


def test_every_group_has_examples() -> None:
    assert EXAMPLES.keys() == CRISIS["groups"].keys() == set(load_crisis().order)


@pytest.mark.parametrize(
    ("group", "typed"), [(group, typed) for group, texts in EXAMPLES.items() for typed in texts]
)
def test_a_crisis_is_heard(group: str, typed: str) -> None:
    assert load_crisis().find(typed) == group


def test_every_plain_crisis_word_is_heard_as_typed_and_after_normalising(bot: Bot) -> None:
    words = [w for group in CRISIS["groups"].values() for w in group if not w.startswith("re:")]
    assert [word for word in words if load_crisis().find(word) is None] == []
    assert [word for word in words if bot.crisis(f"你好，{word}！") is None] == []


def test_ordinary_talk_is_no_crisis_after_normalising_either(bot: Bot) -> None:
    assert [phrase for phrase in CRISIS["not"] if bot.crisis(phrase)] == []


def test_what_endangers_life_comes_first() -> None:
    assert load_crisis().find("我不想活了，我们打算去堵路") == "self_harm"


def test_no_crisis_pattern_takes_long_on_a_long_text() -> None:
    assert load_crisis().find("我站在楼顶上看" * 2_000) is None


def test_userdict_words_are_words_of_the_engines_alphabet() -> None:
    odd = [word for word, _, _ in LEXICON.words if not re.fullmatch(r"[0-9a-zA-Z+一-鿿]+", word)]
    assert odd == []
