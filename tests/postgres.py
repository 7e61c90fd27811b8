"""Starts a throw-away PostgreSQL for a test session.

The server listens on a private Unix socket only, so nothing else can reach it
and no port can be taken. It lives in a temporary folder that goes with it, and
writes without waiting for the disk: its data is worth nothing after the tests.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tools import postgres_binaries

START_SECONDS = 60
# PostgreSQL refuses to run as root; one of these takes its place.
UNPRIVILEGED_USERS = ("postgres", "nobody")
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


class PostgresDidNotStart(Exception):
    """The test server could not be made; the message holds what PostgreSQL said."""


@contextmanager
def throwaway_postgres(database: str = "xinhu_test") -> Iterator[str]:
    """Run a private PostgreSQL and yield the SQLAlchemy address of an empty database.

    More databases can be made on the same server with `CREATE DATABASE`. Raises
    PostgresDidNotStart, never skips: a suite that was asked for must run.
    """
    folder = Path(tempfile.mkdtemp(prefix="xinhu-pg-"))
    try:
        user = _unprivileged_user()
        binaries = _reachable_binaries(folder, is_root=user is not None)
        _hand_over(folder, user)
        _init(binaries, folder / "data", user)
        server = _start(binaries, folder, user)
        try:
            _wait_until_ready(server, folder)
            _create_database(binaries, folder, database, user)
            yield f"postgresql+psycopg://xinhu@/{database}?host={quote(str(folder))}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> str | None:
    """Return the user PostgreSQL must run as, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED_USERS if name in known)


def _reachable_binaries(folder: Path, *, is_root: bool) -> Path:
    """Return server programs the other user can run: those of .venv may lie under /root."""
    found = postgres_binaries.find()
    if found is None:
        raise PostgresDidNotStart(postgres_binaries.NOT_FOUND)
    if not is_root or found.is_relative_to("/usr"):
        return found
    package = found.parent.parent
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, folder / source.name, dirs_exist_ok=True)
    return folder / package.name / "pginstall" / "bin"


def _hand_over(folder: Path, user: str | None) -> None:
    folder.chmod(0o755 if user else 0o700)
    if user:
        shutil.chown(folder, user)


def _init(binaries: Path, data: Path, user: str | None) -> None:
    _run(
        [
            *(str(binaries / "initdb"), "--pgdata", str(data), "--username", "xinhu"),
            *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ],
        user,
    )


def _start(binaries: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={text}" for name, text in FAST_AND_FORGETFUL.items()]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                *(str(binaries / "postgres"), "-D", str(folder / "data")),
                *(f"--unix_socket_directories={folder}", *settings),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            user=user,
            # A Ctrl-C in the tests must not reach it before the tests are done with it.
            start_new_session=True,
        )


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for the server's own word in its status file (the last line says `ready`)."""
    status = folder / "data" / "postmaster.pid"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    _stop(server)
    log = (folder / "log").read_text(errors="replace")
    raise PostgresDidNotStart(f"PostgreSQL did not start:\n{log}")


def _create_database(binaries: Path, folder: Path, name: str, user: str | None) -> None:
    _run([str(binaries / "createdb"), "--host", str(folder), "--username", "xinhu", name], user)


def _run(command: list[str], user: str | None) -> None:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        user=user,
    )
    if done.returncode != 0:
        raise PostgresDidNotStart(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop at once, dropping connections (PostgreSQL's fast shutdown is SIGINT)."""
    if server.poll() is not None:
        return
    server.send_signal(2)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
