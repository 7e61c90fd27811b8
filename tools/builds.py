"""Builds the web page and the mini-program, skipping a build whose sources did not change."""

import os
import shutil
from pathlib import Path

from tools import node_env, precompress, stamps
from tools.places import H5_BUILD, MINIPROGRAM, MP_BUILD, ROOT
from tools.shell import StepFailed, say

SOURCE_NAMES = ("src", "package.json", "package-lock.json", "index.html", "scripts")


def build_web_page() -> None:
    """Build the `h5` web page that Flask serves, with .br and .gz beside each text file."""
    if _build("h5", H5_BUILD, entry="index.html"):
        precompress.precompress(H5_BUILD)
        _stamp_write("h5")


def build_mini_program() -> None:
    """Build the `mp-weixin` package that WeChat DevTools opens."""
    if _build("mp-weixin", MP_BUILD, entry="app.json"):
        _stamp_write("mp-weixin")


def _build(target: str, result: Path, *, entry: str) -> bool:
    """Build one target; return False when the last build is still right."""
    node_env.install_packages(MINIPROGRAM)
    if stamps.is_current(_stamp(target), _wanted(target)) and (result / entry).is_file():
        return False
    say(f"Building the mini-program for {target}")
    stamps.clear(_stamp(target))
    shutil.rmtree(result, ignore_errors=True)
    node_env.npm_run(MINIPROGRAM, f"build:{target}")
    if not (result / entry).is_file():
        raise StepFailed(f"The {target} build left no {(result / entry).relative_to(ROOT)}.")
    return True


def _stamp(target: str) -> Path:
    return MINIPROGRAM / "dist" / f".{target}.stamp"


def _stamp_write(target: str) -> None:
    stamps.write(_stamp(target), _wanted(target))


def _wanted(target: str) -> str:
    """Hash what the build reads: sources, settings files, and the address it calls."""
    settings = sorted(MINIPROGRAM.glob("*.ts")) + sorted(MINIPROGRAM.glob(".env*"))
    tsconfig = sorted(MINIPROGRAM.glob("tsconfig*.json"))
    sources = [MINIPROGRAM / name for name in SOURCE_NAMES]
    return stamps.digest([*sources, *settings, *tsconfig], target, *_build_variables())


def _build_variables() -> list[str]:
    return sorted(f"{name}={text}" for name, text in os.environ.items() if name.startswith("VITE_"))
