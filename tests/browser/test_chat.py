"""问一问 as a worker uses it: asking, rating, calling a person, with and without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.filing import at_step
from tests.browser.phone import SLOW_3G, SMALL, Phone
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
