"""Every page of the mini-program as a web page: where it reaches, how it arrives, what it shows."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable

import pytest

from tests.browser import filing
from tests.browser.phone import SMALL, Phone
from tests.browser.server import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST_LOAD_BYTES = 120 * 1024
OPEN_PAGES = (
    "/#/",
    "/#/pages/ask/index",
    "/#/pages/mine/index",
    "/#/packages/complaint/lanes",
    "/#/packages/complaint/notice",
    "/#/packages/complaint/screening",
    *(f"{filing.FORM}?step={step}" for step in range(1, 8)),
    "/#/packages/report/form",
    "/#/packages/lookup/index",
    "/#/packages/lookup/check",
    "/#/packages/lecture/index",
    "/#/packages/lecture/mine",
    "/#/packages/lecture/order",
)
CASE_PAGES = (
    "complaint/receipt", "complaint/evidence", "case/timeline", "case/messages",
    "case/supplement", "case/evidence", "case/appointment", "case/withdraw", "case/payment",
    "case/receipt",
)  # fmt: skip
DEVICES = "/#/pages/mine/devices"
WIDER_THAN_PAGE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def filled(phone_of: Callable[..., Phone]) -> tuple[Phone, list[str]]:
    """A small phone with a filed complaint and a second draft, and every page it can open."""
    phone = phone_of(SMALL)
    case_id = filing.file_complaint(phone)
    filing.to_form(phone)
    filing.fill_to(phone, 7)
    pages = [*OPEN_PAGES, DEVICES, *(f"/#/packages/{page}?id={case_id}" for page in CASE_PAGES)]
    return phone, pages


def test_every_page_stays_at_home_under_its_policy_and_within_360_pixels(
    filled: tuple[Phone, list[str]], service: Service
) -> None:
    phone, pages = filled
    for path in pages:
        phone.open(path)
        assert phone.page.evaluate(WIDER_THAN_PAGE) <= 0, f"{path} scrolls sideways"
        assert phone.page.title() == "人社服务", f"{path} tells its subject in the title"
        assert len(phone.text()) > 30, f"{path} is empty"
    assert phone.notes.leaving(service.address) == []
    assert phone.notes.complaints == [], "a policy broken, a script failed, or a warning"
    personal = re.compile(rf"{phone.number}|{filing.NAME}|示例装修|%E5%BC%A0")
    asked = [r.url for r in phone.notes.requests if personal.search(r.url)]
    assert asked == [], "only ids stand in addresses"


def test_the_first_load_is_small_and_compressed(phone: Phone, service: Service) -> None:
    sizes: dict[str, int] = {}
    session = phone.context.new_cdp_session(phone.page)
    session.send("Network.enable")
    addresses: dict[str, str] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({addresses[event["requestId"]]: event["encodedDataLength"]}),
    )
    phone.page.goto(service.address + "/#/")
    phone.seen(".t-complain").wait_for()
    phone.page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) <= FIRST_LOAD_BYTES, sizes


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_what_is_text_arrives_compressed_and_is_kept_by_its_name(
    service: Service, encoding: str
) -> None:
    page = service.read("/").decode()
    assets = re.findall(r'(?:src|href)="\.?/?(assets/[^"]+\.(?:js|css))"', page)
    assert assets
    for asset in assets:
        asked = urllib.request.Request(
            f"{service.address}/{asset}", headers={"Accept-Encoding": encoding}
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.headers["Content-Encoding"] == encoding, asset
            assert "immutable" in answer.headers["Cache-Control"], asset


def test_on_a_slow_line_the_home_page_can_be_used_within_ten_seconds(phone: Phone) -> None:
    phone.slow_down()
    phone.page.goto(phone.service.address + "/#/", wait_until="commit")
    phone.page.locator(".t-complain").first.wait_for(timeout=10_000)
    phone.tap(".t-complain")
    phone.seen(".t-lane-complaint").wait_for(timeout=10_000)
