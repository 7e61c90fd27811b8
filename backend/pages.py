"""Pages that are neither API nor desk: the web build of the mini-program, receipts, health."""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from apiflask import APIBlueprint, APIFlask
from flask import Response, abort, jsonify, render_template, request
from werkzeug.routing import PathConverter
from werkzeug.utils import safe_join

from backend.complaints.service import views
from backend.core import clock, files, marks
from backend.core.db import db
from backend.core.errors import NotFound
from backend.core.installation import bureau, settings
from backend.identity.guards import public
from backend.law.days import SHANGHAI
from backend.settings import ROOT, Settings

WEB_CSP = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
LEAST_FREE_BYTES = 200 * 1024 * 1024
JOBS_LATE_S = 300
_YEAR_S = 31_536_000


class OutsideApi(PathConverter):
    """Any path but the API's and the desk's, which answer for their own wrong addresses."""

    regex = r"(?!(?:api|desk)(?:/|$))[^/].*?"


bp = APIBlueprint("pages", __name__, enable_openapi=False, template_folder="templates")


def register(app: APIFlask, settings: Settings) -> None:
    """Add the pages and the headers every answer carries."""
    app.url_map.converters["outside_api"] = OutsideApi
    app.register_blueprint(bp)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if settings.public_url and settings.public_url.startswith("https"):
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_S}")
        return response


@bp.get("/healthz")
@public
def health() -> tuple[Response, int]:
    """Whether database, migrations, disk and jobs are in order; 503 when one is not."""
    checks = {
        "database": _database(),
        "migrations": _migrations(),
        "disk": _disk(),
        "jobs": _jobs(clock.now()),
    }
    is_well = all(check["ok"] for check in checks.values())
    return jsonify(ok=is_well, **checks), 200 if is_well else 503


def _database() -> dict[str, object]:
    db.session.execute(sa.text("SELECT 1"))
    return {"ok": True}


def _migrations() -> dict[str, object]:
    head = ScriptDirectory(str(ROOT / "backend" / "migrations")).get_current_head()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return {"ok": current == head, "current": current, "head": head}


def _disk() -> dict[str, object]:
    free = files.free_bytes(settings())
    return {"ok": free is None or free >= LEAST_FREE_BYTES, "free_bytes": free}


def _jobs(now: datetime) -> dict[str, object]:
    runs = {run.name: run for run in marks.job_runs()}
    ages = {
        name: int((now - run.finished_at).total_seconds())
        for name, run in runs.items()
        if run.finished_at is not None
    }
    failing = sorted(name for name, run in runs.items() if run.error)
    is_well = bool(ages) and max(ages.values()) <= JOBS_LATE_S and not failing
    return {"ok": is_well, "age_s": ages, "failing": failing}


@bp.get("/receipt/<code>")
@public
def receipt(code: str) -> Response:
    """For anyone who holds a receipt: genuine or not, filed when, and its state; nothing else."""
    try:
        found = views.genuine(code)
    except NotFound:
        found = None
    filed_at = f"{found.filed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if found else ""
    page = render_template(
        "receipt.html", receipt=found, filed_at=filed_at, bureau=bureau(), title="人社服务"
    )
    response = Response(page, status=200 if found else 404, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = PAGE_CSP
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/receipt.css")
@public
def receipt_style() -> Response:
    """The style of the receipt page."""
    css = (Path(__file__).parent / "templates" / "receipt.css").read_bytes()
    return Response(
        css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=3600"}
    )


@bp.get("/")
@bp.get("/<outside_api:path>")
@public
def web(path: str = "index.html") -> Response:
    """The web build: files as they are, pre-compressed where the browser takes it."""
    folder = settings().mini_dir
    name = safe_join(str(folder), path)
    if name is None or not Path(name).is_file():
        abort(404)
    return _file(Path(name), path)


def _file(file: Path, path: str) -> Response:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    chosen, encoding = _compressed(file)
    response = Response(chosen.read_bytes(), content_type=kind)
    if kind.startswith("text/") or kind.endswith("javascript"):
        response.content_type = f"{kind}; charset=utf-8"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    if path.startswith("assets/"):  # the name holds a hash of the content
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
        response.last_modified = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    response.headers["Content-Security-Policy"] = WEB_CSP
    response.make_conditional(request)
    return response


def _compressed(file: Path) -> tuple[Path, str | None]:
    for encoding, ending in (("br", ".br"), ("gzip", ".gz")):
        twin = file.with_name(file.name + ending)
        if request.accept_encodings.quality(encoding) > 0 and twin.is_file():
            return twin, encoding
    return file, None
