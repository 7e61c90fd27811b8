"""Filing over HTTP against a bare insert: the same server, settings and 32 clients, in turns."""

from __future__ import annotations

import json
import secrets
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from backend.core import clock
from backend.law.days import shanghai_today
from backend.settings import Bureau
from tests.api.filings import complaint
from tests.bench.bare import make_table
from tests.bench.load import NextRequest, Run, request, run
from tests.bench.servers import Installation, install, serving
from tests.postgres import throwaway_postgres

CLIENTS = 32
SECONDS = 4.0
TURNS = 5
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians of both, and the medians of the ratios of each turn."""

    database: str
    filing: Run
    bare: Run
    rate_ratio: float
    p99_ratio: float
    failed: int


def on_sqlite(folder: Path) -> Compared:
    """One process of four threads, synchronous=FULL."""
    bare = {"BARE_DATABASE_URL": f"sqlite:///{folder / 'bare.sqlite3'}"}
    return _compare("SQLite, FULL, 1 x 4", install(folder / "filing"), bare, is_sqlite=True)


def on_postgres(folder: Path) -> Compared:
    """Two processes of eight threads, on a server of this machine that waits for its disk."""
    with slow_disk_postgres() as (url, bare_url):
        bare = {"BARE_DATABASE_URL": bare_url}
        house = install(folder / "postgres", url)
        return _compare("PostgreSQL, 2 x 8", house, bare, is_sqlite=False)


@contextmanager
def slow_disk_postgres() -> Iterator[tuple[str, str]]:
    """A private server that waits for its disk: addresses of an empty and of a bare database."""
    with throwaway_postgres() as url:
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(sa.text("ALTER SYSTEM SET fsync = on"))
            connection.execute(sa.text("ALTER SYSTEM SET synchronous_commit = on"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
            connection.execute(sa.text("CREATE DATABASE bare"))
        admin.dispose()
        yield url, url.replace("/xinhu_test?", "/bare?")


def filings(house: Installation) -> NextRequest:
    """Requests of 32 signed-in workers, each with a key of its own."""
    version = Bureau.from_file(house.app.config["SETTINGS"].bureau_file).privacy.version
    filing = complaint(shanghai_today(clock.now()), privacy_version=version)
    body = json.dumps(filing, ensure_ascii=False).encode()
    tokens = [house.worker_token(number) for number in range(CLIENTS)]

    def next_request(client: int) -> bytes:
        headers = {
            **_JSON,
            "Authorization": f"Bearer {tokens[client]}",
            "Idempotency-Key": secrets.token_hex(16),
        }
        return request("POST", "/api/v1/complaints", headers, body)

    return next_request


def notes() -> NextRequest:
    """Requests of the bare endpoint."""
    body = json.dumps({"facts": "三个月没发工资"}, ensure_ascii=False).encode()
    made = request("POST", "/notes", _JSON, body)
    return lambda _client: made


def _compare(name: str, house: Installation, bare: dict[str, str], *, is_sqlite: bool) -> Compared:
    make_table(bare["BARE_DATABASE_URL"])
    file_next, note_next = filings(house), notes()
    ours: list[Run] = []
    theirs: list[Run] = []
    with (
        serving(house.variables, is_sqlite=is_sqlite) as ours_at,
        serving(bare, is_sqlite=is_sqlite, app="tests.bench.bare:create_app") as bare_at,
    ):
        run(ours_at, CLIENTS, 1.0, file_next, 201)  # both warm before anything counts
        run(bare_at, CLIENTS, 1.0, note_next, 201)
        for _turn in range(TURNS):
            theirs.append(run(bare_at, CLIENTS, SECONDS, note_next, 201))
            ours.append(run(ours_at, CLIENTS, SECONDS, file_next, 201))
    return compared(name, ours, theirs)


def compared(name: str, ours: list[Run], theirs: list[Run]) -> Compared:
    """Medians of both sides and of the ratios of each turn."""
    pairs = list(zip(ours, theirs, strict=True))
    return Compared(
        name,
        _median(ours),
        _median(theirs),
        statistics.median(mine.per_second / other.per_second for mine, other in pairs),
        statistics.median(mine.p99_ms / other.p99_ms for mine, other in pairs),
        sum(one.failed for one in [*ours, *theirs]),
    )


def _median(runs: list[Run]) -> Run:
    return Run(
        statistics.median(one.per_second for one in runs),
        statistics.median(one.p95_ms for one in runs),
        statistics.median(one.p99_ms for one in runs),
        sum(one.failed for one in runs),
        sum(one.answers for one in runs),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="xinhu-bench-") as name:
        print(on_sqlite(Path(name)))
