"""The page for whoever comes second at a lecture, and the version the sent page had shown."""

from __future__ import annotations

from datetime import datetime

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import Problem
from backend.desk import labels, typed
from backend.desk.lectures import state_word
from backend.lectures import words
from backend.lectures.service import rows

DEEDS = {
    "publish": "发布",
    "edit": "改内容",
    "change": "改时间或地点",
    "cancel": "取消讲座",
    "seats": "改座位数",
}
#: Where what was typed can be taken along: these have a form of their own.
ENDPOINTS = {
    "edit": "desk.lecture_edit.save",
    "change": "desk.lecture_moves.change",
    "cancel": "desk.lecture_moves.cancel",
}


#: Fields that are called otherwise in the forms of lectures and orders.
_LABELS = labels.LABELS | {"place": "地点", "note": "留的话"}


def named(sent: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was typed with the labels of its fields, for reading; choices are left out."""
    moments = ("booking_closes_at", "cancelling_closes_at")
    return [
        (_LABELS[name], value.replace("T", " ") if name in moments else value)
        for name, value in sent
        if name in _LABELS
    ]


def version() -> int:
    """The version of the row that the sent page showed."""
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def page(lecture_id: str, deed: str, problem: Problem) -> AnyResponse:
    """Who was first, what stands there now, and what was typed kept with a way on."""
    row = rows.lecture(lecture_id)
    now = clock.now()
    at = problem.extra.get("at")
    endpoint = ENDPOINTS.get(deed) if problem.code == "stale" else None
    html = render_template(
        "desk/lecture_conflict.html",
        row=row,
        state=state_word(row, now),
        when=words.span(row.starts_at, row.ends_at),
        where=words.where(row.place, row.online),
        problem=problem,
        by=problem.extra.get("by"),
        at=datetime.fromisoformat(at) if at else None,
        deed=DEEDS[deed],
        sent=typed.kept(request.form),
        shown=named(typed.kept(request.form)),
        again=url_for(endpoint, lecture_id=lecture_id) if endpoint else None,
    )
    return make_response(html, problem.status)
