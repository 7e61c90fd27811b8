"""The box in which an answer is written: its text, its citations, and what is put into it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from backend.core.errors import FieldError
from backend.escalations.service import Cited
from backend.faqbot.service.canned import Canned
from backend.faqbot.service.earlier import Earlier
from backend.faqbot.service.searching import Found
from faq.schema import LONGEST_ANSWER, LONGEST_SHORT, Citation

MOST_KEPT = 12
_ARTICLE = re.compile(
    r"第?([零一二三四五六七八九十百千]+)条?(之[一二三四五六七八九十]+)?|[一二三四五六七八九十]+"
)
_SEPARATOR = "|"
# what stands in an earlier answer in place of a number of the person it was given to
_MASKED = re.compile("【(身份证号|银行卡号|电话号码)】")


@dataclass(frozen=True, slots=True)
class Box:
    """What stands in the box now."""

    short: str = ""
    text: str = ""
    cited: list[Cited] = field(default_factory=list)
    wants_entry: bool = False
    errors: list[FieldError] = field(default_factory=list)
    asks_without: bool = False  # whether to send it although no article is named

    @property
    def whole(self) -> str:
        """The answer as it is sent: the short part, then the long one."""
        return f"{self.short}\n{self.text}".strip()

    @property
    def unverified(self) -> list[Cited]:
        """The articles of which no checked text is held."""
        return [one for one in self.cited if one.is_unverified]


def typed_box(form: MultiDict[str, str]) -> Box:
    """The box as it was sent."""
    pairs = [one.partition(_SEPARATOR) for one in form.getlist("citations")[:MOST_KEPT]]
    return Box(
        short=_clean(form.get("short")),
        text=_clean(form.get("text")),
        cited=[Cited(law, article) for law, _, article in pairs if law and article],
        wants_entry=form.get("wants_entry") == "1",
    )


def with_entry(box: Box, found: Found) -> Box:
    """The box with an entry's words and citations put in; what was typed stays."""
    is_empty = not box.short
    added = found.answer if is_empty else f"{found.short}\n{found.answer}"
    return replace(
        box,
        short=found.short if is_empty else box.short,
        text=_joined(box.text, added),
        cited=_merged(box.cited, _named(found.citations)),
    )


def with_earlier(box: Box, given: Earlier) -> Box:
    """The box with an answer put in that was given before; what was typed stays."""
    short, _, rest = given.answer.partition("\n")
    is_empty = not box.short
    return replace(
        box,
        short=short.strip() if is_empty else box.short,
        text=_joined(box.text, rest.strip() if is_empty else given.answer),
        cited=_merged(box.cited, given.citations),
    )


def with_canned(box: Box, reply: Canned, words: str) -> Box:
    """The box with a ready reply at its end, and the articles it rests on."""
    return replace(
        box,
        text=_joined(box.text, words),
        cited=_merged(box.cited, _named(reply.citations)),
    )


def with_citation(box: Box, law: str, article: str) -> Box:
    """The box with one more article, or with what is wrong about it."""
    law = law.strip().removeprefix("《").removesuffix("》").strip()
    number = _ARTICLE.fullmatch(article.strip())
    if not 2 <= len(law) <= 80 or number is None:
        words = "请写法律全名和第几条，条数用汉字：第三十条。"
        return replace(box, errors=[FieldError("cite_law", words)])
    written = (
        f"第{number[1]}条{number[2] or ''}" if number[1] and "条" in article else article.strip()
    )
    cited = Cited(law, written)
    if cited.fault:
        return replace(box, errors=[FieldError("cite_law", cited.fault)])
    return replace(box, cited=_merged(box.cited, [cited]))


def faults(box: Box) -> list[FieldError]:
    """What keeps the answer from being sent."""
    wrong = []
    if not box.short:
        wrong.append(FieldError("short", "请先用一句话答。"))
    elif len(box.short) > LONGEST_SHORT:
        wrong.append(FieldError("short", f"先说的一句最多 {LONGEST_SHORT} 个字。"))
    if len(box.text) > LONGEST_ANSWER:
        wrong.append(FieldError("text", f"再说清楚最多 {LONGEST_ANSWER} 个字。"))
    for name, text in (("short", box.short), ("text", box.text)):
        if found := _MASKED.search(text):
            words = f"“{found[0]}”是遮住的号码，请换成要说的号码，或者删掉。"
            wrong.append(FieldError(name, words))
    return wrong + [FieldError("citations", one.fault) for one in box.cited if one.fault]


def _clean(sent: str | None) -> str:
    """A typed text with one kind of line end (browsers send two characters)."""
    return (sent or "").replace("\r\n", "\n").strip()


def _joined(text: str, added: str) -> str:
    return f"{text}\n{added}".strip()


def _named(citations: Iterable[Citation]) -> list[Cited]:
    return [Cited(one.law, one.article) for one in citations]


def _merged(cited: list[Cited], more: list[Cited]) -> list[Cited]:
    return list(dict.fromkeys([*cited, *more]))[:MOST_KEPT]
