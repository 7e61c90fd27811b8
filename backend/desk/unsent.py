"""What was typed for a step that was not taken, in words: to read, copy and keep as a note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.complaints import forms
from backend.complaints.service.desk_views import CaseDesk
from backend.desk.shown import step_words
from backend.desk.typed import Slot
from backend.identity.service import staff_by_id

Words = list[tuple[str, str]]


def in_words(slots: Iterable[Slot], case: CaseDesk) -> Words:
    """Each field that was filled in, with its name, whole and as the officer would say it."""
    return [(slot.field.label, _said(slot, case)) for slot in slots if slot.value]


def as_note(step: str, slots: Iterable[Slot], case: CaseDesk) -> str | None:
    """The same as the text of an internal note; None when it is too long for one.

    An identity number is left out: it belongs into the record of the confirmation and nowhere else.
    """
    open_slots = [slot for slot in slots if slot.field.kind != "id_number"]
    lines = [f"没有提交的“{step_words(case.lane, step)}”"]
    lines += [f"{label}：{said}" for label, said in in_words(open_slots, case)]
    text = "\n".join(lines)
    longest = forms.fields(case.lane, "note")[0].max_length
    return text if len(lines) > 1 and len(text) <= longest else None


def _said(slot: Slot, case: CaseDesk) -> str:
    kind, value = slot.field.kind, slot.value
    if kind == "amounts":
        months = {str(line.id): line.month for line in case.lines}
        return "；".join(f"{months.get(key, key)} {typed} 元" for key, typed in value.items())
    if kind == "officer":
        staff = staff_by_id(int(value)) if _is_number(value) else None
        return staff.name if staff else str(value)
    if kind == "document_id":
        titles = {str(paper.id): f"{paper.title} {paper.number}" for paper in case.documents}
        return titles.get(value, str(value))
    if kind == "tick":
        return "是"
    return str(dict(slot.field.choices).get(value, value)) + (" 元" if kind == "money" else "")


def _is_number(value: Any) -> bool:
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 10
