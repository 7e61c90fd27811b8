"""Two thousand phones rush at five hundred seats, on several processes: exactly five hundred."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from backend.lectures.models import Booking, Lecture
from backend.settings import Settings
from tests.bench import rush
from tests.bench.servers import Installation, install, serving

SEATS, CLIENTS = 500, 2000


@pytest.fixture
def house(settings: Settings, app: APIFlask, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation of its own on the kind of database that is tested."""
    made = install(tmp_path / "rush", _own_database(settings, app))
    yield made
    with made.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _own_database(settings: Settings, app: APIFlask) -> str | None:
    if settings.is_sqlite:
        return None
    with app.app_context(), db.engine.connect() as connection:
        server = connection.execution_options(isolation_level="AUTOCOMMIT")
        server.exec_driver_sql("DROP DATABASE IF EXISTS rush WITH (FORCE)")
        server.exec_driver_sql("CREATE DATABASE rush")
    url = sa.make_url(settings.database).set(database="rush")
    return url.render_as_string(hide_password=False)


def test_two_thousand_phones_get_exactly_five_hundred_seats(house: Installation) -> None:
    lecture = rush.hot_lecture(house, SEATS)
    tokens = rush.sessions(house, CLIENTS)
    # two processes on SQLite too: `is_sqlite` here only chooses how many are started
    with serving(house.variables, is_sqlite=False) as port:
        outcome = rush.all_at_once(port, [rush.booking_request(lecture, t) for t in tokens])
    assert outcome.lost == 0
    assert outcome.answers == {(201, ""): SEATS, (409, "full"): CLIENTS - SEATS}
    assert taken(house) == (SEATS, SEATS)


def test_groups_and_singles_together_fill_the_seats_and_no_more(house: Installation) -> None:
    lecture = rush.hot_lecture(house, SEATS)
    mixed = random.Random(20261210)
    parties = [mixed.choice((1, 1, 1, 1, 2, 5, 12)) for _ in range(CLIENTS // 2)]
    tokens = rush.sessions(house, len(parties))
    requests = [
        rush.booking_request(lecture, token, party)
        for token, party in zip(tokens, parties, strict=True)
    ]
    with serving(house.variables, is_sqlite=False) as port:
        outcome = rush.all_at_once(port, requests)
    assert outcome.lost == 0
    assert set(outcome.answers) == {(201, ""), (409, "full")}
    people, on_row = taken(house)
    assert people == on_row == SEATS


def taken(house: Installation) -> tuple[int, int]:
    """People of all bookings, and what the lecture's own row says."""
    with house.app.app_context():
        people = db.session.scalar(sa.select(sa.func.sum(Booking.party)))
        on_row = db.session.scalar(sa.select(Lecture.seats_taken))
        db.session.remove()
    return people or 0, on_row or 0
