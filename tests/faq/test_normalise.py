"""One form for every way of typing: script, width, repeats, filler, markup, and anything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.bot import Bot
from faq.corpus import load_lexicon
from faq.engine import tokens
from faq.engine.normalise import HEAD, TAIL, Normaliser

LEXICON = load_lexicon()
normalise = Normaliser(LEXICON)
pieces = st.lists(
    st.one_of(
        st.sampled_from(
            ["老闆", "工資", "唔該", "请问", "！！！", "😀", "\x00", "<b>", "&nbsp;", "３個月",
             "https://a.cn/x", "急急急", "打坏", "㗎", "炒魷魚", " ", "\n", "嗰個", "A1"]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("老闆拖欠工資", "老板拖欠工资"),
        ("Ｗ５公司", "w5公司"),
        ("工资工资工资", "工资工资工资"),
        ("钱钱钱钱", "钱"),
        ("欠我3000元", "欠我3000元"),
        ("不发工资！！！怎么办？？", "不发工资 怎么办"),
        ("<script>alert(1)</script>工资", "alert 1 工资"),
        ("看 https://example.com/a?b=1 工资", "看 工资"),
        ("工资&nbsp;没发", "工资 没发"),
        ("工资\x00没发", "工资 没发"),
        ("工资😀没发", "工资 没发"),
        ("  工资\n\t没发  ", "工资 没发"),
        ("", ""),
        ("😀😀", ""),
        ("，。！？", ""),
        ("\x00", ""),
    ],
)
def test_the_form(typed: str, text: str) -> None:
    assert normalise(typed).text == text


def test_filler_goes_but_a_text_of_filler_only_stays() -> None:
    assert normalise("请问工资没发怎么办，谢谢").bare == "工资没发怎么办"
    for greeting in ("你好", "谢谢", "请问"):
        assert normalise(greeting).bare == greeting


def test_endings_that_only_sound_do_not_count() -> None:
    assert normalise("工资没发啊").bare == normalise("工资没发").bare
    assert normalise("啊").bare == "啊"


def test_ten_thousand_characters_keep_their_beginning_and_their_end() -> None:
    beginning, end = "老板拖欠工资", "去哪里投诉"
    middle = "".join(chr(0x4E00 + n % 500) for n in range(HEAD + TAIL - 20))
    long = normalise(beginning + middle + end * 40)
    assert len(long.text) <= HEAD + TAIL + 1
    assert long.text.startswith(beginning)
    assert len(normalise("工" * 10_000 + "资" * 10_000).text) <= HEAD + TAIL + 1


@settings(deadline=None)
@given(pieces)
def test_nothing_typed_breaks_it(typed: str) -> None:
    normal = normalise(typed)
    assert normal.bare.replace(" ", "") == normal.bare
    assert bool(normal.bare) == bool(normal.text)
    assert normal.text == " ".join(normal.text.split())


@settings(deadline=None)
@given(pieces)
def test_script_width_and_markup_are_gone_after_one_pass(typed: str) -> None:
    """Dialect is no fixed point (a replacement may give a dialect word), the alphabet is."""
    text = normalise(typed).text
    assert all(c == " " or c in "0123456789abcdefghijklmnopqrstuvwxyz" or c >= "㐀" for c in text)


def test_most_phrasings_are_in_their_form_after_one_pass(bot: Bot) -> None:
    once = [normalise(text).text for text, _ in list(bot.corpus.phrasings())[::20]]
    again = sum(normalise(text).text != text for text in once)
    assert again <= len(once) // 20


def test_our_dictionary_is_used() -> None:
    assert "经济补偿金" in tokens.fast(LEXICON)("我要经济补偿金")
