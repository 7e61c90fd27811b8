"""The whole corpus as one unchanging value: entries, what is not ours, and its word tables."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from faq.engine.clarify import Clarify
from faq.engine.crisis import Crisis
from faq.engine.lexicon import Lexicon
from faq.reading import read_all, shown
from faq.schema import CorpusError, Entry, Fault, Outside, Topic

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Corpus:
    """Entries by id and things outside by id; never changed, only replaced as a whole."""

    entries: dict[str, Entry]
    outside: dict[str, Outside]
    lexicon: Lexicon
    topics: dict[str, str]
    crisis: Crisis
    clarify: Clarify

    @cached_property
    def version(self) -> str:
        """16 hex digits of everything; two processes with the same one answer alike."""
        parts = [e.content_hash for e in self.entries.values()]
        parts += [f"{o.id}{o.redirect}{o.phrasings}" for o in self.outside.values()]
        parts.append(repr(self.lexicon))
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]

    @cached_property
    def learnt_from(self) -> str:
        """16 hex digits of all that the model is learnt from; answers do not matter."""
        lines = [f"{label}\t{text}" for text, label in self.phrasings()]
        lines.append(repr(self.lexicon))
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]

    def phrasings(self) -> Iterator[tuple[str, str]]:
        """Every phrasing with the id it belongs to; an entry's question is one of its own."""
        for entry in self.entries.values():
            yield entry.question, entry.id
            for phrasing in entry.phrasings:
                yield phrasing, entry.id
        for outside in self.outside.values():
            for phrasing in outside.phrasings:
                yield phrasing, outside.id

    def with_entries(self, changed: Iterable[Entry]) -> Corpus:
        """The corpus with these entries in place of, or beside, its own."""
        return replace(self, entries=self.entries | {entry.id: entry for entry in changed})

    def in_force(self, on: date) -> Corpus:
        """Without the entries that may not be answered on this day."""
        kept = {key: entry for key, entry in self.entries.items() if entry.is_in_force(on)}
        return self if len(kept) == len(self.entries) else replace(self, entries=kept)


def load(root: Path = ROOT) -> Corpus:
    """The corpus of the files; CorpusError names every fault with file and line."""
    faults: list[Fault] = []
    entries: dict[str, Entry] = {}
    outside: dict[str, Outside] = {}
    topics: dict[str, str] = {}
    for path, found in read_all(root):
        if isinstance(found, list):
            faults += found
            continue
        faults += [_double(root, path, e.id, topics[e.id]) for e in found.entries if e.id in topics]
        if isinstance(found, Topic):
            entries |= {entry.id: entry for entry in found.entries}
        else:
            outside |= {other.id: other for other in found.entries}
        faults += _twice(root, path, [entry.id for entry in found.entries])
        topics |= {entry.id: path.stem for entry in found.entries}
    if faults:
        raise CorpusError(faults)
    return Corpus(
        entries, outside, load_lexicon(root), topics, load_crisis(root), load_clarify(root)
    )


def _twice(root: Path, path: Path, ids: list[str]) -> list[Fault]:
    """Ids that stand twice in one file."""
    return [_double(root, path, one, path.stem) for one, n in Counter(ids).items() if n > 1]


def _double(root: Path, path: Path, entry_id: str, first: str) -> Fault:
    lines = path.read_text("utf-8").splitlines()
    line = next((n for n, text in enumerate(lines, 1) if text.strip(" -") == f"id: {entry_id}"), 1)
    return Fault(shown(root, path), line, f"the id {entry_id} is in {first} already")


def load_lexicon(root: Path = ROOT) -> Lexicon:
    """The word tables; CorpusError when one is missing or is no table."""
    folder = root / "lexicon"
    concepts = _table(folder / "concepts.yaml", "concepts", dict)
    return Lexicon(
        replacements=_table(folder / "cantonese.yaml", "replacements", dict),
        repairs=_table(folder / "homophones.yaml", "repairs", dict),
        fillers=tuple(_table(folder / "fillers.yaml", "fillers", list)),
        concepts={name: tuple(forms) for name, forms in concepts.items()},
        words=_words(folder / "userdict.txt"),
    )


def load_crisis(root: Path = ROOT) -> Crisis:
    """The words that bring help first; CorpusError when a pattern cannot be read."""
    path = root / "lexicon" / "crisis.yaml"
    kinds = (("groups", dict), ("harmless", list), ("parts", dict), ("guarded", list))
    content = {key: _table(path, key, kind) for key, kind in kinds}
    try:
        return Crisis.of(content)
    except (re.error, KeyError) as error:
        raise CorpusError([Fault(str(path), 1, f"a group or pattern is wrong: {error}")]) from error


def load_clarify(root: Path = ROOT) -> Clarify:
    """The facts worth asking for; CorpusError when they do not fit together."""
    path = root / "lexicon" / "clarify.yaml"
    content = {key: _table(path, key, kind) for key, kind in (("facts", dict), ("rules", list))}
    try:
        return Clarify.of(content)
    except (re.error, KeyError, ValueError) as error:
        raise CorpusError([Fault(str(path), 1, f"a fact or rule is wrong: {error}")]) from error


def _table(path: Path, key: str, kind: type) -> Any:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CorpusError([Fault(str(path), 1, f"cannot be read: {error}")]) from error
    table = content.get(key) if isinstance(content, dict) else None
    if not isinstance(table, kind):
        raise CorpusError([Fault(str(path), 1, f"{key} is missing")])
    if any(not isinstance(word, str) for word in _leaves(table)):
        raise CorpusError([Fault(str(path), 1, f"{key} holds something that is no text")])
    return table


def _leaves(content: Any) -> Iterator[Any]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from _leaves(value)
    elif isinstance(content, list):
        for item in content:
            yield from _leaves(item)
    else:
        yield content


def _words(path: Path) -> tuple[tuple[str, int, str], ...]:
    words: list[tuple[str, int, str]] = []
    faults: list[Fault] = []
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError([Fault(str(path), 1, f"cannot be read: {error}")]) from error
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) != 3 or not parts[1].isdecimal():
            faults.append(Fault(str(path), number, "not `word frequency tag`"))
            continue
        words.append((parts[0], int(parts[1]), parts[2]))
    if faults:
        raise CorpusError(faults)
    return tuple(words)
