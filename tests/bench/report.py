"""Writes docs/benchmarks.md: when, where, how, and every number beside its ceiling."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench import booking
from tests.bench.faq import FaqResults
from tests.bench.filing import CLIENTS, SECONDS, TURNS, Compared
from tests.bench.lists import Grown
from tests.bench.weight import Package, Verdict
from tools.places import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
RATE_AT_LEAST, P99_AT_MOST = 0.40, 2.5
BOOKING_RATE_AT_LEAST = 0.45
GROWTH_AT_MOST = 1.5
FAQ_MEMORY_MB = 120
FIRST_LOAD_BYTES, PACKAGE_BYTES = 120 * 1024, 400 * 1024
PERFORMANCE_AT_LEAST, ACCESSIBILITY_AT_LEAST = 90, 100


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one run measured."""

    sqlite: Compared
    postgres: Compared
    lists: list[Grown]
    booking: Compared
    booking_postgres: Compared
    lecture_lists: list[Grown]
    package: Package
    pages: list[Verdict]
    faq: FaqResults


def write(results: Results) -> None:
    """Replace the page by this run's numbers."""
    parts = (
        _head(),
        _filing(results),
        _lists(results),
        _booking(results),
        _lecture_lists(results),
        faq_part(results.faq),
        _weight(results),
    )
    PAGE.write_text("\n".join(line for part in parts for line in part))


def missed(results: Results) -> list[str]:
    """The ceilings that this run did not meet, in words."""
    home = results.pages[0]
    checks = {
        "filing, requests a second": results.sqlite.rate_ratio >= RATE_AT_LEAST,
        "filing, p99": results.sqlite.p99_ratio <= P99_AT_MOST,
        "filing, failures": results.sqlite.failed + results.postgres.failed == 0,
        "booking, requests a second": results.booking.rate_ratio >= BOOKING_RATE_AT_LEAST,
        "booking, p99": results.booking.p99_ratio <= P99_AT_MOST,
        "booking, failures": results.booking.failed + results.booking_postgres.failed == 0,
        "first load": home.wire_bytes <= FIRST_LOAD_BYTES,
        "mini-program package": results.package.main_bytes <= PACKAGE_BYTES,
    }
    checks |= _faq_checks(results.faq)
    for grown in [*results.lists, *results.lecture_lists]:
        checks[f"{grown.name}, p95"] = grown.ratio <= GROWTH_AT_MOST
        checks[f"{grown.name}, queries"] = grown.few_queries == grown.many_queries
    for page in results.pages:
        checks[f"{page.name}, performance"] = page.performance >= PERFORMANCE_AT_LEAST
        checks[f"{page.name}, accessibility"] = page.accessibility >= ACCESSIBILITY_AT_LEAST
    return [name for name, is_met in checks.items() if not is_met]


def _head() -> Iterator[str]:
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    yield from (
        "# Benchmarks",
        "",
        f"Measured {today} by `make bench`, which rewrites this page. Machine: {_processor()}, "
        f"{os.cpu_count()} cores, {memory} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}. Read the ratios: both sides of each were taken in "
        "one run, in turns.",
        "",
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _filing(results: Results) -> Iterator[str]:
    yield from (
        "## Filing a complaint over HTTP",
        f"Signed in, with audit event, clock and outbox, against a bare Flask-SQLAlchemy endpoint "
        f"that does one ORM insert: granian as `make run` starts it, {CLIENTS} clients, "
        f"{SECONDS:g} s a turn, medians of {TURNS} turns.",
        "",
    )
    yield from _compared("filing", RATE_AT_LEAST, (results.sqlite, results.postgres))


def _booking(results: Results) -> Iterator[str]:
    yield from (
        "## Booking a lecture over HTTP",
        "Each request another signed-in worker, all at one lecture, with audit event and outbox, "
        "against a bare endpoint with the two statements alone (insert the seat or do nothing, "
        f"then take one where some are left): {booking.CLIENTS} clients, {booking.SECONDS:g} s a "
        f"turn, medians of {booking.TURNS} turns.",
        "",
    )
    both = (results.booking, results.booking_postgres)
    yield from _compared("booking", BOOKING_RATE_AT_LEAST, both)


def _compared(name: str, at_least: float, rows: tuple[Compared, ...]) -> Iterator[str]:
    yield from (
        f"| database | {name}/s | bare/s | ratio (≥ {at_least:.0%}) | p99 | bare p99 "
        f"| ratio (≤ {P99_AT_MOST}) | failed |",
        "|---|---|---|---|---|---|---|---|",
    )
    for one in rows:
        yield (
            f"| {one.database} | {one.filing.per_second:.0f} | {one.bare.per_second:.0f} "
            f"| {one.rate_ratio:.0%} | {one.filing.p99_ms:.0f} ms | {one.bare.p99_ms:.0f} ms "
            f"| {one.p99_ratio:.2f} | {one.failed} |"
        )
    yield from ("", "The ceilings hold for SQLite; PostgreSQL is reported.", "")


def _lists(results: Results) -> Iterator[str]:
    yield from (
        "## Lists with 100 and with 100,000 complaints",
        "SQLite, one client; 8% of the 100,000 are open, and enough of the 100 that both queues "
        "show a full page of fifty.",
        "",
    )
    yield from _grown("with 100", "with 100,000", results.lists)


def _lecture_lists(results: Results) -> Iterator[str]:
    yield from (
        "## Lists with 50 lectures and 500 bookings, and with 5,000 and 500,000",
        "SQLite, one client; the measured pages are full at both sizes.",
        "",
    )
    yield from _grown("few", "many", results.lecture_lists)


def _grown(few: str, many: str, rows: list[Grown]) -> Iterator[str]:
    yield from (
        f"| list | p95 {few} | p95 {many} | ratio (≤ {GROWTH_AT_MOST}) | queries |",
        "|---|---|---|---|---|",
    )
    for one in rows:
        yield (
            f"| {one.name} | {one.few_ms:.1f} ms | {one.many_ms:.1f} ms | {one.ratio:.2f} "
            f"| {one.few_queries} and {one.many_queries} |"
        )
    yield ""


def _faq_checks(found: FaqResults) -> dict[str, bool]:
    ours, rival = found.today[0], found.today[1]
    ten, hundred = (found.large[size] for size in sorted(found.large))
    return {
        "FAQ p50 today": ours.p50_us <= 6 * rival.p50_us,
        "FAQ p99 today": ours.p99_us <= 20 * rival.p50_us,
        "FAQ p50 at 100,000": hundred[0].p50_us <= hundred[1].p50_us,
        "FAQ growth": hundred[0].p50_us <= GROWTH_AT_MOST * ten[0].p50_us,
        "FAQ memory": found.memory_mb <= FAQ_MEMORY_MB,
    }


def faq_part(found: FaqResults) -> Iterator[str]:
    """The question bot's part of the page."""
    yield from (
        "## The question bot",
        "The whole decision beside what others need for a search alone: the same phrasings and "
        "the project's own questions, CPU time of one question, medians of five rounds. Today: "
        "p50 at most 6 times tantivy's, p99 at most 20 times tantivy's p50. At 100,000 synthetic "
        "phrasings: p50 at most tantivy's, and at most 1.5 times that at 10,000.",
        "",
        "| phrasings | who | p50 | p99 |",
        "|---|---|---|---|",
    )
    for size, speeds in ((found.phrasings, found.today), *sorted(found.large.items())):
        for one in speeds:
            yield f"| {size:,} | {one.name} | {one.p50_us:.0f} µs | {one.p99_us:.0f} µs |"
    yield from (
        "",
        f"Memory with 100,000 phrasings above the loaded tokeniser: {found.memory_mb:.0f} MB "
        f"(at most {FAQ_MEMORY_MB}).",
        "",
    )


def _weight(results: Results) -> Iterator[str]:
    yield from (
        "## Front end",
        f"Mini-program: {results.package.main_bytes / 1024:.0f} KB come before the first screen "
        f"(main package, at most 400; docs/decisions/0018), "
        f"{results.package.whole_bytes / 1024:.0f} KB with every sub-package. "
        "Lighthouse, mobile, its own throttling:",
        "",
        "| page | performance (≥ 90) | accessibility (100) | on the wire |",
        "|---|---|---|---|",
    )
    for one in results.pages:
        wire = f"{one.wire_bytes / 1024:.0f} KB"
        yield f"| {one.name} | {one.performance} | {one.accessibility} | {wire} |"
    yield from ("", "The first load (home) may weigh 120 KB.", "", *_verdict(results), "")


def _verdict(results: Results) -> Iterator[str]:
    short = missed(results)
    yield f"Not met in this run: {', '.join(short)}." if short else "All ceilings were met."
