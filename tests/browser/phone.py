"""A worker's phone: one browser context that counts taps and notes everything that goes wrong."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

from tests.browser.server import Service

SMALL = {"width": 360, "height": 740}
USUAL = {"width": 390, "height": 844}
# Chrome's own "slow 3G"
SLOW_3G = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_numbers = itertools.count(10_000_001)


@dataclass
class Notes:
    """What a test of any page wants to know afterwards."""

    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def leaving(self, origin: str) -> list[str]:
        """Addresses asked for outside the service itself."""
        inner = ("data:", "blob:", f"{origin}/")
        return [r.url for r in self.requests if not r.url.startswith(inner)]

    def sent(self, method: str, path: str) -> list[Request]:
        """Requests of one method whose path is exactly this (a regular expression)."""
        return [
            r
            for r in self.requests
            if r.method == method and re.fullmatch(path, urlsplit(r.url).path)
        ]


class Phone:
    """One phone with one open page; `open()` and `reopen()` are what the home screen does."""

    def __init__(
        self, browser: Browser, service: Service, size: dict[str, int] | None = None
    ) -> None:
        context = browser.new_context(
            viewport=size or USUAL,  # type: ignore[arg-type]
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        self._begin(context, service)

    @classmethod
    def of_context(cls, context: BrowserContext, service: Service) -> Phone:
        """A phone in a context that somebody else opened."""
        phone = cls.__new__(cls)
        phone._begin(context, service)
        return phone

    def _begin(self, context: BrowserContext, service: Service) -> None:
        self.service = service
        self.notes = Notes()
        self.taps = 0
        # a number of its own: codes are sent to one number once a minute
        self.number = f"139{next(_numbers):08d}"
        self.context = context
        self.context.set_default_timeout(15_000)
        self.context.on("request", lambda request: self.notes.requests.append(request))
        self.page = self._new_page()

    def open(self, path: str = "/#/") -> None:
        """Go to an address of the service and wait until the page has drawn."""
        self.page.goto("about:blank")  # a change of the hash alone would load nothing
        self.page.goto(self.service.address + path)
        self.page.wait_for_load_state("networkidle")

    def reopen(self, path: str | None = None) -> None:
        """Kill the page and open it again, as after the phone took it out of memory."""
        address = self.page.url
        self.page.close(run_before_unload=False)
        self.page = self._new_page()
        self.page.goto(address if path is None else self.service.address + path)
        self.page.wait_for_load_state("networkidle")

    def second_page(self) -> Page:
        """Open the same address in a second tab and go on there; the first stays as it is."""
        address = self.page.url
        self.page = self._new_page()
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def seen(self, selector: str) -> Locator:
        """The visible match on the page in front (older pages stay in the document, hidden)."""
        return self.page.locator(selector).locator("visible=true").last

    def tap(self, selector: str) -> None:
        """Tap something, and count it."""
        self.seen(selector).click()
        self.taps += 1

    def type(self, selector: str, text: str) -> None:
        """Type into a field; typing is not counted."""
        box = self.box(selector)
        box.focus()  # leaving the last box may write into this one; people see that and replace it
        box.fill(text)

    def typed(self, selector: str) -> str:
        """What stands in a field."""
        return self.box(selector).input_value()

    def box(self, selector: str) -> Locator:
        """The input itself: uni-app puts an id on a wrapper around it."""
        inner = self.page.locator(f"{selector} input, {selector} textarea")
        itself = self.page.locator(f"input{selector}, textarea{selector}")
        return inner.or_(itself).locator("visible=true").last

    def text(self) -> str:
        """All visible words of the page in front."""
        return self.page.locator("body").inner_text()

    def storage(self) -> dict[str, str]:
        """What the page keeps in local storage."""
        kept: dict[str, str] = self.page.evaluate("() => ({...localStorage})")
        return kept

    def slow_down(self) -> None:
        """Put the phone on a slow 3G line."""
        session = self.context.new_cdp_session(self.page)
        session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_3G})

    def close(self) -> None:
        """Throw the phone away."""
        self.context.close()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.notes.complaints.append(f"error: {error}"))
        return page

    def _on_console(self, message: ConsoleMessage) -> None:
        is_failed_request = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not is_failed_request:
            self.notes.complaints.append(f"{message.type}: {message.text}")
