"""The test run's verdict: a failed or empty stage fails the whole, and the rest goes on."""

from pathlib import Path

import pytest

from tools.junit import Counts
from tools.shell import StepFailed
from tools.test_run import Run, print_summary


def breaks(_run: Run) -> bool:
    raise StepFailed("nothing there")


def test_a_stage_that_breaks_is_named_and_the_next_one_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(tmp_path, counts=Counts(3, 0, 1))
    run.stage("first", breaks)
    run.stage("second", lambda _run: True)
    assert run.failed_stages == ["first"]
    print_summary(run)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "3 passed, 0 failed, 1 skipped"
    assert any(line.startswith("FAILED") and line.endswith("first") for line in lines)
    assert any(line.startswith("ok") and line.endswith("second") for line in lines)


def test_a_pytest_stage_that_found_no_test_has_failed(tmp_path: Path) -> None:
    empty = tmp_path / "test_nothing.py"
    empty.write_text('"""Nothing."""\n')
    assert not Run(tmp_path).pytest("empty", str(empty), "-p", "no:cacheprovider")


def test_a_pytest_stage_counts_what_it_ran(tmp_path: Path) -> None:
    tests = tmp_path / "test_two.py"
    tests.write_text('"""Two."""\ndef test_a(): pass\ndef test_b(): assert False\n')
    run = Run(tmp_path)
    assert not run.pytest("two", str(tests), "-p", "no:cacheprovider")
    assert run.counts == Counts(passed=1, failed=1)
