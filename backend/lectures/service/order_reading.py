"""Orders for lectures on site, read by their orderer and at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import NotFound
from backend.core.paging import Page, decode, encode
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models import Lecture, LectureOrder
from backend.lectures.service import rows
from backend.lectures.states import (
    ORDER_FINAL,
    UNANSWERED,
    LectureState,
    OrderState,
)

MOST_OWN = 50
PAGE = 50
MOST_THEMES = 12
COUNT_CAP = 501
SCOPES = ("open", "late", "mine", "over")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands beside 点单 in the rail: orders to answer, and those that are late.

    `called_off` are visits whose orderer withdrew: nobody is to go there.
    """

    unanswered: int
    late: int
    called_off: int = 0


def own(actor: Actor) -> list[LectureOrder]:
    """The worker's orders, newest first."""
    query = (
        sa.select(LectureOrder)
        .where(LectureOrder.worker_id == actor.id)
        .order_by(LectureOrder.id.desc())
        .limit(MOST_OWN)
    )
    return list(db.session.scalars(query))


def one(public_id: str, actor: Actor) -> LectureOrder:
    """The worker's own order; NotFound for anyone else's."""
    row = _find(public_id)
    if row is None or row.worker_id != actor.id:
        raise NotFound("没有找到这个点单。")
    return row


@one_transaction
def read(public_id: str, actor: Actor, now: datetime) -> LectureOrder:
    """An order for staff; that its contact was read is recorded."""
    rows.refuse_others(actor)
    row = _find(public_id)
    if row is None:
        raise NotFound("没有找到这个点单。")
    detail = {"order_id": row.id}
    record(f"staff:{actor.id}", "order_read", actor, now, detail=detail)
    return row


def listed(scope: str, cursor: str | None, actor: Actor, now: datetime) -> Page[LectureOrder]:
    """A page of orders at the desk: open ones by what is due, ended ones newest first."""
    rows.refuse_others(actor)
    query = _scope(sa.select(LectureOrder), scope, actor, now)
    is_over = scope == "over"
    query = _newest_first(query, cursor) if is_over else _next_due_first(query, cursor, now)
    found: list[LectureOrder] = list(db.session.scalars(query.limit(PAGE + 1)))
    if len(found) <= PAGE:
        return Page(found, None)
    last = found[PAGE - 1]
    due_first = [_rank(last, now), last.answer_due_on.isoformat(), last.id]
    return Page(found[:PAGE], encode(*([last.id] if is_over else due_first)))


def _newest_first(query: sa.Select[Any], cursor: str | None) -> sa.Select[Any]:
    if cursor is not None:
        query = query.where(LectureOrder.id < decode(cursor, 1)[0])
    return query.order_by(LectureOrder.id.desc())


def _next_due_first(query: sa.Select[Any], cursor: str | None, now: datetime) -> sa.Select[Any]:
    """Visits called off on top, then those that wait for our answer, by the day it is due."""
    due_on = LectureOrder.answer_due_on
    rank = sa.case((_is_called_off(now), 0), (_is_unanswered(), 1), else_=2)
    if cursor is not None:
        ranked, on, row_id = decode(cursor, 3)
        last = sa.tuple_(ranked, sa.literal(date.fromisoformat(on), due_on.type), row_id)
        query = query.where(sa.tuple_(rank, due_on, LectureOrder.id) > last)
    return query.order_by(rank, due_on, LectureOrder.id)


def _rank(row: LectureOrder, now: datetime) -> int:
    if is_called_off(row, now):
        return 0
    return 1 if OrderState(row.state) in UNANSWERED else 2


def is_called_off(row: LectureOrder, now: datetime) -> bool:
    """Whether its orderer withdrew a visit whose time is still to come.

    Until then it stays among what is open: whoever was to go there must see it.
    """
    is_ahead = row.proposed_at is not None and row.proposed_at > now
    return row.state == OrderState.WITHDRAWN and is_ahead


def _is_called_off(now: datetime) -> sa.ColumnElement[bool]:
    is_ahead = sa.and_(LectureOrder.proposed_at.is_not(None), LectureOrder.proposed_at > now)
    return sa.and_(LectureOrder.state == OrderState.WITHDRAWN.value, is_ahead)


def _scope(query: sa.Select[Any], scope: str, actor: Actor, now: datetime) -> sa.Select[Any]:
    over = sorted(state.value for state in ORDER_FINAL | {OrderState.HELD})
    is_over = sa.and_(LectureOrder.state.in_(over), sa.not_(_is_called_off(now)))
    if scope == "over":
        return query.where(is_over)
    query = query.where(sa.not_(is_over))
    if scope == "mine":
        return query.where(LectureOrder.officer_id == actor.id)
    if scope == "late":
        return query.where(_is_unanswered(), sa.or_(LectureOrder.level > 0, _is_due(now)))
    return query


def waiting(now: datetime) -> Waiting:
    """How many orders wait for an answer, each counted up to 501."""
    late = sa.and_(_is_unanswered(), sa.or_(LectureOrder.level > 0, _is_due(now)))
    return Waiting(_count(_is_unanswered()), _count(late), _count(_is_called_off(now)))


def _is_unanswered() -> sa.ColumnElement[bool]:
    return LectureOrder.state.in_(sorted(state.value for state in UNANSWERED))


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    return LectureOrder.goes_up_at <= now


def _count(condition: sa.ColumnElement[bool]) -> int:
    inner = sa.select(LectureOrder.id).where(condition).limit(COUNT_CAP).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(inner)) or 0


def themes(now: datetime) -> list[str]:
    """Themes lectured on lately or soon, each once, the newest first."""
    query = (
        sa.select(Lecture.theme)
        .where(
            Lecture.state == LectureState.PUBLISHED.value,
            Lecture.starts_at > DEFAULT_TIMES.themes_since(now),
        )
        .order_by(Lecture.starts_at.desc())
        .limit(200)
    )
    return list(dict.fromkeys(db.session.scalars(query)))[:MOST_THEMES]


def _find(public_id: str) -> LectureOrder | None:
    query = sa.select(LectureOrder).where(LectureOrder.public_id == public_id)
    row: LectureOrder | None = db.session.scalar(query)
    return row
