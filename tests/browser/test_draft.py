"""Nothing typed is ever lost, and a complaint is filed once however often it is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Route

from tests.browser import filing
from tests.browser.phone import Phone
from tests.browser.server import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMPLAINTS = "/api/v1/complaints"


def cases(service: Service) -> int:
    """How many complaints the bureau holds."""
    return int(service.query("SELECT count(*) FROM cases")[0][0])


def test_killed_and_reopened_at_every_step_nothing_is_lost(phone: Phone) -> None:
    filing.to_form(phone)
    for number, fill in enumerate(filing.STEPS, start=1):
        filing.at_step(phone, number)
        fill(phone)
        phone.page.wait_for_timeout(100)
        phone.reopen()
        filing.at_step(phone, number)
        for field, text in filing.FIELDS.get(number, {}).items():
            assert phone.typed(field) == text, f"step {number}"
        phone.tap(".t-next")
    filing.at_step(phone, 7)
    phone.reopen()
    filing.at_step(phone, 7)
    words = phone.text()
    assert all(text in words for text in (filing.NAME, "示例装修工程有限公司", "18,000", "𠮷"))


def test_the_home_page_leads_back_to_a_draft(phone: Phone) -> None:
    filing.to_form(phone)
    filing.fill_to(phone, 3)
    phone.reopen("/#/")
    phone.tap(".t-resume")
    filing.at_step(phone, 3)


def test_without_network_the_draft_waits_says_so_and_goes_once(
    phone: Phone, service: Service
) -> None:
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    filing.type_code(phone)
    before = cases(service)
    phone.context.set_offline(True)
    phone.tap(".t-submit")
    phone.seen("#outcome").wait_for()
    assert "现在没有网" in phone.text()
    assert cases(service) == before
    phone.context.set_offline(False)
    filing.receipt_id(phone)
    assert cases(service) == before + 1
    phone.page.wait_for_timeout(500)
    assert cases(service) == before + 1


def test_a_lost_answer_is_asked_for_again_and_makes_one_complaint(
    phone: Phone, service: Service
) -> None:
    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    filing.to_form(phone)
    filing.fill_to(phone, 7)
    filing.type_code(phone)
    before = cases(service)
    phone.context.route(f"**{COMPLAINTS}", swallow, times=1)
    phone.tap(".t-submit")
    phone.seen("#outcome").wait_for()
    assert cases(service) == before + 1, "the server took it, the phone does not know"
    phone.tap(".t-submit")
    filing.receipt_id(phone)
    assert cases(service) == before + 1


def test_two_tabs_make_one_complaint(phone: Phone, service: Service) -> None:
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    code = filing.type_code(phone)
    before = cases(service)
    first = phone.page
    phone.second_page()
    filing.at_step(phone, 7)
    phone.type("#f-code", code)
    second_id = filing.submit(phone)
    phone.page = first
    assert filing.submit(phone) == second_id
    assert cases(service) == before + 1


def test_other_content_under_the_same_key_is_offered_as_a_supplement(
    phone: Phone, service: Service
) -> None:
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    filing.type_code(phone)
    before = cases(service)
    first = phone.page
    phone.second_page()
    filing.at_step(phone, 7)
    phone.tap(".t-submit-unverified")
    case_id = filing.receipt_id(phone)
    phone.page = first
    phone.tap(".t-edit-5")
    filing.at_step(phone, 5)
    phone.type("#f-facts", "后来想起来：七月还扣了 300 元押金。")
    phone.tap(".t-next")
    filing.at_step(phone, 7)
    phone.tap(".t-submit-unverified")
    phone.seen(".t-as-supplement").wait_for()
    assert "没丢" in phone.text()
    phone.tap(".t-as-supplement")
    phone.page.wait_for_url(f"**evidence?id={case_id}*")
    assert len(phone.notes.sent("POST", f"{COMPLAINTS}/{case_id}/supplements")) == 1
    assert cases(service) == before + 1


def test_an_sms_outage_never_blocks_filing(phone: Phone, service: Service) -> None:
    phone.context.route("**/api/v1/sign-in/sms-codes", refused_by_gateway)
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    phone.page.get_by_text("验证码没发出去").wait_for()
    phone.tap(".t-submit-unverified")
    case_id = filing.receipt_id(phone)
    verified = service.query(
        "SELECT is_phone_verified FROM claimants JOIN cases ON cases.id = claimants.case_id "
        "WHERE cases.public_id = ?",
        case_id,
    )
    assert verified == [(0,)]


def test_a_session_that_ended_in_the_middle_keeps_the_form(phone: Phone, service: Service) -> None:
    filing.file_complaint(phone)
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    service.query("UPDATE sessions SET expires_at = '2020-01-01 00:00:00' WHERE worker_id > 0")
    service.query("DELETE FROM rate_counters")  # the minute between two codes is over
    phone.tap(".t-submit")
    phone.page.get_by_text("登录过期了").first.wait_for()
    assert filing.NAME in phone.text()
    filing.type_code(phone)
    filing.submit(phone)


def refused_by_gateway(route: Route) -> None:
    """What the service answers while no SMS can be sent."""
    problem: dict[str, Any] = {
        "type": "about:blank", "title": "现在办不了", "status": 503,
        "detail": "验证码现在发不出去。", "code": "sms_unavailable",
    }  # fmt: skip
    route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))
