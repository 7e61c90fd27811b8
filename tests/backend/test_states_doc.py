"""docs/states.md says what the tables say."""

from __future__ import annotations

from backend.complaints.steps import ACTS, MOVES
from backend.lectures.states import BOOKING_MOVES, LECTURE_MOVES, ORDER_MOVES
from tools.states_doc import TARGET, draw


def test_the_drawn_states_are_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == draw(), "run: python -m tools.states_doc"


def test_every_step_is_drawn() -> None:
    text = draw()
    keys = {move.key for move in MOVES.values()} | set(ACTS)
    keys |= {*LECTURE_MOVES, *BOOKING_MOVES, *ORDER_MOVES}
    assert [key for key in keys if f"`{key}`" not in text] == []
