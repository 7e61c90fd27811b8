"""Every story of the demo, in the order in which stories of one moment are told."""

from __future__ import annotations

from backend.demo.bench import Bench
from backend.demo.simulation import Story
from backend.demo.stories import (
    beginnings,
    decisions,
    endings,
    investigations,
    lecture_orders,
    lectures,
    orders,
    questions,
    tip_offs,
)

_MODULES = (
    beginnings,
    investigations,
    orders,
    decisions,
    endings,
    tip_offs,
    questions,
    lectures,
    lecture_orders,
)


def all_stories(bench: Bench) -> list[Story]:
    """Start every story; none has done anything yet."""
    return [tell(bench) for module in _MODULES for tell in module.STORIES]
