"""The digest on a receipt: SHA-256 over what was filed, in one fixed form."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(document: dict[str, Any]) -> str:
    """A document as text that is the same however it was sent: keys sorted, no spaces."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: str) -> str:
    """SHA-256 of canonical text, as hex."""
    return hashlib.sha256(content.encode()).hexdigest()
