"""Lectures as a worker uses them: booking, the code, the line, a change, an order, no network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.browser.filing import today
from tests.browser.phone import SLOW_3G, Phone
from tests.browser.server import Service
from tests.browser.test_accessibility import ask, faults, sign_in
from tests.browser.test_pages import WIDER_THAN_PAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LECTURES = "/#/packages/lecture/index"
MINE = "/#/packages/lecture/mine"
QUIZ, TALK, SITE = "劳动法知识竞答", "工资条上的每一项，怎么看", "工地班组课：记工本怎么记"
BOOKINGS = r"/api/v1/lectures/[0-9a-z]{16}/bookings"
DEMO_WORKER = "13800000001"
LEAST_CODE_PX = 240


def demo_sign_in(phone: Phone, number: str = DEMO_WORKER) -> str:
    """Sign a person of the demo in, however lately another test did; returns the token."""
    for table in ("sms_codes", "rate_counters"):  # one a minute to one number, and few a day
        phone.service.query(f"DELETE FROM {table}")
    return sign_in(phone, number)


def lecture_id(service: Service, title: str) -> str:
    """The id in this lecture's address."""
    found = service.query("SELECT public_id FROM lectures WHERE title = ?", title)
    return str(found[0][0])


def detail(service: Service, title: str) -> str:
    """The address of a lecture's page."""
    return f"/#/packages/lecture/lecture?id={lecture_id(service, title)}"


def booking_of(phone: Phone) -> str:
    """The id of the booking in front."""
    phone.page.wait_for_url("**/packages/lecture/booking?id=*")
    found = re.search(r"booking\?id=([0-9a-z]{16})", phone.page.url)
    assert found, phone.page.url
    return found.group(1)


def book(phone: Phone, title: str) -> str:
    """Book one seat of this lecture, signed in already; returns the booking's id."""
    phone.open(detail(phone.service, title))
    phone.tap(".t-book")
    phone.tap(".t-confirm")
    return booking_of(phone)


def enter(phone: Phone) -> None:
    """Sign in with the card in front."""
    phone.type("#f-sign-in-phone", phone.number)
    phone.tap(".t-send-code")
    code = re.search(r"\d{6}", phone.seen(".t-demo-code").inner_text())
    assert code
    phone.type("#f-sign-in-code", code.group())
    phone.tap(".t-sign-in")


def test_a_group_of_twelve_books_shows_its_code_and_gives_the_seats_back(phone: Phone) -> None:
    phone.open()
    phone.tap(".t-lectures")
    phone.page.get_by_text(TALK).first.click()
    phone.seen(".t-title").wait_for()
    assert "还剩" in phone.text()
    phone.tap(".t-book")
    for _ in range(11):
        phone.tap(".t-more")
    expect(phone.seen(".t-party")).to_have_text("12")
    expect(phone.seen(".t-privacy")).to_have_text("只用来签到，不要身份证")
    phone.type("#f-booking-org", "示例木工班")
    enter(phone)  # nobody was signed in: the seats are booked as soon as somebody is
    booking_id = booking_of(phone)
    expect(phone.seen(".t-state")).to_have_text("约好了，12 座")
    code = phone.seen(".t-code-card img")
    box = code.bounding_box()
    assert box is not None
    assert box["width"] * 29 / 37 >= LEAST_CODE_PX, "four modules of white are around the code"
    assert code.evaluate("it => it.complete && it.naturalWidth > 0")
    assert re.search(r"编号 B-\d+", phone.seen(".t-code-card").inner_text())
    kept = phone.service.query(
        "SELECT party, org_name, state FROM bookings WHERE public_id = ?", booking_id
    )
    assert kept == [(12, "示例木工班", "booked")]

    phone.tap(".t-cancel")
    phone.tap(".t-keep")
    assert phone.page.locator(".t-yes").count() == 0
    phone.tap(".t-cancel")
    phone.tap(".t-yes")
    expect(phone.seen(".t-state")).to_have_text("这个预约取消了")
    assert phone.page.locator(".t-code-card").count() == 0
    phone.tap(".t-again")
    phone.seen(".t-book").wait_for()
    assert phone.notes.complaints == []
    assert phone.notes.leaving(phone.service.address) == []


def test_the_calendar_file_and_the_place_are_at_hand(phone: Phone) -> None:
    phone.open(detail(phone.service, TALK))
    with phone.page.expect_download() as saved:
        phone.tap(".t-add-calendar")
    assert saved.value.suggested_filename.endswith(".ics")
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.tap(".t-copy-place")
    phone.page.get_by_text("地址复制好了").wait_for()
    assert "示例路 8 号" in phone.page.evaluate("() => navigator.clipboard.readText()")


def test_a_lost_answer_and_a_double_tap_on_a_slow_line_book_once(phone: Phone) -> None:
    token = sign_in(phone, phone.number)
    phone.open(detail(phone.service, SITE))

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionfailed")

    phone.page.route("**/bookings", lose)
    phone.tap(".t-book")
    phone.tap(".t-confirm")
    expect(phone.seen(".t-send-fault")).to_contain_text("没约上：网络断了")
    phone.page.unroute("**/bookings")
    session = phone.context.new_cdp_session(phone.page)
    slow = {"offline": False, **SLOW_3G, "latency": 1500}
    session.send("Network.emulateNetworkConditions", slow)
    before = len(phone.notes.sent("POST", BOOKINGS))
    phone.seen(".t-confirm").dblclick()
    booking_of(phone)
    sent = phone.notes.sent("POST", BOOKINGS)
    assert len(sent) == before + 1, "the second tap sent nothing"
    keys = {json.loads(request.post_data or "{}")["key"] for request in sent}
    assert len(keys) == 1, "the key is kept until there is an answer"
    own = ask(f"{phone.service.address}/api/v1/bookings", token)["items"]
    assert [(it["own"]["state"], it["own"]["party"]) for it in own] == [("booked", 1)]


def test_without_a_network_nothing_chosen_is_lost_and_the_kept_code_is_shown(phone: Phone) -> None:
    sign_in(phone, phone.number)
    booking_id = book(phone, SITE)
    number = phone.seen(".t-number").inner_text()
    phone.open(detail(phone.service, TALK))
    phone.tap(".t-book")
    phone.tap(".t-more")
    phone.tap(".t-more")
    phone.context.set_offline(True)
    phone.tap(".t-confirm")
    expect(phone.seen(".t-send-fault")).to_contain_text("有网了再点一次")
    expect(phone.seen(".t-party")).to_have_text("3")
    phone.context.set_offline(False)
    phone.reopen()
    phone.tap(".t-book")
    expect(phone.seen(".t-party")).to_have_text("3")

    phone.open(MINE)
    phone.seen(".t-lecture").click()
    booking_of(phone)
    phone.tap(".t-back")
    phone.context.set_offline(True)
    phone.page.evaluate(
        "id => { location.hash = `#/packages/lecture/booking?id=${id}` }", booking_id
    )
    phone.seen(".t-last-seen").wait_for()
    assert "没有网也能出示" in phone.text()
    assert number in phone.seen(".t-code-card").inner_text()
    phone.context.set_offline(False)


def test_in_a_full_lecture_one_waits_and_takes_the_seat_that_comes_back(
    phone_of: Callable[..., Phone],
) -> None:
    first, second = phone_of(), phone_of()
    sign_in(first, first.number)
    token = sign_in(second, second.number)
    first.service.query("UPDATE lectures SET seats = seats_taken + 1 WHERE title = ?", QUIZ)
    second.open(detail(second.service, QUIZ))
    second.tap(".t-book")
    book(first, QUIZ)
    second.tap(".t-confirm")  # somebody was quicker
    expect(second.seen(".t-send-fault")).to_contain_text("座位约满了")
    second.tap(".t-confirm, .t-queue-instead")
    booking_id = booking_of(second)
    expect(second.seen(".t-state")).to_have_text("在排队")
    assert "下一个就是您" in second.text()

    first.tap(".t-cancel")
    first.tap(".t-yes")
    expect(first.seen(".t-state")).to_have_text("这个预约取消了")
    second.open(LECTURES)
    expect(second.page.locator(".t-lecture").first).to_contain_text("有座给您留着")
    second.page.locator(".t-lecture").first.click()
    expect(second.seen(".t-state")).to_have_text("有座了，要不要")
    second.tap(".t-quiet")  # 不要 gives nothing away before it has asked
    second.tap(".t-keep")
    expect(second.seen(".t-state")).to_have_text("有座了，要不要")
    second.tap(".t-accept")
    expect(second.seen(".t-state")).to_have_text("约好了，1 座")
    own = ask(f"{second.service.address}/api/v1/bookings/{booking_id}", token)["own"]
    assert own["state"] == "booked"


def test_after_a_change_one_says_whether_one_still_comes(phone: Phone) -> None:
    demo_sign_in(phone)
    phone.open(LECTURES)
    phone.page.locator(".t-lecture", has_text="被拖欠工资怎么办").click()
    expect(phone.seen(".t-state")).to_have_text("讲座改了，您还去吗")
    assert "原来的会议室要装修" in phone.text()
    phone.tap(".t-quiet")  # nor does 不去了
    phone.tap(".t-keep")
    expect(phone.seen(".t-state")).to_have_text("讲座改了，您还去吗")
    phone.tap(".t-still-go")
    expect(phone.seen(".t-state")).to_have_text("约好了，3 座")
    phone.reopen()
    expect(phone.seen(".t-state")).to_have_text("约好了，3 座")


def test_somebody_who_came_says_how_it_was_and_finds_what_to_take_home(phone: Phone) -> None:
    demo_sign_in(phone)
    phone.open(MINE)
    phone.page.locator(".t-lecture", has_text="加班费怎么算").click()
    phone.seen(".t-feedback").wait_for()
    assert phone.page.locator(".t-material").count() == 2
    phone.tap(".t-say")
    assert "先点一个" in phone.text()
    phone.tap(".t-verdict-useful")
    phone.type("#f-said", "讲得清楚")
    phone.tap(".t-may-show")
    phone.tap(".t-say")
    phone.page.get_by_text("您的话收到了").wait_for()
    said = phone.service.query(
        "SELECT verdict, may_be_shown FROM lecture_feedback ORDER BY id DESC LIMIT 1"
    )
    assert said == [("useful", 1)]


def test_an_order_is_checked_sent_proposed_and_agreed(phone: Phone) -> None:
    phone.open(LECTURES)
    phone.tap(".t-order-lecture")
    phone.seen(".t-theme").wait_for()
    phone.tap(".t-review")
    assert "有 8 处要改一下" in phone.seen("#faults").inner_text()
    fill_order(phone)
    phone.reopen()
    assert phone.typed("#f-org_name") == "示例花园三期项目部", "kept on the phone"
    assert "不要身份证" in phone.seen(".t-privacy").inner_text()
    phone.tap(".t-review")
    phone.page.get_by_text("看一遍，对了就交").wait_for()
    enter(phone)
    phone.page.wait_for_url("**/packages/lecture/ordered?id=*")
    expect(phone.seen(".t-headline")).to_have_text("收到您的点单")
    assert re.search(r"编号 D-\d+", phone.seen(".t-number").inner_text())
    assert "最晚这天答复您" in phone.seen(".t-answer-by").inner_text()
    order_id = phone.page.url.partition("id=")[2][:16]

    phone.service.query(
        "UPDATE lecture_orders SET state = 'proposed', version = version + 1, speaker = '谭示例', "
        "proposed_at = (SELECT starts_at FROM lectures WHERE title = ?) WHERE public_id = ?",
        QUIZ,
        order_id,
    )
    phone.reopen()
    expect(phone.seen(".t-headline")).to_have_text("这个时间行不行")
    phone.tap(".t-agree")
    expect(phone.seen(".t-headline")).to_have_text("日子说好了")
    assert "去讲" in phone.seen(".t-step-now").inner_text()
    assert phone.notes.complaints == []


def fill_order(phone: Phone) -> None:
    """Everything an order needs."""
    phone.type("#f-org_name", "示例花园三期项目部")
    phone.tap(".t-org_kind-site")
    phone.page.locator(".t-theme").first.click()
    phone.type("#f-place", "项目部食堂")
    phone.type("#f-people", "40")
    phone.type("#f-wished-0-on", (today() + timedelta(days=9)).isoformat())
    phone.tap('[class*="t-wished.0.part-evening"]')
    phone.type("#f-contact_name", "王示例")
    phone.type("#f-phone", phone.number)


def test_an_offered_date_that_does_not_suit_is_answered_with_what_would(phone: Phone) -> None:
    token = demo_sign_in(phone)
    orders = ask(f"{phone.service.address}/api/v1/lecture-orders", token)["items"]
    # whatever another test of this service did with the demo's order
    phone.service.query(
        "UPDATE lecture_orders SET state = 'proposed', version = version + 1, verdict = NULL, "
        "proposed_at = (SELECT starts_at FROM lectures WHERE title = ?) WHERE public_id = ?",
        QUIZ,
        orders[0]["id"],
    )
    phone.open(f"/#/packages/lecture/ordered?id={orders[0]['id']}")
    phone.tap(".t-quiet")
    phone.tap(".t-send-refusal")
    assert "还没写" in phone.text()
    phone.type("#f-note", "下周二晚上")
    phone.tap(".t-send-refusal")
    expect(phone.seen(".t-headline")).to_have_text("派了人，正在定日子")
    phone.tap(".t-withdraw")
    phone.tap(".t-yes")
    expect(phone.seen(".t-headline")).to_have_text("您撤回了")


def test_a_second_tab_is_told_of_the_booking_in_the_first(phone: Phone) -> None:
    sign_in(phone, phone.number)
    phone.open(detail(phone.service, TALK))
    first = phone.page
    phone.second_page()
    phone.tap(".t-book")
    second = phone.page
    phone.page = first
    phone.tap(".t-book")
    phone.tap(".t-confirm")
    booking_of(phone)
    phone.page = second
    phone.tap(".t-more")
    phone.tap(".t-confirm")
    expect(phone.seen(".t-send-fault")).to_contain_text("您已经约了这场")
    phone.tap(".t-not-yet")
    phone.tap(".t-my-booking")
    booking_of(phone)
    expect(phone.seen(".t-state")).to_have_text("约好了，1 座")


def test_a_month_shows_its_days_and_what_was_called_off(phone: Phone) -> None:
    phone.open(LECTURES)
    phone.tap(".t-view")
    phone.seen(".t-day").wait_for()
    whole = phone.page.locator(".t-lecture").count()
    phone.page.locator(".t-day").first.click()
    assert 1 <= phone.page.locator(".t-lecture").count() <= whole
    assert phone.page.locator(".t-day.on").count() == 1
    month = phone.seen(".t-month").inner_text()
    phone.tap(".t-month-after")
    expect(phone.seen(".t-month")).not_to_have_text(month)


def test_a_printed_code_leads_to_its_lecture(phone: Phone) -> None:
    scene = {"kind": "lecture", "id": lecture_id(phone.service, TALK)}
    phone.page.route("**/api/v1/scenes/*", lambda route: route.fulfill(json=scene))
    phone.open("/#/pages/home/index?scene=lx")
    phone.page.wait_for_url("**/packages/lecture/lecture?id=*")
    expect(phone.seen(".t-title")).to_have_text(TALK)


def test_a_forged_code_is_called_one(phone: Phone) -> None:
    phone.open("/#/pages/home/index?scene=lforged")
    expect(phone.seen(".t-scan-fault")).to_contain_text("认不出来")


def test_the_answers_of_the_chat_lead_to_lectures(phone: Phone) -> None:
    for hook, page in (("book_lecture", "index"), ("order_lecture", "order")):
        phone.open("/#/packages/ask/entry?id=app.lecture")
        phone.tap(f".t-do-{hook}")
        phone.page.wait_for_url(f"**/packages/lecture/{page}*")


@pytest.mark.parametrize("size", [17, 30])
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(phone: Phone, size: int) -> None:
    token = demo_sign_in(phone)
    api = f"{phone.service.address}/api/v1"
    phone.page.evaluate("size => localStorage.setItem('xh.type_size', size)", str(size))
    own = ask(f"{api}/bookings", token)["items"]
    orders = ask(f"{api}/lecture-orders", token)["items"]
    pages = [LECTURES, MINE, "/#/packages/lecture/order"]
    pages += [f"/#/packages/lecture/booking?id={it['own']['id']}" for it in own]
    pages += [f"/#/packages/lecture/ordered?id={it['id']}" for it in orders]
    pages += [detail(phone.service, title) for title in (TALK, QUIZ, "加班费怎么算")]
    for path in pages:
        phone.open(path)
        assert faults(phone) == [], path
        assert phone.page.evaluate(WIDER_THAN_PAGE) <= 0, path
        assert phone.page.title() == "人社服务", path
    phone.open(LECTURES)
    phone.tap(".t-view")
    phone.seen(".t-day").wait_for()
    assert faults(phone) == []
    phone.open(detail(phone.service, TALK))
    phone.tap(".t-book")
    phone.tap(".t-more")
    assert faults(phone) == []
    assert phone.page.evaluate(WIDER_THAN_PAGE) <= 0
