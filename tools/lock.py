"""Renews the lock files: Python packages with hashes, npm packages without addresses.

A version already in a lock is kept while it still fits; `--upgrade` renews all.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tools import node_env
from tools.places import BROWSER_TESTS, DESK, MINIPROGRAM, ROOT, VENV
from tools.shell import StepFailed, run_quietly, say

# In this order: the later ones are held to the versions of the first.
REQUIREMENTS = ("requirements", "requirements-dev", "requirements-node", "requirements-postgres")
NPM_FOLDERS = (MINIPROGRAM, DESK, BROWSER_TESTS, ROOT / "tools" / "chromium")
NO_ADDRESSES = "omit-lockfile-registry-resolved=true\n"


def lock_python(*, is_upgrade: bool) -> None:
    """Compile every requirements*.in into its .txt with hashes."""
    for name in REQUIREMENTS:
        say(f"Locking {name}.txt")
        run_quietly(
            [
                *(VENV / "bin" / "uv", "pip", "compile", "--quiet", "--generate-hashes"),
                *("--universal", "--python-version", "3.11", "--no-header"),
                *("--no-emit-index-url", "--no-emit-find-links"),
                *(["--upgrade"] if is_upgrade else []),
                *(f"{name}.in", "--output-file", f"{name}.txt"),
            ],
            cwd=ROOT,
        )


def lock_npm(*, is_upgrade: bool) -> None:
    """Renew every package-lock.json, keeping download addresses out of it."""
    for folder in NPM_FOLDERS:
        if (folder / "package.json").is_file():
            say(f"Locking npm packages of {folder.relative_to(ROOT)}")
            _lock_npm_folder(folder, is_upgrade=is_upgrade)


def _lock_npm_folder(folder: Path, *, is_upgrade: bool) -> None:
    """Lock in an empty folder: beside node_modules npm leaves hashes out of the lock."""
    (folder / ".npmrc").write_text(NO_ADDRESSES)
    with tempfile.TemporaryDirectory(prefix="xinhu-lock-") as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            if (folder / file).is_file():
                shutil.copy(folder / file, work)
        words = ["update" if is_upgrade else "install", "--package-lock-only"]
        run_quietly(["npm", *words], cwd=work, env=node_env.environment())
        shutil.copy(work / "package-lock.json", folder)


def main(arguments: list[str]) -> int:
    """Renew all lock files; return 1 with a plain sentence when one cannot be made."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    is_upgrade = parser.parse_args(arguments).upgrade
    try:
        lock_python(is_upgrade=is_upgrade)
        lock_npm(is_upgrade=is_upgrade)
    except StepFailed as failure:
        print(f"\nLocking stopped: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
