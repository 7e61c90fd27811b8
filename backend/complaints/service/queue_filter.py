"""What the desk's list is narrowed to, as conditions: groups of dates, people, typed words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from backend.complaints.models import Case, Claimant
from backend.complaints.numbering import CASE_SERIES
from backend.core import crypto, texts
from backend.core.actor import Actor
from backend.law.days import is_past
from backend.law.policy import DEFAULT_POLICY
from backend.law.workdays import default_calendar

BUCKETS = ("overdue", "today", "soon", "later", "paused")

# A number as the list shows it (投2026-00003), or whole: 示人社监投〔2026〕00003号.
_LIKE_A_NUMBER = re.compile(r"([^0-9]*?)[ 〔]*([0-9]{4})[-〕 ]+([0-9]{1,9})号?", re.ASCII)
_BRACKETS = str.maketrans("[({【「〈－–—−", "〔〔〔〔〔〔----") | str.maketrans(
    "])}】」〉", "〕〕〕〕〕〕"
)
_SHORT_SERIES = {"T": CASE_SERIES["complaint"], "J": CASE_SERIES["report"]}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; None leaves a condition out. `q` is a number, name or phone.

    `is_open` false reaches the cases with nothing left to do too; a bucket holds open ones only.
    """

    bucket: str | None = None
    state: str | None = None
    lane: str | None = None
    street: str | None = None
    mine: bool = False
    unassigned: bool = False
    offered: bool = False
    is_open: bool = True
    q: str | None = None


def conditions(wanted: Filter, actor: Actor, today: date) -> list[sa.ColumnElement[bool]]:
    """The filter as conditions on cases, for this actor on this day."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.is_open or wanted.bucket:
        found.append(Case.is_open.is_(True))
    if wanted.bucket:
        found.extend(_bucket(wanted.bucket, today))
    if wanted.state:
        found.append(Case.state == wanted.state)
    if wanted.lane:
        found.append(Case.lane == wanted.lane)
    if wanted.street:
        found.append(Case.street == wanted.street)
    if wanted.mine:
        found.append(_is_of(actor))
    if wanted.unassigned:
        found.append(Case.officer_id.is_(None))
    if wanted.offered:
        found.append(Case.offered_to_id == actor.id)
    if wanted.q:
        found.append(_search(wanted.q))
    return found


def _is_of(actor: Actor) -> sa.ColumnElement[bool]:
    """Handled by this officer, beside another one, or handed over and waiting to be taken."""
    columns = (Case.officer_id, Case.second_officer_id, Case.offered_to_id)
    # three indexes, each asked by itself: an OR would read every open case
    own = sa.union_all(*(sa.select(Case.id).where(column == actor.id) for column in columns))
    return Case.id.in_(own)


def _bucket(bucket: str, today: date) -> list[sa.ColumnElement[bool]]:
    soon = _last_soon_day(today)
    due = Case.next_due_on
    ranges: dict[str, list[sa.ColumnElement[bool]]] = {
        "overdue": [due < today],
        "today": [due == today],
        "soon": [due > today, due <= soon],
        "later": [due > soon],
        "paused": [due.is_(None)],
    }
    return ranges.get(bucket, [])


def bucket_of(due_on: date | None, today: date) -> str:
    """The group a date stands in: overdue, today, soon, later, or paused."""
    if due_on is None:
        return "paused"
    if due_on == today:
        return "today"
    if is_past(due_on, today):
        return "overdue"
    return "soon" if due_on <= _last_soon_day(today) else "later"


def _last_soon_day(today: date) -> date:
    return default_calendar().add_working_days(today, DEFAULT_POLICY.due_soon_working_days)


def _search(typed: str) -> sa.ColumnElement[bool]:
    """By case number, receipt code, employer or telephone; a name is encrypted and not searched."""
    typed = typed.strip()
    phone, code = texts.normal_phone(typed), crypto.normal_receipt_code(typed)
    if code:
        return Case.receipt_index == crypto.blind_index("receipt", code)
    if phone:
        index = crypto.blind_index("phone", phone)
        # a telephone must not tell who reported (粤监察 35)
        of_claimant = sa.and_(Claimant.phone_index == index, Claimant.role == "claimant")
        return Case.id.in_(sa.select(Claimant.case_id).where(of_claimant))
    return sa.or_(_holds(Case.number, number_part(typed)), _holds(Case.employer_name, typed))


def number_part(typed: str) -> str:
    """The part of a case number that was meant, however it was typed.

    2026-3, 投2026-00003, j-2026-00003 and 〔2026〕00003 with any brackets; else the text as it is.
    """
    plain = unicodedata.normalize("NFKC", typed).translate(_BRACKETS).strip()
    found = _LIKE_A_NUMBER.fullmatch(plain)
    if found is None:
        return plain
    before, year, running = found.groups()
    series = _SHORT_SERIES.get(before.strip("- ").upper(), before.strip("- "))
    return f"{series}〔{year}〕{int(running):05d}号"


def _holds(column: InstrumentedAttribute[Any], part: str) -> sa.ColumnElement[bool]:
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(f"%{escaped}%", escape="\\")
