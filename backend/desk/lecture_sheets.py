"""Sheets (XLSX) of lectures, bookings and orders: written row by row, texts always as texts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from flask import Response, request
from werkzeug.wsgi import wrap_file

from backend.law.days import SHANGHAI, is_past, shanghai_today
from backend.lectures import words
from backend.lectures.models import Booking, Lecture, LectureOrder
from backend.lectures.service.after import Numbers
from backend.lectures.service.exporting import MOST_ROWS
from backend.lectures.states import (
    BOOKING_LABELS,
    LECTURE_LABELS,
    ORDER_LABELS,
    UNANSWERED,
    BookingState,
    LectureState,
    OrderState,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows by portions of this size are written to disk; nothing of the sheet stays in memory.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_LONGEST_CELL = 32_000  # a cell of the format takes 32,767 characters
Row = Sequence[Any]


def answer(rows: Iterable[Row], name: str) -> Response:
    """The sheet as a file to save: heads in the first row, at most MOST_ROWS rows below it."""
    with ExitStack() as unless_sent:
        file = unless_sent.enter_context(tempfile.TemporaryFile())
        _write(file, rows)
        unless_sent.pop_all()  # from here on whoever sends the answer closes it
    size = file.tell()
    file.seek(0)
    found = Response(wrap_file(request.environ, file), mimetype=MEDIA_TYPE, direct_passthrough=True)
    found.content_length = size
    found.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return found


def _write(file: IO[bytes], rows: Iterable[Row]) -> None:
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        sheet = book.add_worksheet()
        bold, moment = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(rows):
            if at > MOST_ROWS:
                break
            for column, value in enumerate(row):
                _cell(sheet, at, column, value, bold if at == 0 else None, moment)
        sheet.set_column(0, 40, 16)
    file.seek(0, 2)


def _cell(sheet: Any, row: int, column: int, value: Any, style: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        naive = value.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(row, column, naive, moment)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, style)
    else:
        # never `write`: a name that begins with = would become a formula
        sheet.write_string(row, column, str(value)[:_LONGEST_CELL], style)


def of_bookings(lecture: Lecture, bookings: Iterable[tuple[Booking, str]]) -> Iterator[Row]:
    """Bookings of one lecture with their telephones, names in clear."""
    yield (
        "编号", "姓名", "单位或团体", "电话", "人数", "状态", "约的时间", "谁代约",
        "知道改动", "到了几人", "签到时间",
    )  # fmt: skip
    for row, phone in bookings:
        is_agreed = row.agreed_revision == lecture.revision
        yield (
            words.number(row.id), row.name, row.org_name, phone, row.party,
            BOOKING_LABELS[BookingState(row.state)], row.created_at, row.booked_by_name,
            "知道" if is_agreed else "还没确认", row.attended, row.attended_at,
        )  # fmt: skip


def of_lectures(rows: Iterable[tuple[Lecture, Numbers]], now: datetime) -> Iterator[Row]:
    """Lectures with their numbers; what can only be known afterwards is empty before."""
    yield (
        "开始", "结束", "题目", "主题", "形式", "讲给谁听", "讲师", "地点", "状态", "座位",
        "约了人数", "候补人数", "取消人数", "过了时间取消", "到场", "没预约来的", "约了没来",
        "说有用", "说一部分有用", "说没用",
    )  # fmt: skip
    for lecture, count in rows:
        is_held = lecture.state == LectureState.PUBLISHED and now >= lecture.ends_at
        held = (
            count.came, count.walk_ins, count.missed, count.useful, count.partly, count.not_useful,
        ) if is_held else ()  # fmt: skip
        yield (
            lecture.starts_at, lecture.ends_at, lecture.title, lecture.theme,
            words.FORM_WORDS[lecture.form],
            "、".join(words.AUDIENCE_WORDS[one] for one in lecture.audiences),
            lecture.speaker, words.where(lecture.place, lecture.online),
            LECTURE_LABELS[LectureState(lecture.state)], lecture.seats,
            count.booked, count.waiting, count.cancelled, count.cancelled_late, *held,
        )  # fmt: skip


def of_orders(orders: Iterable[LectureOrder], now: datetime) -> Iterator[Row]:
    """Orders with their contacts in clear."""
    yield (
        "编号", "点单时间", "单位", "哪种地方", "联系人", "电话", "主题", "地点", "人数", "状态",
        "答复期限", "逾期", "谁办", "约的时间", "讲师", "到场", "评价", "评语",
    )  # fmt: skip
    today = shanghai_today(now)
    for row in orders:
        state = OrderState(row.state)
        is_late = state in UNANSWERED and is_past(row.answer_due_on, today)
        yield (
            words.order_number(row.id), row.ordered_at, row.org_name, words.ORG_WORDS[row.org_kind],
            row.contact_name, row.phone, row.theme, row.place, row.people, ORDER_LABELS[state],
            row.answer_due_on.isoformat(), "逾期" if is_late else "", row.officer_name,
            row.proposed_at, row.speaker, row.attended,
            words.ORDER_VERDICT_WORDS.get(row.verdict or "", ""), row.verdict_words,
        )  # fmt: skip
