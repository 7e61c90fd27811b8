"""代为登记: staff write down what somebody says at the window or on the telephone."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.fields import Field, Wrong
from backend.complaints.fields import read as read_field
from backend.complaints.schemas import ReceiptOut
from backend.complaints.service import assisted
from backend.complaints.states import Lane
from backend.core import clock, crypto
from backend.core.errors import BadInput, Conflict, FieldError, Problem
from backend.core.installation import bureau
from backend.desk.frame import FILING_ROLES
from backend.desk.labels import LABELS, label
from backend.identity.guards import current_actor, staff_required

bp = APIBlueprint("file_for", __name__, enable_openapi=False)

ROWS, MOST_ROWS = 6, 36
UNREADABLE = -1  # a number no document takes
EXTRA = ("channel", "contact_by", "spoken_by")
PRIOR_STEPS = ("arbitration", "court", "payment_order")
_SAID = "有几处要改，改好再交。"


@bp.get("/file-for")
@staff_required(*FILING_ROLES)
def page() -> AnyResponse:
    """The empty form of one lane."""
    return _form(_lane(), {"channel": "window", "contact_by": "sms"}, crypto.new_token())


@bp.post("/file-for")
@staff_required(*FILING_ROLES)
def file() -> AnyResponse:
    """File it and show the receipt; wrong input keeps all that was typed."""
    typed = {name: value.strip() for name, value in request.form.items()}
    lane, key = _lane(), typed.get("key", "")
    if typed.get("do") == "more_rows":
        return _form(lane, typed, key)
    errors: list[FieldError] = []
    document = _report(typed, errors) if lane == Lane.REPORT else _complaint(typed, errors)
    try:
        receipt = _file(lane, document, typed, key, errors)
    except (BadInput, Conflict) as problem:
        return _form(lane, typed, key, problem)
    return make_response(render_template("desk/receipt.html", receipt=receipt, typed=typed), 201)


def _file(
    lane: Lane, document: dict[str, Any], typed: dict[str, str], key: str, errors: list[FieldError]
) -> ReceiptOut:
    """File it; what could not be read here is told together with what the service refuses.

    A value that could not be read is sent as one the service refuses: nothing is filed
    without it.
    """
    extra = {name: typed.get(name, "") for name in EXTRA}
    if lane == Lane.REPORT and document["is_anonymous"]:
        extra |= {"spoken_by": "匿名", "contact_by": "phone"}  # nobody is named, in no column
    try:
        return assisted.file_for(str(lane), document, extra, key, current_actor(), clock.now())
    except BadInput as problem:
        merged = _merged(errors, problem.errors, _filled(typed))
        raise BadInput(_SAID, errors=[_named(error, typed) for error in merged]) from problem


def _merged(
    mine: list[FieldError], theirs: list[FieldError], filled: list[int]
) -> list[FieldError]:
    """Each field's first complaint, with months named by the row in which they were typed."""
    seen = {error["field"]: error for error in mine}
    for error in theirs:
        head, _, rest = error["field"].partition(".")
        row, _, name = rest.partition(".")
        place = error["field"]
        if head == "claims" and row.isdigit() and int(row) < len(filled):
            place = f"claims.{filled[int(row)]}.{name}"
        seen.setdefault(place, FieldError(place, error["message"]))
    return list(seen.values())


def _named(error: FieldError, typed: dict[str, str]) -> FieldError:
    """The same complaint with the field's label, so that the list on top can be read alone."""
    field, word = error["field"], label(error["field"])
    if not word or word in error["message"]:
        return error
    if field in LABELS and field != "claims" and not typed.get(field):
        return FieldError(field, f"请填“{word}”。")
    return FieldError(field, f"{word}：{error['message']}")


def _lane() -> Lane:
    return Lane.REPORT if request.values.get("lane") == Lane.REPORT else Lane.COMPLAINT


def _complaint(typed: dict[str, str], errors: list[FieldError]) -> dict[str, Any]:
    """The document of a complaint, as the worker's phone would send it."""
    return {
        "screening": {
            "place": typed.get("screening.place") or "here",
            "other_district": typed.get("screening.other_district") or None,
            "prior_steps": [s for s in PRIOR_STEPS if typed.get(f"screening.prior_steps.{s}")],
            "age_group": typed.get("screening.age_group", ""),
            "worker_kind": typed.get("screening.worker_kind", ""),
            "contract": typed.get("screening.contract", ""),
            "is_still_working": typed.get("screening.is_still_working") == "yes",
        },
        "claimant": _part(typed, "claimant", ("name", "phone", "service_address")),
        "employer": _employer(typed, ("name", "address", "phone", "contact")),
        "work": {
            **_part(typed, "work", ("place", "from_on")),
            **_optional(typed, "work", ("to_on", "post", "street")),
        },
        "claims": _claims(typed, errors),
        "request": typed.get("request", ""),
        "facts": typed.get("facts", ""),
    }


def _report(typed: dict[str, str], errors: list[FieldError]) -> dict[str, Any]:
    """The document of a report; an anonymous one carries no person at all."""
    is_anonymous = typed.get("is_anonymous") != "no"
    reporter = {
        **_part(typed, "reporter", ("name", "phone")),
        "wants_reply": typed.get("reporter.wants_reply") == "yes",
    }
    return {
        "is_anonymous": is_anonymous,
        "reporter": None if is_anonymous else reporter,
        "employer": _employer(typed, ("name", "address")),
        "place": typed.get("place", ""),
        "street": typed.get("street") or None,
        "what": typed.get("what", ""),
        "people_count": _whole(typed, "people_count", errors),
        "happened_from": typed.get("happened_from") or None,
    }


def _part(typed: dict[str, str], part: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: typed.get(f"{part}.{name}", "") for name in names}


def _optional(typed: dict[str, str], part: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: typed.get(f"{part}.{name}") or None for name in names}


def _employer(typed: dict[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    is_unknown = bool(typed.get("employer.is_name_unknown"))
    return {**_optional(typed, "employer", names), "is_name_unknown": is_unknown}


def _claims(typed: dict[str, str], errors: list[FieldError]) -> list[dict[str, Any]]:
    """The months that were filled in; rows left empty do not count."""
    claims = []
    for row in _filled(typed):
        where = f"claims.{row}"
        claims.append(
            {
                "month": typed.get(f"{where}.month", ""),
                "due_fen": _fen(typed, f"{where}.due_fen", "应发", errors),
                "paid_fen": _fen(typed, f"{where}.paid_fen", "已发", errors, if_empty=0),
            }
        )
    return claims


def _filled(typed: dict[str, str]) -> list[int]:
    names = ("month", "due_fen", "paid_fen")
    return [r for r in range(MOST_ROWS) if any(typed.get(f"claims.{r}.{n}") for n in names)]


def _fen(
    typed: dict[str, str],
    name: str,
    label: str,
    errors: list[FieldError],
    if_empty: int | None = None,
) -> int:
    """Yuan as typed, in fen; what is wrong with it is added to `errors`."""
    raw = typed.get(name)
    if not raw and if_empty is not None:
        return if_empty
    try:
        return int(read_field(Field(name, label, "money"), raw))
    except Wrong as wrong:
        errors.append(FieldError(name, str(wrong)))
        return UNREADABLE


def _whole(typed: dict[str, str], name: str, errors: list[FieldError]) -> int | None:
    raw = typed.get(name)
    if not raw:
        return None
    if raw.isascii() and raw.isdigit() and len(raw) < 7:
        return int(raw)
    errors.append(FieldError(name, "人数要填整数，例如 12。"))
    return UNREADABLE


def _form(
    lane: Lane, typed: dict[str, str], key: str, problem: Problem | None = None
) -> AnyResponse:
    """The form with what was typed, rows enough, and the error summary when there is one."""
    more = ROWS if typed.get("do") == "more_rows" else 0
    rows = min(MOST_ROWS, max(ROWS, max(_filled(typed), default=0) + 2) + more)
    html = render_template(
        "desk/file_for.html",
        lane=str(lane),
        typed=typed,
        key=key,
        rows=rows,
        problem=problem,
        errors={e["field"]: e["message"] for e in (problem.errors if problem else [])},
        street_options=[(street, street) for street in bureau().streets],
        district_options=[(d.code, d.name) for d in bureau().other_districts],
        privacy=bureau().privacy,
    )
    return make_response(html, problem.status if problem else 200)
