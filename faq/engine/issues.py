"""Several matters in one message: its parts, each to be looked at alone."""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"[。！？!?；;\n]+|(?:[，,、]?\s*)(?:还有就是|还有一个|还有|另外|而且|再有|再就是|第[一二三四][，、,]?|"
    r"(?<![0-9])[1-4][.、)）](?![0-9]))"
)
SHORTEST, MOST = 5, 6


def parts(text: str) -> list[str]:
    """The parts of a message that may each be a matter; one part when it is about one thing."""
    found = [part.strip(" ，,、。") for part in _BREAK.split(text)]
    return [part for part in found if len(part) >= SHORTEST][:MOST]
