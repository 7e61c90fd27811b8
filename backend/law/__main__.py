"""The law room on the command line: worked cases, the kind of a day, a statutory due date."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from backend.law.cases import run_cases
from backend.law.days import zh_date
from backend.law.deadlines import CLOCKS, due
from backend.law.workdays import default_calendar

_FAILED, _UNUSABLE = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when a case failed, 2 when the input is unusable."""
    options = _parser().parse_args(argv)
    try:
        if options.command == "cases":
            return _cases(options.file)
        if options.command == "day":
            return _day(options.on)
        return _due(options.key, options.start, options.extensions)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend.law", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    cases = commands.add_parser("cases", help="run worked cases from a file of JSON lines")
    cases.add_argument("file", type=Path)
    day = commands.add_parser("day", help="tell what kind of day a date is")
    day.add_argument("on", type=date.fromisoformat, metavar="DATE")
    limit = commands.add_parser("due", help="tell the last day of a statutory limit")
    limit.add_argument("key", choices=sorted(CLOCKS))
    limit.add_argument("start", type=date.fromisoformat, metavar="START")
    limit.add_argument("--extensions", type=int, default=0, help="approved extensions")
    return parser


def _cases(path: Path) -> int:
    # utf-8-sig: a file saved by a Windows editor begins with a mark that is no part of a case.
    # split("\n") and not splitlines(): JSON text may hold other line separators unescaped.
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not a UTF-8 text file: {error}") from error
    report = run_cases(text.split("\n"))
    for failure in report.failures:
        print(failure)
    print(report.summary)
    return _FAILED if report.failures else 0


def _day(on: date) -> int:
    calendar = default_calendar()
    kind = calendar.day_type(on)
    name = calendar.holiday_name(on) or ("调休上班" if calendar.is_makeup_workday(on) else "")
    note = "" if calendar.is_published(on) else " provisional"
    print(" ".join(filter(None, (zh_date(on), kind.value, kind.multiplier, name))) + note)
    return 0


def _due(key: str, start: date, extensions: int) -> int:
    result = due(key, start, extensions=extensions)
    print(result.due, "provisional" if result.is_provisional else "certain")
    print(result.explanation)
    return 0


if __name__ == "__main__":
    sys.exit(main())
