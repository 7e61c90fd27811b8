"""What is typed into the forms of lectures: read as a plan, and shown again as it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from werkzeug.datastructures import MultiDict

from backend.core.errors import BadInput, FieldError
from backend.law.days import SHANGHAI
from backend.law.lecture_times import DEFAULT_TIMES, moment
from backend.lectures.models import Lecture
from backend.lectures.models.lecture import AUDIENCES
from backend.lectures.service.plan import Plan, check

Typed = Mapping[str, Any]

TEXTS = ("title", "theme", "about", "form", "speaker", "place", "address", "map_url", "online")
WHERE = ("place", "address", "map_url", "latitude", "longitude", "online")
WHEN = ("on", "from_time", "to_time", "booking_closes_at", "cancelling_closes_at")
DEFAULT_SEATS, DEFAULT_HOURS = "60", ("14:30", "16:00")
EARLIEST_YEAR, LATEST_YEAR = 2020, 2100
#: Fields of a plan that stand under another name in the form.
FIELDS = {"starts_at": "on", "ends_at": "to_time"}
_SAID = "有几处要改，改好再存。"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """Every field of the form, trimmed; audiences as a list."""
    values: dict[str, Any] = {
        name: value.replace("\r\n", "\n").strip() for name, value in form.items()
    }
    return values | {"audiences": [a for a in form.getlist("audiences") if a in AUDIENCES]}


def blank() -> dict[str, Any]:
    """An empty form with what is usual."""
    return {
        "form": "talk",
        "audiences": ["everyone"],
        "from_time": DEFAULT_HOURS[0],
        "to_time": DEFAULT_HOURS[1],
        "seats": DEFAULT_SEATS,
    }


def of_lecture(row: Lecture) -> dict[str, Any]:
    """A lecture as it would have been typed."""
    starts_at, ends_at = (at.astimezone(SHANGHAI) for at in (row.starts_at, row.ends_at))
    values: dict[str, Any] = {name: getattr(row, name) or "" for name in TEXTS}
    return values | {
        "audiences": row.audiences,
        "on": f"{starts_at:%Y-%m-%d}",
        "from_time": f"{starts_at:%H:%M}",
        "to_time": f"{ends_at:%H:%M}",
        "booking_closes_at": as_typed(row.booking_closes_at),
        "cancelling_closes_at": as_typed(row.cancelling_closes_at),
        "seats": str(row.seats),
        "latitude": "" if row.latitude is None else str(row.latitude),
        "longitude": "" if row.longitude is None else str(row.longitude),
    }


def as_typed(at: datetime) -> str:
    """A moment as a browser's field for day and time holds it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def read(values: Typed) -> Plan:
    """The plan; BadInput names everything that cannot be read or cannot stay as it is.

    Deadlines left empty are the usual ones: the evening and the noon of the day before.
    """
    errors: list[FieldError] = []
    plan = _plan(values, errors)
    try:
        check(plan)
    except BadInput as problem:
        known = {error["field"] for error in errors}
        renamed = (_renamed(error) for error in problem.errors)
        # in the order of the page: time and seats stand beside the rest
        errors = [error for error in renamed if error["field"] not in known] + errors
    if errors:
        raise BadInput(_SAID, errors=errors)
    return plan


def renamed(problem: BadInput) -> BadInput:
    """A refusal of the service with the fields named as in the form."""
    return BadInput(problem.detail, errors=[_renamed(error) for error in problem.errors])


def kept_of(row: Lecture, plan: Plan, names: tuple[str, ...]) -> Plan:
    """The plan with these facts as the lecture has them: what this form does not change."""
    return replace(plan, **{name: getattr(row, name) for name in names})


def _renamed(error: FieldError) -> FieldError:
    return FieldError(FIELDS.get(error["field"], error["field"]), error["message"])


def _plan(values: Typed, errors: list[FieldError]) -> Plan:
    starts_at, ends_at = _times(values, errors)
    closes = (
        DEFAULT_TIMES.booking_closes_at(starts_at),
        DEFAULT_TIMES.cancelling_closes_at(starts_at),
    )
    return Plan(
        **{name: values.get(name) or "" for name in ("title", "theme", "about", "form")},
        **{name: values.get(name) or "" for name in ("speaker", "place", "address")},
        map_url=values.get("map_url") or None,
        online=values.get("online") or None,
        latitude=_degrees(values, "latitude", "纬度", errors),
        longitude=_degrees(values, "longitude", "经度", errors),
        audiences=list(values.get("audiences") or []),
        starts_at=starts_at,
        ends_at=ends_at,
        booking_closes_at=_at(values, "booking_closes_at", closes[0], errors),
        cancelling_closes_at=_at(values, "cancelling_closes_at", closes[1], errors),
        seats=_seats(values, errors),
    )


def _times(values: Typed, errors: list[FieldError]) -> tuple[datetime, datetime]:
    on = day(values.get("on") or "")
    times = [clock_time(values.get(name) or "") for name in ("from_time", "to_time")]
    if on is None:
        errors.append(FieldError("on", "请选哪天。"))
    for name, word, found in zip(
        ("from_time", "to_time"), ("几点开始", "几点结束"), times, strict=True
    ):
        if found is None:
            errors.append(FieldError(name, f"请填{word}，例如 14:30。"))
    if on is None or times[0] is None or times[1] is None:
        # a moment nothing can be said against: what is wrong has been said
        far = date(LATEST_YEAR, 1, 1)
        return moment(far, time(9)), moment(far, time(10))
    return moment(on, times[0]), moment(on, times[1])


def day(text: str) -> date | None:
    """A day as a browser sends it, in a year lectures are held in; None when it is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST_YEAR <= found.year < LATEST_YEAR else None


def clock_time(text: str) -> time | None:
    """A time of day as a browser sends it; None when it is none."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _at(values: Typed, name: str, usual: datetime, errors: list[FieldError]) -> datetime:
    text = values.get(name) or ""
    if not text:
        return usual
    on, _, at = text.partition("T")
    found_on, found_at = day(on), clock_time(at)
    if found_on is None or found_at is None:
        errors.append(FieldError(name, "请写哪天几点，例如 2026-12-09 17:30。"))
        return usual
    return moment(found_on, found_at)


def _degrees(values: Typed, name: str, word: str, errors: list[FieldError]) -> float | None:
    text = values.get(name) or ""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        errors.append(FieldError(name, f"{word}要填数字，例如 22.5432。"))
        return 0.0


def _seats(values: Typed, errors: list[FieldError]) -> int:
    found = whole(values.get("seats") or "")
    if found is None:
        errors.append(FieldError("seats", "座位数要填整数，例如 60。"))
        return 1
    return found


def whole(text: str) -> int | None:
    """A whole number that was typed, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None
