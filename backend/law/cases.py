"""Runs worked cases (JSON lines) through the law room and tells where it disagrees with them."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.law.counting import Pause, compute
from backend.law.workdays import Calendar, default_calendar

Result = Mapping[str, object]


class CaseError(ValueError):
    """A case is not of the form {id, calculator, input, expected}, or its input makes no sense."""


@dataclass(frozen=True)
class Failure:
    """One case that did not pass; `got` is what came out, or what went wrong."""

    case_id: str
    expected: str
    got: str

    def __str__(self) -> str:
        """The line printed for this failure, with what no terminal can show written out."""
        line = f"FAIL {self.case_id}: expected {self.expected}, got {self.got}"
        return line.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True)
class Report:
    """Outcome of a whole file of cases."""

    passed: int
    skipped: int
    failures: tuple[Failure, ...]

    @property
    def summary(self) -> str:
        """The closing line."""
        return f"{self.passed} passed, {len(self.failures)} failed, {self.skipped} skipped"


def run_cases(lines: Iterable[str], calendar: Calendar | None = None) -> Report:
    """Run every case; a broken line is a failure, a calculator not built here is skipped."""
    chosen = calendar or default_calendar()
    passed = skipped = 0
    failures: list[Failure] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        outcome = _run_line(line, number, chosen)
        if isinstance(outcome, Failure):
            failures.append(outcome)
        elif outcome is None:
            skipped += 1
        else:
            passed += 1
    return Report(passed, skipped, tuple(failures))


def _run_line(line: str, number: int, calendar: Calendar) -> Failure | bool | None:
    """True when passed, None when skipped, the Failure otherwise."""
    name = f"line {number}"
    expected: object = "a case"
    try:
        case = _object(json.loads(line), "the line")
        name = str(case.get("id") or name)
        calculator = case.get("calculator")
        if not isinstance(calculator, str):
            raise CaseError("no calculator is named")
        if calculator not in CALCULATORS:
            return None
        expected = _object(case.get("expected"), "expected")
        if not expected:
            raise CaseError("nothing is expected, so nothing can be checked")
        got = CALCULATORS[calculator](_object(case.get("input"), "input"), calendar)
    # A case file is foreign input: whatever one case breaks, the others still have to run.
    except Exception as error:
        return Failure(name, _shown(expected), f"{type(error).__name__}: {error}")
    if all(key in got and _is_same(value, got[key]) for key, value in expected.items()):
        return True
    produced = {key: got.get(key, "(not produced)") for key in expected}
    return Failure(name, _shown(expected), _shown(produced))


def _deadline(given: Mapping[str, Any], calendar: Calendar) -> Result:
    result = compute(
        _date(given, "start"),
        given.get("unit", ""),
        _whole(given.get("n"), "n"),
        [_whole(item, "extensions") for item in _list(given, "extensions")],
        [_pause(item) for item in _list(given, "pauses")],
        calendar,
        _date(given, "as_of") if given.get("as_of") is not None else None,
    )
    return {
        "due": result.due.isoformat() if result.due else None,
        "provisional": result.is_provisional,
        "is_provisional": result.is_provisional,
        "is_stopped": result.is_stopped,
        "explanation": result.explanation,
    }


def _day_type(given: Mapping[str, Any], calendar: Calendar) -> Result:
    on = _date(given, "date")
    kind = calendar.day_type(on)
    is_provisional = not calendar.is_published(on)
    return {
        "day_type": kind.value,
        "multiplier": kind.multiplier,
        "is_working_day": calendar.is_working_day(on),
        "provisional": is_provisional,
        "is_provisional": is_provisional,
    }


#: The calculators built so far; a case for any other is counted as skipped.
CALCULATORS: dict[str, Callable[[Mapping[str, Any], Calendar], Result]] = {
    "deadline": _deadline,
    "day_type": _day_type,
}


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CaseError(f"{what} is not an object")
    return value


def _list(given: Mapping[str, Any], key: str) -> list[Any]:
    value = given.get(key)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _whole(value: object, what: str) -> int:
    if type(value) is not int:
        raise CaseError(f"{what} is not a whole number: {value!r}")
    return value


def _date(given: Mapping[str, Any], key: str) -> date:
    value = given.get(key)
    if not isinstance(value, str):
        raise CaseError(f"{key} is not a date: {value!r}")
    return date.fromisoformat(value)


def _pause(value: object) -> Pause:
    span = _object(value, "a pause")
    return Pause(_date(span, "from"), _date(span, "to") if span.get("to") is not None else None)


def _is_same(expected: object, got: object) -> bool:
    """Equal values; numbers also when one is written as text (3.0 and "3.0")."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if expected == got:
        return True
    if not isinstance(expected, (int, float, str)) or not isinstance(got, (int, float, str)):
        return False
    try:
        return Decimal(str(expected)) == Decimal(str(got))
    except InvalidOperation:
        return False


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
