"""Which matters a message speaks of, when it speaks of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from faq.engine.decide import SUGGESTED, Decided
from faq.engine.issues import Part, clauses, family_of, is_own_matter, parts

#: Entries that are talk and no matter.
_TALK = "chat."
#: Where somebody begins who says of a matter no more than that it is there.
_HOMES = {
    "injury": "injury.compensation",
    "wage": "wage.arrears.where_to_complain",
    "social": "social.not_paid",
    "leave": "leave.annual_unused",
    "hours": "hours.overtime_pay",
    "dismiss": "dismiss.illegal",
}
#: Outside groups that are no matter: nobody is sent anywhere for them.
_SMALL_TALK = frozenset({"oos.chitchat", "oos.nonsense", "oos.knowledge"})


@dataclass(frozen=True, slots=True)
class Matters:
    """What a message is about: entries, what is not ours, and what was announced but is unclear."""

    entries: tuple[str, ...]
    away: Decided | None
    unclear: Decided | None

    @property
    def are_several(self) -> bool:
        """Whether at least one is ours, and there is another."""
        others = (self.away, self.unclear)
        return bool(self.entries) and len(self.entries) + sum(o is not None for o in others) > 1


def matters_of(text: str, decide: Callable[[str], Decided]) -> Matters:
    """The matters of a message, each part and clause of it decided alone."""
    found_parts = parts(text)
    if len(found_parts) < 2 and not clauses(text):
        return Matters((), None, None)  # of one piece, as most messages are: it is decided whole
    decisions = [(part, decide(part.text)) for part in found_parts]
    found: list[str] = []
    for part, decided in decisions:
        if (entry := _entry_of(part, decided)) is not None:
            found.append(entry)
    for part, _ in decisions:
        found += _of_clauses(part.text, decide, found)
    entries = tuple(e for e in dict.fromkeys(found) if not e.startswith(_TALK))
    return Matters(entries, _away(decisions), _unclear(decisions, entries))


def understood(decided: Decided) -> str | None:
    """The entry somebody's words are about: a sure one, or that of several of the same matter."""
    if decided.decision == "answer":
        return decided.entries[0]
    likely = decided.entries[:SUGGESTED]
    families = {family_of(entry) for entry in likely}
    if decided.decision != "suggest" or decided.outside is not None or len(families) > 1:
        return None
    home = _HOMES.get(families.pop() or "")
    return None if home is None else home if home in likely else likely[0]


def _entry_of(part: Part, decided: Decided) -> str | None:
    if part.is_announced:
        return understood(decided)
    return decided.entries[0] if decided.decision == "answer" else None


def _of_clauses(text: str, decide: Callable[[str], Decided], known: Iterable[str]) -> list[str]:
    """Entries of clauses that are matters of another family than all that is known."""
    families = {family_of(entry) for entry in known}
    found: list[str] = []
    for clause in clauses(text):
        entry = understood(decide(clause))
        if entry is None or not is_own_matter(clause, entry):
            continue
        if (family := family_of(entry)) not in families:
            families.add(family)
            found.append(entry)
    return found


def _away(decisions: Iterable[tuple[Part, Decided]]) -> Decided | None:
    away = (d for _, d in decisions if d.decision == "handoff" and d.outside is not None)
    return next((d for d in away if d.outside not in _SMALL_TALK), None)


def _unclear(decisions: Iterable[tuple[Part, Decided]], entries: tuple[str, ...]) -> Decided | None:
    known = {family_of(entry) for entry in entries}
    for part, decided in decisions:
        is_open = decided.decision == "suggest" and understood(decided) is None
        if part.is_announced and is_open and family_of(decided.entries[0]) not in known:
            return decided
    return None
