"""From the bytes of a finished upload to what is kept: judged, copied for viewing, hashed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from backend.complaints.evidence import images
from backend.complaints.evidence.judge import judge
from backend.complaints.evidence.verdicts import Kind


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is stored of one file; `view` is None where the original itself is handed out."""

    kind: Kind
    mime: str
    original: bytes
    view: bytes | None
    is_place_removed: bool

    @property
    def sha256(self) -> str:
        """Digest of the original as stored, as hex."""
        return hashlib.sha256(self.original).hexdigest()

    @property
    def view_mime(self) -> str:
        """Type of what `view_copy` hands out."""
        return self.mime if self.view is None else images.VIEW_MIME


def examine(data: bytes, *, strip_place: bool) -> Sealed:
    """Judge a whole file and make its copy; Refused with the reason code when it is not taken.

    With `strip_place` the clean copy of a picture takes the place of the original, because the
    original tells where and by whose phone it was taken. Other kinds are kept as they came.
    """
    verdict = judge(data)
    if verdict.kind != "image":
        return Sealed(verdict.kind, verdict.mime, data, None, is_place_removed=False)
    view = images.view_copy(data, verdict.mime)
    if strip_place:
        return Sealed("image", images.VIEW_MIME, view, view, is_place_removed=True)
    return Sealed("image", verdict.mime, data, view, is_place_removed=False)
