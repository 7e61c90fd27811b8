"""Finding the row of a file, who may touch it, and whether the next piece fits."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app

from backend.complaints.access import case_for
from backend.complaints.evidence import texts
from backend.complaints.evidence.models import REFUSED, UPLOADING, Evidence
from backend.complaints.evidence.schemas import EvidenceIn
from backend.complaints.models import Case
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, FieldError, NotFound, TooLarge
from backend.settings import Policy

CHUNK_BYTES = 524_288
MIN_CHUNK_BYTES = 16_384  # only the last piece may be shorter: bounds the list of pieces
TRIES_PER_FILE = 3  # refused files give their place back, but not without end


def _policy() -> Policy:
    policy: Policy = current_app.config["BUREAU"].policy
    return policy


def case_of_actor(actor: Actor, public_id: str) -> Case:
    """The case, locked: the worker's own, or any for staff; NotFound otherwise."""
    if not actor.is_staff:
        return case_for(actor, public_id, for_change=True)
    case: Case | None = db.session.scalar(
        sa.select(Case).where(Case.public_id == public_id).with_for_update()
    )
    if case is None:
        raise NotFound("没有找到这件案。")
    return case


def same_file(known: Evidence, form: EvidenceIn) -> Evidence:
    """The row again, if the key announces the same file; Conflict `same_key_other_content`."""
    announced = (form.size, form.sha256, form.strip_place)
    if (known.declared_size, known.declared_sha256, known.strip_place) != announced:
        raise Conflict(texts.OTHER_CONTENT, code="same_key_other_content")
    return known


def check_room(case: Case, size: int) -> None:
    """Whether the case is open and one more file of this size fits; Conflict or TooLarge."""
    policy = _policy()
    if case.is_final:
        raise Conflict(texts.CASE_CLOSED, code="case_closed")
    if size > policy.evidence_max_bytes:
        raise TooLarge(texts.too_large(policy.evidence_max_bytes), code="file_too_large")
    of_this_case = sa.select(sa.func.count()).where(Evidence.case_id == case.id)
    kept = db.session.scalar(of_this_case.where(Evidence.status != REFUSED)) or 0
    ever = db.session.scalar(of_this_case) or 0
    most = policy.evidence_max_files
    if kept >= most or ever >= most * TRIES_PER_FILE:
        raise Conflict(texts.too_many(most), code="too_many_files")


def by_public_id(evidence_id: str) -> Evidence:
    """The row, whoever asks; NotFound."""
    evidence: Evidence | None = db.session.scalar(
        sa.select(Evidence).where(Evidence.public_id == evidence_id)
    )
    if evidence is None:
        raise NotFound(texts.ASK_AGAIN)
    return evidence


def check_access(evidence: Evidence, actor: Actor) -> Case:
    """The case of a file this actor may see; NotFound for somebody else's."""
    case: Case = db.session.get_one(Case, evidence.case_id)
    if actor.kind in ("staff", "system"):
        return case
    try:
        return case_for(actor, case.public_id)
    except NotFound as error:
        raise NotFound(texts.ASK_AGAIN) from error


def for_upload(evidence_id: str, actor: Actor) -> Evidence:
    """The row for a worker who goes on sending; Conflict when the case was closed meanwhile."""
    evidence = by_public_id(evidence_id)
    case = check_access(evidence, actor)
    if case.is_final and evidence.status == UPLOADING:
        raise Conflict(texts.CASE_CLOSED, code="case_closed")
    return evidence


def is_there(evidence: Evidence, part: list[int | str]) -> bool:
    """Whether this very piece was taken before."""
    # an empty piece at the end asks to go on with a check that was interrupted
    is_end = evidence.is_complete and part[:2] == [evidence.received_bytes, 0]
    return is_end or part in [list(known) for known in evidence.parts]


def check_piece(evidence: Evidence, offset: int, chunk: bytes) -> None:
    """Whether the piece goes on where the last one ended and has a fair length."""
    if offset != evidence.received_bytes:
        raise wrong_offset(evidence)
    if len(chunk) > CHUNK_BYTES:
        raise TooLarge(texts.CHUNK_TOO_LARGE, code="chunk_too_large")
    end = offset + len(chunk)
    if end > evidence.declared_size:
        raise BadInput(
            texts.TOO_MUCH, code="too_much", errors=[FieldError("content", texts.TOO_MUCH)]
        )
    if len(chunk) < MIN_CHUNK_BYTES and end < evidence.declared_size:
        words = texts.CHUNK_TOO_SMALL
        raise BadInput(words, code="chunk_too_small", errors=[FieldError("content", words)])


def wrong_offset(evidence: Evidence) -> Conflict:
    """The answer to a piece from the wrong place: it says where to go on."""
    return Conflict(texts.WRONG_OFFSET, code="offset", received_bytes=evidence.received_bytes)
