"""Ways of typing the same words meet in one form, and standard words come out whole."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backend.law.statutes import statutes
from faq.bot import Bot
from faq.corpus import ROOT, load_crisis, load_lexicon
from faq.engine import tokens
from faq.engine.facts import fact_words, whole_number
from faq.engine.normalise import Normaliser

LEXICON = load_lexicon()
normalise = Normaliser(LEXICON)
CRISIS = yaml.safe_load((ROOT / "lexicon" / "crisis.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("老闆走佬", "老板跑路"),
        ("工资不发！！！！", "工资不发"),
        ("请问工资不发怎么办，谢谢", "工资不发怎么办"),
        ("ＡＢＣ公司", "abc公司"),
        ("托欠工资", "拖欠工资"),
        ("<b>工资</b>", "工资"),
    ],
)
def test_the_same_words_have_one_form(one: str, other: str) -> None:
    assert normalise(one).bare == normalise(other).bare


@given(st.text(max_size=300))
def test_anything_can_be_normalised(typed: str) -> None:
    normal = normalise(typed)
    assert " " not in normal.bare
    assert len(normal.text) <= 400


def test_a_greeting_of_nothing_but_filler_stays() -> None:
    assert normalise("你好").bare


def test_the_law_itself_needs_no_repair() -> None:
    rewrite, table = LEXICON.rewriting
    for statute in statutes().values():
        for text in statute.articles.values():
            wrong = {m for m in rewrite.findall(text) if m in LEXICON.repairs and table[m] != m}
            assert wrong <= {"帐户", "帐号", "转帐", "帐目"}, (statute.law, wrong)


def test_rust_cuts_as_jieba_does(bot: Bot) -> None:
    fast, slow = tokens.fast(LEXICON), tokens.reference(LEXICON)
    texts = [normalise(text).text for text, _ in bot.corpus.phrasings()]
    differ = [text for text in texts if fast(text) != slow(text)]
    assert differ == []


@pytest.mark.parametrize("phrase", CRISIS["not"])
def test_ordinary_talk_is_no_crisis(phrase: str) -> None:
    assert load_crisis().find(phrase) is None


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        ("我不想活了", "self_harm"),
        ("我想跳楼", "self_harm"),
        ("工友刚刚从架子上摔下来了", "injury_now"),
        ("我要砍死老板", "violence"),
        ("我们打算去堵路", "gathering"),
        ("我弟弟才14岁在厂里打工", "child"),
    ],
)
def test_a_crisis_is_heard(typed: str, group: str) -> None:
    assert load_crisis().find(typed) == group


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我62岁在工地干活", ["age_over60"]),
        ("十五岁打工", ["age_child"]),
        ("评了十级", ["grade"]),
        ("抢救48小时没救回来", ["hours2"]),
        ("做了12年", ["years_10"]),
        ("2025年8月入职", ["calendar_year"]),
        ("欠我3000块", []),
    ],
)
def test_numbers_that_mean_something(text: str, facts: list[str]) -> None:
    assert fact_words(text) == facts


@pytest.mark.parametrize(
    ("written", "number"), [("六十二", 62), ("十五", 15), ("二十", 20), ("7", 7), ("百", None)]
)
def test_chinese_numbers(written: str, number: int | None) -> None:
    assert whole_number(written) == number
