"""讲座: the lists of lectures, the calendar of a month, and a year's list as a sheet."""

from __future__ import annotations

import calendar
from datetime import date, datetime
from itertools import groupby

from apiflask import APIBlueprint
from flask import Response, render_template, request

from backend.core import clock
from backend.desk import lecture_sheets
from backend.desk.frame import is_part
from backend.identity.guards import current_actor, staff_required
from backend.law.days import local_date, shanghai_today
from backend.lectures import words
from backend.lectures.models import Lecture
from backend.lectures.service import desk_reading, exporting
from backend.lectures.states import DOOR, LECTURE_LABELS, ORGANISERS, LectureState

bp = APIBlueprint("lectures", __name__, enable_openapi=False)

FIRST_YEAR, LAST_YEAR = 2020, 2099


@bp.get("/lectures")
@staff_required(*DOOR)
def page() -> str:
    """One page of fifty lectures of one kind."""
    actor, now = current_actor(), clock.now()
    wanted = request.args.get("scope", "")
    scope = wanted if wanted in desk_reading.SCOPES else "coming"
    found = desk_reading.listed(scope, request.args.get("cursor"), actor, now)
    template = "desk/_lecture_list.html" if is_part("list") else "desk/lectures.html"
    return render_template(
        template,
        rows=found.items,
        next_cursor=found.next_cursor,
        scope=scope,
        counts=desk_reading.counts(now),
        form_words=words.FORM_WORDS,
        now=now,
        year=shanghai_today(now).year,
        state_word=state_word,
    )


@bp.get("/lectures/calendar")
@staff_required(*DOOR)
def month() -> str:
    """A month as a grid, cancelled lectures and drafts in it too."""
    now = clock.now()
    year, number = _month(request.args.get("month", ""), now)
    found = desk_reading.of_month(year, number, current_actor())
    by_day = {
        on: list(rows) for on, rows in groupby(found, key=lambda row: local_date(row.starts_at))
    }
    return render_template(
        "desk/lecture_calendar.html",
        year=year,
        month=number,
        weeks=calendar.Calendar().monthdatescalendar(year, number),
        by_day=by_day,
        before=_neighbour(year, number, -1),
        after=_neighbour(year, number, 1),
        today=shanghai_today(now),
        now=now,
        state_word=state_word,
    )


@bp.get("/lectures/year.xlsx")
@staff_required(*ORGANISERS)
def year_sheet() -> Response:
    """The lectures of a year with their numbers; nobody's name is in it."""
    now = clock.now()
    year, _ = _month(f"{request.args.get('year', '')}-01", now)
    exporting.lectures(year, current_actor(), now)
    rows = lecture_sheets.of_lectures(exporting.lecture_rows(year), now)
    return lecture_sheets.answer(rows, f"讲座-{year}.xlsx")


def state_word(row: Lecture, now: datetime) -> str:
    """The state in words; that it is running or over is computed."""
    state = LectureState(row.state)
    if state != LectureState.PUBLISHED or now < row.starts_at:
        return LECTURE_LABELS[state]
    return "讲完了" if now >= row.ends_at else "正在讲"


def _month(text: str, now: datetime) -> tuple[int, int]:
    """Year and month of the address, or this month where it names none."""
    year, _, month = text.partition("-")
    is_number = all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (year, month))
    if is_number and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:
        return int(year), int(month)
    today = shanghai_today(now)
    return today.year, today.month


def _neighbour(year: int, month: int, by: int) -> str:
    """The month before or after, as the address names it."""
    count = year * 12 + month - 1 + by
    return f"{date(count // 12, count % 12 + 1, 1):%Y-%m}"
