"""到场签到: the door of a lecture on a staff phone, with or without network."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response, render_template, request
from pydantic import Field, ValidationError

from backend.core import clock, problems
from backend.core.errors import BadInput, WrongType
from backend.core.schemas import In, Moment, Out, RandomKey
from backend.desk.static_files import FOLDER
from backend.identity import desk_door
from backend.identity.guards import current_actor, staff_required
from backend.lectures import words
from backend.lectures.models import Lecture
from backend.lectures.service import door
from backend.lectures.service.door import MOST_SCANS, MOST_WALK_INS, Scan
from backend.lectures.service.door_words import Result
from backend.lectures.states import DOOR, LectureState

bp = APIBlueprint("door", __name__, enable_openapi=False)

BODY_LIMIT = 256 * 1024
#: Only this page may use the camera; no page of the desk needs a microphone.
CAMERA = "camera=(self), microphone=()"
#: Scripts that others import by these very addresses; kept on the phone with the page.
MODULES = (
    *(f"door/{name}.js" for name in ("camera", "guests", "screen", "sender")),
    *(f"door/{name}.js" for name in ("sha256", "store", "words")),
    "vendor/qr/index.js",  # imported by the decoder
)
_REFUSED = "这一条读不出来，没有记。请重新扫一次，或者打编号。"


class ScanIn(In):
    """One scan of the phone; see lectures.service.door.Scan."""

    key: RandomKey
    code: Annotated[str, Field(pattern=r"^XH1[0-9a-z]{16}[0-9a-f]{16}$")] | None = None
    booking_id: Annotated[str, Field(pattern=r"^[0-9a-z]{16}$")] | None = None
    people: Annotated[int, Field(ge=-MOST_WALK_INS, le=MOST_WALK_INS)] | None = None
    age_s: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = 0.0


class ScansIn(In):
    """What a phone sends at once, in order; each scan is checked for itself, see `_take`."""

    scans: Annotated[list[dict[str, Any]], Field(max_length=MOST_SCANS)]


class LectureOut(Out):
    """The lecture whose door it is. `is_open`: people may be let in."""

    id: str
    title: str
    when: str
    where: str
    ends_at: Moment
    is_open: bool
    walk_ins: int


class ExpectedOut(Out):
    """A booking on the list that is kept on the phone."""

    booking_id: str
    number: str
    name: str
    org_name: str
    phone_tail: str
    party: int
    attended: int
    attended_at: Moment | None
    code_hash: str


class ListOut(Out):
    """The list, the moment by our clock, and the token for sending scans."""

    csrf: str
    now: Moment
    lecture: LectureOut
    expected: list[ExpectedOut]
    given_back: list[str]


class ResultOut(Out):
    """What became of one scan."""

    key: str
    result: str
    title: str
    words: str
    booking_id: str
    number: str
    party: int
    attended: int
    first_at: Moment | None


class CameOut(Out):
    """Who is in, by booking."""

    booking_id: str
    attended: int
    attended_at: Moment | None


class TakenOut(Out):
    """A result for each scan, and what all phones of this door did together."""

    now: Moment
    results: list[ResultOut]
    lecture: LectureOut
    came: list[CameOut]


@bp.get("/lectures/<lecture_id>/door")
@staff_required(*DOOR)
def page(lecture_id: str) -> Response:
    """The page, without anybody's name: the phone keeps it, to open it again without network."""
    lecture = _lecture_out(door.lecture_of(lecture_id, current_actor()))
    response = make_response(render_template("desk/door.html", lecture=lecture, modules=MODULES))
    response.headers["Permissions-Policy"] = CAMERA
    return response


@bp.get("/lectures/<lecture_id>/door/list")
@staff_required(*DOOR)
def read_list(lecture_id: str) -> Response:
    """Everybody who is expected; that it was read is recorded."""
    now = clock.now()
    lecture, expected = door.door_list(lecture_id, current_actor(), now)
    out = ListOut(
        csrf=desk_door.csrf_token(),
        now=now,
        lecture=_lecture_out(lecture),
        expected=[ExpectedOut.model_validate(row) for row in expected],
        given_back=door.given_back(lecture),
    )
    return jsonify(out.model_dump(mode="json"))


@bp.post("/lectures/<lecture_id>/door/scans")
@staff_required(*DOOR)
def take_scans(lecture_id: str) -> Response:
    """Take what was scanned; with no scans it only tells what other phones did."""
    request.max_content_length = BODY_LIMIT
    if not request.is_json:
        raise WrongType("签到要按 JSON 发来。")
    try:
        sent = ScansIn.model_validate_json(request.get_data())
    except ValidationError as error:
        message = f"这一批没有收下：一次最多 {MOST_SCANS} 条。"
        raise BadInput(message, errors=problems.field_errors(error)) from error
    now, actor = clock.now(), current_actor()
    results = _take(lecture_id, sent.scans, now)
    lecture, came = door.came(lecture_id, actor)
    out = TakenOut(
        now=now,
        results=[ResultOut.model_validate(result) for result in results],
        lecture=_lecture_out(lecture),
        came=[CameOut.model_validate(row) for row in came],
    )
    return jsonify(out.model_dump(mode="json"))


@bp.get("/lectures/door-worker.js")
@staff_required(*DOOR)
def worker() -> Response:
    """The service worker, here because its address decides what it may answer for."""
    script = (FOLDER / "door" / "worker.js").read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def _take(lecture_id: str, sent: list[dict[str, Any]], now: datetime) -> list[Result]:
    """Results in the order sent: one that cannot be read does not hold back the others."""
    scans: list[Scan] = []
    results: list[Result | None] = []
    for raw in sent:
        try:
            scans.append(Scan(**ScanIn.model_validate(raw).model_dump()))
            results.append(None)
        except ValidationError:
            results.append(Result(str(raw.get("key", ""))[:32], "refused", "没有记", _REFUSED))
    taken = iter(door.take_scans(lecture_id, scans, current_actor(), now))
    return [result or next(taken) for result in results]


def _lecture_out(lecture: Lecture) -> LectureOut:
    return LectureOut(
        id=lecture.public_id,
        title=lecture.title,
        when=words.span(lecture.starts_at, lecture.ends_at),
        where=words.where(lecture.place, lecture.online),
        ends_at=lecture.ends_at,
        is_open=lecture.state == LectureState.PUBLISHED,
        walk_ins=lecture.walk_ins,
    )
