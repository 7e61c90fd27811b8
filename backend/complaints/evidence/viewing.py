"""Handing out files: signed links to the copy for viewing, and the sealed original to staff."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import case_chain, record
from backend.complaints.evidence import texts
from backend.complaints.evidence.models import SEALED, Evidence
from backend.complaints.evidence.schemas import EvidenceOut
from backend.complaints.evidence.service import one, to_out
from backend.core import crypto, files
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import Conflict, Forbidden, NotFound

LINK_SECONDS = 15 * 60
DOWNLOAD_MIME = "application/octet-stream"
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/silk": "silk",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "text/plain": "txt",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}


@dataclass(frozen=True, slots=True)
class Handout:
    """Bytes to hand out, with a file name of ours (the sender's could mislead or tell too much)."""

    data: bytes
    mime: str
    file_name: str
    is_inline: bool


def view_link(evidence: Evidence, now: datetime) -> str | None:
    """Address of the copy for viewing, good for 15 minutes; None until the file is sealed."""
    if evidence.status != SEALED:
        return None
    expires = int(now.timestamp()) + LINK_SECONDS
    signature = crypto.sign("evidence", f"{evidence.public_id}:{expires}")
    return f"/api/v1/evidence/{evidence.public_id}/view?e={expires}&s={signature}"


def out(evidence: Evidence, now: datetime) -> EvidenceOut:
    """What the phone is told of a file, with a fresh link."""
    return to_out(evidence, view_link(evidence, now))


def view_copy(evidence_id: str, expires: int, signature: str, now: datetime) -> Handout:
    """What a signed link opens: pictures inline as encoded anew, everything else to download.

    NotFound `link_ended` for a wrong or old signature.
    """
    is_ours = crypto.is_signed("evidence", f"{evidence_id}:{expires}", signature)
    if not is_ours or now.timestamp() >= expires:
        raise NotFound(texts.LINK_ENDED, code="link_ended")
    evidence = db.session.scalar(sa.select(Evidence).where(Evidence.public_id == evidence_id))
    if evidence is None or evidence.view_path is None or evidence.view_mime is None:
        raise NotFound(texts.ASK_AGAIN)
    path, mime = evidence.view_path, evidence.view_mime
    is_inline = evidence.kind == "image"
    db.session.rollback()  # no reader stays open while the file is read
    return Handout(files.get(path), mime, _file_name(evidence_id, mime), is_inline)


def original_for_staff(evidence_id: str, actor: Actor, now: datetime) -> Handout:
    """The sealed original, always as a download; the reading is recorded.

    Conflict `not_sealed` before it is sealed, `evidence_changed` when it no longer has its digest.
    """
    if not actor.is_staff:
        raise Forbidden("原件只给办案人员看。")
    evidence = one(evidence_id, actor)
    if evidence.original_path is None or evidence.mime is None:
        raise Conflict(texts.NOT_READY, code="not_sealed")
    path, mime, digest = evidence.original_path, evidence.mime, evidence.sha256
    db.session.rollback()
    data = files.get(path)
    if hashlib.sha256(data).hexdigest() != digest:
        raise Conflict(texts.CHANGED, code="evidence_changed")
    _record_read(evidence_id, actor, now)
    return Handout(data, DOWNLOAD_MIME, _file_name(evidence_id, mime), is_inline=False)


@one_transaction
def _record_read(evidence_id: str, actor: Actor, now: datetime) -> None:
    evidence = one(evidence_id, actor)
    detail = {"evidence": evidence_id}
    record(case_chain(evidence.case_id), "evidence_read", actor, now, detail=detail)


def _file_name(evidence_id: str, mime: str) -> str:
    return f"evidence-{evidence_id}.{_ENDINGS[mime]}"
