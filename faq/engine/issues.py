"""Several matters in one message: its parts, each to be looked at alone."""

from __future__ import annotations

import re
from typing import NamedTuple

_ANNOUNCED = (
    r"(?:[，,、]?\s*)(?:还有就是|还有一个|还有一件|还有|另外|而且|再有|再就是|第[一二三四][，、,]?|"
    r"(?<![0-9])[1-6][.、)）](?![0-9]))"
)
_BREAK = re.compile(rf"[。！？!?；;\n]+|({_ANNOUNCED})")
_CLAUSE = re.compile(r"[，,、\s]+")
_EDGES = " ，,、。"
SHORTEST, MOST = 4, 6

#: Matters that are another one even where nothing but a comma or a space stands between: by the
#: beginning of the entry's id. What is not named here is as often a circumstance of the rest (no
#: contract, on trial) and is told apart only by a full stop or by being announced.
_FAMILIES = {
    "injury": "injury",
    "gig.injury": "injury",
    "wage": "wage",
    "construction": "wage",
    "gig.wage": "wage",
    "gig.penalty": "wage",
    "social": "social",
    "leave": "leave",
    "hours": "hours",
    "dismiss": "dismiss",
    "women.dismiss": "dismiss",
}
#: A clause is about wages only when it says so: 不给钱 after an accident is about the accident.
_SAYS_SO = {"wage": re.compile("工资|工钱|人工|薪|粮|加班费")}


class Part(NamedTuple):
    """A part of a message; `is_announced` when it was begun as another matter (还有, 另外, 2.)."""

    text: str
    is_announced: bool


def parts(text: str) -> list[Part]:
    """The parts of a message that may each be a matter; one part when it is about one thing."""
    found, is_announced, begin = [], False, 0
    for match in _BREAK.finditer(text):
        found.append(Part(text[begin : match.start()].strip(_EDGES), is_announced))
        is_announced, begin = match.group(1) is not None, match.end()
    found.append(Part(text[begin:].strip(_EDGES), is_announced))
    return [part for part in found if len(part.text) >= SHORTEST][:MOST]


def clauses(text: str) -> list[str]:
    """What stands between commas and spaces; nothing where there is but one clause."""
    found = [clause for clause in _CLAUSE.split(text) if len(clause) >= SHORTEST]
    return found[:MOST] if len(found) > 1 else []


def family_of(entry_id: str) -> str | None:
    """The kind of matter an entry is about, where that is a matter of its own."""
    beginnings = entry_id.split(".")
    ids = (".".join(beginnings[:n]) for n in range(len(beginnings), 0, -1))
    return next((_FAMILIES[one] for one in ids if one in _FAMILIES), None)


def is_own_matter(clause: str, entry_id: str) -> bool:
    """Whether a clause that was understood as this entry is a matter of its own."""
    family = family_of(entry_id)
    says_so = _SAYS_SO.get(family or "")
    return family is not None and (says_so is None or says_so.search(clause) is not None)
