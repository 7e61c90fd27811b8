"""What stands around every desk page: the rail with its counts, who is there, strict headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, request

from backend.complaints.service import queue
from backend.core import clock
from backend.core.actor import VISITOR, Actor
from backend.core.installation import bureau, settings
from backend.desk.static_files import asset
from backend.escalations import service as escalations
from backend.escalations.service.queue import Waiting
from backend.escalations.states import ANSWERERS
from backend.faqbot.service import overrides
from backend.faqbot.service.overrides import PROPOSERS
from backend.identity import desk_door
from backend.identity.roles import ROLE_NAMES
from backend.law.days import local_date
from backend.lectures.service import order_reading
from backend.lectures.states import DOOR, ORGANISERS

QUEUE_ROLES = ("inspector", "unit_head", "head", "legal_reviewer", "mediator", "clerk")
OFFICER_ROLES = ("inspector",)
APPROVAL_ROLES = ("unit_head", "head")
CALL_ROLES = ("inspector", "unit_head", "head", "clerk")
FILING_ROLES = ("inspector", "clerk")
SENDING_ROLES = ("clerk", "unit_head", "head")
ANSWER_ROLES = ANSWERERS
FAQ_ROLES = PROPOSERS
OFFERED = "offered"  # the scope of 我的今天 with the cases handed to me
COUNTED = {"unread": "件有未读消息", "offered": "件等您接手", "returned": "份被退回"}

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


@dataclass(frozen=True, slots=True)
class RailItem:
    """One entry of the rail: where it leads, how much waits there, which pages belong to it.

    `scope` narrows the page it leads to; `not_for` are roles that have another entry for it.
    """

    endpoint: str
    label: str
    icon: str
    roles: tuple[str, ...]
    counted: str | None = None
    also: tuple[str, ...] = ()
    scope: str | None = None
    not_for: tuple[str, ...] = ()


RAIL = (
    RailItem("desk.today.page", "我的今天", "calendar-due", QUEUE_ROLES, "unread"),
    RailItem("desk.today.page", "移交给我的", "transfer", OFFICER_ROLES, "offered", scope=OFFERED),
    RailItem("desk.approvals.pending", "待我审批", "rubber-stamp", APPROVAL_ROLES, "approvals"),
    RailItem(
        "desk.approvals.pending",
        "我的请示",
        "rubber-stamp",
        OFFICER_ROLES,
        "returned",
        not_for=APPROVAL_ROLES,
    ),
    RailItem(
        "desk.questions.page", "问题解答", "headset", ANSWER_ROLES, "questions", ("desk.answers",)
    ),
    RailItem("desk.calls.page", "电话通知", "phone", CALL_ROLES, "calls"),
    RailItem("desk.appointments.page", "确认预约", "calendar-event", CALL_ROLES, "appointments"),
    RailItem("desk.deliveries.page", "发送情况", "send", SENDING_ROLES, "deliveries"),
    RailItem("desk.file_for.page", "代为登记", "user-plus", FILING_ROLES),
    RailItem(
        "desk.faq_lists.page",
        "题库",
        "list-check",
        FAQ_ROLES,
        "proposals",
        ("desk.faq_edit", "desk.faq_review"),
    ),
    RailItem(
        "desk.lectures.page",
        "讲座",
        "speakerphone",
        DOOR,
        "lectures",
        (
            "desk.lecture_page",
            "desk.lecture_edit",
            "desk.lecture_moves",
            "desk.lecture_bookings",
            "desk.lecture_calls",
            "desk.lecture_papers",
            "desk.lecture_after",
            "desk.orders",
            "desk.order_steps",
        ),
    ),
    RailItem("desk.help_page.page", "帮助", "help", ()),
)


def register(desk: APIBlueprint) -> None:
    """Give the templates what they share, and every answer its headers."""
    desk.context_processor(shared)
    desk.after_request(harden)


def shared() -> dict[str, Any]:
    """Names every template may use."""
    actor = _actor()
    return {
        "asset": asset,
        "actor": actor,
        "bureau": bureau(),
        "is_demo": settings().demo,
        "today_on": local_date(clock.now()),
        "role_words": [word for role, word in ROLE_NAMES.items() if role in actor.roles],
        "rail": [item for item in RAIL if actor.is_staff and _may_open(item, actor)],
        "waiting": waiting,
        "is_here": is_here,
        "counted_words": COUNTED,
        "open_questions": open_questions,
        "sees_cases": actor.has_role(*QUEUE_ROLES),
        "may_file": actor.has_role(*FILING_ROLES),
    }


def is_here(item: RailItem) -> bool:
    """Whether the page that is open belongs to this entry of the rail."""
    room = (request.endpoint or "").rsplit(".", 1)[0]
    if room != item.endpoint.rsplit(".", 1)[0]:
        return room in item.also
    is_offered = room == "desk.today" and request.args.get("scope") == OFFERED
    return is_offered == (item.scope == OFFERED)


def waiting() -> dict[str, int]:
    """Counts beside the rail's entries, read once a request; none on error pages."""
    actor = _actor()
    if not actor.is_staff or g.get("is_fault"):
        return {}
    if "desk_waiting" not in g:
        cases = queue.waiting(actor, clock.now()) if actor.has_role(*QUEUE_ROLES) else {}
        proposals = overrides.count_waiting() if actor.has_role(*FAQ_ROLES) else 0
        others = {"questions": open_questions().open, "proposals": proposals}
        others["lectures"] = _orders_waiting(actor)
        g.desk_waiting = cases | others
    found: dict[str, int] = g.desk_waiting
    return found


def _orders_waiting(actor: Actor) -> int:
    """Orders an organiser has to answer; for those above, the ones that are late."""
    if not actor.has_role(*ORGANISERS):
        return 0
    orders = order_reading.waiting(clock.now())
    return orders.unanswered if actor.has_role("organiser") else orders.late


def open_questions() -> Waiting:
    """What waits in 问题解答 for this person's roles, read once a request; none on error pages."""
    if g.get("is_fault"):
        return Waiting(0, 0, 0, None)
    if "desk_questions" not in g:
        g.desk_questions = escalations.waiting(_actor(), clock.now())
    found: Waiting = g.desk_questions
    return found


def is_part(target: str) -> bool:
    """Whether htmx asks for one part of the page (`list` or `panel`) only."""
    return request.headers.get("HX-Target") == target


def harden(response: Response) -> Response:
    """No foreign content, no framing, nothing of a person kept in a shared cache."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=()")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Cookie, HX-Request"
    return response


def _actor() -> Actor:
    """Whoever is signed in; an error page does not ask a database that just failed."""
    if g.get("is_fault") and "desk_actor" not in g:
        return VISITOR
    return desk_door.desk_actor() or VISITOR


def _may_open(item: RailItem, actor: Actor) -> bool:
    if item.not_for and actor.has_role(*item.not_for):
        return False
    return not item.roles or actor.has_role(*item.roles)
