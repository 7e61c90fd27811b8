"""What leaves the house about one lecture: the sheet of bookings, the door list, its code."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, render_template, request

from backend.core import clock
from backend.desk import lecture_sheets, scene_codes
from backend.identity.guards import current_actor, staff_required
from backend.lectures import words
from backend.lectures.service import exporting, rows
from backend.lectures.states import DOOR, ORGANISERS

bp = APIBlueprint("lecture_papers", __name__, enable_openapi=False)


@bp.get("/lectures/<lecture_id>/bookings.xlsx")
@staff_required(*ORGANISERS)
def sheet(lecture_id: str) -> Response:
    """The bookings with names in clear; the export is in the record."""
    lecture = exporting.bookings(lecture_id, current_actor(), clock.now())
    found = lecture_sheets.of_bookings(lecture, exporting.booking_rows(lecture))
    return lecture_sheets.answer(found, f"预约-{lecture.title}.xlsx")


@bp.get("/lectures/<lecture_id>/print")
@staff_required(*DOOR)
def door_list(lecture_id: str) -> str:
    """The list for the door on A4; that it was opened for printing is in the record."""
    actor, now = current_actor(), clock.now()
    lecture, expected = exporting.print_list(lecture_id, actor, now)
    return render_template(
        "desk/lecture_print.html",
        row=lecture,
        expected=expected,
        people=sum(one.party for one in expected),
        when=words.span(lecture.starts_at, lecture.ends_at),
        where=words.where(lecture.place, lecture.online),
        now=now,
    )


@bp.get("/lectures/<lecture_id>/code")
@staff_required(*DOOR)
def code(lecture_id: str) -> str:
    """The code to print or to show on a wall."""
    lecture = rows.public_lecture(lecture_id)
    made = scene_codes.code_for("lecture", lecture.public_id, request.host_url)
    return render_template(
        "desk/lecture_code.html",
        row=lecture,
        is_wechat=made.is_wechat,
        address=scene_codes.address_of(made.scene, request.host_url),
        when=words.span(lecture.starts_at, lecture.ends_at),
        where=words.where(lecture.place, lecture.online),
    )


@bp.get("/lectures/<lecture_id>/code.png")
@staff_required(*DOOR)
def picture(lecture_id: str) -> Response:
    """The picture of the code."""
    lecture = rows.public_lecture(lecture_id)
    made = scene_codes.code_for("lecture", lecture.public_id, request.host_url)
    found = Response(made.picture, mimetype=made.media_type)
    if "save" in request.args:
        ending = "png" if made.media_type == "image/png" else "jpg"
        found.headers["Content-Disposition"] = f"attachment; filename=lecture-code.{ending}"
    return found
