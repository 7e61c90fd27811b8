"""Addresses under which phones send evidence in pieces and open what they sent."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from backend.complaints.evidence import service, texts, viewing
from backend.complaints.evidence.rows import CHUNK_BYTES
from backend.complaints.evidence.schemas import ContentQuery, EvidenceIn, EvidenceOut, ViewQuery
from backend.core import clock, openapi
from backend.core.errors import BadRequest, TooLarge, WrongType
from backend.identity.guards import current_actor, public, worker_required

# registered inside the blueprint of complaints, which gives the prefix
bp = APIBlueprint("evidence", __name__, tag="evidence")

Answers = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
_ANNOUNCED_BEFORE: Answers = {
    200: {
        "description": "Announced before; how far it came",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/EvidenceOut"}}},
    }
}
_VIEW_ANSWER: Answers = {
    200: {
        "description": "The copy for viewing",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_PIECE: dict[str, Any] = {
    "description": f"The next piece, at most {CHUNK_BYTES} bytes",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


@bp.post("/complaints/<case_id>/evidence")
@worker_required
@bp.input(EvidenceIn, arg_name="data")
@bp.output(EvidenceOut, 201)
@bp.doc(responses=_ANNOUNCED_BEFORE)
def begin(case_id: str, data: EvidenceIn) -> tuple[EvidenceOut, int]:
    """Announce a file; 200 with how far it came when it was announced before."""
    now = clock.now()
    announced = service.begin(case_id, current_actor(), data, now)
    return viewing.out(announced.evidence, now), 201 if announced.is_new else 200


@bp.put("/evidence/<evidence_id>/content")
@worker_required
@bp.input(ContentQuery, location="query", arg_name="query")
@bp.output(EvidenceOut, 200)
@openapi.also(body=_PIECE)
def append(evidence_id: str, query: ContentQuery) -> EvidenceOut:
    """Send the next piece of a file."""
    now = clock.now()
    evidence = service.append(evidence_id, query.offset, _chunk(), current_actor(), now)
    return viewing.out(evidence, now)


@bp.get("/evidence/<evidence_id>")
@worker_required
@bp.output(EvidenceOut, 200)
def show(evidence_id: str) -> EvidenceOut:
    """How far a file has come."""
    return viewing.out(service.one(evidence_id, current_actor()), clock.now())


@bp.get("/evidence/<evidence_id>/view")
@public
@bp.input(ViewQuery, location="query", arg_name="query")
@bp.doc(responses=_VIEW_ANSWER)
def view(evidence_id: str, query: ViewQuery) -> Response:
    """Open the copy for viewing by its signed link."""
    return hand_out(viewing.view_copy(evidence_id, query.e, query.s, clock.now()))


def hand_out(handout: viewing.Handout) -> Response:
    """A response no browser runs anything of; the desk uses it for originals too."""
    response = Response(handout.data, mimetype=handout.mime)
    way = "inline" if handout.is_inline else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="{handout.file_name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _chunk() -> bytes:
    """The body of one piece; never reads more than one piece may hold."""
    if request.mimetype != "application/octet-stream":
        raise WrongType(texts.WRONG_BODY)
    length = request.content_length
    if length is not None and length > CHUNK_BYTES:
        raise TooLarge(texts.CHUNK_TOO_LARGE, code="chunk_too_large")
    request.max_content_length = CHUNK_BYTES
    chunk = request.get_data(cache=False)
    if length is not None and len(chunk) != length:
        raise BadRequest(texts.CHUNK_CUT, code="chunk_cut")
    return chunk
