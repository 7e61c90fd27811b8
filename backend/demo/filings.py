"""Turns the demo's written-down complaints and reports into what a phone would send."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.complaints.schemas import ComplaintIn, ReportIn
from backend.demo.employers import EMPLOYERS

_HERE = Path(__file__).parent
_STAYED_BEFORE = 4  # whole months of work before the first unpaid one


@cache
def _read(name: str) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
    return rows


def complaints() -> dict[str, dict[str, Any]]:
    """The written-down complaints by name."""
    return _read("complaints.yaml")


def reports() -> dict[str, dict[str, Any]]:
    """The written-down reports by name."""
    return _read("reports.yaml")


def complaint(name: str, on: date, employer_ids: dict[int, int], version: str) -> dict[str, Any]:
    """The complaint of this name as filed on `on`: checked, as JSON values."""
    said = complaints()[name]
    months = [_month(on, -back) for back in range(said["months"], 0, -1)]
    employer = _employer(said["employer"], employer_ids)
    street = said.get("street") or _street(said["employer"])
    is_still_working = said.get("still", False)
    words = {"first": _zh(months[0]), "last": _zh(months[-1])}
    document = {
        "privacy_version": version,
        "screening": {
            "place": said.get("place_kind", "here"),
            "other_district": said.get("other"),
            "prior_steps": said.get("prior", []),
            "age_group": said.get("age", "18_59"),
            "worker_kind": said.get("kind", "employee"),
            "contract": said["contract"],
            "is_still_working": is_still_working,
        },
        "claimant": {
            "name": said["name"],
            "phone": said["phone"],
            "service_address": f"江海区示例新村{int(said['phone'][-3:])}号",
        },
        "employer": employer | {"phone": None, "contact": None},
        "work": {
            "from_on": f"{_month(on, -said['months'] - _STAYED_BEFORE)}-01",
            "to_on": None if is_still_working else f"{months[-1]}-28",
            "post": said["post"],
            "street": street,
            "place": said.get("place") or f"江海区{street or ''}示例路",
        },
        "claims": _claims(months, said["due"], said.get("paid", 0)),
        "request": said["request"].format(**words),
        "facts": said["facts"].format(**words),
    }
    return ComplaintIn.model_validate(document).model_dump(mode="json")


def report(name: str, employer_ids: dict[int, int], version: str) -> dict[str, Any]:
    """The report of this name: checked, as JSON values."""
    said = reports()[name]
    employer = _employer(said["employer"], employer_ids)
    number = said["employer"]
    typed = EMPLOYERS[number - 1][0] if isinstance(number, int) else employer["name"]
    document = {
        "privacy_version": version,
        "is_anonymous": "reporter" not in said,
        "reporter": said.get("reporter"),
        "employer": {
            "name": typed,
            "is_name_unknown": employer["is_name_unknown"],
            "address": employer["address"],
        },
        "place": said["place"],
        "street": said["street"],
        "what": said["what"],
        "people_count": said["people"],
        "happened_from": said["since"],
    }
    return ReportIn.model_validate(document).model_dump(mode="json")


def _employer(given: int | str | None, employer_ids: dict[int, int]) -> dict[str, Any]:
    is_registered = isinstance(given, int)
    return {
        "employer_id": employer_ids[given] if isinstance(given, int) else None,
        "name": None if is_registered else given,
        "is_name_unknown": given is None,
        "address": None,
    }


def _street(given: int | str | None) -> str | None:
    return EMPLOYERS[given - 1][1] if isinstance(given, int) else None


def _claims(months: list[str], due: Any, paid: Any) -> list[dict[str, Any]]:
    dues, paids = (v if isinstance(v, list) else [v] * len(months) for v in (due, paid))
    return [
        {"month": month, "due_fen": due_yuan * 100, "paid_fen": paid_yuan * 100}
        for month, due_yuan, paid_yuan in zip(months, dues, paids, strict=True)
    ]


def _month(on: date, change: int) -> str:
    number = on.year * 12 + on.month - 1 + change
    return f"{number // 12}-{number % 12 + 1:02d}"


def _zh(month: str) -> str:
    return f"{int(month[5:])}月"
