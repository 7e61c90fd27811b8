"""Computing what the rules need to know of a case at one moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from backend.complaints.documents import KINDS
from backend.complaints.models import (
    ActRecord,
    Approval,
    Case,
    Claimant,
    Clock,
    Document,
    Withdrawal,
)
from backend.complaints.models.clock import PAUSED, RUNNING
from backend.complaints.service import clocks, remedies
from backend.complaints.states import Facts, Lane, S
from backend.core.actor import Actor
from backend.core.db import db
from backend.law.days import is_past, shanghai_today

_LIVE = (RUNNING, PAUSED)


def facts_of(case: Case, actor: Actor, now: datetime) -> Facts:
    """The facts of a case for this actor; reads a constant number of rows."""
    today = shanghai_today(now)
    all_clocks = clocks.of_case(case.id)
    investigate = _live(all_clocks, "investigate")
    stops = [c.kind for c in clocks.open_changes(investigate.id)] if investigate else []
    extensions = (
        [c for c in clocks.changes(investigate.id) if c.kind == "extension"] if investigate else []
    )
    acts = _acts(case.id)
    papers = remedies.papers(case.id)
    withdrawal = live_withdrawal(case.id)
    return Facts(
        lane=case.lane,
        state=case.state,
        is_mine=_is_mine(case, actor),
        has_officer=case.officer_id is not None,
        has_two_officers=None not in (case.officer_id, case.second_officer_id),
        is_confirmed=case.is_confirmed,
        is_accept_open=_is_accept_open(all_clocks, today),
        is_accept_deemable=_is_deemable(case, all_clocks, today),
        is_paused=case.is_paused,
        is_suspended="suspension" in stops,
        is_time_excluded="excluded" in stops,
        corrections=case.correction_count,
        has_investigate_clock=investigate is not None,
        is_investigate_passed=_has_passed(investigate, today),
        is_extended=bool(extensions),
        has_prior_notice="give_prior_notice" in acts,
        is_notice_waited=remedies.is_over(remedies.time_to_speak(papers), today),
        is_decision_served=remedies.time_to_appeal(papers) is not None,
        is_remedy_over=remedies.is_over(remedies.time_to_appeal(papers), today),
        is_review_passed=_is_review_passed(acts),
        is_demand_waited=_is_demand_waited(all_clocks, today),
        has_demand="demand" in acts,
        is_order_ignored=_is_order_ignored(case, all_clocks, today),
        is_compensation_ordered="order_compensation" in acts,
        is_withdrawal_asked=withdrawal is not None,
        is_withdrawal_ripe=withdrawal is not None and now >= withdrawal.effective_at,
        is_withdrawal_recorded_by_me=_is_recorded_by(withdrawal, actor),
        has_other_approval=_has_pending(case.id),
        has_unserved_document=_live(all_clocks, "serve") is not None or _has_unserved(case.id),
        has_handover_to_me=case.offered_to_id is not None and case.offered_to_id == actor.id,
        is_reporter_answerable=case.lane == Lane.REPORT and _is_answerable(case),
        is_decided_reportable=_live(all_clocks, "report_superior") is not None,
    )


def _is_mine(case: Case, actor: Actor) -> bool:
    """Whether no other inspector stands in the way; a clerk's records are not casework."""
    is_inspector = actor.is_staff and actor.has_role("inspector")
    return case.officer_id is None or not is_inspector or is_officer(case, actor)


def is_officer(case: Case, actor: Actor) -> bool:
    """Whether this member of staff is one of the two officers of the case."""
    return actor.is_staff and actor.id in (case.officer_id, case.second_officer_id)


def live_withdrawal(case_id: int) -> Withdrawal | None:
    """The withdrawal that was asked for and is neither undone nor in effect."""
    return live_withdrawals([case_id]).get(case_id)


def live_withdrawals(case_ids: Collection[int]) -> Mapping[int, Withdrawal]:
    """The same for several cases, by their id."""
    query = sa.select(Withdrawal).where(
        Withdrawal.case_id.in_(case_ids),
        Withdrawal.undone_at.is_(None),
        Withdrawal.effected_at.is_(None),
    )
    return {asked.case_id: asked for asked in db.session.scalars(query)}


def recorder(withdrawal: Withdrawal) -> ActRecord | None:
    """The record of whoever at the desk wrote the wish down; None when the person asked."""
    return db.session.scalar(
        sa.select(ActRecord).where(
            ActRecord.case_id == withdrawal.case_id,
            ActRecord.kind == "ask_withdrawal",
            ActRecord.at == withdrawal.asked_at,
        )
    )


def _is_recorded_by(withdrawal: Withdrawal | None, actor: Actor) -> bool:
    written = recorder(withdrawal) if withdrawal is not None and actor.is_staff else None
    return written is not None and written.staff_id == actor.id


def _live(all_clocks: list[Clock], key: str) -> Clock | None:
    return next((c for c in reversed(all_clocks) if c.key == key and c.state in _LIVE), None)


def _has_passed(clock: Clock | None, today: date) -> bool:
    return clock is not None and clock.due_on is not None and is_past(clock.due_on, today)


def _is_accept_open(all_clocks: list[Clock], today: date) -> bool:
    # while a correction is out the clock is stopped, and stopped inside its time
    return not _has_passed(_live(all_clocks, "accept"), today)


def _is_deemable(case: Case, all_clocks: list[Clock], today: date) -> bool:
    accept = _live(all_clocks, "accept")
    return (
        case.lane == Lane.COMPLAINT
        and case.state == S.SUBMITTED
        and accept is not None
        and not accept.is_provisional
        and _has_passed(accept, today)
    )


def _acts(case_id: int) -> dict[str, int]:
    """The row id of the last act of each kind."""
    rows = db.session.execute(
        sa.select(ActRecord.kind, sa.func.max(ActRecord.id))
        .where(ActRecord.case_id == case_id)
        .group_by(ActRecord.kind)
    )
    return dict(rows.all())


def acts_of(case_id: int, kind: str) -> list[ActRecord]:
    """The acts of one kind, oldest first."""
    query = sa.select(ActRecord).where(ActRecord.case_id == case_id, ActRecord.kind == kind)
    return list(db.session.scalars(query.order_by(ActRecord.id)))


def _is_review_passed(acts: dict[str, int]) -> bool:
    # a pass counts only for the draft sent last: sending again asks again
    return acts.get("pass_review", 0) > acts.get("send_to_review", 0) > 0


def _is_demand_waited(all_clocks: list[Clock], today: date) -> bool:
    waiting = [c for c in all_clocks if c.key == "demand_wait" and c.due_on is not None]
    return any(is_past(c.due_on, today) and not c.is_provisional for c in waiting if c.due_on)


def _is_order_ignored(case: Case, all_clocks: list[Clock], today: date) -> bool:
    pay_by = next((c for c in reversed(all_clocks) if c.key == "pay_by"), None)
    return (
        pay_by is not None
        and pay_by.due_on is not None
        and is_past(pay_by.due_on, today)
        and case.received_fen < case.owed_fen
    )


def _has_pending(case_id: int) -> bool:
    query = sa.select(Approval.id).where(Approval.case_id == case_id, Approval.state == "pending")
    return db.session.scalar(query) is not None


def _has_unserved(case_id: int) -> bool:
    served_kinds = [key for key, kind in KINDS.items() if kind.must_be_served]
    query = sa.select(Document.id).where(
        Document.case_id == case_id,
        Document.served_on.is_(None),
        Document.kind.in_(served_kinds),
    )
    return db.session.scalars(query.limit(1)).first() is not None


def _is_answerable(case: Case) -> bool:
    query = sa.select(Claimant.id).where(
        Claimant.case_id == case.id, Claimant.role == "reporter", Claimant.wants_reply
    )
    return not case.is_anonymous and db.session.scalars(query).first() is not None
