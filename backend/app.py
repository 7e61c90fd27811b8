"""The Flask application: puts settings, database, doors and error handlers together."""

from __future__ import annotations

from apiflask import APIFlask
from flask_migrate import Migrate

from backend import cli, pages, wechat_doors
from backend.calendars import CalendarWatch
from backend.complaints import bureau_routes
from backend.complaints import routes as complaint_routes
from backend.complaints.service import moving as moving_cases
from backend.core import clock, crypto, db, files, logs, openapi, problems
from backend.core.plain_flask import PlainFlask
from backend.demo import accounts, wechat_pages
from backend.desk import register as register_desk
from backend.employers import routes as employer_routes
from backend.escalations import service as escalations
from backend.faqbot import account_routes
from backend.faqbot import routes as faqbot_routes
from backend.faqbot.service import moving as moving_talks
from backend.faqbot.service.library import Library, library
from backend.identity import guards
from backend.identity import routes as identity_routes
from backend.identity import service as identity
from backend.law import values
from backend.lectures import routes as lecture_routes
from backend.lectures.service import moving as moving_lectures
from backend.notify import moving as moving_messages
from backend.notify import routes as notify_routes
from backend.settings import ROOT, Bureau, Settings, load

API_BODY_LIMIT = 1024 * 1024
#: Table -> how its rows follow a worker who turns out to be another; a test finds a missing one.
WORKER_MOVERS = {
    "cases": moving_cases.move,
    "conversations": moving_talks.move,
    "escalations": escalations.move,
    "consents": moving_messages.move_consents,
    "consent_reports": moving_messages.move_reports,
    "bookings": moving_lectures.move_bookings,
    "lecture_orders": moving_lectures.move_orders,
}


def create_app(settings: Settings | None = None) -> APIFlask:
    """Build the application; SettingsError lists whatever keeps it from starting."""
    settings = settings or load()
    house = Bureau.from_file(settings.bureau_file)  # type: ignore[arg-type]
    values.use_file(settings.beside_bureau(house.values_file))
    app = PlainFlask(
        "backend",
        title="薪护 API",
        version="1",
        spec_path="/openapi.json",
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]
    )
    app.config.update(
        SETTINGS=settings,
        BUREAU=house,
        OPENAPI_VERSION="3.1.0",
        AUTO_OPERATION_ID=True,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        MAX_CONTENT_LENGTH=API_BODY_LIMIT,
        SECRET_KEY=settings.key("session"),
    )
    if settings.demo:
        app.config["DEMO_SIGN_INS"] = accounts.SIGN_INS
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    logs.configure(is_demo=settings.demo)
    crypto.configure(
        **{name: settings.key(name) for name in ("field", "index", "session", "audit")}
    )
    db.init(app, url=settings.database, is_sqlite=settings.is_sqlite)
    Migrate(app, db.db, directory=str(ROOT / "backend" / "migrations"), render_as_batch=True)
    files.init(app, settings)
    logs.register(app)
    problems.register(app)
    openapi.register(app)
    guards.register(app)
    identity.use_movers(app, WORKER_MOVERS)
    for blueprint in (
        bureau_routes.bp,
        identity_routes.bp,
        employer_routes.bp,
        complaint_routes.bp,
        faqbot_routes.bp,
        account_routes.bp,
        notify_routes.bp,
        wechat_doors.bp,
        wechat_doors.outside,
        lecture_routes.bp,
    ):
        app.register_blueprint(blueprint)
    register_desk(app)
    if settings.demo:
        app.register_blueprint(wechat_pages.bp)
    pages.register(app, settings)
    cli.register(app)
    app.extensions["faq_library"] = Library()
    _watch_calendar(app, settings)
    return app


def create_web_app() -> APIFlask:
    """The application of a web process: the bot is read before the first question comes."""
    app = create_app()
    with app.app_context():
        library().in_force(clock.now())
        db.db.session.remove()
    return app


def _watch_calendar(app: APIFlask, settings: Settings) -> None:
    watch = CalendarWatch(settings)
    watch.refresh(is_forced=True)
    app.extensions["calendar_watch"] = watch

    @app.before_request
    def take_up_imported_years() -> None:
        watch.refresh()
