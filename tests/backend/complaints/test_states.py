"""The tables of moves and acts are the hand-written ones: state, step, actor, condition, target."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backend.complaints import states, steps
from backend.complaints.forms import FORMS, OUTCOMES, REDIRECT_REASONS, REFUSE_REASONS
from backend.complaints.service.handling import EFFECTS
from backend.complaints.words import HEADLINES, OUTCOME_WORDS, REFUSE_WORDS, WHAT_NOW
from backend.core.actor import SYSTEM, VISITOR, Actor
from backend.core.errors import Conflict
from tests.backend.complaints.lawful import APPROVED_BY, LAWFUL, LEADS_TO, NEEDS, ROLES

ACTORS = {role: Actor("staff", 1, "某", frozenset({role})) for role in ROLES.values()} | {
    "complainant": Actor("worker", 1),
    "system": SYSTEM,
}


def where_all_holds(lane: str, state: str, step: states.Move | states.Act) -> states.Facts:
    """Facts in which every condition of the step is met."""
    met: dict[str, Any] = {
        states.CONDITIONS[need].fact: states.CONDITIONS[need].expected for need in step.needs
    }
    return states.Facts(lane=lane, state=state, **met)


@pytest.mark.parametrize("where", sorted(LAWFUL), ids="/".join)
def test_each_state_allows_each_actor_exactly_the_steps_of_the_hand_written_table(
    where: tuple[str, str],
) -> None:
    lane, state = where
    allowed = {
        (step.key, role)
        for step in steps.all_steps(lane)
        for role, actor in ACTORS.items()
        if states.may(step, where_all_holds(lane, state, step), actor)
    }
    assert allowed == {(key, role) for key, roles in LAWFUL[where].items() for role in roles}


def test_the_table_covers_every_state_of_both_lanes() -> None:
    known = {(lane.value, state.value) for lane, found in states.STATES.items() for state in found}
    assert set(LAWFUL) == known


def test_a_visitor_may_nothing() -> None:
    for lane, state in LAWFUL:
        for step in steps.all_steps(lane):
            assert not states.may(step, where_all_holds(lane, state, step), VISITOR)


@pytest.mark.parametrize("lane", ["complaint", "report"])
def test_every_move_leads_where_the_law_says(lane: str) -> None:
    moves = {key: m.target.value for (of, key), m in steps.MOVES.items() if of == lane}
    assert moves == LEADS_TO[lane]
    for of, state in LAWFUL:
        for key in moves if of == lane else ():
            if key in LAWFUL[lane, state]:
                assert steps.next_state(lane, state, key) == moves[key]
            else:
                with pytest.raises(Conflict):
                    steps.next_state(lane, state, key)


def test_an_act_is_no_move() -> None:
    with pytest.raises(Conflict):
        steps.next_state("complaint", "investigating", "extend")
    with pytest.raises(Conflict):
        steps.step("complaint", "abolish")
    with pytest.raises(Conflict):
        steps.step("report", "accept")


@pytest.mark.parametrize(
    "step", [*steps.MOVES.values(), *steps.ACTS.values()], ids=lambda step: step.key
)
def test_every_step_needs_what_the_law_asks_and_fails_without_any_one_of_it(
    step: states.Move | states.Act,
) -> None:
    assert set(step.needs) == set(NEEDS.get(step.key, "").split())
    where = next((lane, state) for (lane, state), keys in LAWFUL.items() if step.key in keys
                 and (not isinstance(step, states.Move) or step.lane == lane))  # fmt: skip
    facts = where_all_holds(*where, step)
    assert states.missing(step, facts) == []
    actor = ACTORS[next(iter(LAWFUL[where][step.key]))]
    for need in step.needs:
        condition = states.CONDITIONS[need]
        broken = replace(facts, **{condition.fact: not condition.expected})
        assert condition.missing in states.missing(step, broken)
        assert not states.may(step, broken, actor)


def test_approvals_are_given_by_whom_the_law_names() -> None:
    every = [*steps.MOVES.values(), *steps.ACTS.values()]
    found = {step.key: step.approver for step in every if step.approver}
    assert found == {
        key: frozenset(ROLES[letter] for letter in letters) for key, letters in APPROVED_BY.items()
    }


def test_while_the_clock_stands_only_these_steps_are_open() -> None:
    every = {step.key for step in [*steps.MOVES.values(), *steps.ACTS.values()]}
    open_while_paused = {
        step.key
        for step in [*steps.MOVES.values(), *steps.ACTS.values()]
        if "not_paused" not in step.needs
    }
    assert open_while_paused == {
        "resume", "end_excluded_time", "withdraw", "ask_withdrawal", "undo_withdrawal",
        "serve", "take", "name_second", "hand_over", "accept_handover", "note",
        # these cannot meet a pause: only an investigation is ever paused
        "resupply", "deem_accepted", "override_correction", "report_to_superior", "follow_up",
    }  # fmt: skip
    assert open_while_paused < every


def test_every_step_has_an_effect_and_every_form_belongs_to_a_step() -> None:
    keys = {step.key for step in [*steps.MOVES.values(), *steps.ACTS.values()]}
    assert set(EFFECTS) == keys
    assert {key for _lane, key in FORMS} <= keys


def test_every_state_outcome_and_reason_has_words_for_the_worker() -> None:
    assert set(HEADLINES) == set(WHAT_NOW) == set(LAWFUL)
    assert set(OUTCOME_WORDS) == {outcome.value for outcome in states.Outcome}
    offered = {key for key, _label in OUTCOMES}
    assert offered == set(OUTCOME_WORDS) - {"advised_arbitration"}  # a move of its own
    assert {key for key, _label in REFUSE_REASONS} == set(REFUSE_WORDS)
    assert set(REFUSE_WORDS) == {reason.value for reason in states.RefuseReason}
    assert {key for key, _label in REDIRECT_REASONS} == {r.value for r in states.RedirectReason}
