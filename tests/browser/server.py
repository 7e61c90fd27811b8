"""The real service in demo mode on a free port, with data of its own, until the tests are done."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.places import ROOT

START_SECONDS = 100
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address and the folder with its database and files."""

    address: str
    data: Path

    def read(self, path: str) -> bytes:
        """The body at a path, taken without the browser."""
        with _DIRECT.open(self.address + path, timeout=10) as answer:
            return bytes(answer.read())

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Look into the database, or make something true in it that takes days to happen."""
        with closing(sqlite3.connect(self.data / "xinhu.sqlite3", timeout=10)) as connection:
            rows = connection.execute(sql, values).fetchall()
            connection.commit()
        return rows


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_service(folder: Path) -> Iterator[Service]:
    """Start `python -m backend.serve --demo` as a person would, and stop it at the end."""
    port, log = free_port(), folder / "service.log"
    words = ["--demo", "--port", str(port), "--data", str(folder / "data")]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.serve", *words],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, log)
            yield Service(address, folder / "data")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with _DIRECT.open(f"{address}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"the service did not start:\n{log.read_text()[-3000:]}")
