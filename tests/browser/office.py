"""A desk in the bureau: one browser context signed in as a member of the demo staff."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from backend.demo.accounts import PASSWORD
from tests.browser.server import Service

SCREEN = {"width": 1440, "height": 900}


class Desk:
    """Somebody's browser at the desk; with `has_scripts=False` as on a locked-down machine."""

    def __init__(
        self, browser: Browser, service: Service, username: str, *, has_scripts: bool = True
    ) -> None:
        self.service = service
        self.context = browser.new_context(
            viewport=SCREEN,  # type: ignore[arg-type]
            java_script_enabled=has_scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.page.goto(f"{service.address}/desk/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("form button.pri")
        # each role has its own first page
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def open_step(self, case_id: str, step: str) -> None:
        """Open a case with one of its steps chosen."""
        self.page.goto(f"{self.service.address}/desk/cases/{case_id}?step={step}")

    def take_step(self, case_id: str, step: str, **values: str) -> None:
        """Take a step: fill in what is given, send the form, and see that it was done."""
        self.open_step(case_id, step)
        self.fill(**values)
        self.send()
        words = self.page.locator(".note.ok[role=status]").inner_text()
        assert "：" in words, words

    def fill(self, **values: str) -> None:
        """Fill in fields of the open step by name (choices by their value)."""
        for name, value in values.items():
            field = self.page.locator(f"#step-form [name='{name}']")
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def send(self) -> None:
        """Send the open form."""
        self.page.click("#step-form button.pri")
        self.page.wait_for_load_state()

    def approve_newest(self) -> None:
        """Approve the newest request waiting for this person."""
        self.page.goto(f"{self.service.address}/desk/approvals")
        links = self.page.locator("main a[href*='/desk/approvals/']")
        addresses = [str(link.get_attribute("href")) for link in links.all()]
        newest = max(addresses, key=lambda address: int(address.rpartition("/")[2]))
        self.page.goto(self.service.address + newest)
        self.page.click("button[value=approve]")
        self.page.wait_for_load_state()

    def close(self) -> None:
        """Leave the desk."""
        self.context.close()
