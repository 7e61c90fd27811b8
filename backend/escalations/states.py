"""States of a question handed to a person, and the table of moves between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class S(StrEnum):
    """Who must act next."""

    WAITING = "waiting"  # nobody has it yet
    TAKEN = "taken"  # a member of staff has it
    ANSWERED = "answered"  # final


LABELS = {S.WAITING: "等人接", S.TAKEN: "有人在答", S.ANSWERED: "答复了"}


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: where it leads from and to, and who may do it."""

    sources: frozenset[S]
    target: S
    by: frozenset[str]


#: Who answers questions, and who may give one to somebody.
ANSWERERS = ("answerer", "clerk", "unit_head", "head")
GIVERS = ("unit_head", "head")
_STAFF = frozenset(ANSWERERS)

MOVES = {
    "take": Move(frozenset({S.WAITING}), S.TAKEN, _STAFF),
    "hand_back": Move(frozenset({S.TAKEN}), S.WAITING, _STAFF),
    "give_to": Move(frozenset({S.WAITING, S.TAKEN}), S.TAKEN, frozenset(GIVERS)),
    "pass_on": Move(frozenset({S.WAITING, S.TAKEN}), S.WAITING, frozenset({"system"})),
    "answer": Move(frozenset({S.TAKEN}), S.ANSWERED, _STAFF),
}


def next_state(move: str, state: S) -> S | None:
    """Where `move` leads from `state`, or None when it is not possible there."""
    row = MOVES[move]
    return row.target if state in row.sources else None
