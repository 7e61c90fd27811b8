"""axe over every page a worker sees, in usual and in large type: nothing serious or critical."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import filing
from tests.browser.phone import SMALL, Phone
from tests.browser.test_pages import CASE_PAGES, DEVICES, OPEN_PAGES, WIDER_THAN_PAGE
from tools.places import MINIPROGRAM

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = MINIPROGRAM / "node_modules" / "axe-core" / "axe.min.js"
# closed parts of a page that Back can return to stay in the document and are nobody's to read
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] })
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`)
}"""


def faults(phone: Phone) -> list[str]:
    """Serious and critical faults of the page in front."""
    phone.page.evaluate(AXE.read_text())  # not as a script tag: the page's policy would refuse it
    found: list[str] = phone.page.evaluate(RUN)
    return found


@pytest.mark.parametrize("size", [17, 30])
def test_axe_finds_nothing_serious_on_any_page(phone_of: Callable[..., Phone], size: int) -> None:
    phone = phone_of(SMALL)
    case_id = filing.file_complaint(phone)
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    phone.open("/#/pages/mine/index")
    phone.tap(f".t-size-{size}")
    found: dict[str, list[str]] = {}
    sideways: list[str] = []
    for path in [
        *OPEN_PAGES, DEVICES, *(f"/#/packages/{page}?id={case_id}" for page in CASE_PAGES)
    ]:  # fmt: skip
        phone.open(path)
        if phone.page.evaluate(WIDER_THAN_PAGE) > 0:
            sideways.append(path)
        if serious := faults(phone):
            found[path] = serious
    assert found == {}
    assert sideways == []


def test_axe_finds_a_fault_that_is_there(phone: Phone) -> None:
    phone.open()
    phone.page.evaluate("() => { document.body.insertAdjacentHTML('beforeend', '<img src=x>') }")
    assert any(fault.startswith("image-alt") for fault in faults(phone))
