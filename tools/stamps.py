"""Remembers which inputs a finished step saw, so that a second start can skip it.

A stamp is written last and removed first: a step that was broken off leaves no
stamp and is done again. It lies inside what the step made, so deleting the
result (say, node_modules) deletes the stamp with it.
"""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.places import ROOT

IGNORED_FOLDERS = frozenset({"node_modules", "dist", "__pycache__", ".git"})


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return one hash over the contents of files and folders (a missing one counts too)."""
    total = hashlib.sha256()
    for word in (*words, sys.version.split()[0]):
        total.update(word.encode() + b"\0")
    for path in paths:
        for file in _files(path):
            total.update(
                str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file).encode()
            )
            total.update(b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Tell whether the step behind this stamp was finished for exactly these inputs."""
    return stamp.is_file() and stamp.read_text().strip() == wanted


def clear(stamp: Path) -> None:
    """Forget a step before doing it again."""
    stamp.unlink(missing_ok=True)


def write(stamp: Path, value: str) -> None:
    """Record that a step is finished."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    part = stamp.with_name(stamp.name + ".part")
    part.write_text(value + "\n")
    part.replace(stamp)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        return []
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and not IGNORED_FOLDERS.intersection(file.relative_to(path).parts)
    )
