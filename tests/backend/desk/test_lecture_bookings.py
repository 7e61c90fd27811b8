"""People of a lecture at the desk: booked for, telephoned, cancelled, heard after it, on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from backend.audit.models import AuditEvent
from backend.core import clock as core_clock
from backend.core.db import db
from backend.lectures.models import Booking, Lecture, LectureFeedback, LectureMaterial
from backend.lectures.service import after, answers, door
from backend.lectures.service.after import Said
from backend.lectures.service.door import Scan
from backend.notify.models import OutboxMessage
from tests.clock import HeldClock
from tests.factories import lectures as made
from tests.factories.identity import AtDesk, sign_in_at_desk

Post = Callable[..., Any]
SignIn = Callable[..., AtDesk]
WISH = {"key": "b" * 32, "name": "何国强", "phone": "138 0000 0042", "party": "2", "org_name": ""}
PDF = b"%PDF-1.7\nexample"


@pytest.fixture
def organiser(sign_in_staff: SignIn) -> AtDesk:
    """Who makes lectures."""
    return sign_in_staff("organiser", name="苏敏仪")


@pytest.fixture
def clerk(sign_in_staff: SignIn) -> AtDesk:
    """Who sits at the window."""
    return sign_in_staff("clerk", name="冯窗口")


@pytest.fixture
def lecture(app: APIFlask, organiser: AtDesk) -> str:
    """A lecture of ten seats in ten days."""
    with app.app_context():
        return made.published(organiser.actor, seats=10).public_id


def count(app: APIFlask, act: str) -> list[dict[str, Any]]:
    """The details of every event of one act."""
    with app.app_context():
        query = db.session.query(AuditEvent).filter_by(act=act).order_by(AuditEvent.id)
        return [event.detail for event in query]


def booked(clerk: AtDesk, lecture: str, post: Post, **changes: str) -> str:
    """Book through the form; the address of the booking."""
    answer = post(clerk, f"/desk/lectures/{lecture}/book", **{**WISH, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.location).partition("?")[0]


def test_a_clerk_books_for_somebody_who_is_then_telephoned(
    app: APIFlask, clerk: AtDesk, organiser: AtDesk, lecture: str, post: Post
) -> None:
    address = booked(clerk, lecture, post)
    assert booked(clerk, lecture, post) == address  # the same form twice
    text = clerk.client.get(f"{address}?done=book").text
    assert "约上了" in text and "何国强" in text and "13800000042" in text and "冯窗口 代约" in text
    assert count(app, "booking_read") != []
    page = organiser.client.get(f"/desk/lectures/{lecture}").text
    assert "何*强（代：冯窗口）" in page and "何国强" not in page and "尾号 0042" in page
    assert "要打电话" in page and "1 单 2 人" in page
    calls = clerk.client.get(f"/desk/lectures/{lecture}/calls").text
    assert "何国强 13800000042" in calls and "约好了：2 座" in calls
    assert count(app, "call_list_read")[-1] == {"bookings": ["B-1"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 31}, "name"),
        ({"phone": "12345"}, "phone"),
        ({"org_name": "长" * 61}, "org_name"),
        ({"party": "两个"}, "party"),
        ({"party": "0"}, "party"),
        ({"party": "11"}, "party"),
    ],
)
def test_a_wish_with_a_fault_books_nothing_and_keeps_its_words(
    app: APIFlask, clerk: AtDesk, lecture: str, post: Post, changes: dict[str, str], field: str
) -> None:
    answer = post(clerk, f"/desk/lectures/{lecture}/book", **{**WISH, **changes})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text and f'id="f-{field}-e"' in answer.text
    kept = "138 0000 0042" if field != "phone" else "何国强"
    assert f'value="{kept}"' in answer.text
    with app.app_context():
        assert db.session.query(Booking).count() == 0


def test_a_full_lecture_asks_whether_to_wait(clerk: AtDesk, lecture: str, post: Post) -> None:
    booked(clerk, lecture, post, party="10")
    second = {**WISH, "key": "c" * 32, "phone": "13800000043", "party": "1"}
    full = post(clerk, f"/desk/lectures/{lecture}/book", **second)
    assert full.status_code == 409 and "座位约满了" in full.text and "没有座就排队" in full.text
    answer = post(clerk, f"/desk/lectures/{lecture}/book", **second, may_wait="1")
    assert answer.location.endswith("?done=wait")
    assert "在排队" in clerk.client.get(answer.location).text


def test_the_same_telephone_twice_leads_to_the_first_booking(
    clerk: AtDesk, lecture: str, post: Post
) -> None:
    address = booked(clerk, lecture, post)
    answer = post(clerk, f"/desk/lectures/{lecture}/book", **{**WISH, "key": "d" * 32})
    assert answer.status_code == 409 and "他已经约了这场" in answer.text
    assert f'href="{address}"' in answer.text


def test_booking_after_the_deadline_is_refused_with_the_form_kept(
    clerk: AtDesk, lecture: str, post: Post, app: APIFlask, clock: HeldClock
) -> None:
    clock.advance(hours=239)
    late = sign_in_at_desk(app, "clerk")
    answer = post(late, f"/desk/lectures/{lecture}/book", **WISH)
    assert answer.status_code == 409 and "过了预约时间" in answer.text
    assert 'value="何国强"' in answer.text
    assert "代为预约</a>" not in late.client.get(f"/desk/lectures/{lecture}").text


def test_a_booking_is_cancelled_by_telephone_with_a_reason(
    app: APIFlask, clerk: AtDesk, lecture: str, post: Post
) -> None:
    address = booked(clerk, lecture, post)
    bare = post(clerk, f"{address}/cancel", reason="")
    assert bare.status_code == 422 and 'id="f-reason-e"' in bare.text
    long = post(clerk, f"{address}/cancel", reason="长" * 201)
    assert long.status_code == 422 and "长" * 201 in long.text
    done = post(clerk, f"{address}/cancel", reason="本人来电，要加班")
    assert done.location == f"{address}?done=cancel"
    text = clerk.client.get(done.location).text
    assert "取消了" in text and "本人来电，要加班" in text and "没有什么要办的" in text
    ended = clerk.client.get(f"/desk/lectures/{lecture}?only=ended").text
    assert "何*强" in ended and "没有“取消了的" not in ended
    with app.app_context():
        assert db.session.query(Lecture).one().seats_taken == 0


def test_somebody_says_yes_on_the_telephone(
    app: APIFlask, clerk: AtDesk, organiser: AtDesk, lecture: str, post: Post
) -> None:
    first = booked(clerk, lecture, post, party="10")
    second = booked(
        clerk, lecture, post, key="c" * 32, phone="13800000043", party="1", may_wait="1"
    )
    assert post(clerk, f"{first}/cancel", reason="不来了").status_code == 303
    assert "他要这个座" in clerk.client.get(second).text
    assert "等到" in organiser.client.get(f"/desk/lectures/{lecture}").text
    assert post(clerk, f"{second}/accept").location == f"{second}?done=accept"
    move(app, organiser, lecture)
    assert "他知道改动，还来" in clerk.client.get(second).text
    listed = organiser.client.get(f"/desk/lectures/{lecture}?only=unconfirmed").text
    assert "还没确认改动</span>" in listed and second.rsplit("/", 1)[1] in listed
    assert post(clerk, f"{second}/confirm").location == f"{second}?done=confirm"
    assert "他知道改动" not in clerk.client.get(second).text
    listed = organiser.client.get(f"/desk/lectures/{lecture}?only=unconfirmed").text
    assert "没有“还没确认改动”的预约" in listed
    assert post(clerk, f"{first}/accept").status_code == 409


def move(app: APIFlask, organiser: AtDesk, lecture: str) -> None:
    """Another place for the lecture."""
    with app.app_context():
        row = db.session.query(Lecture).filter_by(public_id=lecture).one()
        plan = made.plan(core_clock.now(), place="别处", seats=10)
        made.publishing.change(lecture, row.version, plan, "", organiser.actor, core_clock.now())


def test_a_booking_of_another_lecture_is_not_there(
    app: APIFlask, clerk: AtDesk, organiser: AtDesk, lecture: str, post: Post
) -> None:
    address = booked(clerk, lecture, post)
    with app.app_context():
        other = made.published(organiser.actor).public_id
    wrong = address.replace(lecture, other)
    assert clerk.client.get(wrong).status_code == 404
    assert post(clerk, f"{wrong}/cancel", reason="x").status_code == 404
    assert "没有什么要办的" not in clerk.client.get(address).text


def test_only_the_window_and_organisers_read_bookings(
    sign_in_staff: SignIn, clerk: AtDesk, lecture: str, post: Post
) -> None:
    address = booked(clerk, lecture, post)
    other = sign_in_staff("mediator")
    assert other.client.get(address).status_code == 403
    for deed in ("cancel", "confirm", "accept"):
        assert post(other, f"{address}/{deed}", reason="x").status_code == 403
        assert clerk.client.post(f"{address}/{deed}").status_code == 403  # without its token
    assert post(other, f"/desk/lectures/{lecture}/book", **WISH).status_code == 403


def test_a_call_is_noted_and_leaves_the_list(
    app: APIFlask, clerk: AtDesk, lecture: str, post: Post
) -> None:
    booked(clerk, lecture, post)
    with app.app_context():
        number = db.session.query(OutboxMessage.id).scalar()
    address = f"/desk/lectures/{lecture}/calls/{number}"
    bare = post(clerk, address, note="打了")
    assert (
        bare.status_code == 422 and "请选接通了没有" in bare.text and "打了</textarea>" in bare.text
    )
    long = post(clerk, address, note="长" * 1001, reached="no")
    assert long.status_code == 422 and "最多 1000 个字" in long.text
    assert post(clerk, address, reached="no", note="没人接").location.endswith("done=no")
    assert "没人接" in clerk.client.get(f"/desk/lectures/{lecture}/calls").text
    assert post(clerk, address, reached="yes").location.endswith("done=yes")
    assert "没有要打的电话" in clerk.client.get(f"/desk/lectures/{lecture}/calls").text
    assert post(clerk, address, reached="yes").status_code == 404
    assert "打过电话了" in clerk.client.get(f"/desk/lectures/{lecture}").text


def test_the_list_of_all_calls_knows_who_booked(
    sign_in_staff: SignIn, clerk: AtDesk, lecture: str, post: Post
) -> None:
    address = booked(clerk, lecture, post)
    text = clerk.client.get("/desk/calls").text
    assert "何国强 13800000042" in text and f'href="{address}"' in text
    inspector = sign_in_staff("inspector").client.get("/desk/calls").text
    assert "何国强 13800000042" in inspector and f'href="{address}"' not in inspector


def test_bookings_are_paged(app: APIFlask, organiser: AtDesk) -> None:
    with app.app_context():
        row = made.published(organiser.actor, seats=60)
        for number in range(51):
            made.book(row, made.worker(number), 1)
        public_id = row.public_id
    text = organiser.client.get(f"/desk/lectures/{public_id}").text
    assert text.count('class="r"') == 50 and "51 单 51 人" in text
    after_50 = re.search(r'href="([^"]*cursor=[^"]*)"', text)
    assert after_50
    address = after_50[1].replace("&amp;", "&").partition("#")[0]
    assert organiser.client.get(address).text.count('class="r"') == 1
    part = organiser.client.get(f"/desk/lectures/{public_id}", headers={"HX-Target": "list"}).text
    assert "<html" not in part and part.count('class="r"') == 50


@pytest.fixture
def held(app: APIFlask, organiser: AtDesk, clock: HeldClock) -> tuple[str, AtDesk]:
    """A lecture that is over: two came of three, five walked in, one said how it was."""
    with app.app_context():
        row = made.published(organiser.actor, seats=10)
        public_id, who = row.public_id, made.worker(1)
        came = made.book(row, who, 2)
        made.book(row, made.worker(2), 1)
        clock.advance(hours=240)
        scans = [
            Scan(key="e" * 32, booking_id=came.public_id, people=2),
            Scan(key="f" * 32, people=5),
        ]
        door.take_scans(public_id, scans, organiser.actor, core_clock.now())
        clock.advance(hours=3)
        said = Said("useful", "讲得明白", "计件怎么算", may_be_shown=True)
        after.say(came.public_id, said, who, core_clock.now())
    return public_id, sign_in_at_desk(app, "organiser", name="苏敏仪")


def test_after_a_lecture_its_numbers_and_what_was_said_stand_on_its_page(
    app: APIFlask, held: tuple[str, AtDesk], post: Post
) -> None:
    public_id, desk = held
    address = f"/desk/lectures/{public_id}"
    text = desk.client.get(address).text
    assert "讲完了" in text and "一共 7 人听" in text
    for head, figure in (("约了来的", "2"), ("没预约来的", "5"), ("约了没来", "1")):
        assert f"<dt>{head}</dt><dd>{figure}</dd>" in text
    assert "讲得明白" in text and "还没明白：计件怎么算" in text
    assert "改时间或地点</a>" not in text and "取消讲座</a>" not in text
    with app.app_context():
        feedback = db.session.query(LectureFeedback).one()
        feedback_id, booking_id = feedback.public_id, feedback.booking_id
    form = f"{address}/feedback/{feedback_id}"
    assert post(desk, form, do="show").location.endswith("#feedback")
    assert "展示着" in desk.client.get(address).text
    assert post(desk, form, do="hide").status_code == 303
    assert "展示着" not in desk.client.get(address).text
    with app.app_context():
        row = db.session.query(LectureFeedback).filter_by(booking_id=booking_id).one()
        row.may_be_shown = False
        db.session.commit()
    assert "没同意给别人看" in desk.client.get(address).text
    refused = post(desk, form, do="show")
    assert refused.status_code == 409 and "没有同意给别人看" in refused.text
    assert post(desk, f"{address}/feedback/0000000000000000", do="show").status_code == 404


def test_a_lecture_that_is_over_cannot_be_called_off(held: tuple[str, AtDesk], post: Post) -> None:
    public_id, desk = held
    address = f"/desk/lectures/{public_id}/cancel"
    fields = {"reason": "晚了", "version": "9"}
    first = post(desk, address, **fields)
    shown = re.search(r'name="shown" value="([^"]+)"', first.text)
    assert shown
    answer = post(desk, address, **fields, shown=shown[1])
    assert answer.status_code == 409


def file_of(content: bytes, name: str = "讲义.pdf") -> FileStorage:
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(content), name)


def send_form(client: FlaskClient, address: str, **fields: Any) -> Any:
    """A form with a file; made in memory, because the test client leaves its own files open."""
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind)


def test_files_are_put_beside_a_lecture_and_taken_away(
    app: APIFlask, organiser: AtDesk, lecture: str
) -> None:
    address = f"/desk/lectures/{lecture}/materials"

    def send(desk: AtDesk, **fields: Any) -> Any:
        return send_form(desk.client, address, csrf_token=desk.csrf, **fields)

    none = send(organiser, material_title="对照表")
    assert (
        none.status_code == 422 and 'id="f-file-e"' in none.text and 'value="对照表"' in none.text
    )
    nameless = send(organiser, file=file_of(PDF))
    assert nameless.status_code == 422 and 'id="f-title-e"' in nameless.text
    odd = send(organiser, material_title="x", file=file_of(b"MZ\x90", "a.exe"))
    assert odd.status_code == 422 and "只能放 PDF" in odd.text
    # more than the usual megabyte passes; more than twenty does not
    large = send(organiser, material_title="对照表", file=file_of(PDF + b"0" * 3_000_000))
    assert large.status_code == 303, large.text
    huge = send(organiser, material_title="x", file=file_of(PDF + b"0" * 22_000_000))
    assert huge.status_code == 413 and "太大" in huge.text
    assert "对照表" in organiser.client.get(f"/desk/lectures/{lecture}").text
    with app.app_context():
        material = db.session.query(LectureMaterial).one().public_id
    read = organiser.client.get(f"{address}/{material}")
    assert read.data.startswith(b"%PDF") and read.mimetype == "application/pdf"
    gone = organiser.client.post(
        f"{address}/{material}/remove", data={"csrf_token": organiser.csrf}
    )
    assert gone.status_code == 303
    assert organiser.client.get(f"{address}/{material}").status_code == 404


def test_a_stranger_cannot_send_a_large_body(app: APIFlask, lecture: str) -> None:
    address = f"/desk/lectures/{lecture}/materials"
    answer = send_form(app.test_client(), address, file=file_of(PDF + b"0" * 3_000_000))
    assert answer.status_code == 413


def sheet_of(answer: Any) -> list[list[Any]]:
    """The rows of a sheet, formulas as formulas."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    answer.close()  # as a server does when all is sent
    found = [[cell.value for cell in row] for row in book.active.iter_rows()]
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert "f" not in kinds, "a formula in a sheet"
    book.close()
    return found


def test_the_sheet_of_bookings_holds_names_in_clear_and_never_a_formula(
    app: APIFlask, clerk: AtDesk, organiser: AtDesk, lecture: str, post: Post
) -> None:
    booked(clerk, lecture, post, name="=1+1", org_name="=HYPERLINK(0)")
    booked(clerk, lecture, post, key="c" * 32, phone="13800000043", name="https://x.example")
    rows = sheet_of(organiser.client.get(f"/desk/lectures/{lecture}/bookings.xlsx"))
    assert rows[0][:5] == ["编号", "姓名", "单位或团体", "电话", "人数"]
    assert rows[1][:5] == ["B-1", "=1+1", "=HYPERLINK(0)", "13800000042", 2]
    assert rows[2][1] == "https://x.example" and len(rows) == 3
    assert rows[1][6].isoformat() == "2026-11-23T10:00:00"
    assert count(app, "export_bookings") == [{"bookings": 2}]
    assert "导出了预约名单（2 单）" in organiser.client.get(f"/desk/lectures/{lecture}").text
    assert clerk.client.get(f"/desk/lectures/{lecture}/bookings.xlsx").status_code == 403


def test_whoever_booked_on_their_own_phone_is_found_by_its_end(
    app: APIFlask, organiser: AtDesk, lecture: str
) -> None:
    with app.app_context():
        own = made.book(
            Lecture.query.filter_by(public_id=lecture).one(), made.worker(1271)
        ).public_id
    address = f"/desk/lectures/{lecture}"
    page = organiser.client.get(address).text
    assert "没写名字" in page and "尾号 1271" in page
    assert "1271" in organiser.client.get(f"{address}/print").text
    assert "尾号 1271，用手机约的" in organiser.client.get(f"{address}/bookings/{own}").text
    sheet = sheet_of(organiser.client.get(f"{address}/bookings.xlsx"))
    assert [row[3] for row in sheet] == ["电话", "尾号 1271"]
    assert "13800001271" not in page + str(sheet)


def test_the_sheet_of_a_year_holds_every_lecture_with_its_numbers(
    app: APIFlask, held: tuple[str, AtDesk]
) -> None:
    _public_id, desk = held
    with app.app_context():
        made.published(desk.actor, title="=cmd()")
    rows = sheet_of(desk.client.get("/desk/lectures/year.xlsx?year=2026"))
    assert rows[0][2] == "题目" and [row[2] for row in rows[1:]] == ["被拖欠工资怎么办", "=cmd()"]
    numbers = dict(zip(rows[0], rows[1], strict=True))
    wanted = {"约了人数": 3, "到场": 2, "没预约来的": 5, "约了没来": 1, "说有用": 1}
    assert {name: numbers[name] for name in wanted} == wanted
    assert dict(zip(rows[0], rows[2], strict=True))["到场"] is None  # not held yet
    assert count(app, "export_lectures") == [{"year": 2026}]
    assert len(sheet_of(desk.client.get("/desk/lectures/year.xlsx?year=2027"))) == 1


def test_a_sheet_ends_at_its_bound(
    organiser: AtDesk, clerk: AtDesk, lecture: str, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        booked(clerk, lecture, post, key=f"{number}" * 32, phone=f"1380000005{number}")
    monkeypatch.setattr("backend.lectures.service.exporting.MOST_ROWS", 3)
    rows = sheet_of(organiser.client.get(f"/desk/lectures/{lecture}/bookings.xlsx"))
    assert len(rows) == 4


def test_the_door_list_on_paper_is_masked_and_recorded(
    app: APIFlask, clerk: AtDesk, lecture: str, post: Post
) -> None:
    booked(clerk, lecture, post, org_name="示例骑手驿站")
    text = clerk.client.get(f"/desk/lectures/{lecture}/print").text
    assert "示例骑手驿站 · 何*强" in text and "何国强" not in text and "0042" in text
    assert "1 单 2 人" in text and "冯窗口 打印于" in text and "内部材料" in text
    assert 'class="rail"' not in text
    assert count(app, "print_list") == [{"bookings": 1}]


def test_the_code_of_a_lecture_is_a_picture_and_a_draft_has_none(
    app: APIFlask, organiser: AtDesk, lecture: str
) -> None:
    address = f"/desk/lectures/{lecture}/code"
    assert f'src="{address}.png"' in organiser.client.get(address).text
    picture = organiser.client.get(f"{address}.png?save=1")
    assert picture.data.startswith(b"\x89PNG") and "attachment" in picture.headers.get(
        "Content-Disposition", ""
    )
    with app.app_context():
        now = core_clock.now()
        draft = made.making.make(made.plan(now), made.key(), organiser.actor, now).public_id
    assert organiser.client.get(f"/desk/lectures/{draft}/code").status_code == 404


def test_offers_ended_and_places_in_line_are_counted(
    app: APIFlask, organiser: AtDesk, clock: HeldClock
) -> None:
    with app.app_context():
        row = made.published(organiser.actor, seats=2)
        first = made.book(row, made.worker(1), 2)
        made.book(row, made.worker(2), 2, may_wait=True)
        answers.cancel(first.public_id, made.worker(1), clock.now() + timedelta(minutes=1))
        public_id = row.public_id
    text = organiser.client.get(f"/desk/lectures/{public_id}").text
    assert "正在问候补 2" in text and "为候补留着 2" in text and "1 单 2 人" in text
