"""`python -m faq check`: everything a corpus must hold before it may be answered from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from faq.corpus import ROOT, Corpus, load
from faq.engine.normalise import Normaliser
from faq.reading import read_all, shown
from faq.schema import CorpusError, Entry, Fault, Outside, OutsideTopic, Topic
from faq.writing import written

LEAST_PHRASINGS = 30
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Known:
    """What the law room can vouch for: (law, article) held, and keys of dated values.

    `complete_by` gives the last day on which an entry that staff wrote on a day may still have
    few phrasings.
    """

    articles: frozenset[tuple[str, str]]
    values: frozenset[str]
    complete_by: Callable[[date], date]


def check(known: Known, today: date, root: Path = ROOT) -> list[Fault]:
    """Every fault of the corpus, in the order of files and lines; empty when it may be used."""
    try:
        corpus = load(root)
    except CorpusError as error:
        return error.faults
    faults: list[Fault] = []
    owner: dict[str, tuple[str, str]] = {}
    normalise = Normaliser(corpus.lexicon)
    for path, topic in read_all(root):
        if isinstance(topic, list):  # load() has named it
            continue
        places = _Places(path, root)
        for entry in topic.entries:
            if isinstance(entry, Entry):
                faults += _entry(entry, places, known, today, corpus.entries.keys())
            faults += _doubles(entry, places, normalise, owner)
        faults += places.form(topic)
    return faults


def unfinished(corpus: Corpus) -> list[Entry]:
    """Entries that staff wrote and that still have few phrasings, by id.

    People who answer questions know two or three ways of asking, not thirty: for a while that is
    no fault. Every look at the entry at the desk begins that while anew.
    """
    few = [e for e in corpus.entries.values() if e.is_by_staff and has_few_phrasings(e)]
    return sorted(few, key=lambda entry: entry.id)


def has_few_phrasings(entry: Entry) -> bool:
    """Whether it is reached by too few ways of asking."""
    return len(entry.phrasings) < LEAST_PHRASINGS


class _Places:
    """Where words stand in a file."""

    def __init__(self, path: Path, root: Path) -> None:
        self.shown = shown(root, path)
        self._text = path.read_text("utf-8")
        self._lines = self._text.splitlines()

    def fault(self, entry_id: str, word: str, message: str) -> Fault:
        """A fault at the first line after the entry's beginning that has `word`."""
        begins = next(n for n, t in enumerate(self._lines) if t.strip(" -") == f"id: {entry_id}")
        after = enumerate(self._lines[begins:], begins + 1)
        return Fault(self.shown, next((n for n, t in after if word in t), begins + 1), message)

    def form(self, topic: Topic | OutsideTopic) -> list[Fault]:
        """A fault where the file differs from the one form; none when it is in it."""
        want = written(topic)
        if self._text == want:
            return []
        pairs = zip(self._lines, want.splitlines(), strict=False)
        line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), 1)
        return [Fault(self.shown, line, "is not in the form `python -m faq format` writes")]


def _entry(
    entry: Entry, places: _Places, known: Known, today: date, ids: Iterable[str]
) -> Iterator[Fault]:
    may_be_few = entry.is_by_staff and today <= known.complete_by(entry.reviewed_on)
    if has_few_phrasings(entry) and not may_be_few:
        few = f"{len(entry.phrasings)} phrasings, at least {LEAST_PHRASINGS} are needed"
        yield places.fault(entry.id, "phrasings:", few)
    for citation in entry.citations:
        held = (citation.law, citation.article) in known.articles
        if not held and not citation.unverified:
            missing = f"《{citation.law}》{citation.article} is not held: mark it unverified"
            yield places.fault(entry.id, citation.article, missing)
        if held and citation.unverified:
            surplus = f"《{citation.law}》{citation.article} is held: read it, drop unverified"
            yield places.fault(entry.id, citation.article, surplus)
    for name in _PLACEHOLDER.findall(entry.short + entry.answer):
        if name not in known.values:
            yield places.fault(entry.id, f"{{{name}}}", f"no value is called {name!r}")
    if entry.valid_to and entry.valid_to < today:
        yield places.fault(entry.id, "valid_to:", f"expired on {entry.valid_to}")
    if entry.review_by < today:
        yield places.fault(entry.id, "review_by:", f"review was due by {entry.review_by}")
    for other in [*entry.related, *(a.entry for a in entry.actions if a.entry)]:
        if other not in ids:
            yield places.fault(entry.id, other, f"there is no entry {other}")


def _doubles(
    entry: Entry | Outside,
    places: _Places,
    normalise: Normaliser,
    owner: dict[str, tuple[str, str]],
) -> Iterator[Fault]:
    """Phrasings that, once normalised, stand twice: one of them would never be reached."""
    for phrasing in entry.phrasings:
        first = owner.setdefault(normalise(phrasing).bare, (entry.id, phrasing))
        if first[0] != entry.id:
            double = f"the phrasing stands in {first[0]} too: {phrasing}"
            yield places.fault(entry.id, phrasing, double)
        elif first[1] != phrasing:
            yield places.fault(entry.id, phrasing, f"same words as: {first[1]}")
