"""How a worker fills in a complaint, screen by screen, with nothing skipped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from tests.browser.phone import Phone

FORM = "/#/packages/complaint/form"
NAME = "张示例"
ID_NUMBER = "990000199001010017"  # 99 is no province: nobody's


def today() -> date:
    """Today in Shanghai."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def to_form(phone: Phone) -> None:
    """From the home page through lanes, notice and screening."""
    phone.open()
    for way in (".t-complain", ".t-lane-complaint", ".t-notice-read"):
        phone.tap(way)
    phone.seen(".t-place-here").wait_for()
    phone.tap(".t-next")


def who(phone: Phone) -> None:
    """Step 1."""
    phone.type("#f-claimant-name", NAME)
    phone.type("#f-claimant-phone", phone.number)
    phone.type("#f-claimant-service_address", "示例路 2 号 301")


def employer(phone: Phone) -> None:
    """Step 2."""
    phone.type("#f-employer-name", "示例装修工程有限公司")
    phone.type("#f-employer-contact", "李工头")


def work(phone: Phone) -> None:
    """Step 3: five months until the end of last month."""
    last = today().replace(day=1) - timedelta(days=1)
    first = (last.replace(day=1) - timedelta(days=110)).replace(day=1)
    phone.type("#f-work-from_on", first.isoformat())
    phone.type("#f-work-to_on", last.isoformat())
    phone.type("#f-work-place", "示例花园二期")


def money(phone: Phone) -> None:
    """Step 4: three months, of which a little was paid."""
    for row in range(3):
        phone.type(f"#f-claims-{row}-due_fen", "6500")
        phone.type(f"#f-claims-{row}-paid_fen", "500")


def facts(phone: Phone) -> None:
    """Step 5."""
    phone.type("#f-facts", "口头说好每月 6500 元，最近三个月只发了零头。𠮷")


def evidence(_phone: Phone) -> None:
    """Step 6: nothing at hand; it can come later."""


STEPS: tuple[Callable[[Phone], None], ...] = (who, employer, work, money, facts, evidence)
FIELDS = {
    1: {"#f-claimant-name": NAME, "#f-claimant-service_address": "示例路 2 号 301"},
    2: {"#f-employer-name": "示例装修工程有限公司", "#f-employer-contact": "李工头"},
    3: {"#f-work-place": "示例花园二期"},
    4: {"#f-claims-0-due_fen": "6,500", "#f-claims-2-paid_fen": "500"},
    5: {"#f-facts": "口头说好每月 6500 元，最近三个月只发了零头。𠮷"},
}


def at_step(phone: Phone, number: int) -> None:
    """Wait until this step is the one in front."""
    phone.page.wait_for_function(
        "number => document.body.innerText.includes(`第 ${number} 步`)", arg=number
    )


def fill_to(phone: Phone, last: int) -> None:
    """From step 1 to step `last` (1-7), all before it filled in."""
    at_step(phone, 1)
    for number, fill in enumerate(STEPS[: last - 1], start=1):
        fill(phone)
        phone.tap(".t-next")
        at_step(phone, number + 1)


def type_code(phone: Phone) -> str:
    """Type the SMS code that demo mode shows on the page, and return it."""
    shown = phone.seen(".t-demo-code").inner_text()
    found = re.search(r"\d{6}", shown)
    assert found, shown
    phone.type("#f-code", found.group())
    return found.group()


def submit(phone: Phone) -> str:
    """Submit, wait for the receipt, and return the id of the case."""
    phone.tap(".t-submit")
    return receipt_id(phone)


def receipt_id(phone: Phone) -> str:
    """The id of the case on the receipt in front."""
    phone.seen(".t-number").wait_for()
    found = re.search(r"receipt\?id=([0-9a-z]{16})", phone.page.url)
    assert found, phone.page.url
    return found.group(1)


def file_complaint(phone: Phone) -> str:
    """The whole way; returns the id of the case."""
    to_form(phone)
    fill_to(phone, 7)
    type_code(phone)
    return submit(phone)
