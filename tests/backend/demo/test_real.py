"""Outside demo mode nothing of the demo can come into being."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from backend.demo import seed


def test_the_demo_is_refused_outside_demo_mode_and_writes_nothing(app: APIFlask) -> None:
    with pytest.raises(seed.NotADemo, match="demo mode"):
        seed.prepare(app)
    with app.app_context():
        for table in db.metadata.sorted_tables:
            assert db.session.execute(sa.select(table).limit(1)).first() is None, table.name
