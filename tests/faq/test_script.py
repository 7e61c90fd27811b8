"""Traditional script becomes simplified, and what is simplified already is left alone."""

from __future__ import annotations

import pytest

from faq.bot import Bot
from faq.engine.script import KEPT, folded, simplified

#: Characters of simplified texts that are rewritten all the same: variants of one word.
ALIKE = frozenset("搵後於菸夥徵摺拚捱麽乾覆沈藉哩瞭")
#: Cantonese characters, which no simplified standard has.
CANTONESE = frozenset("嗰喎餸劏唔冇嘅咗哋喺啲嚟嘢咁咪攞揾揸畀俾冚氹瞓攰搞咩嗌噉啩喐㗎嘞嘥乜")


def is_simplified(text: str) -> bool:
    """Whether no character of it is of the traditional script (nor a rare variant)."""
    return all(c in CANTONESE or _stands_in_gb2312(c) for c in text if c >= "\u3400")


def _stands_in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return character >= "\uf900"  # punctuation and full width, which are no script
    return True


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("老闆拖欠工資", "老板拖欠工资"),
        ("打坏机器要赔吗", "打坏机器要赔吗"),
        ("打壞機器要賠嗎", "打坏机器要赔吗"),
        ("嗰間廠執笠", "嗰间厂执笠"),
        ("唔係我打坏嘅喎", "唔系我打坏嘅喎"),
        ("", ""),
        (KEPT, KEPT),
    ],
)
def test_the_script(typed: str, text: str) -> None:
    assert simplified(typed) == text


def test_simplified_phrasings_stay_byte_for_byte(bot: Bot) -> None:
    texts = [text for text, _ in bot.corpus.phrasings() if is_simplified(text)]
    assert len(texts) > 10_000
    changed = {
        text: simplified(text)
        for text in texts
        if simplified(text) != text
        and any(a != b and a not in ALIKE for a, b in zip(text, simplified(text), strict=True))
    }
    assert changed == {}


def test_answers_and_questions_stay_byte_for_byte(bot: Bot) -> None:
    entries = bot.corpus.entries.values()
    texts = [f"{e.question}\n{e.short}\n{e.answer}" for e in entries]
    assert [text for text in texts if simplified(text) != text] == []


def test_capitals_and_full_width_go_too() -> None:
    assert folded("開ＯＴ，Ｎ＋１") == "开ot,n+1"
