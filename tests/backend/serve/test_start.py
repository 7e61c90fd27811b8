"""The start command as a person uses it: a fresh folder, a ready demo, a clean stop."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 90.0
RESTART_SECONDS = 30.0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Started:
    """A running start command and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.output = ""
        self.is_ready = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if "Ctrl-C stops it." in line:
                self.is_ready.set()
        self.is_ready.set()

    def get(self, path: str) -> bytes:
        """Return the body of a page."""
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=20) as answer:
            body: bytes = answer.read()
        return body

    def stop(self) -> int:
        """Stop as Ctrl-C does and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=40)
        self._reader.join(timeout=10)
        return code


@contextmanager
def started(folder: Path, *words: str) -> Iterator[Started]:
    """Start the service over a data folder and wait until it is ready or has ended."""
    port = free_port()
    kept = {name: text for name, text in os.environ.items() if not name.startswith("XINHU_")}
    command = [sys.executable, "-m", "backend.serve", "--port", str(port), "--data", str(folder)]
    with subprocess.Popen(
        [*command, *words],
        cwd=ROOT,
        env={**kept, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        service = Started(process, port)
        try:
            service.is_ready.wait(START_SECONDS)
            yield service
        finally:
            if process.poll() is None:
                service.stop()


def web_process(service: Started) -> int | None:
    """Return the process id of the web server among the start command's children."""
    pid = service.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return next((int(child) for child in children if "granian" in command_of(child)), None)


def command_of(pid: str) -> str:
    """Return a process's command line, empty when it has just gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def has_new_web_process(service: Started, old: int) -> bool:
    """Tell whether another web process than the old one answers."""
    if web_process(service) in {None, old}:
        return False
    try:
        return bool(service.get("/healthz"))
    except OSError:
        return False


def is_well(service: Started) -> bool:
    """Tell whether the service becomes healthy: its first jobs end a little after it answers."""
    until = time.monotonic() + RESTART_SECONDS
    while time.monotonic() < until:
        try:
            return bool(service.get("/healthz"))
        except OSError:
            threading.Event().wait(0.3)
    return False


@pytest.mark.slow
def test_a_demo_starts_from_nothing_stops_cleanly_and_starts_again(tmp_path: Path) -> None:
    with started(tmp_path, "--demo") as first:
        assert f"http://127.0.0.1:{first.port}/desk/" in first.output, first.output
        assert "演示账号" in first.output
        assert is_well(first)
        assert first.stop() == 0
    with started(tmp_path, "--demo") as second:
        assert is_well(second)
        assert second.stop() == 0


@pytest.mark.slow
def test_a_killed_web_process_comes_back(tmp_path: Path) -> None:
    with started(tmp_path, "--demo") as service:
        assert is_well(service)
        first = web_process(service)
        assert first is not None
        os.kill(first, signal.SIGTERM)
        until = time.monotonic() + RESTART_SECONDS
        while time.monotonic() < until and not has_new_web_process(service, first):
            threading.Event().wait(0.2)
        assert has_new_web_process(service, first)
        assert re.search(r"web ended with .* starting it again", service.output)


@pytest.mark.slow
def test_a_real_start_without_secrets_names_all_of_them_at_once(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        assert service.process.wait(timeout=30) == 1
    for name in ("BUREAU_FILE", "SESSION_KEY", "FIELD_KEY", "INDEX_KEY", "AUDIT_KEY"):
        assert f"XINHU_{name}" in service.output
    assert list(tmp_path.iterdir()) == []
