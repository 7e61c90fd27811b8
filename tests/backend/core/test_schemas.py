"""Field types of input: strict, bounded, and with words that say what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from backend.core.problems import field_errors
from backend.core.schemas import Day, Fen, In, Line, Moment, Month, Out, Phone, RandomKey


class Form(In):
    """One field of each kind."""

    name: Line = "陈"
    on: Day = "2026-11-23"  # type: ignore[assignment]
    month: Month = "2026-11"
    phone: Phone = "13812345678"
    owed_fen: Fen = 0
    key: RandomKey = "0" * 32
    is_here: bool = True


class Stamp(Out):
    """A moment going out."""

    at: Moment


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 201),
        ("name", "a\x00"),
        ("name", "\ud842"),
        ("name", 5),
        ("on", "2026-02-30"),
        ("on", "2026-2-3"),
        ("on", "1949-12-31"),
        ("on", "2101-01-01"),
        ("on", "２０２６-11-23"),
        ("on", 20261123),
        ("month", "2026-13"),
        ("month", "2026-00"),
        ("month", "٢٠٢٦-11"),
        ("month", "1949-11"),
        ("phone", "abc"),
        ("owed_fen", -1),
        ("owed_fen", 100_000_000_01),
        ("owed_fen", 1.5),
        ("owed_fen", 1.0),
        ("owed_fen", "1"),
        ("owed_fen", True),
        ("owed_fen", float("nan")),
        ("owed_fen", 10**30),
        ("key", "0" * 31),
        ("key", "G" * 32),
        ("is_here", 1),
        ("is_here", "true"),
        ("another", 1),
    ],
)
def test_what_does_not_fit_is_named_with_chinese_words(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({field: value})
    (error,) = field_errors(refused.value)
    assert error["field"] == field
    assert any("\u4e00" <= c <= "\u9fff" for c in error["message"])
    assert "{" not in error["message"]


def test_what_fits_is_taken_in_its_one_form() -> None:
    form = Form.model_validate({"name": " 𠮷田👷 ", "phone": "+86 138 1234 5678"})
    assert (form.name, form.phone) == ("𠮷田👷", "13812345678")


def test_a_moment_goes_out_in_utc() -> None:
    at = datetime(2026, 11, 23, 10, 0, 1, 999999, tzinfo=timezone(timedelta(hours=8)))
    assert Stamp(at=at).model_dump(mode="json") == {"at": "2026-11-23T02:00:01Z"}
    assert Stamp(at=at.astimezone(UTC)).model_dump(mode="json") == {"at": "2026-11-23T02:00:01Z"}
