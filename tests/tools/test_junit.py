"""Counting tests in JUnit reports."""

from pathlib import Path

from tools.junit import Counts, read_counts

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure>no</failure></testcase>
<testcase name="c"><error>no</error></testcase><testcase name="d"><skipped/></testcase>
<testcase name="e"/></testsuite></testsuites>"""


def test_errors_count_as_failures_and_skips_apart(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert read_counts(report) == Counts(passed=2, failed=2, skipped=1)


def test_a_missing_report_counts_as_no_test_at_all(tmp_path: Path) -> None:
    assert read_counts(tmp_path / "none.xml") == Counts()


def test_counts_add_up() -> None:
    assert Counts(1, 2, 3) + Counts(10, 20, 30) == Counts(11, 22, 33)
