"""Drafts of lectures: one, or a year of monthly ones from one plan (每月一主题)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.audit.record import record
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, one_transaction, violated
from backend.core.errors import BadInput, FieldError
from backend.law.days import SHANGHAI, shanghai_today
from backend.law.lecture_times import moment, monthly_days
from backend.lectures.models import Lecture
from backend.lectures.service import rows, telling
from backend.lectures.service.plan import LONGEST, Plan, check
from backend.lectures.states import LectureState

MONTHS = 12
YEARS_AHEAD = 2
LONGEST_THEME = LONGEST["theme"]


@dataclass(frozen=True, slots=True)
class Series:
    """A year of monthly lectures (每月一主题): which days, and each month's theme and title."""

    year: int
    week: int
    weekday: int
    themes: Sequence[str]


def make(plan: Plan, key: str, actor: Actor, now: datetime) -> Lecture:
    """Write a draft; the same key a second time gives the first one. BadInput names the fields."""
    rows.refuse_others(actor)
    check(plan)
    try:
        return _make([plan], None, key, actor, now)[0]
    except IntegrityError as error:
        return _made_before(error, key, actor)


def make_series(
    first: Plan, series: Series, key: str, actor: Actor, now: datetime
) -> list[Lecture]:
    """Write a year of drafts from one plan: one a month, with the month's theme as its title.

    Hours, seats and the distance of the deadlines to the start are the plan's; days that have
    passed are left out; a holiday moves to the week after. Each draft is edited on its own.
    """
    rows.refuse_others(actor)
    check(first)
    key = f"series:{key}"  # a key of a single lecture never names a series
    try:
        return _make(_plans(first, series, now), crypto.new_public_id(), key, actor, now)
    except IntegrityError as error:
        return _of_series(_made_before(error, key, actor).series)


def _plans(first: Plan, series: Series, now: datetime) -> list[Plan]:
    if not 1 <= series.week <= 4 or not 0 <= series.weekday <= 6:
        message = "请选每月第几个、星期几。"
        raise BadInput(message, errors=[FieldError("week", message)])
    themes = [theme.strip() for theme in series.themes]
    if len(themes) != MONTHS or not all(themes):
        message = "请写满十二个月的主题，每行一个。"
        raise BadInput(message, errors=[FieldError("themes", message)])
    if any(len(theme) > LONGEST_THEME for theme in themes):
        message = f"每个主题最多 {LONGEST_THEME} 个字。"
        raise BadInput(message, errors=[FieldError("themes", message)])
    if not 0 <= series.year - shanghai_today(now).year <= YEARS_AHEAD:
        message = "请选今年到后年的一年。"
        raise BadInput(message, errors=[FieldError("year", message)])
    days = zip(themes, monthly_days(series.year, series.week, series.weekday), strict=True)
    plans = [_moved(first, day, theme) for theme, day in days]
    coming = [plan for plan in plans if plan.starts_at > now]
    if not coming:
        message = "这一年的日子都过去了，请换一年。"
        raise BadInput(message, errors=[FieldError("year", message)])
    return coming


def _moved(first: Plan, day: date, theme: str) -> Plan:
    starts_at = moment(day, first.starts_at.astimezone(SHANGHAI).time())
    by = starts_at - first.starts_at
    return replace(
        first,
        title=theme,
        theme=theme,
        starts_at=starts_at,
        ends_at=first.ends_at + by,
        booking_closes_at=first.booking_closes_at + by,
        cancelling_closes_at=first.cancelling_closes_at + by,
    )


@one_transaction
def _make(
    plans: list[Plan], series: str | None, key: str, actor: Actor, now: datetime
) -> list[Lecture]:
    made = []
    for place, plan in enumerate(plans):
        row = Lecture(
            version=1,
            state=LectureState.DRAFT.value,
            key_hash=_key_hash(key, place, actor),
            series=series,
            created_by_id=actor.id,
            created_at=now,
            **plan.columns(),
        )
        db.session.add(row)
        db.session.flush()
        record(
            telling.lecture_chain(row.id), "make_lecture", actor, now,
            to_state=row.state, detail={"series": series}, is_first=True,
        )  # fmt: skip
        made.append(row)
    return made


def _key_hash(key: str, place: int, actor: Actor) -> str:
    return crypto.token_hash(f"lecture:{actor.id}:{key}:{place}")


def _made_before(error: IntegrityError, key: str, actor: Actor) -> Lecture:
    if not violated(error, "uq_lectures_key_hash", "lectures.key_hash"):
        raise error
    query = sa.select(Lecture).where(Lecture.key_hash == _key_hash(key, 0, actor))
    return db.session.scalars(query).one()


def _of_series(series: str | None) -> list[Lecture]:
    query = sa.select(Lecture).where(Lecture.series == series).order_by(Lecture.starts_at)
    return list(db.session.scalars(query))
