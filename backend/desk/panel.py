"""The panel 办理: the unfolded step, what stands in its form, what the worker will be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.complaints.models import Approval
from backend.complaints.service import offers as offering
from backend.complaints.service import returned
from backend.complaints.service.desk_views import CaseDesk
from backend.complaints.service.handling import Preview
from backend.complaints.service.offers import Offer, Offers
from backend.core.actor import Actor
from backend.core.errors import FieldError, Problem
from backend.desk.typed import Slot, as_typed, slots
from backend.identity.service import active_staff

# Which step is unfolded when none was chosen: the first of these that is lawful now.
LIKELY = (
    "accept_handover",
    "take",
    "withdraw",
    "end_excluded_time",
    "resume",
    "accept",
    "file_case",
    "confirm",
    "pass_review",
    "decide",
    "order_payment",
    "apply_enforcement",
    "serve",
    "record_payment",
    "investigate",
    "close",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the officer chose and typed so far; `values` is None before anything was typed."""

    step: str | None = None
    values: Mapping[str, Any] | None = None
    problem: Problem | None = None
    preview: Preview | None = None
    is_recheck: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel shows."""

    offers: Offers
    chosen: Offer | None
    slots: list[Slot]
    officers: list[tuple[str, str]]
    papers: list[tuple[str, str]]
    returned: list[Approval]
    preview: Preview | None = None
    problem: Problem | None = None
    errors: list[FieldError] = field(default_factory=list)
    is_recheck: bool = False


def build(case: CaseDesk, typed: Typed, actor: Actor, now: datetime) -> Panel:
    """The panel of a case for this person at this moment."""
    offers = offering.offers(case.case.public_id, actor, now)
    back = returned.of_cases([case.case]).get(case.case.id, [])
    chosen = choose(offers, typed.step or _to_mend(offers, back), case.case.is_confirmed)
    fields = chosen.fields if chosen else ()
    says = {f.name: as_typed(f, chosen.defaults.get(f.name)) for f in fields} if chosen else {}
    errors = typed.problem.errors if typed.problem else []
    return Panel(
        offers=offers,
        chosen=chosen,
        slots=[
            slot
            for slot in _slots(chosen, typed, errors, says, back)
            if slot.field.name != "late_reason" or slot.error or slot.value or _is_late(case)
        ],
        officers=[(str(s.id), f"{s.name} · {s.unit}") for s in active_staff("inspector")],
        papers=[(str(d.id), f"{d.title} {d.number}") for d in case.documents],
        returned=back,
        preview=typed.preview,
        problem=typed.problem,
        errors=errors,
        is_recheck=typed.is_recheck,
    )


def _is_late(case: CaseDesk) -> bool:
    """Whether the investigation limit has passed, so that the reason for it is asked."""
    left = [c.working_days_left for c in case.clocks if c.key == "investigate"]
    return any(days is not None and days < 0 for days in left)


def choose(offers: Offers, step: str | None, is_confirmed: bool) -> Offer | None:
    """The step asked for, or the likeliest one; None when nothing is lawful for this person."""
    all_offers = {offer.key: offer for offer in (*offers.acts, *offers.moves)}
    if step in all_offers:
        return all_offers[step]
    if is_confirmed:
        all_offers.pop("confirm", None)  # lawful again (another ID), but not what comes next
    likely = next((all_offers[key] for key in LIKELY if key in all_offers), None)
    return likely or next(iter([*offers.moves, *offers.acts]), None)


def _to_mend(offers: Offers, back: list[Approval]) -> str | None:
    """The step that came back last and can be asked again at once."""
    possible = {offer.key for offer in (*offers.acts, *offers.moves)}
    return next((approval.step for approval in back if approval.step in possible), None)


def _slots(
    chosen: Offer | None,
    typed: Typed,
    errors: list[FieldError],
    says: dict[str, Any],
    back: list[Approval],
) -> list[Slot]:
    if chosen is None:
        return []
    if typed.values is not None and typed.step == chosen.key:
        return slots(chosen.fields, typed.values, errors, says if typed.is_recheck else None)
    draft = next((approval for approval in back if approval.step == chosen.key), None)
    if draft is None:
        return slots(chosen.fields, says)
    # what was sent comes back as it was; where the case says something else now, that is marked
    sent = returned.values(draft)
    return slots(chosen.fields, {f.name: as_typed(f, sent.get(f.name)) for f in chosen.fields},
                 case_says=says)  # fmt: skip
