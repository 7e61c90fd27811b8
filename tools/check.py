"""Runs the quick checks one after another and names every one that failed.

The test run calls it too, so both mean the same by "checked".
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from tools import api_types, node_env
from tools.places import MINIPROGRAM, ROOT, VENV
from tools.shell import StepFailed, run_openly, say

PROGRAMS = VENV / "bin"


@dataclass(frozen=True)
class Check:
    """One quick check: its name and how to run it (0 means passed)."""

    name: str
    run: Callable[[], int]


def checks() -> list[Check]:
    """List the checks that apply to what this repository holds today."""
    listed = [
        _program("ruff", "ruff", "check", "--quiet", "."),
        _program("format", "ruff", "format", "--check", "--quiet", "."),
        # Its cache goes by time stamps and has missed a violation.
        _program("import rules", "lint-imports", "--no-cache"),
        _program("types", "mypy"),
    ]
    if (ROOT / "faq").is_dir():
        listed.append(_program("FAQ content", "python", "-m", "faq", "check"))
    if api_types.DOCUMENT.is_file():
        listed.append(Check("API files are fresh", lambda: api_types.main(["--check"])))
    listed.append(Check("vue-tsc", lambda: node_env.npm_run_openly(MINIPROGRAM, "type-check")))
    return listed


def run_all() -> list[str]:
    """Run every check and return the names of those that failed."""
    failed = []
    for check in checks():
        say(f"check: {check.name}")
        if check.run() != 0:
            failed.append(check.name)
    return failed


def _program(name: str, program: str, *words: str) -> Check:
    return Check(name, lambda: run_openly([PROGRAMS / program, *words]))


def main() -> int:
    """Run the checks; return 1 when one failed or could not be run."""
    try:
        failed = run_all()
    except StepFailed as failure:
        print(f"\nChecks stopped: {failure}", file=sys.stderr)
        return 1
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
