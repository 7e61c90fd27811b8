"""What comes from outside is pinned by hash, and nothing names where it comes from."""

from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.sources import repository_files, text_of

BINARY = frozenset({".png", ".jpg", ".jpeg", ".ico", ".webp", ".heic", ".pdf", ".woff2", ".mp3"})
PYTHON_LOCKS = [file for file in repository_files() if file.match("requirements*.txt")]
NPM_LOCKS = [file for file in repository_files() if file.name == "package-lock.json"]
NPM_FOLDERS = [file.parent for file in repository_files() if file.name == "package.json"]


def test_no_file_names_a_registry_mirror_or_cdn() -> None:
    faults = {
        str(file): found
        for file in repository_files()
        if file.suffix not in BINARY and (found := rules.remote_hosts(text_of(file)))
    }
    assert faults == {}


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=str)
def test_python_packages_are_pinned_with_hashes(lock: Path) -> None:
    assert rules.unpinned_requirements(text_of(lock)) == []


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=str)
def test_npm_packages_are_hashed_and_carry_no_address(lock: Path) -> None:
    assert rules.npm_lock_addresses(text_of(lock)) == []
    assert rules.npm_lock_unhashed(text_of(lock)) == []


@pytest.mark.parametrize("folder", NPM_FOLDERS, ids=str)
def test_every_npm_folder_is_locked(folder: Path) -> None:
    assert folder / "package-lock.json" in NPM_LOCKS


def test_both_kinds_of_lock_are_there() -> None:
    assert {lock.name for lock in PYTHON_LOCKS} >= {"requirements.txt", "requirements-dev.txt"}
    assert NPM_LOCKS != []
