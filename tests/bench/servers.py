"""Servers to measure: granian with the product's own settings, each on its own database."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apiflask import APIFlask
from flask_migrate import upgrade

from backend.app import create_app
from backend.core import clock
from backend.core.actor import SYSTEM
from backend.core.db import db
from backend.identity import service as identity
from backend.identity.service import workers
from backend.serve.commands import web_command
from backend.serve.options import Options
from backend.settings import load
from tests.browser.server import free_port
from tools.places import ROOT

PASSWORD = "a bench password"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Installation:
    """A product database in a folder, and the app that can look into it."""

    folder: Path
    url: str | None
    app: APIFlask

    @property
    def variables(self) -> dict[str, str]:
        """What the server process needs to serve it."""
        named = {"XINHU_DEMO": "1", "XINHU_DATA_DIR": str(self.folder)}
        return named | ({"XINHU_DATABASE_URL": self.url} if self.url else {})

    def worker_token(self, number: int) -> str:
        """A session of a worker."""
        with self.app.app_context():
            return workers.open_for_phone(f"138{number:08d}", "安卓手机", clock.now()).token

    def staff_token(self) -> str:
        """A session at the desk of an inspector who is also the unit's head."""
        with self.app.app_context():
            identity.create_staff(
                username="bench", name="测速", roles=["inspector", "unit_head"], unit="监察一中队",
                password=PASSWORD, actor=SYSTEM, now=clock.now(),
            )  # fmt: skip
            return identity.sign_in_staff("bench", PASSWORD, "电脑", clock.now()).token


def install(folder: Path, url: str | None = None) -> Installation:
    """An empty product database at the newest schema (SQLite unless a URL is given)."""
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(load(demo=True, data_dir=folder, database_url=url))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return Installation(folder, url, app)


@contextmanager
def serving(variables: dict[str, str], *, is_sqlite: bool, app: str | None = None) -> Iterator[int]:
    """Run the product's web command (or the same for another app); yields the port."""
    port = free_port()
    command = web_command(
        Options(is_demo=True, host="127.0.0.1", port=port, data_dir=None), is_sqlite=is_sqlite
    )
    if app is not None:
        command[-1] = app
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with _DIRECT.open(f"http://127.0.0.1:{port}/", timeout=2):
                return
        except urllib.error.HTTPError:
            return  # it answers, though not at this address
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server to measure did not start")
