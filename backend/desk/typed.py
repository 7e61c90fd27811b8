"""What an officer typed into a step's form: as raw values for the service, and as shown again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from backend.complaints.fields import Field
from backend.core.errors import FieldError

# Fields of ours, not typed by the officer.
HIDDEN = frozenset(
    {"csrf_token", "version", "username", "password", "key", "next", "path", "lane", "do", "shown"}
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One field with what stands in it now, what is wrong with it, and what the case says."""

    field: Field
    value: Any
    error: str | None
    differs_from: Any = None

    @property
    def id(self) -> str:
        """The element's id, which the error summary links to."""
        return f"f-{self.field.name}"


def read(fields: Iterable[Field], form: MultiDict[str, str]) -> dict[str, Any]:
    """The raw values of a form, trimmed; a field that was left empty is None."""
    return {field.name: _read_one(field, form) for field in fields}


def _read_one(field: Field, form: MultiDict[str, str]) -> Any:
    if field.kind == "amounts":
        prefix = f"{field.name}."
        return {
            key.removeprefix(prefix): value.strip()
            for key, value in form.items()
            if key.startswith(prefix) and value.strip()
        }
    return (form.get(field.name) or "").strip() or None


def slots(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    errors: Iterable[FieldError] = (),
    case_says: Mapping[str, Any] | None = None,
) -> list[Slot]:
    """The fields of a form, ready to be shown.

    `case_says` is what would be prefilled from the case now; a differing value of money or date
    is marked, never changed silently.
    """
    wrong = {error["field"].split(".")[0]: error["message"] for error in errors}
    return [
        Slot(
            field,
            values.get(field.name),
            wrong.get(field.name),
            _differing(field, values.get(field.name), (case_says or {}).get(field.name)),
        )
        for field in fields
    ]


def as_typed(field: Field, value: Any) -> Any:
    """A prefilled value in the form in which an officer would type it."""
    if value is None:
        return None
    if field.kind == "money" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    if field.kind == "lines" and isinstance(value, list):
        return "\n".join(value)
    if field.kind == "amounts" and isinstance(value, dict):
        return {str(key): as_typed(Field("", "", "money"), fen) for key, fen in value.items()}
    return value if isinstance(value, bool) else str(value)


def kept(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Everything that was sent except secrets, so that an error page can keep it."""
    return [
        (name, value)
        for name, value in form.items(multi=True)
        if value.strip() and name not in HIDDEN
    ]


def _differing(field: Field, typed: Any, now: Any) -> Any:
    if field.kind not in ("money", "date") or typed is None or now is None or typed == now:
        return None
    return now
