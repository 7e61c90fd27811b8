"""A lecture as a calendar file (RFC 5545): its UID never changes, its SEQUENCE grows."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from backend.core.installation import bureau
from backend.lectures import words
from backend.lectures.models import Lecture
from backend.lectures.states import LectureState

LONGEST_LINE = 75  # bytes, by RFC 5545 3.1


def calendar_of(lecture: Lecture, now: datetime) -> str:
    """The text of the .ics file; holds nothing of who booked."""
    place = "，".join(filter(None, (words.where(lecture.place, lecture.online), lecture.address)))
    is_off = lecture.state == LectureState.CANCELLED
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//xinhu//lectures//ZH",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if is_off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:lecture-{lecture.public_id}@xinhu",
        # a cancelled lecture is one step further than its last revision
        f"SEQUENCE:{lecture.revision if is_off else lecture.revision - 1}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(lecture.starts_at)}",
        f"DTEND:{_moment(lecture.ends_at)}",
        f"SUMMARY:{_text(lecture.title)}",
        f"LOCATION:{_text(place)}",
        f"ORGANIZER;CN={_parameter(bureau().short_name)}:invalid:nomail",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(re.split("\r\n|\r|\n", escaped))


def _parameter(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'


def _folded(line: str) -> list[str]:
    """Cut a line at 75 bytes, never inside a character; what follows begins with a space."""
    parts, part, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + width
    return [*parts, part]
