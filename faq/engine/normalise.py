"""One form for every way of typing the same words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from faq.engine.lexicon import NOT_WORDS, Lexicon
from faq.engine.script import simplified

#: Longer texts are cut: the matter is said at the beginning, the question at the end.
HEAD, TAIL = 220, 120

_MARKUP = re.compile(r"<[^<>]{0,200}>|&[a-z]{2,8};|https?://\S+")
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
        words = self.spelt(typed[: 4 * (HEAD + TAIL)])
        without = NOT_WORDS.sub(" ", self._filler.sub(" ", words)).strip()
        kept = _cut(without or words)
        return Normal(kept, _ENDING.sub("", kept.replace(" ", "")) or kept.replace(" ", ""))

    def spelt(self, typed: str) -> str:
        """All of a text in the one spelling, filler too; so are the forms of concepts."""
        text = unicodedata.normalize("NFKC", typed).lower()
        text = simplified(_MARKUP.sub(" ", text))
        text = self._rewrite.sub(self._replace, _REPEATED.sub(r"\1", text))
        return NOT_WORDS.sub(" ", text).strip()

    def _replace(self, match: re.Match[str]) -> str:
        return self._rewritten[match.group()]


def _cut(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"
