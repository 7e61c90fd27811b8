"""Regenerates backend/openapi.json and the mini-program's types from the running code.

`--check` writes nothing and fails when the committed files are out of date.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import node_env
from tools.places import MINIPROGRAM, ROOT, VENV
from tools.shell import StepFailed, run_quietly

DOCUMENT = ROOT / "backend" / "openapi.json"
TYPES = MINIPROGRAM / "src" / "api" / "api.gen.d.ts"


def generate(folder: Path) -> dict[Path, Path]:
    """Write both files into a folder; return where each of them belongs."""
    document, types = folder / DOCUMENT.name, folder / TYPES.name
    document.write_text(_openapi(folder))
    program = MINIPROGRAM / "node_modules" / ".bin" / "openapi-typescript"
    run_quietly(
        [program, document, "--default-non-nullable=false", "--output", types],
        cwd=MINIPROGRAM,
        env=node_env.environment(),
        hint="openapi-typescript belongs to miniprogram/package.json.",
    )
    return {document: DOCUMENT, types: TYPES}


def _openapi(folder: Path) -> str:
    """Ask the application for its document; only its standard output is the document."""
    done = subprocess.run(
        [VENV / "bin" / "flask", "--app", "backend.app", "openapi"],
        cwd=ROOT,
        env={**os.environ, "XINHU_DEMO": "1", "XINHU_DATA_DIR": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise StepFailed(f"`flask openapi` failed:\n{done.stderr}")
    return done.stdout.rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the files, or with --check tell whether they are up to date."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.api_types", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    is_check = parser.parse_args(arguments).check
    try:
        with tempfile.TemporaryDirectory(prefix="xinhu-api-") as name:
            stale = [
                place
                for made, place in generate(Path(name)).items()
                if _put(made, place, is_check=is_check)
            ]
    except StepFailed as failure:
        print(f"\nStopped: {failure}", file=sys.stderr)
        return 1
    for place in stale:
        print(f"{'out of date' if is_check else 'written'}: {place.relative_to(ROOT)}")
    return 1 if stale and is_check else 0


def _put(made: Path, place: Path, *, is_check: bool) -> bool:
    """Return whether the file differs; write it unless only checking."""
    fresh = made.read_bytes()
    if place.is_file() and place.read_bytes() == fresh:
        return False
    if not is_check:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(fresh)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
