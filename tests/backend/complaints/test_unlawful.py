"""What the tables forbid is refused by the services too, in every state that can be reached."""

from __future__ import annotations

from typing import Any

import pytest

from backend.complaints.service import handling, worker
from backend.complaints.steps import all_steps
from backend.core.actor import Actor
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from tests.backend.complaints.lawful import LAWFUL
from tests.backend.complaints.reach import REACH
from tests.factories.complaints import PEOPLE, Filed, World

# kept up to date after the end: duties that outlive a case, and what lies unread
BOOKKEEPING = {
    "is_open", "next_due_on", "next_due_key", "is_next_due_provisional", "unread_by_bureau",
    "unread_by_worker", "version", "alarm",
}  # fmt: skip
FINAL = [
    ("complaint", "not_accepted"), ("complaint", "redirected"), ("complaint", "withdrawn"),
    ("complaint", "closed"), ("report", "transferred"), ("report", "not_filed"),
    ("report", "closed"),
]  # fmt: skip


def try_step(world: World, case: Filed, key: str, actor: Actor) -> type[Problem] | None:
    """Try a step with an empty form; the kind of refusal, or None when it was taken."""
    try:
        with world.app.app_context():
            handling.perform(case.id, key, {}, None, actor, world.clock.at)
    except Problem as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("where", sorted(REACH), ids="/".join)
def test_whoever_may_not_is_refused_and_the_case_stays_as_it_was(
    world: World, where: tuple[str, str]
) -> None:
    case = REACH[where](world)
    before = world.row(case)
    assert (before["lane"], before["state"]) == where
    for step in all_steps(where[0]):
        allowed = LAWFUL[where].get(step.key, frozenset())
        for name, roles in PEOPLE.items():
            if allowed.isdisjoint(roles):
                refused = try_step(world, case, step.key, world.staff[name])
                wanted = Conflict if step.by.intersection(roles) else Forbidden
                assert refused is wanted, (step.key, name)
    assert world.row(case) == before
    assert world.faults() == []


@pytest.mark.parametrize("where", sorted(REACH), ids="/".join)
def test_the_desk_offers_to_each_person_nothing_the_law_does_not(
    world: World, where: tuple[str, str]
) -> None:
    case = REACH[where](world)
    for name, roles in PEOPLE.items():
        with world.app.app_context():
            offered = handling.offers(case.id, world.staff[name], world.clock.at)
        keys = {offer.key for offer in [*offered.moves, *offered.acts]}
        lawful = {key for key, who in LAWFUL[where].items() if not who.isdisjoint(roles)}
        assert keys <= lawful, name
        if roles == ("inspector",) and name == "first":
            assert keys  # an officer of the case always has something to do


@pytest.mark.parametrize("where", FINAL, ids="/".join)
def test_nothing_anybody_does_changes_an_ended_case(world: World, where: tuple[str, str]) -> None:
    case = REACH[where](world)
    before = {k: v for k, v in world.row(case).items() if k not in BOOKKEEPING}

    def is_unchanged() -> bool:
        return {k: v for k, v in world.row(case).items() if k not in BOOKKEEPING} == before

    for step in all_steps(where[0]):
        for name in PEOPLE:
            if try_step(world, case, step.key, world.staff[name]) is BadInput:
                try_whole(world, case, step.key, name)
            assert is_unchanged(), (step.key, name)
    for act in (worker.ask_withdrawal, worker.undo_withdrawal):
        with pytest.raises(Conflict), world.app.app_context():
            words: dict[str, Any] = {"actor": holder(world, case), "now": world.clock.at}
            if act is worker.ask_withdrawal:
                words["reason"] = None
            act(case.id, **words)
    world.go_on(40)
    world.run_jobs()
    assert is_unchanged()
    assert world.faults() == []


def try_whole(world: World, case: Filed, key: str, name: str) -> None:
    """Try the step once more with a form that is filled in."""
    try:
        world.step(case, key, name)
    except (Conflict, BadInput):
        return  # nothing was taken, which the caller checks


def holder(world: World, case: Filed) -> Actor:
    """The sender of the case as an actor."""
    return Actor("worker", case_id=world.row(case)["id"])


def test_a_case_that_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(NotFound), world.app.app_context():
        handling.perform("0" * 16, "take", {}, None, world.staff["first"], world.clock.at)
