"""The form of an entry, a thing that is not ours, and a fault in a file with its line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

LONGEST_SHORT = 60
LONGEST_ANSWER = 600
LONGEST_PHRASING = 200
#: Ids of entries that staff wrote at the desk begin with this, for ever.
STAFF_PREFIX = "staff."

Handoff = Literal["never", "offer", "always"]
ActionKind = Literal[
    "file_complaint", "file_report", "track_case", "book_lecture", "order_lecture",
    "calculator", "call", "human", "open_entry",
]  # fmt: skip
EntryId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$", max_length=80)]
Phrasing = Annotated[str, Field(min_length=1, max_length=LONGEST_PHRASING)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Citation(_Model):
    """One article; `unverified` where no checked text was read: never shown as certain."""

    law: Annotated[str, Field(min_length=2, max_length=80, pattern=r"^[^《]")]
    article: Annotated[str, Field(max_length=30)]
    unverified: bool = False


class Action(_Model):
    """A button below the answer; `phone`, `key` or `entry` says what it opens."""

    kind: ActionKind
    phone: Annotated[str, Field(pattern=r"^[0-9-]{3,20}$")] | None = None
    key: Annotated[str, Field(pattern=r"^[a-z_]+$")] | None = None
    entry: EntryId | None = None

    @model_validator(mode="after")
    def names_its_target(self) -> Action:
        """A call names its number, a calculator its key, an entry its id; others name nothing."""
        needed = {"call": self.phone, "calculator": self.key, "open_entry": self.entry}
        given = [x for x in (self.phone, self.key, self.entry) if x is not None]
        wanted = needed.get(self.kind)
        if (self.kind in needed and wanted is None) or len(given) != (self.kind in needed):
            raise ValueError(f"action {self.kind}: phone, key or entry does not fit")
        return self


class Entry(_Model):
    """A question with its answer; `topic` is the file it stands in."""

    id: EntryId
    question: Annotated[str, Field(min_length=2, max_length=60)]
    phrasings: Annotated[list[Phrasing], Field(min_length=1)]
    short: Annotated[str, Field(min_length=2, max_length=LONGEST_SHORT)]
    answer: Annotated[str, Field(min_length=2, max_length=LONGEST_ANSWER)]
    citations: list[Citation]
    valid_from: date | None = None
    valid_to: date | None = None
    reviewed_on: date
    review_by: date
    handoff: Handoff
    actions: Annotated[list[Action], Field(max_length=4)]
    related: list[EntryId]

    @model_validator(mode="after")
    def dates_follow(self) -> Entry:
        """A review comes after the last one, an end after its beginning."""
        if self.review_by <= self.reviewed_on:
            raise ValueError("review_by is not after reviewed_on")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Entry:
        """A copy that works out its own hashes: pydantic would hand the old ones on."""
        copied = super().model_copy(update=update, deep=deep)
        for known in ("content_hash", "revision"):
            copied.__dict__.pop(known, None)
        return copied

    @property
    def is_by_staff(self) -> bool:
        """Whether staff wrote it at the desk, from a question somebody asked."""
        return self.id.startswith(STAFF_PREFIX)

    def is_in_force(self, on: date) -> bool:
        """Whether the answer may be given on this day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )

    @cached_property
    def content_hash(self) -> str:
        """16 hex digits of everything in the entry: what an override is bound to."""
        return _digest(self.model_dump(mode="json"))

    @cached_property
    def revision(self) -> str:
        """16 hex digits of what a person is shown, phrasings left out."""
        return _digest(self.model_dump(mode="json", exclude={"phrasings", "review_by"}))


class Topic(_Model):
    """One file of entries and who answers for it."""

    topic: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=2, max_length=40)]
    owner: Annotated[str, Field(min_length=2, max_length=40)]
    entries: Annotated[list[Entry], Field(min_length=1)]


class Outside(_Model):
    """Something people ask that is not labour law, and where to go with it."""

    id: Annotated[str, Field(pattern=r"^oos\.[a-z0-9_]+$", max_length=80)]
    title: Annotated[str, Field(min_length=2, max_length=40)]
    redirect: Annotated[str, Field(min_length=2, max_length=80)]
    phrasings: Annotated[list[Phrasing], Field(min_length=1)]


class OutsideTopic(_Model):
    """One file of things that are not ours."""

    topic: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=2, max_length=40)]
    entries: Annotated[list[Outside], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file of the corpus, at a line."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class CorpusError(Exception):
    """The corpus cannot be used; `faults` says where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
