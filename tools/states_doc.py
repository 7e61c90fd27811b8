"""Draws docs/states.md from the tables of moves and acts; run as `python -m tools.states_doc`."""

from __future__ import annotations

from pathlib import Path

from backend.complaints.states import COMPLAINT_LABELS, CONDITIONS, FINAL, REPORT_LABELS, Lane, S
from backend.complaints.steps import ACTS, MOVES, Step
from backend.identity.roles import ROLE_NAMES
from backend.law.articles import cite

TARGET = Path(__file__).resolve().parent.parent / "docs" / "states.md"

_HEAD = """# States, moves and acts

Drawn from `backend/complaints/steps.py` by `python -m tools.states_doc`; a test holds it fresh.
A state says who must act next. A move leads to another state; an act is a dated record beside it.
Where an approval is named, those under `by` ask for the step and the approver's yes does it.
"""
_LANES = {Lane.COMPLAINT: ("投诉 (complaint)", COMPLAINT_LABELS),
          Lane.REPORT: ("举报 (report)", REPORT_LABELS)}  # fmt: skip
_WHO = ROLE_NAMES | {"complainant": "投诉人", "system": "系统"}


def draw() -> str:
    """The whole document as text."""
    parts = [_HEAD]
    for lane, (title, labels) in _LANES.items():
        parts += [f"## {title}", _states(labels), _diagram(lane), _moves(lane, labels)]
    parts += ["## Acts", _acts(), "## Conditions", _conditions()]
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


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
