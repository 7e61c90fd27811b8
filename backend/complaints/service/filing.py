"""Filing a complaint or a report: number, receipt, clock, record and message in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.audit.record import record
from backend.complaints import numbering
from backend.complaints.checks import check_complaint, check_report
from backend.complaints.models import Case, Claimant, Clock
from backend.complaints.service import clocks
from backend.complaints.service.digest import canonical, digest_of
from backend.complaints.service.filing_rows import case_values, insert_people, person_values
from backend.complaints.service.telling import LOCK_SCREEN, day
from backend.complaints.states import Lane
from backend.core import crypto
from backend.core.actor import VISITOR, Actor
from backend.core.db import connection, db, insert_row, one_transaction, violated
from backend.core.errors import Conflict
from backend.core.installation import bureau
from backend.identity import service as identity
from backend.law import deadlines
from backend.law.days import shanghai_today
from backend.notify import outbox

ANYONE = "anyone"  # the sender of what came without a sign-in


@dataclass(frozen=True, slots=True)
class Filed:
    """A filing, all a receipt says of it, and whether it is new.

    `case_token` opens this one case without an account; `due_*` is the first clock's date.
    """

    case_id: int
    public_id: str
    lane: str
    number: str
    filed_at: datetime
    received_on: date
    digest: str
    owed_fen: int
    is_phone_verified: bool
    due_key: str
    due_version: str
    due_on: date
    is_due_provisional: bool
    receipt_code: str
    is_new: bool
    case_token: str | None


def file_complaint(
    document: dict[str, Any], key: str, actor: Actor, channel: str, now: datetime
) -> Filed:
    """File a complaint (投诉); the same key and content by the same sender give the first result.

    `document` is the checked input as JSON values; `key` 32 hex digits made on the phone. Raises
    BadInput (month outside employment, dates to come …) and Conflict `same_key_other_content`.
    """
    check_complaint(document, shanghai_today(now))
    rows = _rows(Lane.COMPLAINT, document, actor)
    try:
        return _file(Lane.COMPLAINT, document, rows, key, actor, channel, now)
    except IntegrityError as error:
        return _lost_race(error, Lane.COMPLAINT, document, key, actor, now)


def file_report(document: dict[str, Any], key: str, channel: str, now: datetime) -> Filed:
    """File a report (举报); nothing of who sent it is asked, read or kept."""
    check_report(document, shanghai_today(now))
    rows = _rows(Lane.REPORT, document, VISITOR)
    try:
        return _file(Lane.REPORT, document, rows, key, VISITOR, channel, now)
    except IntegrityError as error:
        return _lost_race(error, Lane.REPORT, document, key, VISITOR, now)


def _lost_race(
    error: IntegrityError,
    lane: Lane,
    document: dict[str, Any],
    key: str,
    actor: Actor,
    now: datetime,
) -> Filed:
    """Two tabs sent the same key at once: the second gets the first one's result."""
    if not violated(error, "uq_cases_sender_key_hash", "cases.sender", "cases.key_hash"):
        raise error
    db.session.rollback()  # PostgreSQL answers nothing more in a failed transaction
    return _repeat(lane, document, key, actor, now)


@one_transaction
def _repeat(lane: Lane, document: dict[str, Any], key: str, actor: Actor, now: datetime) -> Filed:
    found = _already(key, actor)
    if found is None:
        raise Conflict("刚才没交上去，请再点一次。填的都还在。", code="retry")
    return _same(found, digest_of(canonical({"lane": lane.value, **document})), actor, now)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a filing writes, as far as it is known before the write lock is taken."""

    case: dict[str, Any]
    person: dict[str, Any] | None
    claims: list[dict[str, Any]]


def _rows(lane: Lane, document: dict[str, Any], actor: Actor) -> _Rows:
    return _Rows(
        case_values(lane, document, actor),
        person_values(lane, document, actor),
        document.get("claims", []),
    )


@one_transaction
def _file(
    lane: Lane,
    document: dict[str, Any],
    rows: _Rows,
    key: str,
    actor: Actor,
    channel: str,
    now: datetime,
) -> Filed:
    content = canonical({"lane": lane.value, **document})
    digest = digest_of(content)
    found = _already(key, actor)
    if found is not None:
        return _same(found, digest, actor, now)
    today, code = shanghai_today(now), crypto.new_receipt_code()
    due_key = "accept" if lane == Lane.COMPLAINT else "report_file"
    due = deadlines.due(due_key, today)
    if due.due is None:
        raise LookupError(f"{due_key} has no date")
    owed = sum(max(0, c["due_fen"] - c["paid_fen"]) for c in rows.claims)
    values = rows.case | {
        "public_id": crypto.new_public_id(),
        "number": numbering.case_number(bureau().document_prefix, lane, today.year),
        "receipt_index": crypto.blind_index("receipt", code),
        "receipt_code": code,
        "sender": _sender(actor),
        "key_hash": crypto.token_hash(key),
        "digest": digest,
        "filed_content": content,
        "filed_at": now,
        "received_on": today,
        "channel": channel,
        "owed_fen": owed,
        "next_due_on": due.due,
        "next_due_key": due_key,
        "is_next_due_provisional": due.is_provisional,
    }
    case_id = insert_row(Case, values)
    insert_people(case_id, rows.person, rows.claims)
    clock: dict[str, Any] = {
        "case_id": case_id,
        "key": due_key,
        "version": deadlines.clock(due_key).version,
        "subject": "",
        "started_on": today,
        "due_on": due.due,
        "is_provisional": due.is_provisional,
        "state": "running",
    }
    insert_row(Clock, clock)
    _record_and_tell(case_id, values, actor, due.due, now)
    return Filed(
        case_id=case_id,
        public_id=values["public_id"],
        lane=lane.value,
        number=values["number"],
        filed_at=now,
        received_on=today,
        digest=digest,
        owed_fen=owed,
        is_phone_verified=bool(rows.person and rows.person["is_phone_verified"]),
        due_key=due_key,
        due_version=clock["version"],
        due_on=due.due,
        is_due_provisional=due.is_provisional,
        receipt_code=code,
        is_new=True,
        case_token=_token(case_id, lane, actor, now),
    )


def _token(case_id: int, lane: str, actor: Actor, now: datetime) -> str | None:
    """The key to this one case for somebody without an account; a report's leaves no session."""
    if actor.kind in ("worker", "staff"):
        return None
    if lane == Lane.REPORT:
        return identity.report_token(case_id, now)
    return identity.open_case_session(case_id, now)


def _record_and_tell(
    case_id: int, values: dict[str, Any], actor: Actor, due_on: date | None, now: datetime
) -> None:
    chain = f"case:{case_id}"
    detail = {"number": values["number"], "digest": values["digest"], "due_on": str(due_on)}
    event_id = record(
        chain, "file", actor, now, to_state=values["state"], detail=detail, is_first=True
    )
    if values["is_anonymous"]:
        return  # nobody to tell: the receipt on the screen is all there is
    until = day(due_on, is_provisional=values["is_next_due_provisional"]) if due_on else ""
    outbox.queue(
        subject=chain,
        worker_id=values["worker_id"],
        channel="app",
        template="file",
        title="我们收到了",
        text=f"编号 {values['number']}。最晚{until}书面答复您。",
        lock_screen=LOCK_SCREEN.format(bureau=bureau().short_name),
        dedupe_key=f"{chain}:file:{event_id}",
        now=now,
    )


def sender_of(worker_id: int) -> str:
    """The sender of what a worker files; a key counts once for each."""
    return f"worker:{worker_id}"


def _sender(actor: Actor) -> str:
    if actor.kind == "worker" and actor.id is not None:
        return sender_of(actor.id)
    return f"staff:{actor.id}" if actor.is_staff else ANYONE


_ALREADY = (
    sa.select(Case.id)
    .where(
        Case.key_hash == sa.bindparam("key_hash"),
        Case.sender.in_(sa.bindparam("senders", expanding=True)),
    )
    .order_by(Case.id)
    .limit(1)
)


def _already(key: str, actor: Actor) -> Case | None:
    """What this sender filed with the key before; or what was filed before signing in."""
    senders = [_sender(actor), ANYONE] if actor.kind == "worker" else [_sender(actor)]
    values = {"key_hash": crypto.token_hash(key), "senders": senders}
    found = connection().execute(_ALREADY, values).scalar_one_or_none()
    return None if found is None else db.session.get_one(Case, found)


def _same(found: Case, digest: str, actor: Actor, now: datetime) -> Filed:
    if found.digest != digest:
        raise Conflict(
            "这件已经交过了，这次的内容和上次不一样。改的都还在，可以当作补充交上去。",
            code="same_key_other_content",
            case_id=found.public_id,
            number=found.number,
        )
    first = clocks.of_case(found.id)[0]
    if first.due_on is None:
        raise LookupError(f"case {found.id}: the first clock has no date")
    proved = sa.select(Claimant.is_phone_verified).where(Claimant.case_id == found.id)
    return Filed(
        case_id=found.id,
        public_id=found.public_id,
        lane=found.lane,
        number=found.number,
        filed_at=found.filed_at,
        received_on=found.received_on,
        digest=found.digest,
        owed_fen=found.owed_fen,
        is_phone_verified=bool(db.session.scalars(proved.limit(1)).first()),
        due_key=first.key,
        due_version=first.version,
        due_on=first.due_on,
        is_due_provisional=first.is_provisional,
        receipt_code=found.receipt_code,
        is_new=False,
        # whoever holds the 128-bit key sent it: a lost answer is given again, token included,
        # also to somebody who signed in meanwhile with another telephone than the form's
        case_token=_token(found.id, found.lane, VISITOR if found.sender == ANYONE else actor, now),
    )
