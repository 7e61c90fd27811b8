"""The desk when two act at once, and on a machine that runs no scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import filing
from tests.browser.office import Desk
from tests.browser.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def case_id(phone: Phone) -> str:
    """A complaint that was just filed."""
    return filing.file_complaint(phone)


def test_the_second_of_two_officers_is_told_who_was_first_and_keeps_what_was_typed(
    case_id: str, desk_of: Callable[[str], Desk]
) -> None:
    first, second = desk_of("jiancha1"), desk_of("jiancha2")
    seen = {
        "way": "visit",
        "confirmed_on": filing.today().isoformat(),
        "id_number": filing.ID_NUMBER,
    }
    first.open_step(case_id, "confirm")
    second.open_step(case_id, "confirm")
    first.fill(**seen, note="带了身份证到窗口。")
    second.fill(**seen | {"way": "video"}, note="视频里看清了证件。")
    first.send()
    second.send()
    assert "梁监一" in second.page.locator("h1").inner_text()
    assert "您填的内容都在" in second.page.locator("main").inner_text()
    second.page.click("button[value=again]")
    second.page.wait_for_load_state()
    assert second.page.locator("#step-form [name=note]").input_value() == "视频里看清了证件。"


def test_a_case_is_taken_on_a_machine_that_runs_no_scripts(
    case_id: str, desk_of: Callable[..., Desk]
) -> None:
    desk = desk_of("jiancha1", has_scripts=False)
    desk.take_step(case_id, "take")
    assert "主办 梁监一" in desk.page.locator("main").inner_text()
    desk.open_step(case_id, "note")
    desk.send()
    assert "还不能提交" in desk.page.locator("#panel").inner_text()
