"""帮助: what the clocks look like, the shortcuts, and the states with what may follow them."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import render_template

from backend.complaints.states import COMPLAINT_LABELS, REPORT_LABELS, Lane
from backend.complaints.steps import MOVES
from backend.identity.guards import staff_required
from backend.law.articles import cite

bp = APIBlueprint("help_page", __name__, enable_openapi=False)


@bp.get("/help")
@staff_required()
def page() -> str:
    """Drawn from the tables the rules are read from, so that it cannot differ from them."""
    moves = {
        lane: [
            (
                move.label,
                [labels[state] for state in labels if state in move.sources],
                labels[move.target],
                cite(move.law).short_title if move.law else "",
            )
            for (of, _key), move in MOVES.items()
            if of == lane
        ]
        for lane, labels in ((Lane.COMPLAINT, COMPLAINT_LABELS), (Lane.REPORT, REPORT_LABELS))
    }
    return render_template("desk/help.html", moves=moves)
