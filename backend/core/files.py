"""Stored files: a local folder by default, S3 where one is set; the same calls for both."""

from __future__ import annotations

import shutil
from pathlib import Path

import obstore
from flask import Flask, current_app
from obstore.store import LocalStore, S3Store

from backend.core.errors import NotFound
from backend.settings import Settings

Store = LocalStore | S3Store


def init(app: Flask, settings: Settings) -> None:
    """Open the store of this installation."""
    app.extensions["files"] = _open(settings)


def _open(settings: Settings) -> Store:
    if settings.storage_url:
        return S3Store.from_url(settings.storage_url)
    folder = Path(settings.data_dir) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(str(folder.resolve()))


def _store() -> Store:
    store: Store = current_app.extensions["files"]
    return store


def put(path: str, data: bytes) -> None:
    """Write a file whole; OSError when the disk is full (then nothing is left half-written)."""
    try:
        obstore.put(_store(), path, data)
    except obstore.exceptions.BaseError as error:
        raise OSError(f"cannot store {path}") from error


def get(path: str) -> bytes:
    """Read a file whole; NotFound when it is not there."""
    try:
        return bytes(obstore.get(_store(), path).bytes())
    except FileNotFoundError as error:
        raise NotFound("这个文件不在了。", code="file_gone") from error


def remove(paths: list[str]) -> None:
    """Delete files; one that is already gone is no error."""
    for path in paths:
        try:
            obstore.delete(_store(), path)
        except FileNotFoundError:
            continue


def free_bytes(settings: Settings) -> int | None:
    """Free space of the local data folder, or None when files live in S3."""
    if settings.storage_url:
        return None
    return shutil.disk_usage(settings.data_dir).free
