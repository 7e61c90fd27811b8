"""Every kind of turn on the screen, from turns of our own, whatever the engine says today."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.phone import SMALL, Phone
from tests.browser.test_accessibility import faults
from tests.browser.test_pages import WIDER_THAN_PAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASK = "/#/pages/ask/index"
ENTRIES = ("injury.apply", "contract.unsigned_double")
MEANT = "没签劳动合同，能要双倍工资吗？"
WAITING = {
    "state": "waiting", "due_at": "2027-11-26T09:30:00Z", "due_words": "11月26日 周五 17:30 前",
    "hours_words": "工作日 8:30–12:00，14:30–17:30", "is_overdue": False,
    "is_crisis": False,
}  # fmt: skip
UNVERIFIED = {
    "law": "广东省工资支付条例", "article": "第四十九条", "has_text": False, "is_unverified": True,
}  # fmt: skip
_ids = itertools.count(1)


def turn(kind: str, text: str = "", **more: Any) -> dict[str, Any]:
    """One turn as the server sends it."""
    author = {"asked": "person", "chosen": "person", "reply": "staff"}.get(kind, "bot")
    bare = {
        "id": next(_ids), "at": "2027-11-24T02:00:00Z", "author": author, "kind": kind,
        "text": text, "entry": None, "entries": [], "choices": [], "phones": [], "citations": [],
        "waiting": None, "feedback": None, "can_rate": False, "offers_complaint": False,
        "offers_human": False, "asks_phone": False,
    }  # fmt: skip
    return bare | more


def page_of(turns: list[dict[str, Any]]) -> dict[str, Any]:
    """What the conversation's routes answer."""
    return {"turns": turns, "has_more": False, "keep_days": 180}


def show(phone: Phone, *turns: dict[str, Any]) -> None:
    """Open the chat of somebody to whom this was said."""
    phone.open("/#/pages/mine/index")
    phone.page.evaluate("() => localStorage.setItem('xh.chat.key', JSON.stringify('a'.repeat(32)))")
    phone.page.route("**/api/v1/conversation", lambda r: r.fulfill(json=page_of(list(turns))))
    phone.open(ASK)
    phone.seen(".t-turn").wait_for()


def entries_of(phone: Phone) -> list[dict[str, Any]]:
    """Two whole answers, from the bureau itself."""
    return [json.loads(phone.service.read(f"/api/v1/faq/entries/{name}")) for name in ENTRIES]


def suggestion() -> dict[str, Any]:
    """Two that may be meant."""
    choices = [
        {"label": "没签合同、没凭证，工资还能要吗？", "entry_id": "a.b", "value": None},
        {"label": MEANT, "entry_id": "contract.unsigned_double", "value": None},
    ]
    return turn("suggest", "您是想问这个吗？", choices=choices, offers_human=True)


def question_that_decides() -> dict[str, Any]:
    """A fact is asked, with buttons."""
    choices = [{"label": it, "entry_id": None, "value": it} for it in ("还在干", "已经走了")]
    return turn("clarify", "您现在还在那里干吗？", choices=choices)


def test_a_chip_is_sent_as_it_was_offered_and_stands_there_as_said(phone: Phone) -> None:
    offered = suggestion()
    show(phone, turn("asked", "合同没签"), offered)
    sent: list[dict[str, Any]] = []
    whole = entries_of(phone)[1]

    def answer(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        said = [turn("chosen", MEANT), turn("answer", whole["short"], entry=whole, can_rate=True)]
        route.fulfill(json=page_of(said))

    phone.page.route("**/conversation/choices", answer)
    phone.tap(".t-choice")
    expect(phone.seen(".t-answer")).to_contain_text(whole["short"])
    assert phone.seen(".t-mine").inner_text() == MEANT
    assert {key: sent[0][key] for key in ("turn_id", "entry_id", "value")} == {
        "turn_id": offered["id"], "entry_id": "contract.unsigned_double", "value": None,
    }  # fmt: skip


def test_a_fact_is_asked_once(phone: Phone) -> None:
    said = [turn("asked", "补偿"), question_that_decides()]
    show(phone, *said)
    expect(phone.page.locator(".t-choice")).to_have_count(2)
    show(phone, *said, turn("chosen", "还在干"), turn("answer", "好"))
    expect(phone.page.locator(".t-choice")).to_have_count(0)


def test_each_of_several_issues_is_named_in_order_and_opens(phone: Phone) -> None:
    issues = entries_of(phone)
    show(phone, turn("asked", "两件事"), turn("several", "您问了两件事", entries=issues))
    named = phone.page.locator(".t-issue h2").all_inner_texts()
    assert named == [f"{n}. {it['question']}" for n, it in enumerate(issues, start=1)]
    expect(phone.page.locator(".t-reviewed")).to_have_count(0)
    phone.tap(".t-open-issue")
    expect(phone.page.locator(".t-reviewed")).to_have_count(1)


def test_in_a_crisis_the_telephones_stand_before_the_words(phone: Phone) -> None:
    phones = [{"label": "急救", "phone": "120"}, {"label": "报警", "phone": "110"}]
    show(phone, turn("asked", "我不想活了"), turn("crisis", "您别急，先打电话。", phones=phones))
    keys = phone.page.locator(".t-crisis-call")
    assert keys.all_inner_texts() == ["打 120 急救", "打 110 报警"]
    first, words = keys.first.bounding_box(), phone.seen(".t-said").bounding_box()
    assert first and words
    assert first["y"] + first["height"] <= words["y"]


def test_in_danger_a_telephone_is_asked_for_and_no_date_is_promised(phone: Phone) -> None:
    phones = [{"label": "急救", "phone": "120"}]
    handed = turn("escalated", "已转", waiting={**WAITING, "is_crisis": True})
    show(
        phone, turn("asked", "我不想活了"),
        turn("crisis", "您别急。", phones=phones, asks_phone=True), handed,
    )  # fmt: skip
    assert "别等我们，先打上面的电话" in phone.seen(".t-urgent").inner_text()
    assert "最晚" not in phone.seen(".t-waiting").inner_text()
    assert faults(phone) == []
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(route.request.post_data_json["text"])
        route.fulfill(json=page_of([turn("asked", "我的电话【电话号码】"), turn("note", "记下了")]))

    phone.page.route("**/api/v1/conversation/questions", take)
    phone.page.fill("#f-crisis-phone", "1380013")
    phone.tap(".t-call-me-go")
    expect(phone.seen(".t-call-me")).to_contain_text("这不像手机号")
    phone.page.fill("#f-crisis-phone", "138 0013 8000")
    phone.tap(".t-call-me-go")
    expect(phone.page.locator(".t-call-me")).to_have_count(0)
    assert sent == ["我的电话 13800138000"]


def test_without_a_network_a_cry_for_help_has_numbers_to_call(phone: Phone) -> None:
    show(phone, turn("asked", "你好"), turn("answer", "您好"))
    phone.page.route("**/api/v1/conversation/questions", lambda route: route.abort())
    phone.page.fill("#f-question", "想跳楼")
    phone.tap(".t-send")
    expect(phone.seen(".t-unsent")).to_contain_text("没网")
    keys = phone.page.locator(".t-unsent-calls .t-crisis-call")
    assert keys.all_inner_texts() == ["打 120 急救", "打 110 报警"]


def test_the_staff_s_answer_comes_by_itself_while_the_page_is_open(phone: Phone) -> None:
    said = [turn("asked", "转人工"), turn("escalated", "已转", waiting=WAITING)]
    show(phone, *said)
    expect(phone.seen(".t-waiting")).to_contain_text("最晚 17:30 前回您")
    answered = {**WAITING, "state": "answered"}
    reply = turn("reply", "请带身份证来窗口。", citations=[UNVERIFIED], waiting=answered)
    said[1]["waiting"] = answered
    phone.page.unroute("**/api/v1/conversation")
    phone.page.route("**/api/v1/conversation", lambda r: r.fulfill(json=page_of([*said, reply])))
    expect(phone.seen(".t-reply")).to_contain_text("工作人员", timeout=25_000)
    assert "未核实，以当地公布为准" in phone.seen(".t-reply").inner_text()
    assert "《广东省工资支付条例》第四十九条" in phone.seen(".t-reply").inner_text()
    expect(phone.page.locator(".t-article")).to_have_count(0)


def test_a_person_is_offered_once(phone: Phone) -> None:
    show(
        phone, turn("asked", "一"), turn("handoff", "这个我答不上来。", offers_human=True),
        turn("asked", "二"), turn("handoff", "这个我答不上来。", offers_human=True),
        turn("note", "两次都没答上，要不要请工作人员来答？", offers_human=True),
    )  # fmt: skip
    expect(phone.page.locator(".t-offer-human")).to_have_count(1)
    phone.tap(".t-offer-human")
    phone.seen(".t-human-sheet").wait_for()
    phone.tap(".t-human-no")
    expect(phone.page.locator(".t-human-sheet")).to_have_count(0)


def test_a_key_that_is_somebody_else_s_is_replaced(phone: Phone) -> None:
    phone.open("/#/pages/mine/index")
    phone.page.evaluate("() => localStorage.setItem('xh.chat.key', JSON.stringify('b'.repeat(32)))")

    def refuse(route: Route) -> None:
        if route.request.headers["x-conversation"] == "b" * 32:
            problem = {"code": "not_yours", "detail": "这段对话属于另一个人。"}
            route.fulfill(status=404, json=problem)
        else:
            route.continue_()

    phone.page.route("**/api/v1/conversation", refuse)
    phone.open(ASK)
    phone.seen(".t-most-asked").wait_for()
    assert json.loads(phone.storage()["xh.chat.key"]) != "b" * 32
    assert "没读出来" not in phone.text()


@pytest.mark.parametrize("size", [17, 30])
def test_every_kind_of_turn_reads_well(phone_of: Callable[..., Phone], size: int) -> None:
    phone = phone_of(SMALL)
    phone.open("/#/pages/mine/index")
    phone.tap(f".t-size-{size}")
    one, two = entries_of(phone)
    two = {**two, "citations": [*two["citations"][:2], UNVERIFIED]}
    show(
        phone, turn("asked", "一"), turn("answer", one["short"], entry=one, can_rate=True),
        turn("several", "两件事", entries=[one, two], can_rate=True), suggestion(),
        turn("chosen", "二"), turn("redirect", "租房的事不归我们管。", offers_human=True),
        turn("crisis", "别急。", phones=[{"label": "急救", "phone": "120"}]),
        turn("escalated", "已转", waiting={**WAITING, "is_overdue": True}),
        turn("reply", "答您。", citations=two["citations"], can_rate=True),
        turn("note", "您写的身份证号，我们已经遮住，没有保存。"), question_that_decides(),
        turn("handoff", "我答不上来。", offers_human=True), turn("restarted", "好，我们从头说。"),
    )  # fmt: skip
    assert faults(phone) == []
    assert phone.page.evaluate(WIDER_THAN_PAGE) <= 0
    assert phone.notes.complaints == []
