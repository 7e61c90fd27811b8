"""Keys to a report just sent, for its files: signed and dated, no session is stored."""

from __future__ import annotations

from datetime import UTC, datetime

from backend.core import crypto
from backend.core.actor import Actor

PREFIX = "report"
LIVES_S = 7 * 24 * 3600
_PURPOSE = "report-token"


def report_token(case_id: int, now: datetime) -> str:
    """A token that opens one report for a week; nothing is written anywhere."""
    expires = int(now.timestamp()) + LIVES_S
    value = f"{case_id}.{expires}"
    return f"{PREFIX}.{value}.{crypto.sign(_PURPOSE, value)}"


def report_actor(token: str, now: datetime) -> Actor | None:
    """Who holds this token, or None when it is not one of these or has ended."""
    prefix, _, rest = token.partition(".")
    value, _, signature = rest.rpartition(".")
    if prefix != PREFIX or not crypto.is_signed(_PURPOSE, value, signature):
        return None
    case_id, _, expires = value.partition(".")
    if datetime.fromtimestamp(int(expires), tz=UTC) < now:
        return None
    return Actor(kind="worker", case_id=int(case_id))
