"""Runs commands for the set-up steps: quiet when they work, full output when they do not."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.places import ROOT


class StepFailed(Exception):
    """A set-up step could not be done; the message says what happened and what to do."""


def say(text: str) -> None:
    """Print one progress line at once, also when the output goes to a file."""
    print(f"==> {text}", flush=True)


def run_quietly(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    hint: str = "",
) -> None:
    """Run a command showing nothing; raise StepFailed with its whole output when it fails."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except FileNotFoundError as missing:
        raise StepFailed(f"{words[0]} is not installed. {hint}".strip()) from missing
    if done.returncode != 0:
        sys.stdout.write(done.stdout)
        sys.stdout.flush()
        raise StepFailed(f"`{' '.join(words)}` ended with {done.returncode}. {hint}".strip())


def run_openly(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> int:
    """Run a command with its output on the screen and return its exit code."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    try:
        return subprocess.run(
            words, cwd=cwd, env=_environment(env), stdin=subprocess.DEVNULL
        ).returncode
    except FileNotFoundError as missing:
        raise StepFailed(f"{words[0]} is not installed.") from missing


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(extra or {})}
