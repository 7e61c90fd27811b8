"""Writes .br and .gz copies beside text files, which the server hands out as they are.

Brotli is taken from .venv, so the work is done by the Python there; this module
starts that Python when it is itself run by the machine's own.
"""

import argparse
import gzip
import importlib
import sys
from pathlib import Path

from tools.places import VENV_PYTHON
from tools.shell import run_quietly

TEXT_SUFFIXES = frozenset({".html", ".js", ".mjs", ".css", ".svg", ".json", ".map", ".txt", ".xml"})
# Below this a compressed copy saves less than the header it costs.
SMALLEST_BYTES = 512


def precompress(folder: Path) -> None:
    """Compress a folder with the Python of .venv, where brotli is installed."""
    run_quietly([VENV_PYTHON, "-m", "tools.precompress", folder])


def compress_folder(folder: Path) -> int:
    """Write fresh .br and .gz copies for every text file; return how many files were done."""
    brotli = importlib.import_module("brotli")
    for old in [*folder.rglob("*.br"), *folder.rglob("*.gz")]:
        old.unlink()
    done = 0
    for file in sorted(folder.rglob("*")):
        if not is_worth_compressing(file):
            continue
        content = file.read_bytes()
        _write_beside(file, ".br", brotli.compress(content, quality=11))
        _write_beside(file, ".gz", gzip.compress(content, compresslevel=9, mtime=0))
        done += 1
    return done


def is_worth_compressing(file: Path) -> bool:
    """Tell whether a file is text and large enough that a compressed copy helps."""
    return file.suffix in TEXT_SUFFIXES and file.is_file() and file.stat().st_size >= SMALLEST_BYTES


def _write_beside(file: Path, suffix: str, content: bytes) -> None:
    file.with_name(file.name + suffix).write_bytes(content)


def main(arguments: list[str]) -> int:
    """Compress the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.precompress", description=__doc__)
    parser.add_argument("folder", type=Path)
    compress_folder(parser.parse_args(arguments).folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
