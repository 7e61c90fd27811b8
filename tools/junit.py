"""Counts tests in the JUnit reports that pytest and vitest write."""

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Counts:
    """How many tests passed, failed (errors included) and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )


def read_counts(report: Path) -> Counts:
    """Count the test cases of a report; one that was never written counts as nothing."""
    if not report.is_file():
        return Counts()
    total = Counts()
    for case in ElementTree.parse(report).iter("testcase"):
        total += _count(case)
    return total


def _count(case: ElementTree.Element) -> Counts:
    if case.find("failure") is not None or case.find("error") is not None:
        return Counts(failed=1)
    if case.find("skipped") is not None:
        return Counts(skipped=1)
    return Counts(passed=1)
