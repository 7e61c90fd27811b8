"""Booking over HTTP against the bare two statements: one hot lecture, 64 clients, in turns."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import rush
from tests.bench.bare import make_table
from tests.bench.filing import Compared, compared, slow_disk_postgres
from tests.bench.load import NextRequest, Run, request, run
from tests.bench.servers import Installation, install, serving

CLIENTS = 64
SECONDS = 3.0
TURNS = 5
SEATS = 10**9
# everybody books once, so each request needs a worker of its own
WORKERS = 25_000
_JSON = {"Content-Type": "application/json"}


def on_sqlite(folder: Path) -> Compared:
    """One process of four threads, synchronous=FULL."""
    bare = f"sqlite:///{folder / 'bare-seats.sqlite3'}"
    return _compare("SQLite, FULL, 1 x 4", install(folder / "booking"), bare, is_sqlite=True)


def on_postgres(folder: Path) -> Compared:
    """Two processes of eight threads, on a server of this machine that waits for its disk."""
    with slow_disk_postgres() as (url, bare):
        house = install(folder / "booking-postgres", url)
        return _compare("PostgreSQL, 2 x 8", house, bare, is_sqlite=False)


def bookings(house: Installation) -> NextRequest:
    """Requests of ever new signed-in workers for one lecture; the last of them must not come."""
    lecture = rush.hot_lecture(house, SEATS)
    tokens: Iterator[str] = iter(rush.sessions(house, WORKERS))
    return lambda _client: rush.booking_request(lecture, next(tokens))


def seats() -> NextRequest:
    """Requests of ever new people at the bare endpoint."""
    people = itertools.count(1)

    def next_request(_client: int) -> bytes:
        return request("POST", "/seats", _JSON, json.dumps({"person": next(people)}).encode())

    return next_request


def _compare(name: str, house: Installation, bare: str, *, is_sqlite: bool) -> Compared:
    make_table(bare)
    book_next, seat_next = bookings(house), seats()
    ours: list[Run] = []
    theirs: list[Run] = []
    with (
        serving(house.variables, is_sqlite=is_sqlite) as ours_at,
        serving(
            {"BARE_DATABASE_URL": bare}, is_sqlite=is_sqlite, app="tests.bench.bare:create_app"
        ) as bare_at,
    ):
        run(ours_at, CLIENTS, 1.0, book_next, 201)  # both warm before anything counts
        run(bare_at, CLIENTS, 1.0, seat_next, 201)
        for _turn in range(TURNS):
            theirs.append(run(bare_at, CLIENTS, SECONDS, seat_next, 201))
            ours.append(run(ours_at, CLIENTS, SECONDS, book_next, 201))
    return compared(name, ours, theirs)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="xinhu-bench-") as name:
        print(on_sqlite(Path(name)))
