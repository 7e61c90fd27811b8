"""The case runner passes what is right, names what is wrong, and survives any line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.law.__main__ import main
from backend.law.cases import run_cases

OWN_CASES = Path(__file__).parent / "cases.jsonl"
DUE_OCTOBER_10 = {
    "id": "a",
    "calculator": "deadline",
    "input": {"start": "2026-09-28", "unit": "working_day", "n": 5},
    "expected": {"due": "2026-10-10"},
}


def _line(**changes: object) -> str:
    return json.dumps(DUE_OCTOBER_10 | changes)


def test_our_own_cases_pass_and_an_unbuilt_calculator_is_skipped() -> None:
    report = run_cases(OWN_CASES.read_text("utf-8").splitlines())
    assert (report.failures, report.summary) == ((), "26 passed, 0 failed, 1 skipped")


def test_a_wrong_case_is_printed_with_expected_and_got() -> None:
    report = run_cases([_line(expected={"due": "2026-10-09"}), _line()])
    assert [str(failure) for failure in report.failures] == [
        'FAIL a: expected {"due": "2026-10-09"}, got {"due": "2026-10-10"}'
    ]
    assert report.summary == "1 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1]",
        "{}",
        _line(calculator=7),
        _line(input=None),
        _line(input={"start": "2026-02-30", "unit": "working_day", "n": 5}),
        _line(input={"start": "2026-09-28", "unit": "week", "n": 5}),
        _line(input={"start": "2026-09-28", "unit": "working_day", "n": "5"}),
        _line(input={"start": "2026-09-28", "unit": "working_day", "n": 5, "pauses": [3]}),
        _line(expected={}),
        _line(expected=None),
        _line(expected={"due": "2026-10-10", "colour": "red"}),
        _line(calculator="day_type", input={"date": 5}, expected={"day_type": "rest_day"}),
        "[" * 100_000,
    ],
)
def test_a_broken_case_is_a_failure_and_the_next_one_still_runs(line: str) -> None:
    report = run_cases([line, _line()])
    assert report.summary == "1 passed, 1 failed, 0 skipped"


def test_unknown_keys_nulls_and_blank_lines_do_no_harm() -> None:
    given = DUE_OCTOBER_10["input"] | {"extensions": None, "pauses": None, "note": "?"}  # type: ignore[operator]
    report = run_cases(["", _line(input=given, reason="x"), "  "])
    assert report.summary == "1 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize(
    ("multiplier", "passed"), [("3.0", 1), (3, 1), ("3", 1), (2, 0), (True, 0)]
)
def test_numbers_may_be_written_as_text_but_must_be_equal(multiplier: object, passed: int) -> None:
    case = {
        "calculator": "day_type",
        "input": {"date": "2026-10-02"},
        "expected": {"multiplier": multiplier},
    }
    assert run_cases([json.dumps(case)]).passed == passed


def test_the_command_closes_with_the_count_and_its_exit_code_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cases", str(OWN_CASES)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "26 passed, 0 failed, 1 skipped"
    bad = tmp_path / "bad.jsonl"
    bad.write_text(_line(id="\ud800", expected={"due": "x"}) + "\n", "utf-8")
    assert main(["cases", str(bad)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_a_missing_or_unreadable_file_is_named_and_exits_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.jsonl", tmp_path, binary):
        assert main(["cases", str(path)]) == 2
        assert str(path) in capsys.readouterr().err


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    marked = tmp_path / "marked.jsonl"
    marked.write_text(_line() + "\r\n", "utf-8-sig")
    assert main(["cases", str(marked)]) == 0


def test_day_and_due_answer_in_one_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["day", "2026-10-10"]) == 0
    assert capsys.readouterr().out == "2026年10月10日（周六） working_day 1.5 调休上班\n"
    assert main(["day", "2027-10-05"]) == 0
    assert capsys.readouterr().out.endswith("working_day 1.5 provisional\n")
    assert main(["due", "accept", "2026-11-23"]) == 0
    assert capsys.readouterr().out.startswith("2026-11-30 certain\n")
    assert main(["due", "accept", "2026-11-23", "--extensions", "1"]) == 2


def test_the_module_runs_as_a_program() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "backend.law", "cases", str(OWN_CASES)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "26 passed, 0 failed, 1 skipped\n"
