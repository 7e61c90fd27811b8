"""Brings a case into any state by the services alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from backend.law.days import add_days
from tests.factories.complaints import Filed, World


def _corrected(world: World) -> Filed:
    case = world.complain()
    world.step(case, "request_correction")
    return case


def _ordered(world: World) -> Filed:
    case = world.accepted()
    world.approved(case, "order_payment", "head")
    return case


def _noticed(world: World) -> Filed:
    case = world.accepted()
    world.step(case, "give_prior_notice")
    return case


def _in_review(world: World) -> Filed:
    case = world.accepted()
    world.step(case, "send_to_review")
    return case


def _decided(world: World) -> Filed:
    case = world.accepted()
    world.step(case, "decide", "head")
    return case


def _enforcing(world: World) -> Filed:
    world.go_to(date(2026, 3, 2))  # so that the time to appeal ends in a published year
    case = _decided(world)
    world.step(case, "serve")
    world.step(case, "demand")
    world.go_to(add_days(world.due("sue_limit"), 1))
    world.approved(case, "apply_enforcement", "unit_head")
    return case


def _not_accepted(world: World) -> Filed:
    case = world.complain()
    world.approved(case, "refuse", "unit_head")
    return case


def _redirected(world: World) -> Filed:
    case = world.complain()
    world.step(case, "redirect")
    return case


def _withdrawn(world: World) -> Filed:
    case = world.complain()
    world.step(case, "ask_withdrawal", "clerk")
    world.step(case, "withdraw")
    return case


def _closed(world: World) -> Filed:
    case = _decided(world)
    world.step(case, "record_payment")
    world.approved(case, "close", "unit_head", outcome="paid_after_decision")
    return case


def _filed(world: World) -> Filed:
    case = world.tip_off()
    world.approved(case, "file_case", "unit_head")
    return case


def _under_way(world: World) -> Filed:
    case = _filed(world)
    world.step(case, "investigate")
    return case


def _transferred(world: World) -> Filed:
    case = world.tip_off()
    world.step(case, "transfer")
    return case


def _not_filed(world: World) -> Filed:
    case = world.tip_off()
    world.approved(case, "not_file", "unit_head")
    return case


def _report_closed(world: World) -> Filed:
    case = _under_way(world)
    world.approved(case, "close", "unit_head", outcome="no_violation")
    return case


#: (lane, state) -> how to get there.
REACH: dict[tuple[str, str], Callable[[World], Filed]] = {
    ("complaint", "submitted"): World.complain,
    ("complaint", "correction_requested"): _corrected,
    ("complaint", "investigating"): World.accepted,
    ("complaint", "ordered"): _ordered,
    ("complaint", "prior_notice_given"): _noticed,
    ("complaint", "in_legal_review"): _in_review,
    ("complaint", "decided"): _decided,
    ("complaint", "enforcing"): _enforcing,
    ("complaint", "not_accepted"): _not_accepted,
    ("complaint", "redirected"): _redirected,
    ("complaint", "withdrawn"): _withdrawn,
    ("complaint", "closed"): _closed,
    ("report", "received"): World.tip_off,
    ("report", "filed"): _filed,
    ("report", "investigating"): _under_way,
    ("report", "transferred"): _transferred,
    ("report", "not_filed"): _not_filed,
    ("report", "closed"): _report_closed,
}
