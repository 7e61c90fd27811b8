"""Replies that staff put into an answer by one click; each names the articles it rests on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from faq.corpus import ROOT
from faq.schema import Citation

FILE = ROOT / "canned.yaml"


class Canned(BaseModel):
    """One ready reply."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=40)]
    title: Annotated[str, Field(min_length=2, max_length=12)]
    text: Annotated[str, Field(min_length=5, max_length=300)]
    citations: Annotated[list[Citation], Field(min_length=1)]


@cache
def replies(file: Path = FILE) -> dict[str, Canned]:
    """Every reply by its key, in the order of the file; read once."""
    content = yaml.safe_load(file.read_text("utf-8"))["replies"]
    read = [Canned.model_validate(one) for one in content]
    found = {one.key: one for one in read}
    if len(found) != len(read):
        raise ValueError(f"a key stands twice in {file}")
    return found
