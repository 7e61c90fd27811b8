"""讲座 at the desk: lists, calendar, the form of one and of a year, publish, change, cancel."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.core import clock as core_clock
from backend.core.db import db
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import answers, making
from backend.notify.models import OutboxMessage
from tests.backend.desk.test_pages import INLINE
from tests.clock import HeldClock
from tests.factories import lectures as made
from tests.factories.identity import AtDesk

Post = Callable[..., Any]
SignIn = Callable[..., AtDesk]
HOUR = timedelta(hours=1)
FORM = {
    "key": "a" * 32,
    "title": "被拖欠工资怎么办",
    "theme": "讨薪",
    "about": "一步一步讲",
    "form": "talk",
    "audiences": "riders",
    "speaker": "陈志航（示例律师事务所）",
    "place": "礼乐街道党群服务中心 3 楼",
    "address": "示例路 1 号",
    "on": "2026-12-10",
    "from_time": "14:30",
    "to_time": "16:00",
    "seats": "60",
}
SERIES = {
    **{name: value for name, value in FORM.items() if name not in ("title", "theme", "on")},
    "year": "2027",
    "week": "2",
    "weekday": "3",
    "themes": "\n".join(f"第 {n} 个月的主题" for n in range(1, 13)),
}


@pytest.fixture
def organiser(sign_in_staff: SignIn) -> AtDesk:
    """Who makes lectures."""
    return sign_in_staff("organiser", name="苏敏仪")


@pytest.fixture
def lecture(app: APIFlask, organiser: AtDesk) -> str:
    """A lecture people can book, in ten days, with three seats taken by telephone and account."""
    with app.app_context():
        row = made.published(organiser.actor, seats=10)
        made.book(row, made.worker(1), 2)
        return row.public_id


def row_of(app: APIFlask, public_id: str) -> Lecture:
    """The lecture as it stands in the database."""
    with app.app_context():
        found = db.session.query(Lecture).filter_by(public_id=public_id).one()
        db.session.expunge(found)
        return found


def messages(app: APIFlask, template: str) -> list[str]:
    """The texts of one kind of message, oldest first."""
    with app.app_context():
        query = db.session.query(OutboxMessage).filter_by(template=template)
        return [one.text for one in query.order_by(OutboxMessage.id)]


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page's form, without its token."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    found.pop("csrf_token", None)
    return found


def made_by(organiser: AtDesk, post: Post, **changes: str) -> str:
    """The id of a draft written through the form."""
    answer = post(organiser, "/desk/lectures/new", **{**FORM, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.location).split("/lectures/")[1].split("?")[0]


PAGES = (
    "/desk/lectures",
    "/desk/lectures?scope=draft",
    "/desk/lectures/calendar?month=2026-12",
    "/desk/lectures/new",
    "/desk/lectures/series",
    "/desk/lectures/{id}",
    "/desk/lectures/{id}/edit",
    "/desk/lectures/{id}/change",
    "/desk/lectures/{id}/cancel",
    "/desk/lectures/{id}/book",
    "/desk/lectures/{id}/calls",
    "/desk/lectures/{id}/print",
    "/desk/lectures/{id}/code",
    "/desk/orders",
)
FOR_ORGANISERS = ("new", "series", "edit", "change", "cancel", "orders")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_an_organiser_without_anything_inline(
    organiser: AtDesk, lecture: str, path: str
) -> None:
    answer = organiser.client.get(path.format(id=lecture))
    assert answer.status_code == 200
    assert "<h1" in answer.text and INLINE.search(answer.text) is None
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_not_signed_in_leads_to_the_sign_in_page(
    client: FlaskClient, lecture: str, path: str
) -> None:
    answer = client.get(path.format(id=lecture))
    assert answer.status_code == 303 and "/desk/sign-in" in answer.location


@pytest.mark.parametrize("path", PAGES)
def test_other_roles_stay_outside_and_a_clerk_sees_what_clerks_do(
    sign_in_staff: SignIn, lecture: str, path: str
) -> None:
    address = path.format(id=lecture)
    assert sign_in_staff("inspector").client.get(address).status_code == 403
    is_closed = path.rsplit("/", 1)[1].partition("?")[0] in FOR_ORGANISERS
    wanted = 403 if is_closed else 200
    assert sign_in_staff("clerk").client.get(address).status_code == wanted


POSTS = ("publish", "seats", "change", "cancel", "edit", "materials", "feedback/0000000000000000")


@pytest.mark.parametrize("path", POSTS)
def test_only_organisers_send_these_forms_and_only_with_their_token(
    app: APIFlask, sign_in_staff: SignIn, organiser: AtDesk, lecture: str, post: Post, path: str
) -> None:
    address = f"/desk/lectures/{lecture}/{path}"
    assert post(sign_in_staff("clerk"), address, reason="x", seats="20").status_code == 403
    assert organiser.client.post(address, data={"seats": "20"}).status_code == 403
    assert row_of(app, lecture).seats == 10 and row_of(app, lecture).state == "published"


def test_the_rail_leads_organisers_here_and_clerks_too(sign_in_staff: SignIn) -> None:
    desk = sign_in_staff("organiser")
    assert desk.client.get("/desk/").location == "/desk/lectures"
    assert 'href="/desk/lectures"' in sign_in_staff("clerk").client.get("/desk/help").text
    assert 'href="/desk/lectures"' not in sign_in_staff("inspector").client.get("/desk/help").text


def test_a_form_becomes_a_draft_with_the_usual_deadlines(
    app: APIFlask, organiser: AtDesk, post: Post
) -> None:
    public_id = made_by(organiser, post)
    row = row_of(app, public_id)
    assert (row.state, row.seats, row.audiences) == ("draft", 60, ["riders"])
    assert row.starts_at.isoformat() == "2026-12-10T06:30:00+00:00"
    assert row.booking_closes_at.isoformat() == "2026-12-09T09:30:00+00:00"
    assert row.cancelling_closes_at.isoformat() == "2026-12-09T04:00:00+00:00"
    text = organiser.client.get(f"/desk/lectures/{public_id}").text
    assert "没发布" in text and "还没有发布" in text and "发布</button>" in text
    assert "到场签到" not in text and "导出 XLSX" not in text


def test_the_same_form_twice_is_one_lecture(organiser: AtDesk, post: Post) -> None:
    assert made_by(organiser, post) == made_by(organiser, post)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": " "}, "title", "请填题目"),
        ({"speaker": "x" * 61}, "speaker", "讲师最多 60 个字"),
        ({"title": "a\u202eb"}, "title", "看不见的特殊字符"),
        ({"on": ""}, "on", "请选哪天"),
        ({"on": "2026-02-30"}, "on", "请选哪天"),
        ({"on": "9999-12-31"}, "on", "请选哪天"),
        ({"from_time": "25:00"}, "from_time", "请填几点开始"),
        ({"to_time": "14:00"}, "to_time", "结束要晚于开始"),
        ({"seats": "很多"}, "seats", "座位数要填整数"),
        ({"seats": "0"}, "seats", "座位数在 1 到"),
        ({"audiences": "nobody"}, "audiences", "请选讲给谁听"),
        ({"place": ""}, "place", "请填地点"),
        ({"latitude": "22.5"}, "latitude", "经度和纬度要一起填"),
        ({"latitude": "nan", "longitude": "113"}, "latitude", "纬度在 -90 到 90"),
        ({"latitude": "东", "longitude": "113"}, "latitude", "纬度要填数字"),
        ({"map_url": "javascript:alert(1)"}, "map_url", "地图链接要以 https"),
        ({"booking_closes_at": "2026-12-11T09:00"}, "booking_closes_at", "预约最晚到开讲"),
        ({"cancelling_closes_at": "昨天"}, "cancelling_closes_at", "请写哪天几点"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    app: APIFlask, organiser: AtDesk, post: Post, changes: dict[str, str], field: str, words: str
) -> None:
    answer = post(organiser, "/desk/lectures/new", **{**FORM, **changes})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text and f'id="f-{field}' in answer.text
    assert re.search(f'id="f-{field}-e">[^<]*{re.escape(words)}', answer.text)
    assert "一步一步讲" in answer.text and f'value="{"a" * 32}"' in answer.text
    with app.app_context():
        assert db.session.query(Lecture).count() == 0


def test_every_fault_is_told_at_once(organiser: AtDesk, post: Post) -> None:
    answer = post(organiser, "/desk/lectures/new", **{**FORM, "title": "", "on": "", "seats": "x"})
    assert "有 3 处要改" in answer.text


def test_a_year_is_written_in_one_go_and_each_can_be_edited(
    app: APIFlask, organiser: AtDesk, post: Post
) -> None:
    answer = post(organiser, "/desk/lectures/series", **SERIES)
    assert answer.status_code == 303, answer.text
    text = organiser.client.get(answer.location).text
    assert "写好了 12 场草稿" in text and text.count("/edit") == 12
    assert text.index("第 1 个月的主题") < text.index("第 12 个月的主题")
    # nothing says yet which days of 2027 are off, beyond those the law names
    assert text.count("约 ") == 12 and "以国务院公布的放假安排为准" in text
    first = re.search(r'data-href="(/desk/lectures/\w+)"', text)
    assert first and "2027 年的放假安排还没有公布" in organiser.client.get(first[1]).text
    assert post(organiser, "/desk/lectures/series", **SERIES).location == answer.location
    with app.app_context():
        rows = db.session.query(Lecture).order_by(Lecture.starts_at).all()
        assert len(rows) == 12 and {row.state for row in rows} == {"draft"}
        gaps = {row.starts_at - row.booking_closes_at for row in rows}
        assert gaps == {timedelta(hours=21)}
    assert organiser.client.get("/desk/lectures/series/0000000000000000").status_code == 404


def test_months_that_have_passed_are_left_out(organiser: AtDesk, post: Post) -> None:
    answer = post(organiser, "/desk/lectures/series", **{**SERIES, "year": "2026"})
    text = organiser.client.get(answer.location).text
    assert "写好了 1 场草稿，这一年过去了的月份没有写" in text
    assert "国务院" not in text  # the year's notice is held


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"themes": "只有一个"}, "themes"),
        ({"themes": "\n".join(["x" * 61] * 12)}, "themes"),
        ({"year": "1999"}, "year"),
        ({"week": "5"}, "week"),
        ({"weekday": "x"}, "weekday"),
        ({"speaker": ""}, "speaker"),
        ({"to_time": ""}, "to_time"),
    ],
)
def test_a_year_with_a_fault_is_not_written(
    app: APIFlask, organiser: AtDesk, post: Post, changes: dict[str, str], field: str
) -> None:
    answer = post(organiser, "/desk/lectures/series", **{**SERIES, **changes})
    assert answer.status_code == 422 and f'href="#f-{field}"' in answer.text
    assert f'id="f-{field}' in answer.text and "礼乐街道党群服务中心" in answer.text
    with app.app_context():
        assert db.session.query(Lecture).count() == 0


def test_a_draft_is_published_and_then_its_time_is_no_longer_in_the_form(
    app: APIFlask, organiser: AtDesk, post: Post
) -> None:
    public_id = made_by(organiser, post)
    address = f"/desk/lectures/{public_id}"
    answer = post(organiser, f"{address}/publish", version="1")
    assert answer.location == f"{address}?done=publish"
    text = organiser.client.get(answer.location).text
    assert "大家现在就能约" in text and f'href="{address}/door"' in text
    form = organiser.client.get(f"{address}/edit").text
    assert 'name="on"' not in form and 'name="seats"' not in form
    sent = {**hidden(form), **FORM, "title": "新题目", "on": "2027-01-01", "seats": "5"}
    assert post(organiser, f"{address}/edit", **sent).status_code == 303
    row = row_of(app, public_id)
    assert (row.title, row.seats) == ("新题目", 60)
    assert row.starts_at.isoformat() == "2026-12-10T06:30:00+00:00"


def test_publishing_too_late_is_refused_on_the_page(
    organiser: AtDesk, post: Post, clock: HeldClock
) -> None:
    public_id = made_by(organiser, post, on="2026-11-24")
    clock.advance(hours=9)
    answer = post(organiser, f"/desk/lectures/{public_id}/publish", version="1")
    assert answer.status_code == 409 and "请先改好再发布" in answer.text


def test_who_comes_second_with_an_edit_is_told_who_was_first(
    app: APIFlask, organiser: AtDesk, sign_in_staff: SignIn, post: Post, clock: HeldClock
) -> None:
    public_id = made_by(organiser, post)
    address = f"/desk/lectures/{public_id}/edit"
    first = sign_in_staff("unit_head", name="区大队")
    assert post(first, address, **FORM, version="1").status_code == 303
    clock.advance(minutes=2)
    sent = {**FORM, "title": "我的题目", "version": "1"}
    answer = post(organiser, address, **sent)
    assert answer.status_code == 409
    assert "区大队 2 分钟前动过这场讲座，您的“改内容”没有办" in answer.text
    assert "我的题目" in answer.text and "没有任何消息发出去" in answer.text
    again = post(organiser, address, **sent, do="again")
    assert again.status_code == 200 and 'value="我的题目"' in again.text
    assert hidden(again.text)["version"] == "2"
    assert row_of(app, public_id).title == FORM["title"]


def test_bookings_that_come_meanwhile_do_not_make_a_page_stale(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post
) -> None:
    form = hidden(organiser.client.get(f"/desk/lectures/{lecture}/edit").text)
    with app.app_context():
        row = db.session.query(Lecture).filter_by(public_id=lecture).one()
        made.book(row, made.worker(2), 1)
        booked = made.book(row, made.worker(3), 1)
        answers.cancel(booked.public_id, made.worker(3), core_clock.now())
    answer = post(organiser, f"/desk/lectures/{lecture}/edit", **{**FORM, **form})
    assert answer.status_code == 303, answer.text


def change_form(organiser: AtDesk, lecture: str, **changes: str) -> dict[str, str]:
    """The form of another time or place, filled in."""
    text = organiser.client.get(f"/desk/lectures/{lecture}/change").text
    fields = dict(re.findall(r'id="f-\w+" name="(\w+)"[^>]*? value="([^"]*)"', text))
    return {**hidden(text), **fields, "note": "会议室要装修", **changes}


def test_a_change_shows_its_exact_words_before_anybody_is_told(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post
) -> None:
    address = f"/desk/lectures/{lecture}/change"
    asked = organiser.client.get(address).text
    assert "1 单：1 单发到手机上" in asked and "say blank" in asked
    sent = change_form(organiser, lecture, place="外海街道二楼", from_time="19:00", to_time="20:30")
    sent |= {"booking_closes_at": "", "cancelling_closes_at": ""}
    shown = post(organiser, address, **sent)
    assert shown.status_code == 200 and messages(app, "lecture_changed") == []
    said = re.search(r'<p class="pre">([^<]*)</p>', shown.text)
    assert said and "外海街道二楼。会议室要装修。能来请点“还去”" in said[1]
    assert "改，并告诉 1 单的人" in shown.text and "锁屏上只看到" in shown.text
    done = post(organiser, address, **sent | {"shown": hidden(shown.text)["shown"]})
    assert done.location.endswith("?done=change&told=1")
    assert messages(app, "lecture_changed") == [said[1]]
    page = organiser.client.get(done.location).text
    assert "告诉了 1 单的人" in page and "还没确认改动" in page
    assert "改过时间或地点：会议室要装修" in page


def test_words_for_those_in_line_are_shown_too(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post
) -> None:
    sent = change_form(organiser, lecture, place="外海街道二楼")
    address = f"/desk/lectures/{lecture}/change"
    assert "还在排队的人会收到" not in post(organiser, address, **sent).text
    with app.app_context():
        row = db.session.query(Lecture).filter_by(public_id=lecture).one()
        row.seats = row.seats_taken
        row.version += 1
        db.session.commit()
        made.book(row, made.worker(77), may_wait=True)
    sent = change_form(organiser, lecture, place="外海街道二楼")
    said = re.findall(r'<p class="pre">([^<]*)</p>', post(organiser, address, **sent).text)
    assert len(said) == 2 and "还没有您的座" in said[1] and "外海街道二楼" in said[1]


def test_words_that_were_changed_after_they_were_shown_are_shown_again(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post
) -> None:
    address = f"/desk/lectures/{lecture}/change"
    sent = change_form(organiser, lecture, place="外海街道二楼")
    seen = hidden(post(organiser, address, **sent).text)["shown"]
    other = post(organiser, address, **sent | {"shown": seen, "place": "麻园街道一楼"})
    assert other.status_code == 200 and "您又改过，请再看一遍" in other.text
    assert "麻园街道一楼" in other.text and messages(app, "lecture_changed") == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "时间和地点都没变"),
        ({"on": "2026-11-01", "place": "别处"}, "新的时间已经过去了"),
        ({"to_time": "00:10", "place": "别处"}, "结束要晚于开始"),
        ({"note": "长" * 201, "place": "别处"}, "改的原因最多 200 个字"),
    ],
)
def test_a_change_that_cannot_be_made_tells_nobody(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post, changes: dict[str, str], words: str
) -> None:
    address = f"/desk/lectures/{lecture}/change"
    sent = change_form(organiser, lecture) | {"booking_closes_at": "", "cancelling_closes_at": ""}
    sent |= changes
    answer = post(organiser, address, **sent)
    shown = hidden(answer.text).get("shown")
    if shown:
        answer = post(organiser, address, **sent | {"shown": shown})
    assert answer.status_code in (409, 422) and words in answer.text
    assert messages(app, "lecture_changed") == []


def test_a_change_that_comes_second_keeps_what_was_typed(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post
) -> None:
    address = f"/desk/lectures/{lecture}/change"
    sent = change_form(organiser, lecture, place="外海街道二楼")
    shown = hidden(post(organiser, address, **sent).text)["shown"]
    assert post(organiser, f"/desk/lectures/{lecture}/seats", seats="12").status_code == 303
    answer = post(organiser, address, **sent | {"shown": shown})
    assert answer.status_code == 409 and "苏敏仪" in answer.text
    assert "外海街道二楼" in answer.text and messages(app, "lecture_changed") == []
    again = post(organiser, address, **sent, do="again")
    assert 'value="外海街道二楼"' in again.text


def test_calling_off_needs_a_reason_and_shows_its_words_first(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post
) -> None:
    address = f"/desk/lectures/{lecture}/cancel"
    form = hidden(organiser.client.get(address).text)
    bare = post(organiser, address, **form, reason=" ")
    assert bare.status_code == 422 and "请写取消的原因" in bare.text
    long = post(organiser, address, **form, reason="长" * 201)
    assert long.status_code == 422 and "最多 200 个字" in long.text
    sent = {**form, "reason": "讲师要开庭"}
    shown = post(organiser, address, **sent)
    assert "取消，并告诉 1 单的人" in shown.text and row_of(app, lecture).state == "published"
    done = post(organiser, address, **sent | {"shown": hidden(shown.text)["shown"]})
    assert done.location.endswith("?done=cancel&told=1")
    assert messages(app, "lecture_cancelled")[0].endswith("不用来。原因：讲师要开庭。")
    text = organiser.client.get(done.location).text
    assert "这场取消了" in text and "讲师要开庭" in text and "代为预约" not in text
    second = post(organiser, f"/desk/lectures/{lecture}/publish", version="9")
    assert second.status_code == 409


def test_seats_cannot_go_below_what_is_taken(
    app: APIFlask, organiser: AtDesk, lecture: str, post: Post
) -> None:
    address = f"/desk/lectures/{lecture}/seats"
    few = post(organiser, address, seats="1")
    assert few.status_code == 409 and "座位数不能少于 2" in few.text and 'value="1"' in few.text
    odd = post(organiser, address, seats="十")
    assert odd.status_code == 422 and 'href="#f-seats"' in odd.text and 'value="十"' in odd.text
    assert post(organiser, address, seats="5001").status_code == 422
    assert post(organiser, address, seats="12").location.endswith("?done=seats")
    assert row_of(app, lecture).seats == 12
    assert "改了座位数：10 → 12" in organiser.client.get(f"/desk/lectures/{lecture}").text


def test_lists_are_paged_and_a_month_is_a_grid(
    app: APIFlask, organiser: AtDesk, clock: HeldClock
) -> None:
    with app.app_context():
        for number in range(51):
            plan = made.plan(clock.now(), in_hours=240 + number, title=f"第 {number} 场")
            making.make(plan, made.key(), organiser.actor, clock.now())
    text = organiser.client.get("/desk/lectures?scope=draft").text
    assert text.count('class="r"') == 50 and "没发布 <b>51</b>" in text
    after = re.search(r'href="(/desk/lectures\?[^"]*cursor=[^"]*)"', text)
    assert after
    rest = organiser.client.get(after[1].replace("&amp;", "&")).text
    assert rest.count('class="r"') == 1 and "第 50 场" in rest
    month = organiser.client.get("/desk/lectures/calendar?month=2026-12").text
    assert "2026 年 12 月" in month and "第 0 场" in month and 'class="draft"' in month
    assert "month=2026-11" in month and "month=2027-01" in month
    for odd in ("month=2026-13", "month=x", "month=99999-1", "month="):
        assert "2026 年 11 月" in organiser.client.get(f"/desk/lectures/calendar?{odd}").text
    assert organiser.client.get("/desk/lectures?cursor=abc").status_code == 400
    part = organiser.client.get("/desk/lectures?scope=draft", headers={"HX-Target": "list"}).text
    assert "<html" not in part and part.count('class="r"') == 50


def test_a_free_seat_nobody_may_book_is_explained(
    app: APIFlask, organiser: AtDesk, clock: HeldClock
) -> None:
    with app.app_context():
        row = made.published(organiser.actor, seats=10)
        held = made.book(row, made.worker(1), 9)
        made.book(row, made.worker(2), 5, may_wait=True)
        assert db.session.query(Booking).count() == 2 and held.is_new
        public_id = row.public_id
    text = organiser.client.get(f"/desk/lectures/{public_id}").text
    assert "下一位候补要 5 座，坐不下" in text and "座位数不能少于 9" in text
    assert "等座" in text


def test_an_unknown_lecture_is_a_page_that_says_so(organiser: AtDesk, post: Post) -> None:
    for path in ("", "/edit", "/change", "/cancel", "/book", "/print", "/code", "/bookings.xlsx"):
        answer = organiser.client.get(f"/desk/lectures/0000000000000000{path}")
        assert answer.status_code == 404 and answer.mimetype == "text/html"
    assert post(organiser, "/desk/lectures/0000000000000000/publish").status_code == 404
