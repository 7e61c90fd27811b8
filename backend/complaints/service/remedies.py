"""Time the law leaves the employer: to speak before a penalty, to appeal before enforcement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from backend.complaints.models import Document
from backend.core.db import db
from backend.law import deadlines
from backend.law.days import is_past
from backend.law.deadlines import DueDate

NOTICE = "give_prior_notice"
DECISIONS = ("decide:handling", "decide:penalty")


def papers(case_id: int) -> list[Document]:
    """The notices and decisions on which the employer's time rests, oldest first."""
    query = sa.select(Document).where(
        Document.case_id == case_id, Document.kind.in_((NOTICE, *DECISIONS))
    )
    return list(db.session.scalars(query.order_by(Document.id)))


def last(found: Iterable[Document], *kinds: str) -> Document | None:
    """The one issued last: a later notice or decision takes the place of the one before."""
    return next((one for one in reversed(list(found)) if one.kind in kinds), None)


def time_to_speak(found: Iterable[Document]) -> DueDate | None:
    """Until when the employer may ask for a hearing (行政处罚法 64); None before service."""
    return _after_service("hearing_request", last(found, NOTICE))


def time_to_appeal(found: Iterable[Document]) -> DueDate | None:
    """Until when the employer may sue (行政强制法 53), the longest remedy; None before service."""
    return _after_service("sue_limit", last(found, *DECISIONS))


def is_over(time: DueDate | None, today: date) -> bool:
    """Whether it has run out; a provisional last day may still move, so it never counts."""
    return (
        time is not None
        and time.due is not None
        and not time.is_provisional
        and is_past(time.due, today)
    )


def _after_service(key: str, paper: Document | None) -> DueDate | None:
    if paper is None or paper.served_on is None:
        return None
    return deadlines.due(key, paper.served_on)
