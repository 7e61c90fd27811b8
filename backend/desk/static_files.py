"""The desk's style sheets, scripts and icons: named by hash, kept for a year, pre-compressed."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound

from backend.identity.guards import public

FOLDER = Path(__file__).resolve().parent / "static"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
KEPT_S = 31_536_000

bp = APIBlueprint("static_files", __name__, enable_openapi=False)


def asset(name: str) -> str:
    """The address of a static file, with the hash of its content so that it may be kept."""
    path = FOLDER / name
    mark = _digest(path, path.stat().st_mtime_ns) if path.is_file() else "missing"
    return url_for("desk.static_files.send", name=name, v=mark)


@functools.lru_cache(maxsize=64)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@bp.get("/static/<path:name>")
@public
def send(name: str) -> Response:
    """One static file, compressed where a fresh compressed copy lies beside it."""
    path = FOLDER / name
    encoding = _encoding(path)
    sent = f"{name}{encoding[1]}" if encoding else name
    response = send_from_directory(
        FOLDER, sent, mimetype=mimetypes.guess_type(name)[0], max_age=_kept_s(path)
    )
    if encoding:
        response.headers["Content-Encoding"] = encoding[0]
    response.headers["Vary"] = "Accept-Encoding"
    if _kept_s(path):
        response.cache_control.immutable = True
    return response


def _encoding(path: Path) -> tuple[str, str] | None:
    """A pre-compressed copy the browser takes and that is not older than the file itself."""
    for encoding, suffix in ENCODINGS:
        copy = path.with_name(path.name + suffix)
        wanted = request.accept_encodings.quality(encoding) > 0
        if wanted and copy.is_file() and copy.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            return encoding, suffix
    return None


def _kept_s(path: Path) -> int:
    """A year when the address carries the hash of this very content, else not at all."""
    if FOLDER not in path.resolve().parents or not path.is_file():
        raise NotFound
    is_current = request.args.get("v") == _digest(path, path.stat().st_mtime_ns)
    return KEPT_S if is_current else 0
