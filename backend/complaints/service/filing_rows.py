"""The rows of a filing: the case's own columns, the people in it, what each is owed."""

from __future__ import annotations

from datetime import date
from typing import Any

from backend.complaints.models import Claimant, ClaimLine
from backend.complaints.states import Lane, S
from backend.core import crypto, texts
from backend.core.actor import Actor
from backend.core.db import insert_row, insert_rows
from backend.core.errors import BadInput, FieldError
from backend.employers.models import Employer
from backend.employers.service import registered
from backend.identity import service as identity


def case_values(lane: Lane, document: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The columns of a new case that come from what was filed; BadInput for a stale employer id."""
    employer, work = document["employer"], document.get("work", {})
    known = _registered(employer)
    screening = document.get("screening", {})
    is_complaint = lane == Lane.COMPLAINT
    return {
        "lane": lane.value,
        "state": (S.SUBMITTED if is_complaint else S.RECEIVED).value,
        "is_open": True,
        "version": 1,
        "author_staff_id": actor.id if actor.is_staff else None,
        "worker_id": actor.id if actor.kind == "worker" else None,
        "is_anonymous": not is_complaint and document["is_anonymous"],
        "privacy_version": document["privacy_version"],
        "employer_id": known.id if known else None,
        "employer_name": known.name if known else employer.get("name"),
        "employer_address": employer.get("address") or (known.address if known else None),
        "employer_phone": employer.get("phone") or (known.phone if known else None),
        "employer_contact": employer.get("contact"),
        "street": (work if is_complaint else document).get("street"),
        "place": (work if is_complaint else document)["place"],
        "other_district": screening.get("other_district"),
        "work_from_on": _day(work.get("from_on")),
        "work_to_on": _day(work.get("to_on")),
        "post": work.get("post"),
        "screening": screening or _report_facts(document),
        "request": document.get("request"),
        "facts": document["facts"] if is_complaint else document["what"],
        "alarm": "minor" if screening.get("age_group") == "under_16" else None,
        "received_fen": 0,
        "is_confirmed": False,
        "correction_count": 0,
        "may_correct_again": False,
        "is_deemed_accepted": False,
        "is_paused": False,
        "unread_by_bureau": 0,
        "unread_by_worker": 0,
    }


def _report_facts(document: dict[str, Any]) -> dict[str, Any]:
    names = ("people_count", "happened_from")
    return {name: document[name] for name in names if document.get(name) is not None}


def person_values(lane: Lane, document: dict[str, Any], actor: Actor) -> dict[str, Any] | None:
    """The columns of who claims or reports, or None when nobody is named."""
    person = document.get("claimant") if lane == Lane.COMPLAINT else document.get("reporter")
    if person is None:
        return None
    phone = person["phone"]
    index = crypto.blind_index("phone", phone)
    known = identity.reach(actor.id) if actor.kind == "worker" else identity.Reach()
    return {
        "role": "claimant" if lane == Lane.COMPLAINT else "reporter",
        "name": person["name"],
        "phone": phone,
        "phone_index": index,
        "is_phone_verified": known.phone_index == index,
        "service_address": person.get("service_address"),
        "contact_by": document.get("contact_by") or _contact_by(known, phone),
        "wants_reply": person.get("wants_reply", True),
    }


def insert_people(
    case_id: int, person: dict[str, Any] | None, claims: list[dict[str, Any]]
) -> None:
    """Write who claims or reports and what is owed to them month by month."""
    if person is None:
        return
    owner = {"case_id": case_id}
    owner["claimant_id"] = insert_row(Claimant, owner | person)
    insert_rows(ClaimLine, [owner | claim for claim in claims])


def _contact_by(known: identity.Reach, phone: str) -> str:
    if known.has_openid:
        return "wechat"
    return "sms" if texts.is_mobile(phone) else "phone"


def _registered(employer: dict[str, Any]) -> Employer | None:
    if employer.get("employer_id") is None:
        return None
    known = registered(employer["employer_id"])
    if known is None and not employer.get("name"):
        # the phone kept a suggestion that was withdrawn since: better asked again than lost
        message = "这家单位的登记变了，请重新填单位名称。"
        raise BadInput("有几处要改，改好再交。", errors=[FieldError("employer.name", message)])
    return known


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
