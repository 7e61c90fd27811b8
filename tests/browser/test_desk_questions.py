"""问题解答 and 题库 in Chromium: from the queue to an answer the bot gives by itself afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, expect

from tests.browser.filing import today
from tests.browser.office import Desk
from tests.browser.phone import Phone
from tests.browser.server import Service
from tests.browser.test_accessibility import AXE, RUN
from tests.browser.test_chat import ASK, ask
from tests.browser.test_pages import WIDER_THAN_PAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "紫藤花开时的特别试岗补贴咋拿"
LIKE = "特别试岗补贴咋拿，紫藤花开时的"
SHORT = "到窗口登记就能拿。"
TEXT = "带身份证去窗口登记，当场办。有疑问打 13800000177。"
OPEN_IN_ORDER = (
    "SELECT public_id FROM escalations WHERE state <> 'answered'"
    " ORDER BY is_crisis DESC, due_at, id"
)
FIRST, SECOND, REVIEWER, CLERK = "jieda1", "jieda2", "fazhi1", "chuangkou"


class Watched:
    """A desk whose every page is looked at: axe, the console, nothing wider than the screen."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page = desk.page
        self.complaints: list[str] = []
        desk.page.on("console", self._on_console)
        desk.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def open(self, path: str) -> None:
        """Go to a page of the desk."""
        self.page.goto(f"{self.desk.service.address}/desk{path}")

    def look(self) -> None:
        """Nothing serious found by axe, and no scrolling sideways."""
        self.page.evaluate(AXE.read_text())
        assert self.page.evaluate(RUN) == [], self.page.url
        assert self.page.evaluate(WIDER_THAN_PAGE) <= 0, self.page.url

    def press(self, name: str) -> None:
        """Press a button by what is written on it, and wait for the page that comes."""
        self.send(self.page.get_by_role("button", name=name, exact=True))

    def send(self, button: Locator) -> None:
        """Press this button and wait for the page that comes."""
        with self.page.expect_navigation():
            button.click()

    def said(self) -> str:
        """The words of the page without the rail."""
        return self.page.locator("main").inner_text()

    def _on_console(self, message: ConsoleMessage) -> None:
        # a page that says 409 or 422 is what is tested here
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")


@pytest.fixture(scope="module")
def desks(browser: Browser, service: Service) -> Iterator[dict[str, Watched]]:
    """Everybody signs in once."""
    made: dict[str, Watched] = {}
    for username in (FIRST, SECOND, REVIEWER, CLERK):
        made[username] = Watched(Desk(browser, service, username))
    yield made
    for one in made.values():
        one.desk.close()


@pytest.fixture
def at_desk(desks: dict[str, Watched]) -> Iterator[Callable[[str], Watched]]:
    """Gives somebody's desk, and at the end asks what every console said."""
    yield desks.__getitem__
    assert [complaint for one in desks.values() for complaint in one.complaints] == []


def handed_over(phone: Phone, words: str) -> str:
    """Ask something the bot does not know, and call a person; gives the question's page."""
    phone.open(ASK)
    ask(phone, words)
    phone.tap(".t-human")
    phone.tap(".t-human-go")
    phone.seen(".t-waiting").wait_for()
    newest = "SELECT public_id FROM escalations ORDER BY id DESC LIMIT 1"
    return f"/questions/{phone.service.query(newest)[0][0]}"


def take_and_answer(first: Watched, question: str) -> None:
    """Take a question and fill the answer box from everything that stands beside it."""
    page = first.page
    first.open(question)
    first.press("我来答")
    assert "由您答复" in first.said()
    page.fill("#f-q", "试用期多久")
    expect(page.locator("#found")).to_contain_text("试用期", timeout=5000)
    page.locator("#found button").first.click()
    expect(page.locator("#f-short")).not_to_have_value("")
    page.get_by_role("group", name="常用语").get_by_role("button").first.click()
    expect(page.locator(".cited input")).not_to_have_count(0)
    page.fill("#f-short", SHORT)
    page.fill("#f-text", TEXT)
    page.fill("[name=cite_law]", "劳动合同法")
    page.fill("[name=cite_article]", "第三十条")
    page.get_by_role("button", name="加依据", exact=True).click()
    expect(page.locator(".cited")).to_contain_text("劳动合同法 第三十条")
    assert page.locator("#f-text").input_value() == TEXT
    first.look()


def test_a_question_is_answered_kept_approved_and_then_answered_by_the_bot(
    phone: Phone, at_desk: Callable[[str], Watched]
) -> None:
    question = handed_over(phone, WORDS)
    first, second = at_desk(FIRST), at_desk(SECOND)
    first.open("/questions")
    first.look()
    shown = [row.get_attribute("data-href") for row in first.page.locator("tr.r").all()]
    due = [f"/desk/questions/{row[0]}" for row in phone.service.query(OPEN_IN_ORDER)]
    assert shown == due and f"/desk{question}" in shown

    second.open(question)
    second.look()
    take_and_answer(first, question)
    second.press("我来答")
    assert re.search("钟解答 .*前接下了这个问题", second.said())
    second.look()
    second.open(question)
    second.look()
    assert "钟解答在答" in second.said() and second.page.locator("#f-short").count() == 0
    second.open("/questions")
    row = second.page.locator(f"tr.r[data-href='/desk{question}']")
    assert "钟解答" in row.inner_text() and "有人在答" in row.inner_text()

    first.page.fill("#f-short", "长" * 61)
    first.press("发出答复")
    assert "最多 60 个字" in first.said()
    first.look()
    first.page.fill("#f-short", SHORT)
    first.page.check("[name=wants_entry]")
    first.press("发出答复")
    first.page.wait_for_url("**/faq/new?**")
    first.look()
    phone.reopen()
    expect(phone.page.locator("body")).to_contain_text(SHORT)

    first.page.fill("#f-question", "紫藤补贴怎么拿")
    first.page.fill("#f-answer", "带身份证去窗口登记，当场办。")
    first.page.get_by_role("button", name="提交，请人批准").dblclick()
    # not wait_for_url: the second click may cut off the navigation of the first
    expect(first.page).to_have_url(re.compile(r"/faq/proposals/"))
    assert "要请另一个人批" in first.page.locator("#panel").inner_text()
    proposal = first.page.url.partition("?")[0].partition("/desk")[2]
    waiting = "SELECT count(*) FROM overrides WHERE escalation_id ="
    found = phone.service.query(
        f"{waiting} (SELECT id FROM escalations WHERE public_id = ?)", question.rpartition("/")[2]
    )
    assert found == [(1,)]

    reviewer = at_desk(REVIEWER)
    reviewer.open("/faq/proposals")
    reviewer.look()
    reviewer.open(proposal)
    report = reviewer.page.locator("#report")
    expect(report).to_contain_text("自有题目", timeout=15_000)
    expect(report.locator("tr").filter(has_text=WORDS)).to_contain_text("紫藤补贴怎么拿")
    expect(report.locator(".own .ck.ok")).to_have_count(5)
    reviewer.look()
    reviewer.press("批准上线")
    assert "批准了" in reviewer.said()
    phone.reopen()
    ask(phone, WORDS)
    expect(phone.seen(".t-answer")).to_contain_text(SHORT)
    expect(phone.seen(".t-answer")).to_contain_text("当场办")


def test_an_earlier_answer_to_a_like_question_is_used_again(
    phone: Phone, phone_of: Callable[..., Phone], at_desk: Callable[[str], Watched]
) -> None:
    first, second = at_desk(FIRST), at_desk(SECOND)
    words = "榕树下那笔高空津贴几时补"
    question = handed_over(phone, words)
    first.open(question)
    assert "还没有人答过同样的问题" in first.page.locator("#earlier").inner_text()
    take_and_answer(first, question)
    first.press("发出答复")
    first.look()
    again = handed_over(phone_of(), "高空津贴几时补？榕树下那笔")
    second.open(again)
    second.press("我来答")
    earlier = second.page.locator("#earlier")
    assert SHORT in earlier.inner_text() and "钟解答" in earlier.inner_text()
    earlier.locator("summary").click()
    second.look()
    assert "〔电话号码〕" in earlier.inner_text() and "13800000177" not in earlier.inner_text()
    earlier.get_by_role("button").click()
    expect(second.page.locator("#f-short")).to_have_value(SHORT)
    expect(second.page.locator(".cited")).to_contain_text("劳动合同法 第三十条")
    second.press("发出答复")
    assert "请换成要说的号码" in second.said()
    text = second.page.locator("#f-text").input_value()
    second.page.fill("#f-text", text.replace("【电话号码】", "12333"))
    second.press("发出答复")
    assert "发出去了" in second.said()


def test_the_lists_of_the_faq_show_what_is_to_be_done(
    phone: Phone, at_desk: Callable[[str], Watched]
) -> None:
    words = "槐花落下来那一回的事"
    phone.open(ASK)
    ask(phone, words)
    first = at_desk(FIRST)
    first.open("/faq")
    first.look()
    first.open("/faq/unanswered")
    first.look()
    row = first.page.locator("tr").filter(has_text=words)
    row.get_by_role("link", name="写成条目").click()
    first.page.wait_for_url("**/faq/new?**")
    assert first.page.locator("#f-phrasings").input_value().strip() == words
    first.open("/faq/unanswered")
    row.locator("summary").click()
    first.send(row.get_by_role("button", name="记下"))
    assert "请写怎么处理的" in first.said()
    first.look()
    row.get_by_role("textbox").fill("说的不是劳动的事")
    first.send(row.get_by_role("button", name="记下"))
    assert "记下了" in first.said() and words not in first.said()

    first.open("/faq/entries/probation.terms")
    first.look()
    first.open("/faq/entries/probation.terms/edit")
    first.look()
    soon = (today() + timedelta(days=10)).isoformat()
    first.page.fill("#f-review_by", soon)
    first.press("提交，请人批准")
    address = first.page.url.partition("?")[0].partition("/desk")[2]
    reviewer = at_desk(REVIEWER)
    reviewer.open(address)
    reviewer.press("退回修改")
    assert "退回要写意见" in reviewer.page.locator("#panel").inner_text()
    reviewer.look()
    reviewer.press("批准上线")
    reviewer.open("/faq/expiring")
    reviewer.look()
    assert soon in reviewer.page.locator("tr").filter(has_text="试用期").first.inner_text()


def test_a_message_that_is_stuck_is_sent_again(
    service: Service, at_desk: Callable[[str], Watched]
) -> None:
    stuck = "SELECT id FROM deliveries WHERE state = 'dead' ORDER BY id DESC"
    number = service.query(stuck)[0][0]
    clerk = at_desk(CLERK)
    clerk.open("/deliveries")
    assert "不再自动发" in clerk.said()
    clerk.send(clerk.page.locator(f"form[action='/desk/deliveries/{number}'] button"))
    assert "一分钟内再发一次" in clerk.said()
    clerk.look()
    state = "SELECT state FROM deliveries WHERE id = ?"
    assert service.query(state, number)[0][0] != "dead"
    acts = "SELECT count(*) FROM audit_events WHERE act = 'send_again'"
    assert service.query(acts)[0][0] == 1


def test_a_question_is_taken_and_answered_without_scripts(
    browser: Browser, service: Service, phone: Phone
) -> None:
    question = handed_over(phone, "木棉树下的防尘补助怎么算")
    desk = Desk(browser, service, FIRST, has_scripts=False)
    page = desk.page
    page.goto(f"{service.address}/desk{question}")
    page.get_by_role("button", name="我来答").click()
    page.fill("#f-short", SHORT)
    page.get_by_role("group", name="常用语").get_by_role("button").first.click()
    assert page.locator("#f-short").input_value() == SHORT
    assert page.locator(".cited input").count() >= 1
    page.get_by_role("button", name="发出答复").click()
    assert "发出去了" in page.locator("main").inner_text()
    desk.close()
