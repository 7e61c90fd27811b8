"""Checks across the fields of a filing: months inside employment, amounts and dates that can be."""

from __future__ import annotations

from datetime import date
from typing import Any

from backend.core.errors import BadInput, FieldError
from backend.core.schemas import EARLIEST

MOST_PER_MONTH_FEN = 10_000_000_00


def check_complaint(document: dict[str, Any], today: date) -> None:
    """Raise BadInput listing every field that cannot be right; nothing is guessed or changed."""
    errors = [
        *_work_errors(document["work"], document["screening"], today),
        *_claim_errors(document["claims"], document["work"], today),
        *_employer_errors(document["employer"]),
    ]
    if errors:
        raise BadInput("有几处要改，改好再交。", errors=errors)


def check_report(document: dict[str, Any], _today: date) -> None:
    """Raise BadInput when a named report has no name, or an anonymous one has one."""
    errors = _employer_errors(document["employer"])
    has_reporter = document.get("reporter") is not None
    if document["is_anonymous"] and has_reporter:
        errors.append(FieldError("reporter", "匿名举报不要填姓名和电话。"))
    if not document["is_anonymous"] and not has_reporter:
        errors.append(FieldError("reporter", "实名举报请填姓名和电话，或改成匿名。"))
    if errors:
        raise BadInput("有几处要改，改好再交。", errors=errors)


def _employer_errors(employer: dict[str, Any]) -> list[FieldError]:
    has_name = bool(employer.get("name")) or employer.get("employer_id") is not None
    if has_name or employer.get("is_name_unknown"):
        return []
    return [FieldError("employer.name", "请填单位名称；不知道全名，可以点“我不知道全名”。")]


def _work_errors(work: dict[str, Any], screening: dict[str, Any], today: date) -> list[FieldError]:
    errors = []
    from_on, to_on = date.fromisoformat(work["from_on"]), work.get("to_on")
    if from_on > today:
        errors.append(FieldError("work.from_on", "开始干活的日子还没到，请再看一下。"))
    if from_on < EARLIEST:
        errors.append(FieldError("work.from_on", "这个日期离现在太远，请再看一下。"))
    if to_on is None and not screening["is_still_working"]:
        errors.append(FieldError("work.to_on", "请填哪天离开的；还在干，请改成“还在干”。"))
    if to_on is not None and date.fromisoformat(to_on) < from_on:
        errors.append(FieldError("work.to_on", "离开的日子比开始还早，请再看一下。"))
    if to_on is not None and date.fromisoformat(to_on) > today:
        errors.append(FieldError("work.to_on", "离开的日子还没到，请再看一下。"))
    return errors


def _claim_errors(
    claims: list[dict[str, Any]], work: dict[str, Any], today: date
) -> list[FieldError]:
    errors, seen = [], set()
    first = work["from_on"][:7]
    last = min(work["to_on"][:7] if work.get("to_on") else f"{today:%Y-%m}", f"{today:%Y-%m}")
    for number, claim in enumerate(claims):
        month, where = claim["month"], f"claims.{number}"
        if month in seen:
            errors.append(FieldError(f"{where}.month", "这个月填了两次，请删掉一个。"))
        seen.add(month)
        if not first <= month <= last:
            errors.append(
                FieldError(f"{where}.month", "这个月您不在这里干活，请改月份或干活的日子。")
            )
        if claim["paid_fen"] > claim["due_fen"]:
            errors.append(FieldError(f"{where}.paid_fen", "发了的比该发的还多，请再看一下。"))
        if claim["due_fen"] > MOST_PER_MONTH_FEN:
            errors.append(FieldError(f"{where}.due_fen", "一个月的数太大，是不是多打了 0？"))
    if sum(max(0, c["due_fen"] - c["paid_fen"]) for c in claims) == 0:
        errors.append(FieldError("claims", "算下来不欠钱。请填还欠的那几个月。"))
    return errors
