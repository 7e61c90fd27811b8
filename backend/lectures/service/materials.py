"""Files to take home from a lecture: added and removed by staff, open to everybody."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import quote

import sqlalchemy as sa

from backend.audit.record import record
from backend.core import crypto, files
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError, NotFound, TooLarge
from backend.lectures.models import LectureMaterial
from backend.lectures.service import rows, telling

LARGEST_BYTES = 20 * 1024 * 1024
MOST = 10
LONGEST_TITLE = 60
#: First bytes -> media type and ending; what a phone opens without another program.
_KINDS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
}
_ENDINGS = dict(_KINDS.values())
MEDIA_TYPES = tuple(_ENDINGS)


def add(public_id: str, title: str, data: bytes, actor: Actor, now: datetime) -> LectureMaterial:
    """Store a file (PDF, PNG or JPEG, told by its first bytes) and list it with the lecture."""
    rows.refuse_others(actor)
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        message = f"请写资料叫什么，最多 {LONGEST_TITLE} 个字。"
        raise BadInput(message, errors=[FieldError("title", message)])
    if len(data) > LARGEST_BYTES:
        raise TooLarge("文件太大，最多 20 兆。")
    media_type = _media_type(data)
    path = f"lectures/{crypto.new_public_id()}.{_ENDINGS[media_type]}"
    # written before the row: a file nobody lists is harmless, a row without file is not
    files.put(path, data)
    return _add(public_id, title, data, media_type, path, actor, now)


def _media_type(data: bytes) -> str:
    for first, (media_type, _) in _KINDS.items():
        if data.startswith(first):
            return media_type
    message = "只能放 PDF、PNG 或 JPG 文件。"
    raise BadInput(message, errors=[FieldError("file", message)])


@one_transaction
def _add(
    public_id: str,
    title: str,
    data: bytes,
    media_type: str,
    path: str,
    actor: Actor,
    now: datetime,
) -> LectureMaterial:
    lecture = rows.lock_lecture(public_id)
    count = sa.select(sa.func.count()).where(LectureMaterial.lecture_id == lecture.id)
    if (db.session.scalar(count) or 0) >= MOST:
        raise Conflict(f"一场最多放 {MOST} 份资料，请先删掉一份。", code="too_many")
    row = LectureMaterial(
        lecture_id=lecture.id,
        title=title,
        media_type=media_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        path=path,
        added_by_id=actor.id,
        added_at=now,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"material_id": row.id, "sha256": row.sha256}
    record(telling.lecture_chain(lecture.id), "add_material", actor, now, detail=detail)
    return row


def remove(public_id: str, material_id: str, actor: Actor, now: datetime) -> None:
    """Take a file off the lecture's page; a second click changes nothing."""
    rows.refuse_others(actor)
    path = _remove(public_id, material_id, actor, now)
    if path is not None:
        files.remove([path])


@one_transaction
def _remove(public_id: str, material_id: str, actor: Actor, now: datetime) -> str | None:
    lecture = rows.lock_lecture(public_id)
    row = _row(lecture.id, material_id)
    if row is None:
        return None
    path = row.path
    db.session.delete(row)
    detail = {"material_id": row.id}
    record(telling.lecture_chain(lecture.id), "remove_material", actor, now, detail=detail)
    return path


def read(lecture_id: int, material_id: str) -> tuple[LectureMaterial, bytes]:
    """A file and its bytes; NotFound when it is not listed with this lecture."""
    row = _row(lecture_id, material_id)
    if row is None:
        raise NotFound("没有找到这份资料。")
    return row, files.get(row.path)


def disposition(row: LectureMaterial) -> str:
    """Content-Disposition: shown in the page where the phone can, saved under its title."""
    name = quote(f"{row.title}.{_ENDINGS[row.media_type]}")
    return f"inline; filename*=UTF-8''{name}"


def _row(lecture_id: int, material_id: str) -> LectureMaterial | None:
    query = sa.select(LectureMaterial).where(
        LectureMaterial.lecture_id == lecture_id, LectureMaterial.public_id == material_id
    )
    row: LectureMaterial | None = db.session.scalar(query)
    return row
