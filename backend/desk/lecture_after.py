"""After a lecture: which words of listeners others may read, and files to take home."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import BadInput, Conflict, FieldError, TooLarge
from backend.desk import lecture_page
from backend.identity import desk_door
from backend.identity.guards import current_actor, staff_required
from backend.lectures.service import after, materials, rows
from backend.lectures.service.materials import LARGEST_BYTES
from backend.lectures.states import DOOR, ORGANISERS

bp = APIBlueprint("lecture_after", __name__, enable_openapi=False)

_AROUND = 64 * 1024  # title, token and the form's own lines around the file


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Allow a file's size for signed-in staff, before the form's token is read from the body."""
    if endpoint == f"desk.{bp.name}.{add.__name__}" and desk_door.desk_actor() is not None:
        request.max_content_length = LARGEST_BYTES + _AROUND


@bp.post("/lectures/<lecture_id>/feedback/<feedback_id>")
@staff_required(*ORGANISERS)
def show(lecture_id: str, feedback_id: str) -> AnyResponse:
    """展示 or 不展示 what a listener allowed to be read."""
    is_shown = request.form.get("do") == "show"
    try:
        after.show(feedback_id, is_shown, current_actor(), clock.now())
    except Conflict as problem:
        return lecture_page.show(lecture_id, problem)
    return _back(lecture_id, "show" if is_shown else "hide", "feedback")


@bp.post("/lectures/<lecture_id>/materials")
@staff_required(*ORGANISERS)
def add(lecture_id: str) -> AnyResponse:
    """Put a file beside the lecture for everybody to take home."""
    file = request.files.get("file")
    title = (request.form.get("material_title") or "").strip()
    try:
        if file is None or not file.filename:
            wrong = "请选一个文件：PDF、PNG 或 JPG。"
            raise BadInput(wrong, errors=[FieldError("file", wrong)])
        data = file.stream.read(LARGEST_BYTES + 1)
        materials.add(lecture_id, title, data, current_actor(), clock.now())
    except (BadInput, Conflict, TooLarge) as problem:
        return lecture_page.show(lecture_id, problem, material_title=title)
    return _back(lecture_id, "add", "materials")


@bp.post("/lectures/<lecture_id>/materials/<material_id>/remove")
@staff_required(*ORGANISERS)
def remove(lecture_id: str, material_id: str) -> AnyResponse:
    """Take a file away again."""
    materials.remove(lecture_id, material_id, current_actor(), clock.now())
    return _back(lecture_id, "remove", "materials")


@bp.get("/lectures/<lecture_id>/materials/<material_id>")
@staff_required(*DOOR)
def read(lecture_id: str, material_id: str) -> Response:
    """A file of a lecture, a draft's too."""
    file, content = materials.read(rows.lecture(lecture_id).id, material_id)
    found = Response(content, content_type=file.media_type)
    found.headers["Content-Disposition"] = materials.disposition(file)
    return found


def _back(lecture_id: str, done: str, anchor: str) -> AnyResponse:
    address = url_for("desk.lecture_page.page", lecture_id=lecture_id, done=done, _anchor=anchor)
    return redirect(address, 303)
