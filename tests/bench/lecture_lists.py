"""Lists of lectures and bookings with 5,000 and 500,000 of them against 50 and 500."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import sqlalchemy as sa

from backend.core import clock
from backend.core.actor import SYSTEM
from backend.core.db import db
from backend.identity import service as identity
from backend.identity.models import Worker
from backend.lectures.models import Booking, Lecture
from tests.bench import rush
from tests.bench.lists import SECONDS, TURNS, Grown, count_queries
from tests.bench.load import Run, request, run
from tests.bench.servers import PASSWORD, Installation, install, serving
from tests.factories import lectures as made

#: lectures, bookings; the busiest page of each list is full at both sizes
SIZES = ((50, 500), (5_000, 500_000))
OWN = 30  # bookings of the worker whose list is measured
IN_LECTURE = 60  # bookings of the lecture whose page is measured


def measure(folder: Path) -> list[Grown]:
    """Every list, asked one at a time, the two databases in turns."""
    houses = [_filled(folder / str(lectures), lectures, bookings) for lectures, bookings in SIZES]
    queries = [
        {name: count_queries(house, made_request) for name, made_request in requests.items()}
        for house, requests in houses
    ]
    (few, few_requests), (many, many_requests) = houses
    runs: dict[str, list[tuple[Run, Run]]] = {name: [] for name in few_requests}
    with (
        serving(few.variables, is_sqlite=True) as few_at,
        serving(many.variables, is_sqlite=True) as many_at,
    ):
        for turn in range(TURNS + 1):
            for name in runs:
                pair = (_ask(few_at, few_requests[name]), _ask(many_at, many_requests[name]))
                if turn > 0:  # the first turn only warms up
                    runs[name].append(pair)
    return [
        Grown(
            name,
            statistics.median(one.p95_ms for one, _ in pairs),
            statistics.median(other.p95_ms for _, other in pairs),
            statistics.median(other.p95_ms / one.p95_ms for one, other in pairs),
            queries[0][name],
            queries[1][name],
        )
        for name, pairs in runs.items()
    ]


def _ask(port: int, made_request: bytes) -> Run:
    done = run(port, 1, SECONDS, lambda _client: made_request, 200)
    assert done.failed == 0, f"{made_request[:60]!r}: {done.failed} answers were not 200"
    return done


def _filled(folder: Path, lectures: int, bookings: int) -> tuple[Installation, dict[str, bytes]]:
    house = install(folder)
    token = house.worker_token(1)
    hot = rush.hot_lecture(house, 100)
    with house.app.app_context():
        worker_id = db.session.scalars(sa.select(Worker.id)).one()
        _book_one(worker_id)
        _copy_all(lectures, bookings, worker_id)
    desk = {"Cookie": f"xinhu_desk={_organiser(house)}"}
    mine = {"Authorization": f"Bearer {token}"}
    with house.app.app_context():
        first = db.session.scalars(sa.select(Lecture.starts_at).order_by(Lecture.id)).first()
    month = f"{first:%Y-%m}"
    return house, {
        "coming lectures": request("GET", "/api/v1/lectures", mine),
        "month of lectures": request("GET", f"/api/v1/lectures/calendar?month={month}", mine),
        "own bookings": request("GET", "/api/v1/bookings", mine),
        "desk list of lectures": request("GET", "/desk/lectures", desk),
        "desk page of a lecture": request("GET", f"/desk/lectures/{hot}", desk),
    }


def _organiser(house: Installation) -> str:
    with house.app.app_context():
        identity.create_staff(
            username="bench", name="测速", roles=["organiser"], unit="普法",
            password=PASSWORD, actor=SYSTEM, now=clock.now(),
        )  # fmt: skip
        return identity.sign_in_staff("bench", PASSWORD, "电脑", clock.now()).token


def _book_one(worker_id: int) -> None:
    lecture = db.session.scalars(sa.select(Lecture)).one()
    made.book(lecture, made.actor_of(worker_id))


def _copy_all(lectures: int, bookings: int, worker_id: int) -> None:
    """Copy the one lecture and the one booking with SQL: one in ten lectures still comes."""
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=OFF")  # a copy points at the copies beside it
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(_copy(Lecture, _lecture_columns()), {"count": lectures - 1})
        raw.execute(_copy(Booking, _booking_columns(lectures, worker_id)), {"count": bookings - 1})
        raw.execute("COMMIT")
    assert db.session.scalar(sa.select(sa.func.count(Lecture.id))) == lectures
    assert db.session.scalar(sa.select(sa.func.count(Booking.id))) == bookings


def _lecture_columns() -> dict[str, str]:
    # some fifty in the measured month at both sizes; most of the many are over
    days = "CASE WHEN :count < 100 THEN n % 20 ELSE (n % 3000) - 2700 END"
    moved = {
        name: f"strftime('%Y-%m-%d %H:%M:%S.000000', {name}, ({days}) || ' days')"
        for name in ("starts_at", "ends_at", "booking_closes_at", "cancelling_closes_at")
    }
    return moved | {
        "id": "source.id + n",
        "public_id": "lower(hex(randomblob(8)))",
        "key_hash": "hex(randomblob(32))",
        "title": "'被拖欠工资怎么办 ' || n",
        "seats_taken": "0",
    }


def _booking_columns(lectures: int, worker_id: int) -> dict[str, str]:
    hot = f"n < {IN_LECTURE}"
    return {
        "id": "source.id + n",
        "public_id": "lower(hex(randomblob(8)))",
        "lecture_id": f"CASE WHEN {hot} THEN source.lecture_id "
        f"ELSE source.lecture_id + 1 + n % {lectures - 1} END",
        "worker_id": f"CASE WHEN NOT ({hot}) AND n < {IN_LECTURE + OWN} THEN {worker_id} "
        "ELSE 1000000 + n END",
    }


def _copy(model: type[db.Model], changed: dict[str, str]) -> str:  # type: ignore[name-defined]
    names = [column.name for column in model.__table__.columns]
    values = ", ".join(changed.get(name, f"source.{name}") for name in names)
    table = model.__tablename__
    return (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
        f"WHERE n < :count) INSERT INTO {table} ({', '.join(names)}) "
        f"SELECT {values} FROM {table} AS source, numbers"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="xinhu-bench-") as name:
        print(*measure(Path(name)), sep="\n")
