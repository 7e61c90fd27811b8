"""The articles the complaint process cites: full name, article in Chinese numerals, plain gist."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

_TEXTS = Path(__file__).parent / "texts"
_DIGITS = "零一二三四五六七八九"
_LONGEST_GIST = 60


class CitationState(StrEnum):
    """Whether the article was read in a full text, or still needs the legal section's word."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Citation:
    """One article (or paragraph, or item) as it is shown and opened in the app.

    law: full name without 《》. article: 第三十九条, or empty for a document without articles.
    paragraph: 第二款, 第一款第七项, or empty. gist: our own words, at most 60 characters.
    text: the whole article verbatim where it is held, else None. version: edition cited.
    """

    key: str
    law: str
    short: str
    article: str
    paragraph: str
    gist: str
    state: CitationState
    version: date
    text: str | None

    @property
    def title(self) -> str:
        """Full citation: 《广东省劳动保障监察条例》第三十九条第二款."""
        return f"《{self.law}》{self.article}{self.paragraph}"

    @property
    def short_title(self) -> str:
        """Citation for a narrow screen, with the short name of the law."""
        return f"{self.short}{self.article}{self.paragraph}"


def chinese_number(number: int) -> str:
    """A whole number from 1 to 999 as laws write it: 39 -> 三十九, 201 -> 二百零一."""
    if not 1 <= number <= 999:
        raise ValueError(f"{number} is not between 1 and 999")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")


def cite(key: str) -> Citation:
    """The citation `key`; KeyError naming it when there is none."""
    if key not in CITATIONS:
        raise KeyError(f"no citation is called {key!r}")
    return CITATIONS[key]


def _place(suffix: str, override: str | None) -> tuple[str, str]:
    """Article and paragraph in Chinese, from a suffix such as 39_1_7."""
    if override is not None:
        return override, ""
    article, *inner = (chinese_number(int(part)) for part in suffix.split("_"))
    paragraph = "".join(f"第{n}{unit}" for n, unit in zip(inner, "款项", strict=False))
    return f"第{article}条", paragraph


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((_TEXTS / name).read_text("utf-8"))
    return content


def _citation(
    law_key: str, law: dict[str, Any], suffix: str, entry: dict[str, Any], texts: dict[str, str]
) -> Citation:
    if len(entry["gist"]) > _LONGEST_GIST:
        raise ValueError(f"{law_key}_{suffix}: the gist is longer than {_LONGEST_GIST} characters")
    article, paragraph = _place(suffix, entry.get("article"))
    return Citation(
        key=f"{law_key}_{suffix}",
        law=law["name"],
        short=law["short"],
        article=article,
        paragraph=paragraph,
        gist=entry["gist"],
        state=CitationState(entry.get("state", CitationState.VERIFIED)),
        version=law["version"],
        text=texts.get(f"{law_key}_{suffix.split('_')[0]}"),
    )


def _load() -> dict[str, Citation]:
    laws, texts = _read("laws.yaml"), _read("full.yaml")
    citations = (
        _citation(law_key, laws[law_key], suffix, entry, texts)
        for law_key, entries in _read("citations.yaml").items()
        for suffix, entry in entries.items()
    )
    return {citation.key: citation for citation in citations}


#: Every citation by key (law key, article, paragraph, item joined by underscores).
CITATIONS: dict[str, Citation] = _load()
