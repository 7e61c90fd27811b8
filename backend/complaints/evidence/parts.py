"""Pieces of an upload in the file store: one object each, named by place and content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from backend.core import files
from backend.core.errors import NotFound

PartRow = Sequence[int | str]


def row(offset: int, chunk: bytes) -> list[int | str]:
    """What the database keeps of a piece: where it starts, its length, its SHA-256."""
    return [offset, len(chunk), hashlib.sha256(chunk).hexdigest()]


def path(folder: str, part: PartRow) -> str:
    """Where a piece is kept; two different pieces for one place never overwrite each other."""
    offset, _length, digest = part
    return f"{folder}/parts/{offset}-{digest}"


def put(folder: str, part: PartRow, chunk: bytes) -> None:
    """Store a piece; OSError when the disk is full."""
    files.put(path(folder, part), chunk)


def joined(folder: str, rows: Sequence[PartRow]) -> bytes | None:
    """The whole file from its pieces; None when one of them is gone."""
    try:
        return b"".join(files.get(path(folder, part)) for part in rows)
    except NotFound:
        return None


def remove(folder: str, rows: Sequence[PartRow]) -> None:
    """Delete the pieces; safe to repeat."""
    files.remove([path(folder, part) for part in rows])
