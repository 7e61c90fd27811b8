"""Runs every check and test from an empty machine on: `make test` and CI.

Stages go on after a failure, so that one run shows everything that is broken.
The last line counts the tests of all stages: `N passed, N failed, N skipped`.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tools import browser, builds, check, desk_assets, node_env, postgres_binaries, setup
from tools.exclusive import only_one_setup
from tools.junit import Counts, read_counts
from tools.places import BROWSER_TESTS, MINIPROGRAM, VENV_PYTHON
from tools.shell import StepFailed, run_openly, say

BACKEND_TESTS = ("tests", "--ignore=tests/browser", "--ignore=tests/bench")

WITHOUT_DATABASE = (
    "tests/architecture",
    "tests/backend/law",
    "tests/backend/serve/test_start.py",
    "tests/backend/serve/test_supervisor.py",
    "tests/faq",
    "tests/tools",
)


@dataclass
class Run:
    """What has happened so far: test counts, failed stages, seconds of each stage."""

    reports: Path
    counts: Counts = field(default_factory=Counts)
    failed_stages: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def stage(self, name: str, work: Callable[["Run"], bool]) -> None:
        """Do one stage and note whether it passed; a stage that breaks has failed."""
        say(f"stage: {name}")
        began = time.monotonic()
        try:
            has_passed = work(self)
        except StepFailed as failure:
            print(f"\n{name}: {failure}", flush=True)
            has_passed = False
        self.seconds[name] = time.monotonic() - began
        if not has_passed:
            self.failed_stages.append(name)

    def pytest(self, name: str, *words: str, env: dict[str, str] | None = None) -> bool:
        """Run pytest and add its counts; a run without any test has failed."""
        report = self.reports / f"{name}.xml"
        command: list[str | Path] = [
            VENV_PYTHON,
            "-m",
            "pytest",
            "-q",
            f"--junitxml={report}",
            *words,
        ]
        code = run_openly(command, env=env)
        return self._add(report) and code == 0

    def vitest(self) -> bool:
        """Run the mini-program's unit tests and add their counts."""
        report = self.reports / "vitest.xml"
        words = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"]
        code = run_openly(
            ["npm", "run", "--silent", "test", "--", *words],
            cwd=MINIPROGRAM,
            env=node_env.environment(),
        )
        return self._add(report) and code == 0

    def _add(self, report: Path) -> bool:
        counts = read_counts(report)
        self.counts += counts
        return counts.passed > 0


def prepare(_run: Run) -> bool:
    """Install packages for the checks and tests; the desk's pages are tested with their files."""
    with only_one_setup():
        setup.prepare_dev()
        desk_assets.build()
    return True


def quick_checks(_run: Run) -> bool:
    """Run the same checks as `make check`."""
    failed = check.run_all()
    for name in failed:
        print(f"check failed: {name}", flush=True)
    return not failed


def backend_on_sqlite(run: Run) -> bool:
    """Run the Python tests on the embedded database."""
    return run.pytest("sqlite", *BACKEND_TESTS, "-n", "2", "-m", "not browser and not postgres")


def backend_on_postgres(run: Run) -> bool:
    """Run the same tests on a throw-away PostgreSQL, and those for it alone."""
    postgres_binaries.ensure()
    # what knows no database, or brings its own, was tested once: that is enough
    once = (f"--ignore={folder}" for folder in WITHOUT_DATABASE)
    words = (*BACKEND_TESTS, *once, "-n", "2", "-m", "not browser")
    return run.pytest("postgres", *words, env={"TEST_DATABASE": "postgres"})


def unit_tests_of_front_end(run: Run) -> bool:
    """Run vitest in the mini-program."""
    return run.vitest()


def build_and_check_packages(_run: Run) -> bool:
    """Build both front ends; compile every mini-program page, weigh the web page."""
    with only_one_setup():
        builds.build_web_page()
        builds.build_mini_program()
    codes = [node_env.npm_run_openly(MINIPROGRAM, name) for name in ("check:mp", "check:h5")]
    return codes == [0, 0]


def browser_tests(run: Run) -> bool:
    """Drive Chromium through the web page and the desk."""
    environment = {**node_env.environment(), "CHROMIUM": str(browser.ensure())}
    if (BROWSER_TESTS / "package.json").is_file():
        node_env.install_packages(BROWSER_TESTS)
    # a file's tests share a service, so they stay together
    words = ("tests/browser", "-m", "browser", "-n", "2", "--dist", "loadfile")
    return run.pytest("browser", *words, env=environment)


STAGES: dict[str, Callable[[Run], bool]] = {
    "packages": prepare,
    "checks": quick_checks,
    "tests on SQLite": backend_on_sqlite,
    "tests on PostgreSQL": backend_on_postgres,
    "mini-program unit tests": unit_tests_of_front_end,
    "builds": build_and_check_packages,
    "browser tests": browser_tests,
}


def main() -> int:
    """Run all stages, print a table and the total, and return 1 when anything failed."""
    reports = Path(tempfile.mkdtemp(prefix="xinhu-reports-"))
    run = Run(reports)
    try:
        for name, work in STAGES.items():
            run.stage(name, work)
            if name == "packages" and run.failed_stages:
                break
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(reports, ignore_errors=True)
    print_summary(run)
    return 1 if run.failed_stages else 0


def print_summary(run: Run) -> None:
    """Print what each stage took and the plain closing line that CI reads."""
    print()
    for name, seconds in run.seconds.items():
        verdict = "FAILED" if name in run.failed_stages else "ok"
        print(f"{verdict:7}{seconds:7.0f} s  {name}")
    counts = run.counts
    print(f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped", flush=True)


if __name__ == "__main__":
    sys.exit(main())
