"""Stored files: whole or not there."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from backend.core import files
from backend.core.errors import NotFound


def test_a_file_is_read_back_and_removed(in_app: APIFlask) -> None:
    files.put("evidence/1/a", b"\x00photo")
    assert files.get("evidence/1/a") == b"\x00photo"
    files.remove(["evidence/1/a", "evidence/1/never-there"])
    with pytest.raises(NotFound):
        files.get("evidence/1/a")


def test_free_space_is_known_for_the_local_folder(in_app: APIFlask) -> None:
    free = files.free_bytes(in_app.config["SETTINGS"])
    assert free is not None and free > 0
    remote = in_app.config["SETTINGS"].model_copy(update={"storage_url": "s3://bucket"})
    assert files.free_bytes(remote) is None
