"""Names the folders and files that the set-up steps read and write."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
MINIPROGRAM = ROOT / "miniprogram"
H5_BUILD = MINIPROGRAM / "dist" / "build" / "h5"
MP_BUILD = MINIPROGRAM / "dist" / "build" / "mp-weixin"
DESK = ROOT / "backend" / "desk"
DESK_STATIC = DESK / "static"
BROWSER_TESTS = ROOT / "tests" / "browser"
