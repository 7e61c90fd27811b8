"""Documents of the evidence routes: what the phone announces and what it is told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.complaints.evidence.verdicts import Kind
from backend.core.schemas import In, Line, Moment, Out, RandomKey

MOST_BYTES = 2**40  # bounds the number; the bureau's own limit is checked by the service


class EvidenceIn(In):
    """A file that is going to come: its name, length, digest, and the phone's key for it."""

    name: Line
    size: Annotated[int, Field(ge=1, le=MOST_BYTES)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    key: RandomKey
    strip_place: bool = False


class ContentQuery(BaseModel):
    """Where the sent piece starts (query values are text, so this one may be read from text)."""

    model_config = ConfigDict(extra="forbid")
    offset: Annotated[int, Field(ge=0, le=MOST_BYTES)]


class ViewQuery(BaseModel):
    """The signed link: until when (Unix seconds) and the signature."""

    model_config = ConfigDict(extra="forbid")
    e: Annotated[int, Field(ge=0, le=MOST_BYTES)]
    s: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class EvidenceOut(Out):
    """How far a file has come; `reason` says why it was refused or must be sent again."""

    id: str
    name: str
    size: int
    received_bytes: int
    status: Literal["uploading", "sealed", "refused"]
    kind: Kind | None
    sha256: str | None
    reason: str | None
    is_place_removed: bool
    received_at: Moment | None
    view_url: str | None
