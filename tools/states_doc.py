"""Draws docs/states.md from the tables of moves and acts; run as `python -m tools.states_doc`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backend.complaints.states import COMPLAINT_LABELS, CONDITIONS, FINAL, REPORT_LABELS, Lane, S
from backend.complaints.steps import ACTS, MOVES, Step
from backend.identity.roles import ROLE_NAMES
from backend.law.articles import cite
from backend.lectures.states import (
    BOOKING_LABELS,
    BOOKING_MOVES,
    LECTURE_LABELS,
    LECTURE_MOVES,
    ORDER_LABELS,
    ORDER_MOVES,
    Move,
)

TARGET = Path(__file__).resolve().parent.parent / "docs" / "states.md"

_HEAD = """# States, moves and acts

Drawn from `backend/complaints/steps.py` and `backend/lectures/states.py` by
`python -m tools.states_doc`; a test holds it fresh.
A state says who must act next. A move leads to another state; an act is a dated record beside it.
Where an approval is named, those under `by` ask for the step and the approver's yes does it.
"""
_LANES = {Lane.COMPLAINT: ("投诉 (complaint)", COMPLAINT_LABELS),
          Lane.REPORT: ("举报 (report)", REPORT_LABELS)}  # fmt: skip
_WHO = ROLE_NAMES | {"complainant": "投诉人", "system": "系统", "worker": "本人"}
_LECTURES: tuple[tuple[str, Mapping[str, Move[Any]], Mapping[Any, str]], ...] = (
    ("讲座 (lecture)", LECTURE_MOVES, LECTURE_LABELS),
    ("讲座预约 (booking)", BOOKING_MOVES, BOOKING_LABELS),
    ("讲座点单 (order)", ORDER_MOVES, ORDER_LABELS),
)


def draw() -> str:
    """The whole document as text."""
    parts = [_HEAD]
    for lane, (title, labels) in _LANES.items():
        parts += [f"## {title}", _states(labels), _diagram(lane), _moves(lane, labels)]
    parts += ["## Acts", _acts(), "## Conditions", _conditions()]
    for lecture_title, table, lecture_labels in _LECTURES:
        parts += [f"## {lecture_title}", *_lectures(table, lecture_labels)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _states(labels: dict[S, str]) -> str:
    words = [f"`{s.value}` {label}{'（终）' if s in FINAL else ''}" for s, label in labels.items()]
    return " · ".join(words)


def _diagram(lane: Lane) -> str:
    lines = [
        f"  {source.value} --> {move.target.value}: {move.key}"
        for (of, _key), move in MOVES.items()
        if of == lane
        for source in sorted(move.sources)
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _moves(lane: Lane, labels: dict[S, str]) -> str:
    rows = [
        [
            f"`{move.key}` {move.label}",
            "、".join(labels[s] for s in sorted(move.sources)),
            labels[move.target],
            *_common(move),
        ]
        for (of, _key), move in MOVES.items()
        if of == lane
    ]
    return _table(["move", "from", "to", "by", "approved by", "needs", "law"], rows)


def _acts() -> str:
    rows = []
    for act in ACTS.values():
        places = [
            f"{_LANES[lane][0][:2]}：{'、'.join(_LANES[lane][1][s] for s in sorted(states))}"
            for lane, states in act.sources.items()
        ]
        rows.append([f"`{act.key}` {act.label}", "；".join(places), *_common(act)])
    return _table(["act", "in", "by", "approved by", "needs", "law"], rows)


def _common(step: Step) -> list[str]:
    return [
        "、".join(_WHO[role] for role in sorted(step.by)),
        "、".join(_WHO[role] for role in sorted(step.approver)) or "–",
        " ".join(f"`{need}`" for need in step.needs) or "–",
        cite(step.law).title if step.law else "–",
    ]


def _conditions() -> str:
    return _table(
        ["condition", "said when it does not hold"],
        [[f"`{key}`", condition.missing] for key, condition in CONDITIONS.items()],
    )


def _lectures(table: Mapping[str, Move[Any]], labels: Mapping[Any, str]) -> Iterator[str]:
    """States, drawing and moves of lectures, bookings or orders."""
    leaves = {source for move in table.values() for source in move.sources}
    yield " · ".join(
        f"`{state.value}` {label}{'' if state in leaves else '（终）'}"
        for state, label in labels.items()
    )
    lines = [
        f"  {source.value} --> {move.target.value}: {key}"
        for key, move in table.items()
        for source in sorted(move.sources)
    ]
    yield "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
    rows = [
        [
            f"`{key}`",
            "、".join(labels[source] for source in sorted(move.sources)),
            labels[move.target],
            "、".join(_WHO[role] for role in sorted(move.by)),
        ]
        for key, move in table.items()
    ]
    yield _table(["move", "from", "to", "by"], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
