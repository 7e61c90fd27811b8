"""One form for every way of typing the same words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import opencc

from faq.engine.lexicon import Lexicon

#: Longer texts are cut: the matter is said at the beginning, the question at the end.
HEAD, TAIL = 220, 120

_MARKUP = re.compile(r"<[^<>]{0,200}>|&[a-z]{2,8};|https?://\S+")
_NOT_WORDS = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")
_REPEATED = re.compile(r"([^0-9])\1{2,}")
_ENDING = re.compile(r"[啊呀呢吗嘛吧哦喔哈哎诶咯啦]+$")


@dataclass(frozen=True, slots=True)
class Normal:
    """A question in one form: `text` keeps a space where words were apart; `bare` has none."""

    text: str
    bare: str


class Normaliser:
    """Traditional to simplified, full width, dialect, slips, repeated characters, polite filler."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._rewrite, self._rewritten = lexicon.rewriting
        self._filler = lexicon.filler

    def __call__(self, typed: str) -> Normal:
        """Normalise; a text of nothing but filler keeps its filler (a greeting is a message)."""
        text = unicodedata.normalize("NFKC", typed[: 4 * (HEAD + TAIL)]).lower()
        text = _simplified(_MARKUP.sub(" ", text))
        text = self._rewrite.sub(self._replace, _REPEATED.sub(r"\1", text))
        words = _NOT_WORDS.sub(" ", text).strip()
        without = _NOT_WORDS.sub(" ", self._filler.sub(" ", words)).strip()
        kept = _cut(without or words)
        return Normal(kept, _ENDING.sub("", kept.replace(" ", "")) or kept.replace(" ", ""))

    def _replace(self, match: re.Match[str]) -> str:
        return self._rewritten[match.group()]


def _cut(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(text: str) -> str:
    converted: str = _converter().convert(text)
    return converted
