"""Installs Debian packages where that is allowed: as root, or with a sudo that asks nothing."""

import os
import shutil
import subprocess
from functools import cache

from tools.shell import run_quietly, say


def can_install() -> bool:
    """Tell whether this is a Debian-like machine on which we may install packages."""
    return shutil.which("apt-get") is not None and _prefix() is not None


def install(*packages: str) -> None:
    """Install Debian packages; raises StepFailed when apt-get fails or is not allowed."""
    say(f"Installing Debian packages: {' '.join(packages)}")
    _update_lists()
    _apt_get("install", "--yes", "--no-install-recommends", *packages)


@cache
def _update_lists() -> None:
    """Fetch the package lists once a run; a fresh machine has none."""
    _apt_get("update", "--quiet")


def _apt_get(*words: str) -> None:
    prefix = _prefix() or []
    run_quietly(
        [*prefix, "apt-get", *words],
        env={"DEBIAN_FRONTEND": "noninteractive"},
        hint="Install the packages by hand and run the command again.",
    )


@cache
def _prefix() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asked = subprocess.run([sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True)
    return [sudo, "-n"] if asked.returncode == 0 else None
