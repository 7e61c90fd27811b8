"""`python -m tests.bench`: measure everything and rewrite docs/benchmarks.md (about 8 minutes)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TypeVar

from tests.bench import booking, faq, filing, lecture_lists, lists, report, weight
from tools import postgres_binaries

Result = TypeVar("Result")


def main() -> int:
    """Measure, write the page, and return 1 when a ceiling was not met."""
    postgres_binaries.ensure()
    with tempfile.TemporaryDirectory(prefix="xinhu-bench-") as name:
        folder = Path(name)
        results = report.Results(
            sqlite=_said(filing.on_sqlite(folder)),
            postgres=_said(filing.on_postgres(folder)),
            lists=_said(lists.measure(folder / "lists")),
            booking=_said(booking.on_sqlite(folder)),
            booking_postgres=_said(booking.on_postgres(folder)),
            lecture_lists=_said(lecture_lists.measure(folder / "lectures")),
            package=_said(weight.package()),
            pages=_said(weight.lighthouse()),
            faq=_said(faq.measure()),
        )
    report.write(results)
    short = report.missed(results)
    print(f"Not met: {', '.join(short)}" if short else "All ceilings met.", flush=True)
    return 1 if short else 0


def _said(result: Result) -> Result:
    print(result, flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
