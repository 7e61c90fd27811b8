"""The ledger of consents to subscribe messages: what people tapped, and what is left of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from backend.core import rates
from backend.core.db import db, insert_once, one_transaction
from backend.core.errors import BadInput, FieldError
from backend.notify import kinds
from backend.notify.models import Consent, ConsentReport

MOST_AT_ONCE = 3  # WeChat shows three templates a tap
_REPORTS_AN_HOUR = 60
_KEEP_REPORTS_S = 24 * 3600
_TOO_MANY = "一次最多记三种消息，请再点一次。"
_MIXED = "长期的和一次性的消息要分开问，请再点一次。"
_UNKNOWN = "这种消息现在不发了，请重新打开这一页。"
_TOO_OFTEN = "点得太勤了，过一会儿再点。消息在“我的”里都能看到。"


def report(worker_id: int, key: str, answers: Mapping[str, str], now: datetime) -> None:
    """Count what somebody tapped (template -> accept, reject, ban or filter); a key counts once.

    BadInput for more than three templates, for one-time and long-term ones together, and for a
    template the bureau does not have.
    """
    found = _checked(answers)
    rates.spend(
        "consents",
        str(worker_id),
        limit=_REPORTS_AN_HOUR,
        window_s=3600,
        now=now,
        words=_TOO_OFTEN,
    )
    _count(worker_id, key, answers, found, now)


def _checked(answers: Mapping[str, str]) -> dict[str, str]:
    """The kind of consent of each template in a report that is in order."""
    if len(answers) > MOST_AT_ONCE:
        raise BadInput(_TOO_MANY, errors=[FieldError("answers", _TOO_MANY)])
    known = kinds.consent_kinds()
    unknown = [template for template in answers if template not in known]
    if unknown:
        raise BadInput(_UNKNOWN, errors=[FieldError(f"answers.{unknown[0]}", _UNKNOWN)])
    found = {template: known[template] for template in answers}
    if len(set(found.values())) > 1:
        raise BadInput(_MIXED, errors=[FieldError("answers", _MIXED)])
    return found


@one_transaction
def _count(
    worker_id: int, key: str, answers: Mapping[str, str], found: Mapping[str, str], now: datetime
) -> None:
    row = {"worker_id": worker_id, "key": key, "at": now}
    if not insert_once(ConsentReport, row, "worker_id", "key"):
        return
    for template_id in sorted(answers):  # in one order, so that two reports at once wait in turn
        _note(worker_id, template_id, found[template_id], answers[template_id], now)


def _note(worker_id: int, template_id: str, kind: str, answer: str, now: datetime) -> None:
    fresh = {
        "worker_id": worker_id,
        "template_id": template_id,
        "kind": kind,
        "left_count": 0,
        "answer": answer,
        "answered_at": now,
    }
    insert_once(Consent, fresh, "worker_id", "template_id")
    db.session.execute(
        _row(worker_id, template_id).values(
            kind=kind, answer=answer, answered_at=now, left_count=_left_after(kind, answer)
        )
    )


def _left_after(kind: str, answer: str) -> sa.ColumnElement[int]:
    """A one-time consent adds one and a refusal takes none back; a lasting one is yes or no."""
    if kind == "long_term":
        lasting = sa.case((Consent.left_count > 0, 1), else_=0)
        return {"accept": sa.literal(1), "filter": lasting}.get(answer, sa.literal(0))
    return Consent.left_count + 1 if answer == "accept" else Consent.left_count + 0


def left_of(
    worker_ids: Collection[int], template_ids: Collection[str]
) -> dict[tuple[int, str], int]:
    """What is left, by worker and template; nothing left is not in it."""
    query = sa.select(Consent.worker_id, Consent.template_id, Consent.left_count).where(
        Consent.worker_id.in_(worker_ids),
        Consent.template_id.in_(template_ids),
        Consent.left_count > 0,
    )
    return {(row.worker_id, row.template_id): row.left_count for row in db.session.execute(query)}


def left(worker_id: int, template_id: str) -> int:
    """How many messages of this template this worker may still be sent (1 where it lasts)."""
    return left_of([worker_id], [template_id]).get((worker_id, template_id), 0)


@one_transaction
def spend(worker_id: int, template_id: str) -> None:
    """Count a message WeChat took; joins the caller's transaction, and never goes below nothing."""
    db.session.execute(
        _row(worker_id, template_id)
        .where(Consent.kind == "one_time", Consent.left_count > 0)
        .values(left_count=Consent.left_count - 1)
    )


@one_transaction
def deny(worker_id: int, template_id: str, seen: int) -> None:
    """WeChat knows of no consent (43101): the `seen` ones are gone, later ones stay."""
    db.session.execute(
        _row(worker_id, template_id).values(
            left_count=sa.case((Consent.left_count > seen, Consent.left_count - seen), else_=0)
        )
    )


def _row(worker_id: int, template_id: str) -> sa.Update:
    return sa.update(Consent).where(
        Consent.worker_id == worker_id, Consent.template_id == template_id
    )


@one_transaction
def forget_old_reports(now: datetime) -> int:
    """Delete the keys of yesterday's reports, which are not sent again; returns how many."""
    before = now - timedelta(seconds=_KEEP_REPORTS_S)
    old = sa.delete(ConsentReport).where(ConsentReport.at < before).returning(ConsentReport.key)
    return len(db.session.scalars(old).all())
