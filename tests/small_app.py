"""The ground floor alone (core, identity, employers) as an app, for tests of those rooms."""

from __future__ import annotations

from apiflask import APIFlask

from backend.core import crypto, db, files, logs, openapi, problems
from backend.employers import routes as employer_routes
from backend.identity import guards
from backend.identity import routes as identity_routes
from backend.settings import Bureau, Settings


def create_app(settings: Settings) -> APIFlask:
    """Build it the way backend.app does."""
    app = APIFlask("backend", version="1", docs_path=None, static_folder=None)
    app.config.update(
        SETTINGS=settings,
        BUREAU=Bureau.from_file(settings.bureau_file),  # type: ignore[arg-type]
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        MAX_CONTENT_LENGTH=1024 * 1024,
        SECRET_KEY=settings.key("session"),
    )
    logs.configure(is_demo=settings.demo)
    crypto.configure(
        **{name: settings.key(name) for name in ("field", "index", "session", "audit")}
    )
    db.init(app, url=settings.database, is_sqlite=settings.is_sqlite)
    files.init(app, settings)
    logs.register(app)
    problems.register(app)
    openapi.register(app)
    guards.register(app)
    for blueprint in (identity_routes.bp, employer_routes.bp):
        app.register_blueprint(blueprint)
    return app
