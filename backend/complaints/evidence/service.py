"""Taking in the files of a case: announced, sent in pieces, checked, sealed, shown.

Files are written and pictures worked on outside the write transaction (SQLite has one writer);
a short transaction then writes the result. A stop in between leaves an upload that goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog

from backend.audit.record import record
from backend.complaints.evidence import parts, rows, texts
from backend.complaints.evidence.models import REFUSED, SEALED, UPLOADING, Evidence
from backend.complaints.evidence.schemas import EvidenceIn, EvidenceOut
from backend.complaints.evidence.sealing import Sealed, examine
from backend.complaints.evidence.verdicts import Refused
from backend.core import crypto, files
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import Unavailable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Announced:
    """The row of an announced file, and whether this call made it."""

    evidence: Evidence
    is_new: bool


@one_transaction
def begin(case_public_id: str, actor: Actor, form: EvidenceIn, now: datetime) -> Announced:
    """Announce a file; the same key gives the same row again, however often it is sent.

    Conflict `case_closed`, `too_many_files` or `same_key_other_content`; TooLarge; NotFound for
    somebody else's case.
    """
    case = rows.case_of_actor(actor, case_public_id)
    key_hash = hashlib.sha256(form.key.encode()).hexdigest()
    known = db.session.scalar(
        sa.select(Evidence).where(Evidence.case_id == case.id, Evidence.key_hash == key_hash)
    )
    if known is not None:
        return Announced(rows.same_file(known, form), is_new=False)
    rows.check_room(case, form.size)
    evidence = Evidence(
        public_id=crypto.new_public_id(),
        case_id=case.id,
        key_hash=key_hash,
        name=form.name,
        declared_size=form.size,
        declared_sha256=form.sha256,
        strip_place=form.strip_place,
        received_bytes=0,
        parts=[],
        status=UPLOADING,
        is_place_removed=False,
        added_by="staff" if actor.is_staff else "worker",
        staff_id=actor.id if actor.is_staff else None,
        created_at=now,
    )
    db.session.add(evidence)
    db.session.flush()
    return Announced(evidence, is_new=True)


def append(evidence_id: str, offset: int, chunk: bytes, actor: Actor, now: datetime) -> Evidence:
    """Take the next piece; with the last one the file is checked and sealed.

    A piece that is already there is accepted again. Conflict `offset` carries `received_bytes`,
    from where to go on. BadInput for more bytes than announced, TooLarge for too long a piece,
    Unavailable `storage_full` when the disk is full (nothing is written then).
    """
    evidence = rows.for_upload(evidence_id, actor)
    if evidence.status != UPLOADING:
        return evidence
    part = parts.row(offset, chunk)
    if not rows.is_there(evidence, part):
        rows.check_piece(evidence, offset, chunk)
        folder = evidence.folder
        db.session.rollback()  # no reader stays open while the file is written
        _stored(lambda: parts.put(folder, part, chunk))
        evidence = _write_part(evidence_id, part, actor)
    return finish(evidence_id, actor, now) if evidence.is_complete else evidence


def finish(evidence_id: str, actor: Actor, now: datetime) -> Evidence:
    """Check and seal a file whose bytes have all come; safe to repeat after a stop.

    An upload whose digest is not the announced one starts again at zero, with the reason.
    """
    evidence = rows.for_upload(evidence_id, actor)
    if evidence.status != UPLOADING or not evidence.is_complete:
        return evidence
    seen = _Upload.of(evidence)
    db.session.rollback()
    data = parts.joined(seen.folder, seen.parts)
    if data is None or hashlib.sha256(data).hexdigest() != seen.declared_sha256:
        parts.remove(seen.folder, seen.parts)
        return _start_again(seen)
    try:
        sealed = examine(data, strip_place=seen.strip_place)
    except Refused as refusal:
        result = _write_refusal(seen, refusal.code, actor, now)
    else:
        _stored(lambda: _put_sealed(seen, sealed))
        result = _write_seal(seen, sealed, actor, now)
    _tidy(evidence_id)
    return result


def drop_parts(evidence_id: str) -> None:
    """Delete the pieces of an upload that has ended; a stop in between is made good later."""
    evidence = rows.by_public_id(evidence_id)
    if evidence.status == UPLOADING or not evidence.parts:
        return
    folder, pieces = evidence.folder, list(evidence.parts)
    db.session.rollback()
    parts.remove(folder, pieces)
    _forget_parts(evidence_id)


@one_transaction
def expire(evidence_id: str, actor: Actor, now: datetime) -> None:
    """End an upload nobody went on with; its pieces are deleted afterwards."""
    evidence = rows.by_public_id(evidence_id)
    if evidence.status == UPLOADING:
        _refuse(evidence, "expired", actor, now)


def one(evidence_id: str, actor: Actor) -> Evidence:
    """A file of the actor's case; NotFound when it is somebody else's."""
    evidence = rows.by_public_id(evidence_id)
    rows.check_access(evidence, actor)
    return evidence


def of_case(case_id: int) -> list[Evidence]:
    """Every file of a case in the order announced."""
    query = sa.select(Evidence).where(Evidence.case_id == case_id).order_by(Evidence.id)
    return list(db.session.scalars(query))


def to_out(evidence: Evidence, view_url: str | None) -> EvidenceOut:
    """What the phone is told of a file."""
    return EvidenceOut(
        id=evidence.public_id,
        name=evidence.name,
        size=evidence.declared_size,
        received_bytes=evidence.received_bytes,
        status=evidence.status,
        kind=evidence.kind,
        sha256=evidence.sha256,
        reason=texts.words(evidence.reason),
        is_place_removed=evidence.is_place_removed,
        received_at=evidence.received_at,
        view_url=view_url,
    )


@dataclass(frozen=True, slots=True)
class _Upload:
    """What the slow work needs of a row, read once so that no transaction stays open."""

    public_id: str
    version: int
    folder: str
    parts: tuple[tuple[int | str, ...], ...]
    declared_sha256: str
    strip_place: bool

    @classmethod
    def of(cls, evidence: Evidence) -> _Upload:
        return cls(
            public_id=evidence.public_id,
            version=evidence.version,
            folder=evidence.folder,
            parts=tuple(tuple(part) for part in evidence.parts),
            declared_sha256=evidence.declared_sha256,
            strip_place=evidence.strip_place,
        )


def _tidy(evidence_id: str) -> None:
    try:
        drop_parts(evidence_id)
    except (OSError, Unavailable) as error:
        # the file itself is safe; the job deletes the pieces later
        log.warning("evidence_parts_left", evidence=evidence_id, error=type(error).__name__)


def _stored(write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise Unavailable(texts.STORAGE_FULL, code="storage_full", retry_after_s=60) from error


@one_transaction
def _write_part(evidence_id: str, part: list[int | str], actor: Actor) -> Evidence:
    evidence = rows.for_upload(evidence_id, actor)
    if evidence.status != UPLOADING or rows.is_there(evidence, part):
        return evidence  # a twin of this request was faster
    if part[0] != evidence.received_bytes:
        raise rows.wrong_offset(evidence)
    evidence.parts = [*evidence.parts, part]
    evidence.received_bytes += int(part[1])
    evidence.reason = None
    return evidence


@one_transaction
def _start_again(seen: _Upload) -> Evidence:
    evidence = rows.by_public_id(seen.public_id)
    if evidence.version == seen.version:
        evidence.parts, evidence.received_bytes, evidence.reason = [], 0, "mismatch"
    return evidence


def _put_sealed(seen: _Upload, sealed: Sealed) -> None:
    files.put(f"{seen.folder}/original", sealed.original)
    if sealed.view is not None:
        files.put(f"{seen.folder}/view", sealed.view)


@one_transaction
def _write_seal(seen: _Upload, sealed: Sealed, actor: Actor, now: datetime) -> Evidence:
    evidence = rows.by_public_id(seen.public_id)
    if evidence.version != seen.version:
        return evidence
    evidence.status, evidence.received_at = SEALED, now
    evidence.kind, evidence.mime, evidence.sha256 = sealed.kind, sealed.mime, sealed.sha256
    evidence.original_path = f"{seen.folder}/original"
    evidence.view_path = evidence.original_path if sealed.view is None else f"{seen.folder}/view"
    evidence.view_mime = sealed.view_mime
    evidence.is_place_removed = sealed.is_place_removed
    is_place_kept = seen.strip_place and not sealed.is_place_removed
    evidence.reason = "place_kept" if is_place_kept else None
    detail = {
        "evidence": evidence.public_id,
        "sha256": sealed.sha256,
        "size": len(sealed.original),
        "kind": sealed.kind,
        "is_place_removed": sealed.is_place_removed,
    }
    record(_chain(evidence), "evidence_sealed", actor, now, detail=detail)
    return evidence


@one_transaction
def _write_refusal(seen: _Upload, code: str, actor: Actor, now: datetime) -> Evidence:
    evidence = rows.by_public_id(seen.public_id)
    if evidence.version == seen.version:
        _refuse(evidence, code, actor, now)
    return evidence


def _refuse(evidence: Evidence, code: str, actor: Actor, now: datetime) -> None:
    evidence.status, evidence.reason = REFUSED, code
    detail = {"evidence": evidence.public_id, "reason": code}
    record(_chain(evidence), "evidence_refused", actor, now, detail=detail)


@one_transaction
def _forget_parts(evidence_id: str) -> None:
    rows.by_public_id(evidence_id).parts = []


def _chain(evidence: Evidence) -> str:
    return f"case:{evidence.case_id}"
