"""What every step works with: the case, the form, who acts, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from backend.complaints import documents
from backend.complaints.models import ActRecord, Case, Document
from backend.complaints.service import blanks, clocks
from backend.complaints.service.telling import Told, day
from backend.complaints.states import Facts
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import BadInput, FieldError


@dataclass(frozen=True, slots=True)
class Stage:
    """One step about to be taken.

    `actor` is who makes it happen (the approver where one is needed), `asked_by` the officer who
    asked for it. `values` is the cleaned form; dates in it are ISO text.
    """

    case: Case
    step: str
    values: dict[str, Any]
    actor: Actor
    asked_by: Actor
    facts: Facts
    now: datetime
    today: date

    def date(self, name: str) -> date:
        """A date of the form."""
        return date.fromisoformat(self.values[name])

    def text(self, name: str) -> str:
        """A text of the form, empty when it was left out."""
        return self.values.get(name) or ""


@dataclass(slots=True)
class Done:
    """What a step did: facts for the record (no personal data), words for the worker.

    `outcome` is written together with the final state: the table refuses one without the other.
    """

    detail: dict[str, Any] = field(default_factory=dict)
    told: Told | None = None
    reason: str | None = None
    document: Document | None = None
    outcome: str | None = None


Effect = Callable[[Stage], Done]
EFFECTS: dict[str, Effect] = {}


def effect(*keys: str) -> Callable[[Effect], Effect]:
    """Register a function as what happens when one of these steps is taken."""

    def register(function: Effect) -> Effect:
        for key in keys:
            if key in EFFECTS:
                raise ValueError(f"two effects for {key}")
            EFFECTS[key] = function
        return function

    return register


def wrong(name: str, message: str) -> BadInput:
    """One field of the form does not fit the case."""
    return BadInput("有几处要改，改好再交。", errors=[FieldError(name, message)])


def add_act(
    stage: Stage,
    detail: dict[str, Any],
    *,
    on: date | None = None,
    text: str | None = None,
    document: Document | None = None,
) -> ActRecord:
    """Write the dated record of a step."""
    act = ActRecord(
        case_id=stage.case.id,
        kind=stage.step,
        at=stage.now,
        on_date=on or stage.today,
        staff_id=stage.asked_by.id if stage.asked_by.is_staff else None,
        staff_name=stage.asked_by.name,
        detail=detail,
        text=text,
        document_id=document.id if document else None,
    )
    db.session.add(act)
    db.session.flush()
    return act


def issue(stage: Stage, decision: str | None = None) -> Document:
    """Issue the step's document and start the clock for serving it where the law asks for one."""
    fault = blanks.fault(stage.text("document"))
    if fault:
        raise wrong("document", fault)
    document = documents.issue(
        stage.case, stage.step, stage.text("document"), stage.actor, stage.now, decision
    )
    kind = documents.kind_of(stage.step, decision)
    if kind is not None and kind.must_be_served:
        clocks.start(stage.case, "serve", stage.today, f"document:{document.id}")
    return document


def not_later_than_today(stage: Stage, name: str) -> date:
    """A date of something that already happened."""
    on = stage.date(name)
    if on > stage.today:
        raise wrong(name, "这一天还没到，请填已经发生的日期。")
    return on


def happened_on(stage: Stage, name: str, since: date, because: str) -> date:
    """The same for something that cannot have happened before what it refers to."""
    on = not_later_than_today(stage, name)
    if on < since:
        raise wrong(name, f"最早填{day(since)}：{because}。")
    return on


def late_reason(stage: Stage) -> str | None:
    """Past the investigation limit the step stays possible, but must say why it is late."""
    if not stage.facts.is_investigate_passed:
        return None
    reason = stage.text("late_reason")
    if not reason:
        raise wrong("late_reason", "已超过调查期限，请写明为什么超期（粤监察 44）。")
    return reason
