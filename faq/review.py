"""What the bureau's legal section has to read: every citation, those without a text first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from faq.check import LEAST_PHRASINGS, unfinished
from faq.corpus import Corpus
from faq.schema import Entry

_FIRST_WORDS = 24
_HEAD = """# Citations of the FAQ, for the legal section

Made by `python -m faq review`; a test holds it fresh. Chinese first words let a reader check at a
glance that the article is the one meant.

## Written by staff, phrasings still missing
An entry that came from the desk needs {least} phrasings too. `python -m faq check` warns until the
day below and fails afterwards.

{few}

## Unverified: no checked text is held
Shown to a worker as 未核实，以当地公布为准. Once a text was read, put it into
`backend/law/texts/statutes/` and drop `unverified` from the entry.

| entry | law | article |
|---|---|---|
"""
_HELD = """
## Doubts of the writers
{doubts}
## Held: law, article, its first words, the entries that cite it

| law | article | first words | entries |
|---|---|---|---|
"""


def page(
    corpus: Corpus,
    texts: Mapping[tuple[str, str], str],
    doubts: str,
    complete_by: Callable[[date], date],
) -> str:
    """The page in Markdown; `texts` gives the words of a (law, article) that is held."""
    head = _HEAD.format(least=LEAST_PHRASINGS, few=_few(corpus, complete_by))
    unverified = [
        f"| {entry.id} | {citation.law} | {citation.article} |"
        for entry in _sorted(corpus)
        for citation in entry.citations
        if citation.unverified
    ]
    rows = [
        f"| {law} | {article} | {_first(texts[law, article])} | {', '.join(sorted(ids))} |"
        for (law, article), ids in sorted(_cited(corpus).items())
    ]
    middle = _HELD.format(doubts=doubts)
    return f"{head}{chr(10).join(unverified)}\n{middle}{chr(10).join(rows)}\n"


def _few(corpus: Corpus, complete_by: Callable[[date], date]) -> str:
    entries = unfinished(corpus)
    if not entries:
        return "None."
    rows = [f"| {e.id} | {e.question} | {len(e.phrasings)} | {complete_by(e.reviewed_on)} |"
            for e in entries]  # fmt: skip
    head = ["| entry | question | phrasings | complete by |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _sorted(corpus: Corpus) -> list[Entry]:
    return sorted(corpus.entries.values(), key=lambda entry: entry.id)


def _cited(corpus: Corpus) -> dict[tuple[str, str], set[str]]:
    cited: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in corpus.entries.values():
        for citation in entry.citations:
            if not citation.unverified:
                cited[citation.law, citation.article].add(entry.id)
    return cited


def _first(text: str) -> str:
    return " ".join(text.split())[:_FIRST_WORDS] + "…"
