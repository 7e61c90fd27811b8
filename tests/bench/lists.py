"""The desk's queue and a worker's list with a hundred and with a hundred thousand complaints."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

from backend.core.db import db
from backend.identity.models import Worker
from tests.bench.fill import fill
from tests.bench.load import Run, request, run
from tests.bench.servers import Installation, install, serving

# the share that is open makes both queues show a full page of fifty
SIZES = ((100, 60), (100_000, 8))
TURNS = 5
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Grown:
    """One address: p95 in ms and queries at both sizes, and the median ratio of each turn's p95."""

    name: str
    few_ms: float
    many_ms: float
    ratio: float
    few_queries: int
    many_queries: int


@dataclass(frozen=True, slots=True)
class _Filled:
    house: Installation
    requests: dict[str, bytes]


def measure(folder: Path) -> list[Grown]:
    """Both addresses, asked one at a time, the two databases in turns."""
    few, many = (_filled(folder / str(size), size, share) for size, share in SIZES)
    queries = [_queries(filled) for filled in (few, many)]
    runs: dict[str, list[tuple[Run, Run]]] = {name: [] for name in few.requests}
    with (
        serving(few.house.variables, is_sqlite=True) as few_at,
        serving(many.house.variables, is_sqlite=True) as many_at,
    ):
        for turn in range(TURNS + 1):
            for name in runs:
                pair = (_ask(few_at, few, name), _ask(many_at, many, name))
                if turn > 0:  # the first turn only warms up
                    runs[name].append(pair)
    return [_grown(name, pairs, queries) for name, pairs in runs.items()]


def _filled(folder: Path, count: int, open_percent: int) -> _Filled:
    house = install(folder)
    worker = house.worker_token(1)
    with house.app.app_context():
        worker_id = db.session.scalars(sa.select(Worker.id)).one()
    fill(house, count, open_percent, worker_id)
    desk = {"Cookie": f"xinhu_desk={house.staff_token()}"}
    mine = {"Authorization": f"Bearer {worker}"}
    return _Filled(
        house,
        {
            "desk queue": request("GET", "/desk/", desk),
            "worker's list": request("GET", "/api/v1/complaints", mine),
        },
    )


def _ask(port: int, filled: _Filled, name: str) -> Run:
    done = run(port, 1, SECONDS, lambda _client: filled.requests[name], 200)
    assert done.failed == 0, f"{name}: {done.failed} answers were not 200"
    return done


def _queries(filled: _Filled) -> dict[str, int]:
    return {name: count_queries(filled.house, made) for name, made in filled.requests.items()}


def count_queries(house: Installation, made: bytes) -> int:
    """How many statements one request makes."""
    lines = made.decode().split("\r\n")
    path = lines[0].split(" ")[1]
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    seen: list[str] = []
    hear: Callable[..., None] = lambda _c, _cur, statement, *_rest: seen.append(statement)  # noqa: E731
    with house.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        answer = house.app.test_client(use_cookies=False).get(path, headers=headers)
        assert answer.status_code == 200, path
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return len(seen)


def _grown(name: str, pairs: list[tuple[Run, Run]], queries: list[dict[str, int]]) -> Grown:
    return Grown(
        name,
        statistics.median(few.p95_ms for few, _many in pairs),
        statistics.median(many.p95_ms for _few, many in pairs),
        statistics.median(many.p95_ms / few.p95_ms for few, many in pairs),
        queries[0][name],
        queries[1][name],
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="xinhu-bench-") as name:
        print(*measure(Path(name)), sep="\n")
