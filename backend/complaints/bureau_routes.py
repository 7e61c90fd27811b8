"""What anybody may know: the bureau, its notice, the dates of a filing today, the law."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from backend.complaints.schemas import DateOut, LawTextOut, PlaceOut
from backend.complaints.service import dates
from backend.core import clock
from backend.core.errors import NotFound
from backend.core.installation import bureau, settings
from backend.core.schemas import Out
from backend.identity.guards import public
from backend.law import deadlines
from backend.law.articles import CITATIONS
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY

bp = APIBlueprint("bureau", __name__, url_prefix="/api/v1", tag="bureau")

CHUNK_BYTES = 512 * 1024


class RegionOut(Out):
    """The bureau's district."""

    code: str
    name: str
    city: str


class BrandsOut(Out):
    """Names of the bureau's services."""

    lectures: str
    site_codes: str
    early_warning: str


class HotlineOut(Out):
    """A public telephone number."""

    label: str
    phone: str
    note: str


class DistrictOut(Out):
    """A neighbouring district and its bureau."""

    code: str
    name: str
    bureau_name: str
    address: str | None = None
    phone: str | None = None


class PeriodOut(Out):
    """Opening hours of one part of the day."""

    opens: str
    closes: str


class SectionOut(Out):
    """One part of the privacy notice."""

    title: str
    text: str


class PrivacyOut(Out):
    """The notice given before the first datum."""

    version: str
    title: str
    sections: list[SectionOut]


class EvidenceRulesOut(Out):
    """How many files, how large, in what pieces."""

    max_files: int
    max_bytes: int
    chunk_bytes: int


class IfFiledTodayOut(Out):
    """The dates a filing made today would get."""

    accept: DateOut
    report: DateOut


class BureauOut(Out):
    """Everything public about this bureau."""

    name: str
    short_name: str
    region: RegionOut
    brands: BrandsOut
    is_demo: bool
    today: str
    hotlines: list[HotlineOut]
    offices: list[PlaceOut]
    legal_aid: PlaceOut | None
    supervision_phone: str | None
    other_districts: list[DistrictOut]
    streets: list[str]
    office_hours: list[PeriodOut]
    privacy: PrivacyOut
    evidence: EvidenceRulesOut
    draft_days: int
    if_filed_today: IfFiledTodayOut


@bp.get("/bureau")
@public
@bp.output(BureauOut)
def show_bureau() -> dict[str, Any]:
    """The bureau and its public facts; empty addresses and telephones are absent."""
    house, today = bureau(), shanghai_today(clock.now())
    inside = {"policy", "document_prefix", "confirmation_place", "values_file"}
    facts = house.model_dump(exclude=inside)
    return facts | {
        "is_demo": settings().demo,
        "today": today.isoformat(),
        "evidence": {
            "max_files": house.policy.evidence_max_files,
            "max_bytes": house.policy.evidence_max_bytes,
            "chunk_bytes": CHUNK_BYTES,
        },
        "draft_days": DEFAULT_POLICY.draft_keep_days,
        "if_filed_today": {"accept": _first("accept"), "report": _first("report_file")},
    }


def _first(key: str) -> DateOut:
    today = shanghai_today(clock.now())
    due = deadlines.due(key, today)
    if due.due is None:
        raise LookupError(f"{key} has no date")
    return dates.date_out(key, deadlines.clock(key).version, due.due, due.is_provisional, today)


@bp.get("/law/<key>")
@public
@bp.output(LawTextOut)
def law(key: str) -> LawTextOut:
    """An article: what it says in our words, and its text where it is held."""
    citation = CITATIONS.get(key)
    if citation is None:
        raise NotFound("没有收这一条。", code="no_article")
    return LawTextOut(
        key=key,
        law=citation.law,
        article=citation.article + citation.paragraph,
        gist=citation.gist,
        text=citation.text,
        state=citation.state.value,
    )
