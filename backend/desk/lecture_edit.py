"""新讲座, 一年十二场 and 改内容: the forms that write drafts and put facts right."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock, crypto
from backend.core.errors import BadInput, Conflict, FieldError, Problem
from backend.desk import lecture_forms, lecture_second
from backend.identity.guards import current_actor, staff_required
from backend.law.days import WEEKDAYS_ZH, local_date, shanghai_today
from backend.law.lecture_times import is_provisional, monthly_days
from backend.lectures import words
from backend.lectures.models import Lecture
from backend.lectures.service import desk_reading, making, publishing, rows
from backend.lectures.service.making import Series
from backend.lectures.service.plan import Plan
from backend.lectures.service.publishing import DEADLINES, MOVING
from backend.lectures.states import ORGANISERS, LectureState

bp = APIBlueprint("lecture_edit", __name__, enable_openapi=False)

LONGEST_KEY = 64
WEEK_WORDS = (("1", "第一个"), ("2", "第二个"), ("3", "第三个"), ("4", "第四个"))
#: A published lecture keeps these: whoever booked must be told of a change.
FIXED = (*MOVING, *DEADLINES, "seats", "latitude", "longitude", "map_url")


@bp.get("/lectures/new")
@staff_required(*ORGANISERS)
def new() -> AnyResponse:
    """The empty form of one lecture."""
    return _show(lecture_forms.blank())


@bp.post("/lectures/new")
@staff_required(*ORGANISERS)
def make() -> AnyResponse:
    """Write a draft; the same form sent twice is one lecture."""
    typed = lecture_forms.typed(request.form)
    try:
        plan = lecture_forms.read(typed)
        row = making.make(plan, _key(typed), current_actor(), clock.now())
    except BadInput as problem:
        return _show(typed, problem=problem)
    return redirect(url_for("desk.lecture_page.page", lecture_id=row.public_id, done="make"), 303)


@bp.get("/lectures/series")
@staff_required(*ORGANISERS)
def new_series() -> AnyResponse:
    """The form of a year of lectures, filled with themes to begin from."""
    today = shanghai_today(clock.now())
    # in autumn the coming year is planned
    year = today.year + (today.month > 9)
    usual = {
        "year": str(year),
        "week": "2",
        "weekday": "3",
        "themes": "\n".join(words.MONTHLY_THEMES),
    }
    return _show_series(lecture_forms.blank() | usual)


@bp.post("/lectures/series")
@staff_required(*ORGANISERS)
def make_series() -> AnyResponse:
    """Write the drafts of a year; the same form sent twice is one year."""
    typed = lecture_forms.typed(request.form)
    try:
        first, series = _read_series(typed)
        made = making.make_series(first, series, _key(typed), current_actor(), clock.now())
    except BadInput as problem:
        return _show_series(typed, problem)
    return redirect(url_for("desk.lecture_edit.series", series=made[0].series, done="yes"), 303)


@bp.get("/lectures/series/<series>")
@staff_required(*ORGANISERS)
def series(series: str) -> str:
    """The lectures of a year that were made in one go, each to be edited on its own."""
    found = desk_reading.of_series(series, current_actor())
    if not found:
        raise NotFound
    unsure = {row.id for row in found if _is_unsure(row)}
    return render_template(
        "desk/lecture_series_made.html", rows=found, unsure=unsure, form_words=words.FORM_WORDS
    )


def _is_unsure(row: Lecture) -> bool:
    """A draft on a day that may still become a holiday; what is published stands."""
    return row.state == LectureState.DRAFT and is_provisional(local_date(row.starts_at))


@bp.get("/lectures/<lecture_id>/edit")
@staff_required(*ORGANISERS)
def edit(lecture_id: str) -> AnyResponse:
    """A lecture's form, filled with its facts."""
    row = rows.lecture(lecture_id)
    return _show(lecture_forms.of_lecture(row) | {"version": row.version}, row)


@bp.post("/lectures/<lecture_id>/edit")
@staff_required(*ORGANISERS)
def save(lecture_id: str) -> AnyResponse:
    """Put facts right; whoever comes second is told who was first."""
    row = rows.lecture(lecture_id)
    typed = lecture_forms.typed(request.form)
    if typed.get("do") == "again":
        return _show(typed | {"version": row.version}, row)
    is_draft = row.state == LectureState.DRAFT
    # what this form does not show of a published lecture is taken from the lecture itself
    whole = typed if is_draft else lecture_forms.of_lecture(row) | _texts(typed)
    try:
        plan = lecture_forms.read(whole)
        plan = plan if is_draft else lecture_forms.kept_of(row, plan, FIXED)
        publishing.edit(lecture_id, lecture_second.version(), plan, current_actor(), clock.now())
    except BadInput as problem:
        return _show(typed, row, problem)
    except Conflict as problem:
        return lecture_second.page(lecture_id, "edit", problem)
    return redirect(url_for("desk.lecture_page.page", lecture_id=lecture_id, done="edit"), 303)


def _texts(typed: dict[str, Any]) -> dict[str, Any]:
    names = ("title", "theme", "about", "form", "speaker", "audiences")
    return {name: typed.get(name, "") for name in names}


def _key(typed: dict[str, Any]) -> str:
    return str(typed.get("key", ""))[:LONGEST_KEY]


def _read_series(typed: dict[str, Any]) -> tuple[Plan, Series]:
    """The plan of one lecture and what makes twelve of it; BadInput names all that is wrong."""
    errors: list[FieldError] = []
    series = _series(typed, errors)
    first_day = next(iter(monthly_days(series.year, series.week, series.weekday)))
    lines = [line.strip() for line in str(typed.get("themes", "")).splitlines() if line.strip()]
    stands_in = {"on": first_day.isoformat(), "title": "每月一主题", "theme": "每月一主题"}
    too_long = next((line for line in lines if len(line) > 60), None)
    if len(lines) != making.MONTHS:
        found = f"现在有 {len(lines)} 行" if lines else "现在是空的"
        errors.append(FieldError("themes", f"请写满十二个月的主题，每行一个，{found}。"))
    elif too_long is not None:
        errors.append(FieldError("themes", f"“{too_long[:20]}…”太长，一个主题最多 60 个字。"))
    try:
        plan = lecture_forms.read(typed | stands_in)
    except BadInput as problem:
        raise BadInput(problem.detail, errors=errors + problem.errors) from problem
    if errors:
        raise BadInput("有几处要改，改好再存。", errors=errors)
    return plan, Series(series.year, series.week, series.weekday, lines)


def _series(typed: dict[str, Any], errors: list[FieldError]) -> Series:
    """Year and days; where one cannot be read another stands in, and the fault is noted."""
    this_year = shanghai_today(clock.now()).year
    numbers = [lecture_forms.whole(str(typed.get(n, ""))) for n in ("year", "week", "weekday")]
    year, week, weekday = numbers
    if year not in (this_year, this_year + 1):
        errors.append(FieldError("year", "请选今年或者明年。"))
        year = this_year
    if week is None or not 1 <= week <= 4:
        errors.append(FieldError("week", "请选每月第几个。"))
        week = 1
    if weekday is None or not 0 <= weekday <= 6:
        errors.append(FieldError("weekday", "请选星期几。"))
        weekday = 0
    return Series(year, week, weekday, ())


def _show(
    typed: dict[str, Any], row: Lecture | None = None, problem: Problem | None = None
) -> AnyResponse:
    html = render_template("desk/lecture_form.html", row=row, **_shown(typed, problem))
    return make_response(html, problem.status if problem else 200)


def _show_series(typed: dict[str, Any], problem: Problem | None = None) -> AnyResponse:
    this_year = shanghai_today(clock.now()).year
    html = render_template(
        "desk/lecture_series.html",
        years=[(str(year), f"{year} 年") for year in (this_year, this_year + 1)],
        week_words=WEEK_WORDS,
        weekdays=[(str(at), word) for at, word in enumerate(WEEKDAYS_ZH)],
        **_shown(typed, problem),
    )
    return make_response(html, problem.status if problem else 200)


def _shown(typed: dict[str, Any], problem: Problem | None) -> dict[str, Any]:
    found = problem.errors if problem else []
    return {
        "typed": typed,
        "key": typed.get("key") or crypto.new_token(),
        "problem": problem,
        "problems": found,
        "errors": {error["field"]: error["message"] for error in reversed(found)},
        "form_options": list(words.FORM_WORDS.items()),
        "audience_options": list(words.AUDIENCE_WORDS.items()),
    }
