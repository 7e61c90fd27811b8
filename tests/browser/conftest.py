"""One Chromium and one running service for all browser tests; a fresh phone for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.office import Desk
from tests.browser.phone import Phone
from tests.browser.server import Service, running_service
from tools import browser as tools_browser

# Chromium refuses to start as root without these; the pages are our own
SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself: only one can run in a process."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program named by CHROMIUM, or the machine's own."""
    program = os.environ.get("CHROMIUM") or tools_browser.find()
    if program is None:
        pytest.fail(tools_browser.NOT_FOUND)
    return str(program)


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """The Chromium of all tests but those that need switches of their own."""
    running = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
    yield running
    running.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The demo bureau as `make run` serves it."""
    with running_service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def phone_of(browser: Browser, service: Service) -> Iterator[Callable[..., Phone]]:
    """Makes phones; each is thrown away when the test ends."""
    made: list[Phone] = []

    def make(size: dict[str, int] | None = None) -> Phone:
        made.append(Phone(browser, service, size))
        return made[-1]

    yield make
    for phone in made:
        phone.close()


@pytest.fixture
def phone(phone_of: Callable[..., Phone]) -> Phone:
    """A phone of 390 x 844."""
    return phone_of()


@pytest.fixture
def desk_of(browser: Browser, service: Service) -> Iterator[Callable[..., Desk]]:
    """Signs members of the demo staff in: `desk_of("jiancha1")`."""
    made: list[Desk] = []

    def make(username: str, *, has_scripts: bool = True) -> Desk:
        made.append(Desk(browser, service, username, has_scripts=has_scripts))
        return made[-1]

    yield make
    for desk in made:
        desk.close()
