"""How heavy the front end is, and what Lighthouse says of home, form and timeline."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser import filing
from tests.browser.conftest import SWITCHES
from tests.browser.phone import Phone
from tests.browser.server import Service, free_port, running_service
from tools import browser, node_env
from tools.places import BROWSER_TESTS, MP_BUILD


@dataclass(frozen=True, slots=True)
class Verdict:
    """Lighthouse's scores of a page (0-100) and the bytes it loaded over the wire."""

    name: str
    performance: int
    accessibility: int
    wire_bytes: int


@dataclass(frozen=True, slots=True)
class Package:
    """The mini-program as WeChat counts it: all of its files, and those of the main package."""

    main_bytes: int
    whole_bytes: int


def package() -> Package:
    """Sizes of the build; sub-packages (`packages/`) come when somebody opens one."""
    files = [file for file in MP_BUILD.rglob("*") if file.is_file()]
    main = [file for file in files if file.relative_to(MP_BUILD).parts[0] != "packages"]
    return Package(_bytes(main), _bytes(files))


def _bytes(files: list[Path]) -> int:
    return sum(file.stat().st_size for file in files)


def lighthouse() -> list[Verdict]:
    """Mobile with Lighthouse's own throttling, on a phone that has filed and drafts another."""
    node_env.install_packages(BROWSER_TESTS)
    chromium = browser.ensure()
    with tempfile.TemporaryDirectory(prefix="xinhu-bench-") as name:
        folder = Path(name)
        with running_service(folder) as service, sync_playwright() as playwright:
            port = free_port()
            context = playwright.chromium.launch_persistent_context(
                folder / "profile",
                executable_path=str(chromium),
                args=[*SWITCHES, f"--remote-debugging-port={port}"],
                locale="zh-CN",
            )
            case_id = _prepare(context, service)
            pages = {
                "home": "/#/",
                "form, money step": f"{filing.FORM}?step=4",
                "timeline": f"/#/packages/case/timeline?id={case_id}",
            }
            verdicts = []
            for page, path in pages.items():
                _empty_cache(context)
                verdicts.append(_judge(page, service.address + path, port, folder))
            context.close()
    return verdicts


def _prepare(context: BrowserContext, service: Service) -> str:
    """File one complaint and begin another, so that every page has something to show."""
    phone = Phone.of_context(context, service)
    case_id = filing.file_complaint(phone)
    filing.to_form(phone)
    filing.fill_to(phone, 5)
    phone.page.goto("about:blank")
    return case_id


def _empty_cache(context: BrowserContext) -> None:
    """Every page is judged as somebody's first; session and draft stay."""
    page = context.new_page()
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.close()


def _judge(name: str, address: str, port: int, folder: Path) -> Verdict:
    report = folder / "lighthouse.json"
    words = [
        *(str(BROWSER_TESTS / "node_modules" / ".bin" / "lighthouse"), address, "--quiet"),
        *("--output=json", f"--output-path={report}", f"--port={port}"),
        "--disable-storage-reset",  # the session and the draft are what these pages show
        "--only-categories=performance,accessibility",
    ]
    subprocess.run(words, check=True, env={**os.environ, **node_env.environment()}, timeout=180)
    found = json.loads(report.read_text())
    return Verdict(
        name,
        round(found["categories"]["performance"]["score"] * 100),
        round(found["categories"]["accessibility"]["score"] * 100),
        int(found["audits"]["total-byte-weight"]["numericValue"]),
    )


if __name__ == "__main__":
    print(package(), *lighthouse(), sep="\n")
