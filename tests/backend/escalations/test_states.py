"""Every state with every move and every role, against a table written by hand."""

from __future__ import annotations

from itertools import product

import pytest

from backend.escalations.states import LABELS, MOVES, S, next_state
from backend.identity.roles import ROLES

ANSWERING = {"answerer", "clerk", "unit_head", "head"}
GIVING = {"unit_head", "head"}
# (state, move) -> where it leads and who may do it; everything else is refused
TABLE = {
    (S.WAITING, "take"): (S.TAKEN, ANSWERING),
    (S.WAITING, "give_to"): (S.TAKEN, GIVING),
    (S.WAITING, "pass_on"): (S.WAITING, {"system"}),
    (S.TAKEN, "hand_back"): (S.WAITING, ANSWERING),
    (S.TAKEN, "give_to"): (S.TAKEN, GIVING),
    (S.TAKEN, "pass_on"): (S.WAITING, {"system"}),
    (S.TAKEN, "answer"): (S.ANSWERED, ANSWERING),
}
MOVES_KNOWN = ("take", "hand_back", "give_to", "pass_on", "answer")


@pytest.mark.parametrize(("state", "move"), list(product(S, MOVES_KNOWN)))
def test_a_move_leads_where_the_table_says(state: S, move: str) -> None:
    expected = TABLE.get((state, move))
    assert next_state(move, state) == (expected[0] if expected else None)


@pytest.mark.parametrize(("move", "role"), list(product(MOVES_KNOWN, (*ROLES, "system"))))
def test_a_move_is_for_the_roles_the_table_says(move: str, role: str) -> None:
    allowed = {who for (_state, key), (_to, by) in TABLE.items() if key == move for who in by}
    assert (role in MOVES[move].by) == (role in allowed)


def test_the_table_knows_every_move_and_every_state_has_a_word() -> None:
    assert set(MOVES) == set(MOVES_KNOWN)
    assert set(LABELS) == set(S)
