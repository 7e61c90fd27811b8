"""A plain QR code as a picture."""

from __future__ import annotations

import io

import segno

_SCALE = 8  # pixels a module: 4 cm wide at 200 dots an inch
_BORDER = 4  # modules of white around it, as the standard wants


def png(text: str) -> bytes:
    """A QR code of this text; a quarter of it may be dirty or torn and it still reads."""
    file = io.BytesIO()
    segno.make_qr(text, error="q").save(file, kind="png", scale=_SCALE, border=_BORDER)
    return file.getvalue()
