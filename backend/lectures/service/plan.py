"""What staff fill in for a lecture, and what must hold of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from backend.core import texts
from backend.core.errors import BadInput, FieldError
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models.lecture import AUDIENCES, FORMS

MOST_SEATS = 5000


@dataclass(frozen=True, slots=True)
class Plan:
    """The facts of a lecture. Moments are aware; `audiences` are keys of AUDIENCES."""

    title: str
    theme: str
    form: str
    speaker: str
    starts_at: datetime
    ends_at: datetime
    booking_closes_at: datetime
    cancelling_closes_at: datetime
    seats: int
    audiences: list[str] = field(default_factory=lambda: ["everyone"])
    about: str = ""
    place: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    map_url: str | None = None
    online: str | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of a lecture that come from a plan."""
        return {name: getattr(self, name) for name in self.__slots__}


LONGEST = {
    "title": 60, "theme": 60, "speaker": 60, "about": 1000,
    "place": 100, "address": 200, "online": 300,
}  # fmt: skip
_NAMES = {
    "title": "题目", "theme": "主题", "speaker": "讲师", "about": "讲什么",
    "place": "地点", "address": "详细地址", "online": "在线听的办法",
}  # fmt: skip


def check(plan: Plan) -> None:
    """BadInput naming every field that cannot stay as it is."""
    errors = [*_text_faults(plan), *_choice_faults(plan), *_time_faults(plan), *_place_faults(plan)]
    if errors:
        raise BadInput("有几处要改，改好再存。", errors=errors)


def _text_faults(plan: Plan) -> list[FieldError]:
    found = []
    for name, longest in LONGEST.items():
        text = getattr(plan, name) or ""
        if len(text) > longest:
            found.append(FieldError(name, f"{_NAMES[name]}最多 {longest} 个字。"))
        elif texts.has_control(text):
            found.append(
                FieldError(name, f"{_NAMES[name]}里有看不见的特殊字符，请删掉重新打一遍。")
            )
        elif not text.strip() and name in ("title", "theme", "speaker"):
            found.append(FieldError(name, f"请填{_NAMES[name]}。"))
    return found


def _choice_faults(plan: Plan) -> list[FieldError]:
    found = []
    if plan.form not in FORMS:
        found.append(FieldError("form", "请选一种形式。"))
    if not plan.audiences or not set(plan.audiences) <= set(AUDIENCES):
        found.append(FieldError("audiences", "请选讲给谁听。"))
    if not 1 <= plan.seats <= MOST_SEATS:
        found.append(FieldError("seats", f"座位数在 1 到 {MOST_SEATS} 之间。"))
    return found


def _time_faults(plan: Plan) -> list[FieldError]:
    found = []
    if plan.ends_at <= plan.starts_at:
        found.append(FieldError("ends_at", "结束要晚于开始。"))
    elif DEFAULT_TIMES.is_too_long(plan.starts_at, plan.ends_at):
        longest = DEFAULT_TIMES.longest_hours
        found.append(FieldError("ends_at", f"一场最长 {longest} 小时，请再看一下时间。"))
    if plan.booking_closes_at > plan.starts_at:
        found.append(FieldError("booking_closes_at", "预约最晚到开讲为止。"))
    if plan.cancelling_closes_at > plan.starts_at:
        found.append(FieldError("cancelling_closes_at", "取消最晚到开讲为止。"))
    return found


def _place_faults(plan: Plan) -> list[FieldError]:
    found = []
    if not plan.place.strip() and not (plan.online or "").strip():
        found.append(FieldError("place", "请填地点，或者填怎样在线听。"))
    if (plan.latitude is None) != (plan.longitude is None):
        found.append(FieldError("latitude", "经度和纬度要一起填。"))
    if plan.latitude is not None and not -90 <= plan.latitude <= 90:
        found.append(FieldError("latitude", "纬度在 -90 到 90 之间。"))
    if plan.longitude is not None and not -180 <= plan.longitude <= 180:
        found.append(FieldError("longitude", "经度在 -180 到 180 之间。"))
    if plan.map_url and not _is_web_address(plan.map_url):
        found.append(FieldError("map_url", "地图链接要以 https:// 开头。"))
    return found


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # https://[ is no address
        return False
    return parts.scheme == "https" and bool(parts.netloc) and len(text) <= 500
