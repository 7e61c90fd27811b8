"""What WeChat pushes to the mini-program's server: verdicts on pictures, which come later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.wechat import callback


@dataclass(frozen=True, slots=True)
class MediaVerdict:
    """WeChat's word on a picture: its suggestion, or an error number when it could not judge."""

    trace_id: str
    suggested: str
    error: int


def media_verdict(xml: str) -> MediaVerdict | None:
    """The verdict in a push (`wxa_media_check`), or None for a push about something else."""
    said = callback.said_in(xml)
    trace_id, result = said.get("trace_id"), said.get("result")
    if said.get("Event") != "wxa_media_check" or not isinstance(trace_id, str):
        return None
    suggested = result.get("suggest") if isinstance(result, Mapping) else None
    return MediaVerdict(trace_id, str(suggested), _number(said.get("errcode", "0")))


def _number(text: Any) -> int:
    """An error number as WeChat writes it; -1 for what is none."""
    return int(text) if isinstance(text, str) and text.lstrip("-").isdecimal() else -1
