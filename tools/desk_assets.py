"""Copies the staff desk's style sheet, script and icons out of its npm packages.

Only what the pages load is copied, into backend/desk/static/vendor, which git
ignores. The icons named under `icons` in package.json become one SVG sprite:
`<svg><use href="…/vendor/icons.svg#clock"/></svg>`.
"""

import json
import re
import shutil
from pathlib import Path

from tools import node_env, precompress, stamps
from tools.places import DESK, DESK_STATIC, ROOT
from tools.shell import StepFailed, say

VENDOR = DESK_STATIC / "vendor"
COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    # reads QR codes at the door of a lecture; the first imports the second by this name
    "qr/decode.js": "qr/decode.js",
    "qr/index.js": "qr/index.js",
}
INNER_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
SOURCE_MAP_LINE = re.compile(rb"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*)\s*$")


def build() -> None:
    """Bring the desk's static files up to date, pre-compressed copies included."""
    node_env.install_packages(DESK)
    stamp = DESK / "node_modules" / ".xinhu-assets.stamp"
    if stamps.is_current(stamp, _wanted()) and VENDOR.is_dir():
        return
    say("Collecting the staff desk's style sheet, script and icons")
    stamps.clear(stamp)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    packages = DESK / "node_modules"
    for source, name in COPIES.items():
        content = _read(packages / source)
        # The map is not copied, so a link to it would only be a 404.
        copy = VENDOR / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(SOURCE_MAP_LINE.sub(b"\n", content))
    names = json.loads((DESK / "package.json").read_text())["icons"]
    (VENDOR / "icons.svg").write_text(sprite(packages / "@tabler/icons/icons/outline", names))
    precompress.precompress(DESK_STATIC)
    stamps.write(stamp, _wanted())


def sprite(folder: Path, names: list[str]) -> str:
    """Join single SVG icons into one file with a symbol for each name."""
    symbols = "\n".join(_symbol(folder, name) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(folder: Path, name: str) -> str:
    found = INNER_SVG.search(_read(folder / f"{name}.svg").decode())
    if found is None:
        raise StepFailed(f"The icon {name} is no SVG drawing.")
    lines = " ".join(found.group(1).split())
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{lines}</symbol>'
    )


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise StepFailed(f"{path.relative_to(ROOT)} is not in the desk's npm packages.")
    return path.read_bytes()


def _wanted() -> str:
    """Hash what goes in: the package list, this file, and our own style sheets and scripts."""
    own = [file for file in DESK_STATIC.rglob("*") if _is_own(file)]
    return stamps.digest(
        [DESK / "package.json", DESK / "package-lock.json", Path(__file__), *sorted(own)]
    )


def _is_own(file: Path) -> bool:
    return file.is_file() and VENDOR not in file.parents and file.suffix not in {".br", ".gz"}
