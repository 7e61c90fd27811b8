"""The code a person shows at the door: the booking's id with our signature."""

from __future__ import annotations

import re

from backend.core import crypto

_PURPOSE = "lecture_door"
_SIGNED = 16  # hex digits: 64 bits, and a wrong guess is seen at the door
_FORM = re.compile(r"XH1([0-9a-z]{16})([0-9a-f]{16})")


def code_of(public_id: str) -> str:
    """The text of the booking's code."""
    return f"XH1{public_id}{crypto.sign(_PURPOSE, public_id)[:_SIGNED]}"


def booking_of(code: str) -> str | None:
    """The booking a scanned code names, or None when it was not made by us."""
    found = _FORM.fullmatch(code.strip())
    if found is None:
        return None
    public_id = found.group(1)
    return public_id if code_of(public_id) == code.strip() else None
