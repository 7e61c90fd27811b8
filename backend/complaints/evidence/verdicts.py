"""What a file was found to be, or why it cannot be taken; shared by the readers of file kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "pdf", "audio", "video", "office"]
KINDS: tuple[Kind, ...] = ("image", "pdf", "audio", "video", "office")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a file and its exact type, judged by content alone."""

    kind: Kind
    mime: str


class Refused(Exception):
    """The file cannot be taken; `code` is a key of texts.REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
