"""我的: signing in and out on the page itself, and what stays on a phone not one's own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import filing
from tests.browser.phone import Phone
from tests.browser.test_accessibility import ask

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MINE = "/#/pages/mine/index"


def sign_in_here(phone: Phone, number: str) -> None:
    """By telephone and code, as a person does it on 我的."""
    phone.tap(".t-open-sign-in")
    phone.type("#f-sign-in-phone", number)
    phone.tap(".t-send-code")
    found = re.search(r"\d{6}", phone.seen(".t-demo-code").inner_text())
    assert found
    phone.type("#f-sign-in-code", found.group())
    phone.tap(".t-sign-in")


def test_signing_in_brings_the_cases_and_never_says_that_there_are_none(phone: Phone) -> None:
    phone.open(MINE)
    phone.page.evaluate("""() => {
      window.saidNone = false
      new MutationObserver(() => { window.saidNone ||= !!document.querySelector('.t-no-cases') })
        .observe(document.body, { childList: true, subtree: true })
    }""")
    sign_in_here(phone, "13800000001")
    phone.seen(".t-case").wait_for()
    expect(phone.seen(".t-who")).to_contain_text("已登录")
    assert phone.page.evaluate("window.saidNone") is False
    assert phone.page.locator(".t-sign-in-card").count() == 0
    phone.tap(".t-sign-out")  # nothing stays: nothing is asked
    phone.seen(".t-open-sign-in").wait_for()
    assert "您还没有投诉" not in phone.text() and phone.page.locator(".t-case").count() == 0


def test_back_after_filing_leads_home_and_on_ones_own_phone_the_receipt_may_stay(
    phone: Phone,
) -> None:
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    phone.tap(".t-submit-unverified")
    case_id = filing.receipt_id(phone)
    for _ in range(6):  # Back after filing: home, not the privacy notice
        phone.page.go_back()
        phone.page.wait_for_load_state("networkidle")
        assert "notice" not in phone.page.url
    phone.seen(".t-tab-home").wait_for()
    assert re.search(r"/#/(pages/home/index)?$", phone.page.url)
    phone.open(MINE)
    # another number: a code went to the first within this minute
    sign_in_here(phone, "13800000002")
    phone.seen(".t-case").wait_for()

    phone.tap(".t-sign-out")
    expect(phone.seen(".t-leave-ask")).to_contain_text("1 张回执")
    phone.tap(".t-leave-no")
    expect(phone.seen(".t-who")).to_contain_text("已登录")
    phone.tap(".t-sign-out")
    phone.tap(".t-leave-own")
    phone.seen(".t-open-sign-in").wait_for()
    assert case_id in str(phone.storage()["xh.filings"])  # the only way back to this case
    expect(phone.page.locator("body")).to_contain_text("回执和没交的还留在这台手机上")


def test_on_a_borrowed_phone_everything_goes(phone: Phone) -> None:
    case_id = filing.file_complaint(phone)
    phone.open(MINE)
    phone.tap(".t-sign-out")
    phone.tap(".t-leave-clear")
    phone.seen(".t-open-sign-in").wait_for()
    expect(phone.page.locator("body")).to_contain_text("填过的和回执都删了")
    assert case_id not in str(phone.storage())
    assert phone.page.locator(".t-case, .t-receipt-again").count() == 0


def test_a_withdrawal_stands_first_on_home_and_on_mine(phone: Phone) -> None:
    case_id = filing.file_complaint(phone)
    token = phone.page.evaluate("() => JSON.parse(localStorage['xh.session']).token")
    asked = f"{phone.service.address}/api/v1/complaints/{case_id}/withdrawal"
    ask(asked, token, {"has_read_consequence": True})
    phone.open()
    expect(phone.seen(".t-withdrawing")).to_contain_text("您申请了撤回")
    phone.open(MINE)
    expect(phone.seen(".t-case")).to_contain_text("您申请了撤回")
