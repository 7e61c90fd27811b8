"""The main job in a real browser: from the home page to a receipt, and to 已受理立案."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from backend.law import deadlines
from tests.browser import filing
from tests.browser.office import Desk
from tests.browser.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_TAPS = 12


def test_from_home_to_receipt_and_acceptance_with_every_date_in_sight(
    phone: Phone, desk_of: Callable[[str], Desk]
) -> None:
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    filing.type_code(phone)
    case_id = filing.submit(phone)
    assert phone.taps <= MOST_TAPS, f"{phone.taps} taps for three owed months"

    accept_by = deadlines.due("accept", filing.today()).due
    assert accept_by is not None
    words = phone.text()
    assert re.search(r"江海人社监投〔\d{4}〕\d{5}号", words)
    assert f"{accept_by.month}月\n{accept_by.day}\n" in words, "the date plate"
    assert "第三十九条第二款" in words
    with phone.page.expect_download() as saved:
        phone.tap(".t-save-picture")
    assert saved.value.suggested_filename.endswith(".png")

    phone.tap(".t-quiet")
    phone.page.wait_for_url(f"**/packages/case/timeline?id={case_id}*")
    phone.page.get_by_text("待审查").first.wait_for()
    assert f"{accept_by.month}月{accept_by.day}日" in phone.text().replace("\n", "")

    accept(case_id, desk_of)

    phone.reopen()
    phone.page.get_by_text("已受理立案").first.wait_for()
    decide_by = deadlines.due("investigate", filing.today()).due
    assert decide_by is not None
    assert f"{decide_by.month}月{decide_by.day}日" in phone.text().replace("\n", "")
    assert phone.notes.complaints == []


def accept(case_id: str, desk_of: Callable[[str], Desk]) -> None:
    """The inspector confirms and asks, the unit head approves."""
    inspector, head = desk_of("jiancha1"), desk_of("kezhang1")
    inspector.take_step(case_id, "take")
    day = filing.today().isoformat()
    inspector.take_step(
        case_id, "confirm", way="visit", confirmed_on=day, id_number=filing.ID_NUMBER
    )
    inspector.take_step(case_id, "accept", second_officer_id="陈监二 · 监察一中队")
    head.approve_newest()
