"""The staff desk in Chromium: a case from the window to approval, by mouse and by keyboard."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from werkzeug.serving import make_server

from tests.factories.identity import PASSWORD, make_staff
from tools import browser
from tools.places import ROOT

JOURNEY = Path(__file__).with_name("desk.mjs")
PEOPLE = {
    "clerk": ("clerk", "冯窗口"),
    "inspector": ("inspector", "何志远"),
    "second": ("inspector", "林秀珍"),
    "head": ("unit_head", "梁伟强"),
}


@pytest.fixture
def address(app: APIFlask) -> Iterator[str]:
    """The desk served on a free port of this machine, with four people who can sign in."""
    with app.app_context():
        for username, (role, name) in PEOPLE.items():
            make_staff(role, username=username, name=name)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.slow
def test_the_desk_works_is_accessible_and_keeps_its_policy(address: str) -> None:
    chromium, node = browser.find(), shutil.which("node")
    if chromium is None or node is None:
        pytest.fail("needs Chromium and Node.js: run `make test`, which installs them")
    run = subprocess.run(
        [node, str(JOURNEY)],
        env={
            **os.environ,
            "BASE": address,
            "CHROMIUM": str(chromium),
            "PACKAGES": str(ROOT / "miniprogram" / "package.json"),
            "PASSWORD": PASSWORD,
        },
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    report: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    assert report["faults"] == []
    assert report["sideways"] == []
    assert report["refused"] == []
    assert report["pages"] >= 12
    assert report["done"] == [
        "filed",
        "confirmed",
        "second",
        "previewed",
        "asked",
        "approved",
        "keys",
    ]
