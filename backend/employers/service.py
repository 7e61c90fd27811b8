"""Finding registered employers by what a worker remembers of the name."""

from __future__ import annotations

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from backend.core.db import db
from backend.employers.models import Employer

_LEAST_SCORE = 60
_CANDIDATES = 5000


def suggest(typed: str, limit: int = 8) -> list[Employer]:
    """Registered employers whose name holds, or nearly holds, what was typed; best first.

    Never draws on complaints: what one worker wrote is not shown to another.
    """
    typed = typed.strip()
    if len(typed) < 2:
        return []
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    active = sa.select(Employer).where(Employer.is_active)
    exact = list(
        db.session.scalars(
            active.where(Employer.name.ilike(f"%{escaped}%", escape="\\"))
            .order_by(Employer.name)
            .limit(limit)
        )
    )
    return exact or _nearly(typed, limit)


def _nearly(typed: str, limit: int) -> list[Employer]:
    names = {
        row.id: row.name
        for row in db.session.execute(
            sa.select(Employer.id, Employer.name).where(Employer.is_active).limit(_CANDIDATES)
        )
    }
    hits = process.extract(
        typed, names, scorer=fuzz.partial_ratio, limit=limit, score_cutoff=_LEAST_SCORE
    )
    ids = [key for _name, _score, key in hits]
    found = {e.id: e for e in db.session.scalars(sa.select(Employer).where(Employer.id.in_(ids)))}
    return [found[key] for key in ids]


def registered(employer_id: int) -> Employer | None:
    """The active employer with this id, if there is one."""
    employer = db.session.get(Employer, employer_id)
    return employer if employer is not None and employer.is_active else None
