"""我的今天: the queue of cases in the order of their next legal date, with filters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.service import queue
from backend.complaints.service.queue import BUCKETS
from backend.complaints.states import COMPLAINT_LABELS, FINAL, REPORT_LABELS, Lane
from backend.core import clock
from backend.core.actor import Actor
from backend.core.installation import bureau
from backend.desk.frame import ANSWER_ROLES, QUEUE_ROLES, is_part
from backend.identity.guards import current_actor, staff_required
from backend.lectures.states import ORGANISERS

bp = APIBlueprint("today", __name__, enable_openapi=False)

SCOPES = ("mine", "offered", "unassigned")
_FILTERS = ("bucket", "state", "lane", "street", "scope", "q")


@bp.get("/")
@staff_required()
def page() -> AnyResponse | str:
    """One page of fifty cases; every filter stands in the address."""
    actor, now = current_actor(), clock.now()
    if not actor.has_role(*QUEUE_ROLES):
        return redirect(url_for(_home(actor)))
    chosen = _chosen()
    wanted = _filter(chosen)
    found = queue.page(wanted, request.args.get("cursor"), actor, now)
    shown = {
        "groups": _grouped(found.rows),
        "next_cursor": found.next_cursor,
        "chosen": chosen,
        "states": _states(chosen.get("lane")),
        "streets": bureau().streets,
        "counts": queue.counts(wanted, actor, now),
        "is_part": is_part("list"),
    }
    return render_template(
        "desk/_found_cases.html" if shown["is_part"] else "desk/today.html", **shown
    )


def _home(actor: Actor) -> str:
    """Where somebody begins who handles no cases."""
    if actor.has_role(*ANSWER_ROLES):
        return "desk.questions.page"
    return "desk.lectures.page" if actor.has_role(*ORGANISERS) else "desk.help_page.page"


def _chosen() -> dict[str, str]:
    """The filters of the address that name something we know."""
    given = {name: (request.args.get(name) or "").strip()[:60] for name in _FILTERS}
    known = {
        "bucket": BUCKETS,
        "lane": tuple(str(lane) for lane in Lane),
        "scope": SCOPES,
        "state": tuple(str(state) for state in {**COMPLAINT_LABELS, **REPORT_LABELS}),
    }
    return {n: v for n, v in given.items() if v and (n not in known or v in known[n])}


def _filter(chosen: dict[str, str]) -> queue.Filter:
    return queue.Filter(
        bucket=chosen.get("bucket"),
        state=chosen.get("state"),
        lane=chosen.get("lane"),
        street=chosen.get("street"),
        mine=chosen.get("scope") == "mine",
        unassigned=chosen.get("scope") == "unassigned",
        offered=chosen.get("scope") == "offered",
        is_open=not _reaches_closed(chosen),
        q=chosen.get("q"),
    )


def _reaches_closed(chosen: dict[str, str]) -> bool:
    """Whoever looks for a number or a final state means closed cases too."""
    return "q" in chosen or chosen.get("state") in {str(state) for state in FINAL}


def _states(lane: str | None) -> list[tuple[str, str]]:
    """State words to choose from: those of the lane, or of both."""
    labels = dict(COMPLAINT_LABELS) if lane != Lane.REPORT else {}
    if lane != Lane.COMPLAINT:
        labels = {**REPORT_LABELS, **labels}
    return [(str(state), word) for state, word in labels.items()]


def _grouped(rows: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """The rows under their headings; the order inside a group is the queue's own."""
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault("closed" if row.is_final else row.bucket, []).append(row)
    order = (*BUCKETS, "closed")
    return sorted(groups.items(), key=lambda group: order.index(group[0]))
