"""What was taken out of a text and what came in, as pieces a template can mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from faq.schema import Entry

Kind = Literal["same", "out", "in"]
# A word or two left alone between changes makes them harder to read, not easier.
_LEAST_SAME = 3
# Of a long run that stayed only its ends are shown.
_LONGEST_SAME, _END = 80, 30


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """One entry beside another, field by field; a text that stayed has no pieces."""

    question: list[Piece]
    short: list[Piece]
    answer: list[Piece]
    phrasings_kept: int
    phrasings_in: list[str]
    phrasings_out: list[str]
    has_other_citations: bool
    texts: int


def between(old: Entry | None, new: Entry) -> Changes:
    """What a proposal changes; everything of a new entry has come in."""
    before = old.phrasings if old else []
    question = _shown(pieces(old.question if old else "", new.question))
    short = _shown(pieces(old.short if old else "", new.short))
    answer = _shown(pieces(old.answer if old else "", new.answer))
    return Changes(
        question=question,
        short=short,
        answer=answer,
        phrasings_kept=len(set(before) & set(new.phrasings)),
        phrasings_in=[text for text in new.phrasings if text not in before],
        phrasings_out=[text for text in before if text not in new.phrasings],
        has_other_citations=old is None or _names(old) != _names(new),
        texts=sum(bool(one) for one in (question, short, answer)),
    )


def pieces(old: str, new: str) -> list[Piece]:
    """The two texts laid over each other."""
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_short = tag == "equal" and b - a < _LEAST_SAME and a > 0 and b < len(old)
        if tag == "equal" and not is_short:
            found.append(Piece("same", old[a:b]))
            continue
        found += [Piece("out", old[a:b]), Piece("in", new[c:d])]
    return _joined([piece for piece in found if piece.text])


def _shown(found: list[Piece]) -> list[Piece]:
    """The pieces with long unchanged runs cut short; none when nothing changed."""
    if all(piece.kind == "same" for piece in found):
        return []
    last = len(found) - 1
    return [_cut(piece, at > 0, at < last) for at, piece in enumerate(found)]


def _cut(piece: Piece, has_before: bool, has_after: bool) -> Piece:
    if piece.kind != "same" or len(piece.text) <= _LONGEST_SAME:
        return piece
    head = piece.text[:_END] if has_before else ""
    tail = piece.text[-_END:] if has_after else ""
    return Piece("same", f"{head}……{tail}")


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """Neighbouring changes as one piece out and one in."""
    joined: list[Piece] = []
    out, came = "", ""
    for piece in (*found, Piece("same", "")):
        if piece.kind == "out":
            out += piece.text
        elif piece.kind == "in":
            came += piece.text
        else:
            joined += [Piece("out", out), Piece("in", came), piece]
            out, came = "", ""
    return [piece for piece in joined if piece.text]


def _names(entry: Entry) -> list[tuple[str, str]]:
    return [(one.law, one.article) for one in entry.citations]
