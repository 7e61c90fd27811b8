"""The desk on paper, as Chromium prints it: the receipt at the window and the case file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backend.audit.models import AuditEvent
from backend.core.db import db
from tests.backend.desk.test_file_for import COMPLAINT
from tests.factories.identity import PASSWORD, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Window:
    """The clerk's browser and the bureau it belongs to."""

    app: APIFlask
    page: Page
    address: str

    def acts(self) -> list[str]:
        """The acts on record, oldest first."""
        with self.app.app_context():
            return [row.act for row in db.session.query(AuditEvent).order_by(AuditEvent.id)]

    def file(self) -> None:
        """Send the form of a complaint; the receipt is what comes back."""
        self.page.goto(f"{self.address}/desk/file-for?lane=complaint")
        self.page.evaluate(
            """(said) => {
                const form = document.querySelector('#step-form');
                form.querySelectorAll('input:not([type=hidden]), select, textarea')
                    .forEach((one) => one.removeAttribute('name'));
                for (const [name, value] of Object.entries(said)) {
                    if (name === 'key') continue;
                    const field = document.createElement('input');
                    Object.assign(field, { type: 'hidden', name, value });
                    form.append(field);
                }
                form.submit();
            }""",
            COMPLAINT,
        )
        self.page.wait_for_selector(".slip")


@pytest.fixture
def window(app: APIFlask, browser: Browser) -> Iterator[Window]:
    """A clerk who is signed in, at a desk served on a free port."""
    with app.app_context():
        make_staff("clerk", username="window", name="冯窗口")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/desk/sign-in")
    page.fill("#username", "window")
    page.fill("#password", PASSWORD)
    page.click("form button.pri")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    yield Window(app, page, address)
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_receipt_prints_without_the_desk_around_it_and_leaves_a_line(window: Window) -> None:
    window.file()
    page = window.page
    page.evaluate("document.querySelector('#main').classList.add('alarmed')")
    page.evaluate(
        """() => document.querySelector('#main').insertAdjacentHTML(
            'afterbegin', '<div class="note over across" role="alert">有人可能有危险</div>')"""
    )
    page.emulate_media(media="print")
    hidden = (".across", ".rail", "#print", "h1", ".skip")
    assert [one for one in hidden if page.locator(one).first.is_visible()] == []
    assert page.locator(".slip").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => window.dispatchEvent(new Event('beforeprint'))")
    with page.expect_response("**/receipt/printed") as answer:
        page.click("#print")
    assert answer.value.status == 204
    assert window.acts()[-1] == "print_receipt"
    assert not page.locator("#not-noted").is_visible()
    page.route("**/receipt/printed", lambda route: route.abort())
    page.click("#print")
    page.locator("#not-noted").wait_for(state="visible")


def test_the_case_file_is_what_the_printing_keys_open(window: Window) -> None:
    window.file()
    page = window.page
    page.click("#main a:has-text('打开案件')")
    page.wait_for_selector("#print-file")
    page.emulate_media(media="print")
    assert page.locator(".paper-only").is_visible()
    assert not page.locator(".case").is_visible()
    page.keyboard.press("Control+p")
    page.wait_for_url("**/print")
    assert window.acts()[-1] == "print"
    assert not page.locator(".tools").is_visible()
    foot = page.locator(".leaf > tfoot")
    assert foot.evaluate("one => getComputedStyle(one).display") == "table-footer-group"
    assert "冯窗口 打印于 2026-11-23 10:00" in foot.inner_text()
    assert "内部材料" in foot.inner_text()
