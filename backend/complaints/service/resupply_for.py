"""Answering a correction notice for somebody who brings the papers to the window (39(7))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from backend.complaints.models import Correction
from backend.complaints.service.facts import facts_of
from backend.complaints.service.handling import (
    load,
    refuse_stale,
    refuse_unlawful,
    take_step,
)
from backend.complaints.service.moves import open_corrections
from backend.complaints.service.stage import Stage
from backend.complaints.steps import step
from backend.core import texts
from backend.core.actor import Actor
from backend.core.db import one_transaction
from backend.core.errors import BadInput, FieldError
from backend.law.days import shanghai_today

KEY, LONGEST = "resupply", 2000


@one_transaction
def resupply_for(
    public_id: str, answers: Mapping[int, str], version: int | None, actor: Actor, now: datetime
) -> None:
    """Take the answers to every open item; a new acceptance clock starts.

    Raises BadInput (`answers.<item id>`), Conflict (`stale`, wrong state), Forbidden (role).
    """
    case = load(public_id)
    refuse_stale(case, version)
    wanted, facts = step(case.lane, KEY), facts_of(case, actor, now)
    refuse_unlawful(wanted, facts, actor)
    items = open_corrections(case)
    errors = [
        FieldError(f"answers.{item.id}", wrong)
        for item in items
        if (wrong := _wrong(item, answers.get(item.id, "").strip()))
    ]
    if errors:
        raise BadInput("还有几样没补。", errors=errors)
    values = {"answers": {str(item.id): answers[item.id].strip() for item in items}}
    take_step(Stage(case, KEY, values, actor, actor, facts, now, shanghai_today(now)), wanted)


def _wrong(item: Correction, answer: str) -> str:
    """What is wrong with the answer to one item, or nothing."""
    if not answer:
        return f"“{item.item}”还没补，没有也请写一句为什么。"
    if len(answer) > LONGEST:
        return f"“{item.item}”写得太长，最多 {LONGEST} 个字。"
    if texts.has_control(answer):
        return f"“{item.item}”里有看不见的特殊字符，请重新打一遍。"
    return ""
