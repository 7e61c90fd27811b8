"""axe over every page a worker sees, in usual and in large type: nothing serious or critical."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from backend.demo.accounts import WORKERS
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


def ask(address: str, token: str = "", body: dict[str, str] | None = None) -> Any:
    """What the API answers, from outside the browser."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(
        urllib.request.Request(address, data, headers), timeout=20
    ) as answer:
        return json.load(answer)


def sign_in(phone: Phone, number: str) -> str:
    """Sign a worker of the demo in on this phone; returns the token."""
    api = f"{phone.service.address}/api/v1"
    code = ask(f"{api}/sign-in/sms-codes", body={"phone": number})["demo_code"]
    signed = ask(f"{api}/sign-in/phone", body={"phone": number, "code": code})
    session = {
        "token": signed["token"],
        "expires_at": signed["expires_at"],
        "phone_masked": signed["worker"]["phone_masked"],
        "is_phone_verified": True,
    }
    phone.open()
    phone.page.evaluate("(text) => localStorage.setItem('xh.session', text)", json.dumps(session))
    return str(signed["token"])


def pages_of(phone: Phone, token: str) -> list[str]:
    """The pages of every case this worker has, in whatever state it is."""
    api = f"{phone.service.address}/api/v1"
    found = []
    for row in ask(f"{api}/complaints", token)["items"]:
        case = ask(f"{api}/complaints/{row['id']}", token)
        at = f"?id={case['id']}"
        found.append(f"/#/packages/case/timeline{at}")
        found += [f"/#/packages/case/document{at}&document={d['id']}" for d in case["documents"]]
        if case["correction"]:
            found.append(f"/#/packages/case/correction{at}")
        if "say_paid" in case["actions"]:
            found.append(f"/#/packages/case/payment{at}")
    return found


def test_axe_finds_nothing_serious_in_cases_of_every_kind(phone_of: Callable[..., Phone]) -> None:
    kinds: set[str] = set()
    for number, _who in WORKERS:
        phone = phone_of(SMALL)
        for path in pages_of(phone, sign_in(phone, number)):
            phone.open(path)
            assert faults(phone) == [], path
            assert phone.page.evaluate(WIDER_THAN_PAGE) <= 0, path
            kinds.add(path.partition("?")[0].rpartition("/")[2])
    assert kinds == {"timeline", "document", "correction", "payment"}


def test_axe_finds_a_fault_that_is_there(phone: Phone) -> None:
    phone.open()
    phone.page.evaluate("() => { document.body.insertAdjacentHTML('beforeend', '<img src=x>') }")
    assert any(fault.startswith("image-alt") for fault in faults(phone))
