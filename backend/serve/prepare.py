"""Brings the database up to date before anything is served."""

from apiflask import APIFlask
from flask_migrate import upgrade

from backend.core.db import db
from backend.demo import seed
from backend.serve.separation import refuse_demo_data, refuse_real_data


def prepare(app: APIFlask, *, is_demo: bool) -> None:
    """Migrate to the newest schema and, in demo mode, fill an empty database.

    Raises CannotStart before touching a real database in demo mode, or a demo
    database outside it.
    """
    with app.app_context():
        if is_demo:
            refuse_real_data()
        else:
            refuse_demo_data()
        upgrade()
    if is_demo:
        seed.prepare(app)
    with app.app_context():
        db.engine.dispose()
