"""Makes .venv and installs the locked Python packages into it."""

import shutil
import sys

from tools import stamps
from tools.places import ROOT, VENV, VENV_PYTHON
from tools.shell import StepFailed, run_quietly, say

OLDEST_PYTHON = (3, 11)
MISSING_VENV = (
    "Python could not make a virtual environment. "
    "On Debian or Ubuntu: apt-get install python3-venv, then run make again."
)


def ensure_venv() -> None:
    """Make .venv when it is missing or was left half made or belongs to a removed Python."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise StepFailed(f"Python 3.11 or newer is needed; this is {found}.")
    if _is_working():
        return
    say("Making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    run_quietly([sys.executable, "-m", "venv", VENV], hint=MISSING_VENV)


def install(lock_name: str) -> None:
    """Install one locked requirements file into .venv, unless it is already there.

    The lock holds everything, so pip resolves nothing: older pips try the newest release of a
    package another one asks for with an extra, and stop because the lock has no hash for it.
    """
    lock = ROOT / lock_name
    stamp = VENV / f".{lock.stem}.stamp"
    wanted = stamps.digest([lock], str(VENV))
    if stamps.is_current(stamp, wanted):
        return
    say(f"Installing Python packages of {lock_name}")
    stamps.clear(stamp)
    run_quietly(
        [
            *(VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-input", "--no-deps", "--require-hashes", "-r", lock),
        ],
        hint="Is the package index reachable?",
    )
    run_quietly(
        [VENV_PYTHON, "-m", "pip", "check", "--disable-pip-version-check"],
        hint=f"Is {lock_name} complete? make lock renews it.",
    )
    stamps.write(stamp, wanted)


def _is_working() -> bool:
    if not VENV_PYTHON.exists() or not (VENV / "bin" / "pip").exists():
        return False
    try:
        run_quietly([VENV_PYTHON, "-c", "import pip"])
    except (StepFailed, OSError):
        return False
    return True
