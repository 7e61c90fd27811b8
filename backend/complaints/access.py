"""Whose case it is: the worker who filed it, or the holder of its own session."""

from __future__ import annotations

import sqlalchemy as sa

from backend.complaints.models import Case, Claimant
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import NotFound
from backend.identity.service import reach


def mine(actor: Actor) -> sa.ColumnElement[bool]:
    """SQL condition: cases this worker filed, or that were filed with a telephone they proved."""
    by_account = Case.worker_id == actor.id
    phone_index = reach(actor.id).phone_index if actor.id is not None else None
    if phone_index is None:
        return by_account
    by_phone = sa.select(Claimant.case_id).where(
        Claimant.phone_index == phone_index, Claimant.role == "claimant"
    )
    return sa.or_(by_account, sa.and_(Case.worker_id.is_(None), Case.id.in_(by_phone)))


def case_for(actor: Actor, public_id: str, *, for_change: bool = False) -> Case:
    """The case, if it is this worker's or the session was opened for it; NotFound otherwise.

    Somebody else's case and one that does not exist give the same answer. Staff act for the
    worker here, as when the missing material is handed in at the window.
    """
    query = sa.select(Case).where(Case.public_id == public_id)
    if actor.is_staff:
        pass  # at the desk for somebody: the desk's own guards let them in
    elif actor.case_id is not None:
        query = query.where(Case.id == actor.case_id)
    elif actor.kind == "worker" and actor.id is not None:
        query = query.where(mine(actor))
    else:
        raise NotFound("没有找到这件投诉。")
    if for_change:
        query = query.with_for_update()
    case: Case | None = db.session.scalar(query)
    if case is None:
        raise NotFound("没有找到这件投诉。请用当时的手机号登录，或用回执号查。")
    return case
