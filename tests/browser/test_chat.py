"""问一问 as a worker uses it: asking, rating, calling a person, with and without a network."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.filing import at_step
from tests.browser.phone import SLOW_3G, SMALL, Phone
from tests.browser.server import Service
from tests.browser.test_accessibility import faults
from tests.browser.test_pages import WIDER_THAN_PAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASK = "/#/pages/ask/index"
ARREARS = "工资被拖欠，去哪里投诉、怎么投诉？"
CLEAR = "没签劳动合同，能要双倍工资吗？"
ID_NUMBER = "110101199003074514"
QUESTIONS = r"/api/v1/conversation/questions"


def say(phone: Phone, text: str) -> None:
    """Type a message and send it."""
    phone.type("#f-question", text)
    phone.tap(".t-send")


def ask(phone: Phone, text: str) -> None:
    """Say something and wait until the bureau's side has said something to it."""
    before = phone.page.locator(".t-turn").count()
    say(phone, text)
    phone.page.wait_for_function(
        "([before]) => document.querySelectorAll('.t-turn').length > before + 1", arg=[before]
    )
    expect(phone.page.locator(".t-unsent")).to_have_count(0)


def test_a_question_is_answered_rated_and_still_there_after_a_reload(phone: Phone) -> None:
    phone.open(ASK)
    assert phone.page.locator(".t-most-asked").count() == 6
    ask(phone, CLEAR)
    answer = phone.seen(".t-answer")
    short = answer.locator(".t-short").inner_text()
    assert 4 < len(short) <= 60
    assert re.fullmatch(r"\d{4}年\d{1,2}月核对", answer.locator(".t-reviewed").inner_text())
    phone.tap(".t-useless")
    phone.tap(".t-reason-unclear")
    expect(phone.seen(".t-rated")).to_contain_text("谢谢")
    phone.reopen()
    assert short in phone.text()
    assert phone.seen(".t-useless").get_attribute("aria-pressed") == "true"
    assert phone.notes.leaving(phone.service.address) == []
    assert phone.notes.complaints == []
    assert phone.page.title() == "人社服务"


def test_one_of_the_most_asked_is_one_tap_and_its_article_opens(phone: Phone) -> None:
    phone.open(ASK)
    phone.tap(".t-most-asked")
    phone.seen(".t-answer").wait_for()
    name = phone.seen(".t-article").inner_text()
    phone.tap(".t-article")
    assert len(phone.seen(".t-article-text").inner_text()) > 20
    assert name.strip() in phone.text()
    phone.tap(".t-back")
    phone.seen(".t-answer").wait_for()


def test_a_person_is_one_tap_away_and_says_until_when(phone: Phone) -> None:
    phone.open(ASK)
    ask(phone, CLEAR)
    phone.tap(".t-human")
    assert phone.page.evaluate("document.activeElement.id") == "human-title"
    phone.type("#f-human-phone", "123")
    phone.tap(".t-human-go")
    assert "这不像手机号" in phone.text()
    phone.type("#f-human-phone", phone.number)
    phone.tap(".t-human-go")
    card = phone.seen(".t-waiting")
    expect(card).to_contain_text("已转给工作人员")
    assert re.search(r"最晚 \d{2}:\d{2} 前回您", card.inner_text())
    assert "上班时间" in card.inner_text()
    ask(phone, "转人工")
    phone.reopen()
    phone.seen(".t-waiting").wait_for()
    assert phone.number not in json.dumps(phone.storage())


def test_without_a_network_a_question_waits_and_goes_by_itself(phone: Phone) -> None:
    phone.open(ASK)
    phone.seen(".t-most-asked").wait_for()
    phone.context.set_offline(True)
    say(phone, CLEAR)
    expect(phone.seen(".t-unsent")).to_contain_text("没网，还没发出去")
    phone.seen(".t-again").wait_for()
    kept = json.loads(phone.storage()["xh.chat"])
    assert [it["text"] for it in kept["unsent"]] == [CLEAR]
    phone.context.set_offline(False)
    phone.seen(".t-answer").wait_for()
    expect(phone.page.locator(".t-unsent")).to_have_count(0)
    expect(phone.page.locator(".t-mine")).to_have_count(1)


def test_a_slow_answer_is_asked_for_again_under_the_same_key(phone: Phone) -> None:
    phone.open(ASK)
    held: list[Route] = []
    keys: set[str] = set()

    def hold_the_first(route: Route) -> None:
        keys.add(json.loads(route.request.post_data or "{}")["key"])
        if held:
            route.continue_()
        else:
            held.append(route)

    phone.page.route("**/conversation/questions", hold_the_first)
    say(phone, CLEAR)
    expect(phone.seen(".t-unsent")).to_contain_text("正在发送")
    expect(phone.seen(".t-unsent")).to_contain_text("网有点慢", timeout=11_000)
    phone.tap(".t-again")
    phone.seen(".t-answer").wait_for()
    held[0].continue_()
    phone.page.wait_for_load_state("networkidle")
    assert len(phone.notes.sent("POST", QUESTIONS)) == 2
    assert len(keys) == 1
    expect(phone.page.locator(".t-answer")).to_have_count(1)


def test_on_a_line_that_takes_three_seconds_the_question_stands_there_at_once(phone: Phone) -> None:
    phone.open(ASK)
    session = phone.context.new_cdp_session(phone.page)
    session.send("Network.emulateNetworkConditions", {**SLOW_3G, "offline": False, "latency": 3000})
    say(phone, CLEAR)
    expect(phone.seen(".t-unsent")).to_contain_text(CLEAR, timeout=500)
    phone.seen(".t-answer").wait_for(timeout=12_000)


def test_words_not_sent_are_there_when_the_page_is_opened_again(phone: Phone) -> None:
    phone.open(ASK)
    phone.type("#f-question", "老板三个月没发")
    phone.reopen()
    assert phone.typed("#f-question") == "老板三个月没发"


def test_an_identity_number_is_masked_and_the_person_is_told(phone: Phone) -> None:
    phone.open(ASK)
    ask(phone, f"我身份证{ID_NUMBER}，{CLEAR}")
    expect(phone.seen(".t-note")).to_contain_text("遮住")
    assert ID_NUMBER not in phone.text()
    assert ID_NUMBER not in json.dumps(phone.storage())
    assert [r.url for r in phone.notes.requests if ID_NUMBER in r.url] == []


def test_beginning_anew_brings_the_most_asked_back_and_keeps_what_was_said(phone: Phone) -> None:
    phone.open(ASK)
    ask(phone, CLEAR)
    phone.tap(".t-restart")
    phone.seen(".t-restarted").wait_for()
    phone.seen(".t-most-asked").wait_for()
    assert CLEAR in phone.text()


def test_what_was_said_stands_in_the_complaint(phone: Phone) -> None:
    phone.open(ASK)
    ask(phone, "老板欠我7月8月9月三个月工资，每月6500，没签合同")
    ask(phone, ARREARS)
    phone.tap(".t-do-file_complaint")
    phone.seen(".t-from-chat").wait_for()
    for way in (".t-lane-complaint", ".t-notice-read", ".t-next"):
        phone.tap(way)
    at_step(phone, 1)
    draft = json.loads(phone.storage()["xh.draft.complaint"])
    assert [row["month"][5:] for row in draft["rows"]] == ["07", "08", "09"]
    assert {row["due"] for row in draft["rows"]} == {"6,500"}
    assert draft["work"]["contract"] == "none"
    assert "三个月工资" in draft["facts"]
    assert "19,500" in draft["request"]


def test_a_complaint_half_written_is_not_overwritten_unasked(phone: Phone) -> None:
    phone.open()
    for way in (".t-complain", ".t-lane-complaint", ".t-notice-read", ".t-next"):
        phone.tap(way)
    at_step(phone, 1)
    phone.open("/#/packages/complaint/form?step=5")
    phone.type("#f-facts", "我自己写的经过")
    phone.open(ASK)
    ask(phone, ARREARS)
    phone.tap(".t-do-file_complaint")
    phone.seen(".t-draft-sheet").wait_for()
    assert "我自己写的经过" in phone.seen(".t-draft-sheet").inner_text()
    phone.tap(".t-fill-blanks")
    at_step(phone, 5)
    assert phone.typed("#f-facts") == "我自己写的经过"


@pytest.mark.parametrize("size", [17, 30])
def test_axe_finds_nothing_serious_in_the_chat(phone_of: Callable[..., Phone], size: int) -> None:
    phone = phone_of(SMALL)
    phone.open("/#/pages/mine/index")
    phone.tap(f".t-size-{size}")
    phone.open(ASK)
    seen: dict[str, list[str]] = {}

    def look(name: str) -> None:
        seen[name] = faults(phone)
        assert phone.page.evaluate(WIDER_THAN_PAGE) <= 0, f"{name} scrolls sideways"

    look("empty")
    ask(phone, ARREARS)
    phone.tap(".t-useless")
    look("answer")
    for text in ("房东不退押金", "我不想活了", f"身份证{ID_NUMBER}"):
        ask(phone, text)
    look("more")
    phone.tap(".t-human")
    look("sheet")
    phone.tap(".t-human-go")
    phone.seen(".t-waiting").wait_for()
    phone.context.set_offline(True)
    say(phone, CLEAR)
    phone.seen(".t-again").wait_for()
    look("waiting and unsent")
    phone.context.set_offline(False)
    for path in ("offices", "entry?id=contract.unsigned_double"):
        phone.open(f"/#/packages/ask/{path}")
        look(path)
    phone.tap(".t-article")
    phone.seen(".t-article-text").wait_for()
    look("article")
    assert {name: found for name, found in seen.items() if found} == {}


def focused(phone: Phone) -> str:
    """Where the keyboard is: the id or the hook of the element in focus."""
    return str(
        phone.page.evaluate(
            "(document.activeElement.id || [...document.activeElement.classList].pop())"
        )
    )


@pytest.mark.parametrize(
    ("opener", "title", "last"),
    [(".t-human", "human-title", "t-human-no"), (".t-wipe", "wipe-title", "t-wipe-no")],
)
def test_a_sheet_closes_with_esc_and_keeps_the_keyboard_in_itself(
    phone: Phone, opener: str, title: str, last: str
) -> None:
    phone.open(ASK)
    ask(phone, CLEAR)
    phone.tap(opener)
    assert focused(phone) == title
    phone.page.keyboard.press("Shift+Tab")
    assert focused(phone) == last
    inside = "document.activeElement.closest('[role=dialog]') !== null"
    for _ in range(7):
        phone.page.keyboard.press("Tab")
        assert phone.page.evaluate(inside)
    phone.page.keyboard.press("Escape")
    expect(phone.page.locator("[role=dialog]")).to_have_count(0)
    assert focused(phone) == "chat-title"
    assert CLEAR in phone.text()


@pytest.mark.parametrize("size", [17, 30])
def test_a_borrowed_phone_shows_nothing_after_it_was_wiped(phone: Phone, size: int) -> None:
    phone.open("/#/pages/mine/index")
    phone.tap(f".t-size-{size}")
    phone.open(ASK)
    ask(phone, CLEAR)
    phone.tap(".t-human")
    phone.tap(".t-human-go")
    phone.seen(".t-waiting").wait_for()
    key = json.loads(phone.storage()["xh.chat.key"])
    phone.tap(".t-wipe")
    phone.seen(".t-wipe-waits").wait_for()
    assert phone.page.evaluate(WIDER_THAN_PAGE) <= 0
    assert faults(phone) == []
    phone.tap(".t-wipe-no")
    assert CLEAR in phone.text()
    phone.tap(".t-wipe")
    with phone.page.expect_response(lambda it: it.request.method == "DELETE") as done:
        phone.tap(".t-wipe-yes")
    assert done.value.status == 204
    expect(phone.seen(".t-wiped")).to_contain_text("清掉了")
    expect(phone.page.locator(".t-turn")).to_have_count(0)
    assert key not in json.dumps(phone.storage())
    read = phone.context.request.get(
        f"{phone.service.address}/api/v1/conversation", headers={"X-Conversation": key}
    )
    assert read.json()["turns"] == []
    phone.reopen()
    assert phone.page.locator(".t-most-asked").count() == 6
    assert phone.page.locator(".t-turn").count() == 0


def account_link(service: Service) -> str:
    """The page a follower of the demo's account gets a link to, as the demo signs it."""
    sent = urllib.parse.urlencode({"who": "odemo-follower-yi", "text": "你好"}).encode()
    with urllib.request.urlopen(f"{service.address}/demo/wechat", sent, timeout=20) as answer:
        assert answer.status == 200
    ((follower,),) = service.query(
        "SELECT max(id) FROM workers WHERE account_openid_index IS NOT NULL"
    )
    value = f"{follower}.{int(time.time()) + 600}"
    key = hashlib.sha256(b"demo session_key").hexdigest().encode()
    mark = hmac.new(key, f"account-link:{value}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"/#/packages/ask/account?k={value}.{mark}"


def test_a_link_of_the_official_account_is_confirmed_with_one_tap(phone: Phone) -> None:
    phone.open("/#/pages/mine/index")
    phone.tap(".t-size-30")
    phone.open(account_link(phone.service))
    phone.type("#f-sign-in-phone", phone.number)
    phone.tap(".t-send-code")
    code = re.search(r"\d{6}", phone.seen(".t-demo-code").inner_text())
    assert code is not None
    phone.type("#f-sign-in-code", code.group())
    phone.tap(".t-sign-in")
    phone.seen(".t-join").wait_for()
    assert faults(phone) == [] and phone.page.evaluate(WIDER_THAN_PAGE) <= 0
    phone.tap(".t-join")
    phone.seen(".t-joined").wait_for()
    ((joined,),) = phone.service.query(
        "SELECT count(*) FROM workers WHERE account_openid_index IS NOT NULL"
        " AND phone_index IS NOT NULL"
    )
    assert joined == 1
    phone.open("/#/packages/ask/account?k=1.2.3")
    phone.tap(".t-join")
    expect(phone.seen(".t-join-failed")).to_contain_text("回复“绑定”")
