"""Years of the working-day calendar imported after our release, live in every process."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from backend.law.workdays import Calendar, use_calendar
from backend.law.yearfile import read_year
from backend.settings import Settings

CHECK_EVERY_S = 30.0


class CalendarWatch:
    """Loads imported years at start and again when the folder changes."""

    def __init__(self, settings: Settings) -> None:
        self.folder = Path(settings.data_dir) / "calendar"
        self._seen: tuple[tuple[str, int], ...] = ()
        self._checked_at = 0.0

    def refresh(self, *, is_forced: bool = False) -> bool:
        """Load the folder again if it changed; looks at most every half minute."""
        at = time.monotonic()
        if not is_forced and at - self._checked_at < CHECK_EVERY_S:
            return False
        self._checked_at = at
        found = self._files()
        if found == self._seen:
            return False
        self._seen = found
        use_calendar(Calendar.load([self.folder]))
        return True

    def _files(self) -> tuple[tuple[str, int], ...]:
        if not self.folder.is_dir():
            return ()
        return tuple(sorted((f.name, f.stat().st_mtime_ns) for f in self.folder.glob("*.yaml")))


def import_year(settings: Settings, file: Path) -> int:
    """Check a year's file and put it in place; returns the year. CalendarError when it is wrong."""
    year = read_year(file).year
    folder = Path(settings.data_dir) / "calendar"
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{year}.partial"
    shutil.copyfile(file, partial)
    partial.replace(folder / f"{year}.yaml")  # atomic: no process reads half a file
    return year
