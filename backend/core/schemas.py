"""Bases and field types of all API documents: strict on the way in, exact on the way out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from backend.core import texts

_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_MONTH = re.compile(r"^[0-9]{4}-(0[1-9]|1[0-2])$")
EARLIEST = date(1950, 1, 1)
LATEST = date(2100, 12, 31)


class In(BaseModel):
    """Input: nothing extra, no guessing of types, text stripped."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class Out(BaseModel):
    """Output: built by name, read from rows and dataclasses alike."""

    model_config = ConfigDict(from_attributes=True)


def _no_control(text: str) -> str:
    if texts.has_control(text):
        raise ValueError("这里有看不见的特殊字符，请删掉重新打一遍。")
    return text


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.match(value):
        raise ValueError("日期要写成 2026-11-23 这样。")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("没有这一天，请再看一下日期。") from error
    if not EARLIEST <= day <= LATEST:
        raise ValueError("这个日期离现在太远，请再看一下。")
    return day


def _month(value: str) -> str:
    if not _MONTH.match(value) or not EARLIEST.year <= int(value[:4]) <= LATEST.year:
        raise ValueError("月份要写成 2026-11 这样。")
    return value


def _phone(value: str) -> str:
    phone = texts.normal_phone(value)
    if phone is None:
        raise ValueError("电话号码不对，手机是 1 开头的 11 位数字。")
    return phone


def _as_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


Text = Annotated[str, AfterValidator(_no_control)]
Line = Annotated[Text, Field(min_length=1, max_length=200)]
Day = Annotated[
    date, BeforeValidator(_day, json_schema_input_type=Annotated[str, Field(pattern=_DAY.pattern)])
]
Month = Annotated[str, Field(pattern=_MONTH.pattern), AfterValidator(_month)]
Phone = Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_phone)]
Fen = Annotated[int, Field(ge=0, le=100_000_000_00)]
Moment = Annotated[datetime, PlainSerializer(_as_utc, return_type=str)]
RandomKey = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ProblemOut(Out):
    """An error (RFC 9457): `detail` is for the person, `code` for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = None
