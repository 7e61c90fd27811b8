"""Taking a step: load, check, change, record, tell, commit; or ask somebody to approve it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from backend.audit.record import events, record
from backend.complaints import forms
from backend.complaints.models import Approval, Case
from backend.complaints.models.clock import Clock
from backend.complaints.service import (
    acts,
    acts_money,
    acts_time,
    blanks,
    clocks,
    moves,
    moves_end,
    moves_report,
)
from backend.complaints.service.facts import facts_of
from backend.complaints.service.offers import Offers, offers
from backend.complaints.service.stage import EFFECTS, Done, Stage
from backend.complaints.service.telling import LOCK_SCREEN, channel_of, filer, tell
from backend.complaints.states import (
    FINAL,
    Facts,
    Move,
    is_in_place,
    is_step_of,
    may,
    missing,
    role_names,
)
from backend.complaints.steps import Step, next_state, step
from backend.complaints.words import CLOCK_TITLES
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.core.installation import bureau
from backend.law.days import shanghai_today

__all__ = [
    "Offers",
    "Performed",
    "Preview",
    "offers",
    "perform",
    "preview",
    "take_step",
]

# Importing these registers what each step does.
STEP_MODULES = (moves, moves_end, moves_report, acts, acts_money, acts_time)
# Events after which a page that is open at the desk is still up to date.
NO_CHANGE = frozenset({"read", "evidence_read", "message_from_worker", "message_to_worker"})
# Steps of which the worker is not told at once: they are the colleagues' own affair.
_QUIET = frozenset({"take", "hand_over", "note", "override_correction", "name_second"})


@dataclass(frozen=True, slots=True)
class Performed:
    """What came of a step: done, or waiting for an approval."""

    is_asked: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The words the worker will get and what happens to the clocks; nothing of it is saved."""

    title: str
    text: str
    lock_screen: str
    channel: str
    clocks: list[str]


@one_transaction
def perform(
    public_id: str,
    key: str,
    raw: Mapping[str, Any],
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Performed:
    """Take a step, or ask for its approval where the law wants a second person.

    Raises NotFound, Forbidden (role), Conflict (state, a missing condition, or `stale` when a
    colleague was first, naming them), BadInput (fields).
    """
    case = load(public_id)
    refuse_stale(case, version)
    wanted = step(case.lane, key)
    facts = facts_of(case, actor, now)
    refuse_unlawful(wanted, facts, actor)
    values = blanks.fill(case, key, forms.clean(case.lane, key, raw))
    stage = Stage(case, key, values, actor, actor, facts, now, shanghai_today(now))
    if wanted.approver:
        return _ask(stage, wanted)
    take_step(stage, wanted)
    return Performed(False, f"{wanted.label}：办好了。")


def load(public_id: str) -> Case:
    """A case for staff, locked for change."""
    query = sa.select(Case).where(Case.public_id == public_id).with_for_update()
    case: Case | None = db.session.scalar(query)
    if case is None:
        raise NotFound("没有找到这件案。")
    return case


def refuse_stale(case: Case, version: int | None) -> None:
    """Conflict naming who was first, when the case moved on since the page was opened."""
    if version is None or version == case.version:
        return
    last = next(e for e in reversed(events(case.chain)) if e.act not in NO_CHANGE)
    who = last.actor_name or "投诉人"
    raise Conflict(
        f"{who}比您早一步改了这件案。您填的还在，没有提交。",
        code="stale",
        by=who,
        at=last.at.isoformat(),
        did=last.act,
    )


def refuse_unlawful(wanted: Step, facts: Facts, actor: Actor) -> None:
    """Say what keeps the step from being taken; returns when nothing does."""
    if wanted.by.isdisjoint(role_names(actor)):
        raise Forbidden(f"您的岗位不能办“{wanted.label}”。")
    if not is_in_place(wanted, facts):
        raise Conflict(f"现在这个状态不能办“{wanted.label}”，请刷新再看。", code="wrong_state")
    reasons = missing(wanted, facts)
    if reasons:
        raise Conflict("".join(reasons), code="not_allowed_yet", missing=reasons)


def take_step(stage: Stage, wanted: Step) -> Done:
    """Carry a lawful step out inside the caller's transaction."""
    case, before = stage.case, stage.case.state
    done = EFFECTS[wanted.key](stage)
    if isinstance(wanted, Move):
        case.state = next_state(case.lane, before, wanted.key).value
        case.outcome = done.outcome
    if case.state in FINAL and before not in FINAL:
        case.alarm = None
    if case.state != before:
        _void_approvals(case, stage.now)
    clocks.refresh(case)
    event_id = record(
        case.chain,
        wanted.key,
        stage.actor,
        stage.now,
        from_state=before if isinstance(wanted, Move) else None,
        to_state=case.state if isinstance(wanted, Move) else None,
        reason=None if done.reason is None else "见卷内",
        document_id=done.document.id if done.document else None,
        detail={k: v for k, v in done.detail.items() if v is not None}
        | ({"asked_by": stage.asked_by.name} if stage.asked_by != stage.actor else {}),
    )
    if done.told is not None and wanted.key not in _QUIET:
        tell(case, wanted.key, done.told, event_id, stage.now)
    return done


def _ask(stage: Stage, wanted: Step) -> Performed:
    """Keep the filled form until somebody else says yes."""
    case = stage.case
    if case.officer_id is None and stage.actor.has_role("inspector"):
        case.officer_id = stage.actor.id  # who asks for a step has taken the case
    _rehearse(stage, wanted)
    db.session.add(
        Approval(
            case_id=case.id,
            step=wanted.key,
            input=json.dumps(stage.values, ensure_ascii=False),
            asked_by_id=stage.actor.id,
            asked_by_name=stage.actor.name,
            asked_at=stage.now,
        )
    )
    flag_modified(case, "state")  # raises the version: a colleague's open page is out of date
    record(case.chain, "approval_asked", stage.actor, stage.now, detail={"step": wanted.key})
    return Performed(True, f"{wanted.label}：已请示，等批准。")


def _rehearse(stage: Stage, wanted: Step) -> None:
    """Carry the step out and undo it: what would fail at approval fails now, at the form."""
    nested = db.session.begin_nested()
    try:
        EFFECTS[wanted.key](stage)
        db.session.flush()
    finally:
        nested.rollback()
        db.session.refresh(stage.case)


def _void_approvals(case: Case, now: datetime) -> None:
    """A request for a step that the new state no longer has would only bar the others."""
    pending = sa.select(Approval).where(Approval.case_id == case.id, Approval.state == "pending")
    for approval in db.session.scalars(pending):
        if not is_step_of(step(case.lane, approval.step), case.lane, case.state):
            approval.state, approval.answered_at = "void", now


def preview(
    public_id: str, key: str, raw: Mapping[str, Any], actor: Actor, now: datetime
) -> Preview:
    """What a step would tell the worker and do to the clocks: it is carried out and undone.

    Raises what `perform` would raise.
    """
    lane = db.session.scalar(sa.select(Case.lane).where(Case.public_id == public_id))
    if lane is None:
        raise NotFound("没有找到这件案。")
    return preview_values(public_id, key, forms.clean(lane, key, raw), actor, now)


@one_transaction
def preview_values(
    public_id: str, key: str, values: dict[str, Any], actor: Actor, now: datetime
) -> Preview:
    """The same for a form that was read already; a request under approval does not count."""
    case = load(public_id)
    wanted = step(case.lane, key)
    facts = replace(facts_of(case, actor, now), has_other_approval=False)
    refuse_unlawful(wanted, facts, actor)
    values = blanks.fill(case, key, values)
    stage = Stage(case, key, values, actor, actor, facts, now, shanghai_today(now))
    before = {c.id: (c.state, c.due_on) for c in clocks.of_case(case.id)}
    nested = db.session.begin_nested()
    try:
        done = EFFECTS[wanted.key](stage)
        db.session.flush()
        lines = _clock_lines(before, clocks.of_case(case.id))
    finally:
        nested.rollback()
        db.session.refresh(case)
    return _preview_of(case, done, lines, wanted)


def _preview_of(case: Case, done: Done, lines: list[str], wanted: Step) -> Preview:
    channel = channel_of(case, filer(case))
    if done.told is None or wanted.key in _QUIET:
        return Preview("", "不通知投诉人。", "", channel, lines)
    lock_screen = LOCK_SCREEN.format(bureau=bureau().short_name)
    return Preview(done.told.title, done.told.text, lock_screen, channel, lines)


_CLOCK_WORDS = {
    "running": "在走",
    "paused": "停下",
    "met": "办到",
    "stopped": "结束",
    "passed": "已过",
}


def _clock_lines(before: dict[int, tuple[str, Any]], after: list[Clock]) -> list[str]:
    lines = []
    for clock in after:
        if before.get(clock.id) == (clock.state, clock.due_on):
            continue
        title = CLOCK_TITLES.get(clock.key, (clock.key, ""))[0]
        until = f"，到 {clock.due_on}" if clock.due_on and clock.state == "running" else ""
        about = "（暂定）" if clock.is_provisional and until else ""
        lines.append(f"{title}：{_CLOCK_WORDS[clock.state]}{until}{about}")
    return lines


def may_take(case: Case, key: str, actor: Actor, now: datetime) -> bool:
    """Whether this actor could take the step now."""
    return may(step(case.lane, key), facts_of(case, actor, now), actor)
