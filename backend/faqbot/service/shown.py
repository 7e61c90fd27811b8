"""An entry as a person sees it today: values and the bureau's own words put in, article links, buttons."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime

from backend.core.db import db, insert_once
from backend.core.installation import bureau
from backend.faqbot.models import EntryRevision
from backend.faqbot.schemas import ActionOut, CitationOut, FaqEntryOut
from backend.law import statutes, values
from faq.schema import Action, Citation, Entry

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_ACTION_WORDS = {
    "file_complaint": "投诉欠薪",
    "file_report": "举报",
    "track_case": "查进度",
    "book_lecture": "预约讲座",
    "order_lecture": "请讲座上门",
    "calculator": "算一算",
    "human": "找人问",
    "open_entry": "看这一条",
}


def entry_out(entry: Entry, titles: dict[str, str], today: date) -> FaqEntryOut:
    """The entry with today's values; `titles` are the questions of other entries, for buttons."""
    content: dict[str, object] = {
        "id": entry.id,
        "question": entry.question,
        "short": filled(entry.short, today),
        "answer": filled(entry.answer, today),
        "citations": [citation_out(c).model_dump() for c in entry.citations],
        "actions": [_action(a, titles).model_dump() for a in entry.actions],
        "reviewed_on": entry.reviewed_on.isoformat(),
    }
    return FaqEntryOut.model_validate(content | {"revision": _revision(content)})


def filled(text: str, today: date) -> str:
    """The text with every placeholder replaced by what holds today."""
    return _PLACEHOLDER.sub(lambda match: _value(match.group(1), today), text)


def citation_out(citation: Citation) -> CitationOut:
    """A citation, and whether its text can be opened here."""
    return CitationOut(
        law=citation.law,
        article=citation.article,
        has_text=statutes.article(citation.law, citation.article) is not None,
        is_unverified=citation.unverified,
    )


def keep_revision(shown: FaqEntryOut, now: datetime) -> None:
    """Keep what was shown, once, inside the caller's transaction."""
    row = {
        "entry_id": shown.id,
        "revision": shown.revision,
        "content": shown.model_dump(mode="json"),
        "first_at": now,
    }
    insert_once(EntryRevision, row, "entry_id", "revision")


def kept(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], FaqEntryOut]:
    """What was shown under these ids and revisions."""
    if not wanted:
        return {}
    ids = {entry_id for entry_id, _ in wanted}
    rows = db.session.query(EntryRevision).where(EntryRevision.entry_id.in_(ids))
    found = {(r.entry_id, r.revision): FaqEntryOut.model_validate(r.content) for r in rows}
    return {key: found[key] for key in wanted}


def _value(name: str, today: date) -> str:
    house = bureau()
    hours = "，".join(f"{p.opens}–{p.closes}" for p in house.office_hours)
    office = house.offices[0] if house.offices else None
    own = {
        "bureau_name": house.name,
        "district": house.region.name,
        "city": house.region.city,
        "lecture_brand": house.brands.lectures,
        "site_code_brand": house.brands.site_codes,
        "office_hours": f"工作日{hours}",
        "office_address": (office.address if office else None) or "（地址请打12333问）",
        "office_phone": (office.phone if office else None) or "12333",
        "supervision_phone": house.supervision_phone or "12345",
    }
    return own[name] if name in own else values.value(name, today).shown


def _action(action: Action, titles: dict[str, str]) -> ActionOut:
    label = _ACTION_WORDS.get(action.kind, "")
    if action.kind == "call":
        label = f"打 {action.phone}"
    if action.kind == "open_entry" and action.entry:
        label = titles.get(action.entry, label)
    return ActionOut(
        kind=action.kind, label=label, phone=action.phone, entry=action.entry, key=action.key
    )


def _revision(content: dict[str, object]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
