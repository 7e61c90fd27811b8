"""Which case a message is about, and the telephone it may be sent to; no name."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from backend.complaints.models import Case, Claimant
from backend.core.db import db

_PREFIX = "case:"


def phone_of(subject: str) -> str | None:
    """The telephone the person of this case gave (`case:17`), for the job that sends messages."""
    case_id = _case_id(subject)
    if case_id is None:
        return None
    query = sa.select(Claimant.phone).where(Claimant.case_id == case_id).order_by(Claimant.id)
    return db.session.scalars(query.limit(1)).first()


def numbers(subjects: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Public id and number of the case behind each subject, without the people in it."""
    ids = {found for subject in subjects if (found := _case_id(subject)) is not None}
    rows = db.session.execute(
        sa.select(Case.id, Case.public_id, Case.number).where(Case.id.in_(ids))
    )
    return {f"{_PREFIX}{row.id}": (row.public_id, row.number) for row in rows}


def _case_id(subject: str) -> int | None:
    kind, _, number = subject.partition(":")
    return int(number) if f"{kind}:" == _PREFIX and number.isdigit() else None
