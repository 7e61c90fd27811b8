"""Filing for somebody at the window or on the telephone: who spoke and who wrote are both kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from backend.audit.record import record
from backend.complaints.models import ActRecord, Case
from backend.complaints.schemas import ComplaintIn, ReceiptOut, ReportIn
from backend.complaints.service import filing, views
from backend.complaints.service.telling import Told, tell
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, FieldError
from backend.core.installation import bureau
from backend.core.problems import field_errors
from backend.law.days import shanghai_today

CHANNELS = ("window", "telephone")
CONTACTS = ("sms", "phone")


@one_transaction
def file_for(
    lane: str,
    document: dict[str, Any],
    extra: dict[str, str],
    key: str,
    actor: Actor,
    now: datetime,
) -> ReceiptOut:
    """File what somebody said (粤监察 36(2)); the subject is told, by call if need be.

    `extra`: channel (window|telephone), contact_by (sms|phone), spoken_by (own name, or who spoke
    for them). Raises BadInput with dotted field names.
    """
    errors = _extra_errors(extra)
    checked = _checked(lane, document, errors)
    if lane == "report":
        filed = filing.file_report(checked, key, extra["channel"], now)
        if filed.is_new:
            _keep_who_spoke(filed.case_id, extra, actor, now)
        return views.receipt(filed, now)
    checked["contact_by"] = extra["contact_by"]
    filed = filing.file_complaint(checked, key, actor, extra["channel"], now)
    if filed.is_new:
        _tell_subject(filed.case_id, extra, actor, now)
    return views.receipt(filed, now)


def _extra_errors(extra: dict[str, str]) -> list[FieldError]:
    errors = []
    if extra.get("channel") not in CHANNELS:
        errors.append(FieldError("channel", "请选窗口还是电话。"))
    if extra.get("contact_by") not in CONTACTS:
        errors.append(FieldError("contact_by", "请选以后怎么通知本人。"))
    if not extra.get("spoken_by", "").strip():
        errors.append(FieldError("spoken_by", "请写是谁说的（本人，或代说的人）。"))
    return errors


def _checked(lane: str, document: dict[str, Any], errors: list[FieldError]) -> dict[str, Any]:
    model = ReportIn if lane == "report" else ComplaintIn
    document = {"privacy_version": bureau().privacy.version, **document}
    try:
        checked = model.model_validate(document)
    except ValidationError as error:
        errors = [*errors, *field_errors(error)]
        raise BadInput("有几处要改，改好再交。", errors=errors) from error
    if errors:
        raise BadInput("有几处要改，改好再交。", errors=errors)
    return checked.model_dump(mode="json")


def _keep_who_spoke(case_id: int, extra: dict[str, str], actor: Actor, now: datetime) -> None:
    db.session.add(
        ActRecord(
            case_id=case_id,
            kind="filed_for",
            at=now,
            on_date=shanghai_today(now),
            staff_id=actor.id,
            staff_name=actor.name,
            detail={"channel": extra["channel"]},
            text=extra["spoken_by"].strip(),
        )
    )


def _tell_subject(case_id: int, extra: dict[str, str], actor: Actor, now: datetime) -> None:
    _keep_who_spoke(case_id, extra, actor, now)
    case = db.session.get_one(Case, case_id)
    event_id = record(case.chain, "filed_for", actor, now, detail={"channel": extra["channel"]})
    text = f"我们替您记下了投诉，编号 {case.number}。不是您本人的意思，请马上告诉我们。"
    tell(case, "filed_for", Told("替您记下了投诉", text), event_id, now)
