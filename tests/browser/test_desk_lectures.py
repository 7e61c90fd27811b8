"""讲座 and 点单 in Chromium: from a draft to calling it off, a year, an order, the paper list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.filing import today
from tests.browser.office import Desk
from tests.browser.server import Service
from tests.browser.test_desk_questions import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORGANISER, CLERK, HEAD = "pufa1", "chuangkou", "kezhang1"
SMALL = {"width": 1280, "height": 720}
TITLE = "示例：押金和扣款怎么要回来"
PEOPLE = "SELECT count(*) FROM outbox WHERE template = ?"


@pytest.fixture(scope="module")
def desks(browser: Browser, service: Service) -> Iterator[dict[str, Watched]]:
    """Everybody signs in once."""
    made = {name: Watched(Desk(browser, service, name)) for name in (ORGANISER, CLERK, HEAD)}
    yield made
    for one in made.values():
        one.desk.close()


@pytest.fixture
def at_desk(desks: dict[str, Watched]) -> Iterator[Callable[[str], Watched]]:
    """Gives somebody's desk, and at the end asks what every console said."""
    yield desks.__getitem__
    assert [complaint for one in desks.values() for complaint in one.complaints] == []


def look(desk: Watched) -> None:
    """The page at both sizes of a screen."""
    desk.look()
    desk.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    desk.look()
    desk.page.set_viewport_size({"width": 1440, "height": 900})


def in_days(days: int) -> str:
    """A day ahead as a browser's field holds it."""
    return (today() + timedelta(days=days)).isoformat()


def here(desk: Watched) -> str:
    """The path of the page in front, without its query."""
    return desk.page.url.partition("/desk")[2].partition("?")[0].partition("#")[0]


def write(desk: Watched, **values: str) -> None:
    """Fill in fields of the form in front."""
    desk.desk.fill(**values)


def new_lecture(desk: Watched) -> str:
    """Write and publish a lecture; its address."""
    desk.open("/lectures/new")
    write(
        desk, title=TITLE, theme="押金", speaker="陈示例（示例律师事务所）", place="示例礼堂",
        on=in_days(10), seats="4",
    )  # fmt: skip
    desk.press("存成草稿")
    assert "存成草稿了" in desk.said()
    desk.press("发布")
    assert "大家现在就能约" in desk.said()
    return here(desk)


def test_a_lecture_from_its_draft_to_being_called_off(
    at_desk: Callable[[str], Watched], service: Service
) -> None:
    organiser, clerk = at_desk(ORGANISER), at_desk(CLERK)
    organiser.open("/lectures")
    look(organiser)
    organiser.open("/lectures/new")
    organiser.press("存成草稿")
    assert "还没有存，有 5 处要改" in organiser.said()
    assert organiser.page.evaluate("document.activeElement.id") == "sum"
    look(organiser)
    address = new_lecture(organiser)
    look(organiser)

    clerk.open(f"{address}/book")
    write(clerk, name="何国强", phone="13800000551", party="3")
    clerk.press("约上")
    assert "约上了" in clerk.said()
    look(clerk)
    first = here(clerk)
    clerk.open(f"{address}/book")
    write(clerk, name="黎国珍", phone="13800000552", party="2")
    clerk.press("约上")
    assert "座位不够，只剩 1 座" in clerk.said()
    clerk.page.check("[name=may_wait]")
    look(clerk)
    clerk.press("约上")
    assert "排上队了" in clerk.said()

    organiser.open(address)
    said = organiser.said()
    assert "何*强（代：冯窗口）" in said and "下一位候补要 2 座，坐不下" in said
    look(organiser)
    write_seats = organiser.page.locator("#f-seats")
    write_seats.fill("2")
    organiser.press("改座位数")
    assert "座位数不能少于 3" in organiser.said()
    look(organiser)

    organiser.open(f"{address}/change")
    write(organiser, place="外海街道二楼", on=in_days(11), note="礼堂要装修")
    write(organiser, booking_closes_at="", cancelling_closes_at="")
    organiser.press("看通知怎么说")
    assert "外海街道二楼。礼堂要装修。能来请点“还去”" in organiser.said()
    look(organiser)
    before = service.query(PEOPLE, "lecture_changed")[0][0]
    organiser.press("改，并告诉 2 单的人")
    assert "告诉了 2 单的人" in organiser.said() and "还没确认改动" in organiser.said()
    assert service.query(PEOPLE, "lecture_changed")[0][0] == int(str(before)) + 2

    clerk.open(f"{address}/calls")
    look(clerk)
    clerk.open(first)
    clerk.press("他知道改动，还来")
    assert "记下了，他还来" in clerk.said()
    write_reason = clerk.page.locator("#f-reason")
    write_reason.fill("本人来电，要加班")
    clerk.press("取消这个预约")
    assert "取消了，空出来的座按先后问下一位" in clerk.said()
    look(clerk)
    organiser.open(address)
    assert "正在问候补 2" in organiser.said()
    look(organiser)

    organiser.open(f"{address}/cancel")
    organiser.press("看通知怎么说")
    assert "请写取消的原因" in organiser.said()
    organiser.page.fill("#f-reason", "讲师临时开庭")
    organiser.press("看通知怎么说")
    assert "原因：讲师临时开庭。" in organiser.said()
    look(organiser)
    organiser.press("取消，并告诉 1 单的人")
    assert "取消了，告诉了 1 单的人" in organiser.said()
    look(organiser)


def test_the_list_of_bookings_is_swapped_alone_and_keeps_its_address(
    at_desk: Callable[[str], Watched],
) -> None:
    organiser = at_desk(ORGANISER)
    address = new_lecture(organiser)
    organiser.page.evaluate("window.isSamePage = true")
    organiser.page.get_by_role("link", name="要打电话", exact=True).click()
    expect(organiser.page.locator("#list")).to_contain_text("没有“要打电话”的预约")
    assert organiser.page.evaluate("window.isSamePage") is True
    assert organiser.page.url.endswith(f"{address}?only=to_call")


def test_who_comes_second_is_told_by_name(at_desk: Callable[[str], Watched]) -> None:
    organiser, head = at_desk(ORGANISER), at_desk(HEAD)
    address = new_lecture(organiser)
    organiser.open(f"{address}/edit")
    head.open(f"{address}/edit")
    write(head, about="先看合同")
    head.press("存下来")
    write(organiser, about="先看工资条")
    organiser.press("存下来")
    assert "区大队" in organiser.said() and "没有办" in organiser.said()
    look(organiser)
    organiser.press("带着我填的，看过再办")
    assert organiser.page.locator("#f-about").input_value() == "先看工资条"
    organiser.press("存下来")
    assert "存下来了" in organiser.said()


def test_a_year_is_written_and_stands_in_the_calendar(
    at_desk: Callable[[str], Watched],
) -> None:
    organiser = at_desk(ORGANISER)
    organiser.open("/lectures/series")
    look(organiser)
    year = today().year + 1
    write(organiser, year=str(year), speaker="区人社局", place="示例礼堂")
    organiser.press("写成草稿")
    assert "写好了 12 场草稿" in organiser.said()
    look(organiser)
    organiser.open(f"/lectures/calendar?month={year}-03")
    assert "劳动合同：签什么、留什么" in organiser.said()
    look(organiser)
    for path in ("/lectures?scope=draft", "/lectures?scope=over", "/lectures?scope=cancelled"):
        organiser.open(path)
        look(organiser)


def test_an_order_is_answered_step_by_step(
    at_desk: Callable[[str], Watched], service: Service
) -> None:
    organiser = at_desk(ORGANISER)
    organiser.open("/orders")
    look(organiser)
    # whatever another test of this service did with the demo's first order
    service.query(
        "UPDATE lecture_orders SET state = 'proposed', version = version + 1, verdict = NULL, "
        "proposed_at = (SELECT max(starts_at) FROM lectures), speaker = '谭示例' "
        "WHERE id = (SELECT min(id) FROM lecture_orders)"
    )
    order = f"/orders/{service.query('SELECT public_id FROM lecture_orders ORDER BY id')[0][0]}"
    organiser.open(f"{order}?step=refuse_date")
    organiser.press("记下：再约一个")
    assert "请写什么时候方便" in organiser.said()
    look(organiser)
    organiser.page.fill("#f-note", "周四晚上行")
    organiser.press("记下：再约一个")
    assert "请再约一个日子" in organiser.said()
    organiser.open(f"{order}?step=propose")
    write(organiser, on=in_days(9), from_time="19:30", speaker="谭示例（监察二中队）")
    organiser.press("看消息怎么说")
    assert "19:30 去讲，谭示例（监察二中队）主讲" in organiser.said()
    look(organiser)
    organiser.press("发给对方")
    assert "等他说行不行" in organiser.said()
    organiser.open(f"{order}?step=agree")
    look(organiser)
    organiser.press("记下：日子说好了")
    assert "日子说好了" in organiser.said()
    organiser.open(f"{order}?step=decline")
    look(organiser)


def test_a_lecture_that_is_over_shows_what_came_of_it(
    at_desk: Callable[[str], Watched], service: Service
) -> None:
    organiser = at_desk(ORGANISER)
    said = "SELECT l.public_id FROM lectures l JOIN lecture_feedback f ON f.lecture_id = l.id"
    address = f"/lectures/{service.query(said)[0][0]}"
    organiser.open(address)
    assert "讲完以后" in organiser.said() and "展示着" in organiser.said()
    look(organiser)
    organiser.send(organiser.page.get_by_role("button", name="不展示", exact=True).first)
    assert "不再展示" in organiser.said()
    organiser.open(f"{address}/code")
    assert organiser.page.locator(".code-big img").evaluate("image => image.naturalWidth") > 100
    look(organiser)


def test_the_door_list_fits_its_paper(at_desk: Callable[[str], Watched], service: Service) -> None:
    organiser = at_desk(ORGANISER)
    booked = "SELECT l.public_id FROM lectures l JOIN bookings b ON b.lecture_id = l.id"
    organiser.open(f"/lectures/{service.query(booked)[0][0]}/print")
    look(organiser)
    organiser.page.emulate_media(media="print")
    expect(organiser.page.locator(".tools")).to_be_hidden()
    paper = organiser.page.pdf(prefer_css_page_size=True)
    organiser.page.emulate_media(media="screen")
    assert b"/MediaBox [0 0 594" in paper or b"/MediaBox [0 0 595" in paper  # A4


def test_a_lecture_is_made_and_changed_without_scripts(browser: Browser, service: Service) -> None:
    desk = Watched(Desk(browser, service, ORGANISER, has_scripts=False))
    address = new_lecture(desk)
    desk.open(f"{address}/change")
    write_place = desk.page.locator("#f-place")
    write_place.fill("麻园街道一楼")
    desk.press("看通知怎么说")
    assert "麻园街道一楼" in desk.said()
    desk.press("改")
    assert "改好了" in desk.said()
    desk.desk.close()
