"""The door on a phone in Chromium: with and without network, by camera, photo, number and name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from backend.core.db import db
from backend.lectures.models import DoorScan
from backend.lectures.service import answers, publishing, rows
from tests.browser import door_phone
from tests.browser.conftest import SWITCHES
from tests.browser.door_phone import Door
from tests.browser.test_accessibility import AXE
from tests.clock import HeldClock

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAIN_HTTP = "desk.example"
READY = "html[data-door-ready]"
FAULTS = """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
  .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`)"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
KEPT = """(name) => new Promise((resolve) => {
  const opening = indexedDB.open('xinhu-door');
  opening.onsuccess = () => {
    const asked = opening.result.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""
OLDER = """(ms) => new Promise((resolve) => {
  const opening = indexedDB.open('xinhu-door');
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('scans', 'readwrite');
    const store = transaction.objectStore('scans');
    store.getAll().onsuccess = ({ target }) => target.result
      .forEach((scan) => store.put({ ...scan, made: scan.made - ms }));
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""
REFUSED = """() => {
  window.refused = [];
  addEventListener('securitypolicyviolation', (event) => window.refused.push(event.blockedURI));
}"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera sees; Chromium reads it when the camera is switched on."""
    return tmp_path_factory.mktemp("camera") / "film.mjpeg"


@pytest.fixture(scope="module")
def with_camera(playwright: Playwright, chromium: str, film: Path) -> Iterator[Browser]:
    """Chromium whose camera shows a film."""
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
        # a name that leads here by plain http, where browsers allow no camera and no worker
        f"--host-resolver-rules=MAP {PLAIN_HTTP} 127.0.0.1",
    ]
    running = playwright.chromium.launch(executable_path=chromium, args=[*SWITCHES, *camera])
    yield running
    running.close()


@pytest.fixture
def door(app: APIFlask, clock: HeldClock) -> Door:
    """A lecture that begins now."""
    return Door(app, clock)


@pytest.fixture
def address(app: APIFlask, door: Door) -> Iterator[str]:
    """Where the desk is served."""
    with door_phone.served(app) as where:
        yield where


Opened = Callable[..., Page]


@pytest.fixture
def opened(with_camera: Browser, address: str, door: Door) -> Iterator[Opened]:
    """`opened()`: a phone with the door open; `opened("feng.chuangkou")` a colleague's."""
    made: list[BrowserContext] = []

    def open_door(username: str = door_phone.ORGANISER) -> Page:
        made.append(door_phone.phone(with_camera))
        page = made[-1].new_page()
        page.add_init_script(f"({REFUSED})()")
        door_phone.sign_in(page, address, door.path, username)
        page.wait_for_selector(READY)
        return page

    yield open_door
    for context in made:
        context.close()


def type_in(page: Page, text: str) -> None:
    """Type a number, a name or a code and press 签到."""
    page.fill("#typed", text)
    page.click("#find button")


def says(page: Page, result: str, title: str) -> None:
    """Wait for the large words of a result, beside which an icon stands."""
    expect(page.locator(f"#card[data-result={result}] .d-title")).to_have_text(title)
    assert page.locator("#card .d-title svg use").count() == 1


def show(page: Page, text: str) -> None:
    """Give a photo of this code to the page."""
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": door_phone.picture(text)}
    page.set_input_files("#photo", photo)  # type: ignore[arg-type]


def kept(page: Page, name: str) -> list[dict[str, Any]]:
    """What the phone keeps: lists, scans or notes."""
    found: list[dict[str, Any]] = page.evaluate(KEPT, name)
    return found


def is_sound(page: Page) -> None:
    """Nothing for axe to find, no sideways scroll, nothing the policy refused."""
    assert page.evaluate("window.refused") == []
    page.evaluate(AXE.read_text())
    assert page.evaluate(FAULTS) == []
    assert page.evaluate(SIDEWAYS) <= 0


def all_sent(page: Page) -> None:
    """Wait until the page says that nothing waits."""
    expect(page.locator("#net")).to_contain_text("都送到了")


def test_minutes_without_network_and_a_reload_lose_nothing(
    door: Door, opened: Opened, address: str
) -> None:
    page = opened()
    first, second, third, fourth = door.bookings
    is_sound(page)
    page.context.set_offline(True)
    type_in(page, door.code(first))
    says(page, "in", "到了 12 人")
    page.click("button[aria-label='少 1 人']")
    page.click("text=改成 11 人")
    says(page, "in", "到了 11 人")
    type_in(page, door.number(third).removeprefix("B-"))
    says(page, "in", "到了 3 人")
    for _ in range(2):
        page.click("#walk-more")
    page.click("#walk-less")
    says(page, "walk_in", "没预约 1 人")
    expect(page.locator("#net")).to_have_text("还有 6 条没送到。没有网络，连上就送。")
    is_sound(page)

    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#net")).to_have_text("还有 6 条没送到。没有网络，连上就送。")
    expect(page.locator("#came")).to_have_text("15")
    page.click(f"[data-booking='{second}']")
    says(page, "in", "到了 1 人")
    type_in(page, door.code(first))
    expect(page.locator("#card[data-result=again] .d-title")).to_contain_text("已经签过")
    expect(page.locator("#net")).to_contain_text("还有 8 条没送到")
    page.evaluate(OLDER, 300_000)
    assert door.attended() == [0, 0, 0, 0]

    door.held.advance(minutes=5)
    page.context.set_offline(False)
    all_sent(page)
    assert door.attended() == [11, 1, 3, 0] and door.walk_ins() == 1
    assert kept(page, "scans") == [] and kept(page, "notes") == []
    with door.app.app_context():
        scans = DoorScan.query.order_by(DoorScan.id).all()
        late = [(scan.received_at - scan.at).total_seconds() for scan in scans]
        db.session.remove()
    assert len(late) == 8 and all(300 <= seconds < 360 for seconds in late)
    assert late == sorted(late, reverse=True)

    type_in(page, door.code(first))
    says(page, "again", "12:21 已经签过")
    page.click(f"[data-booking='{fourth}']")
    says(page, "in", "到了 1 人")
    all_sent(page)
    assert door.attended() == [11, 1, 3, 1]
    is_sound(page)


def test_the_camera_reads_a_code_once_and_says_who_came(
    door: Door, opened: Opened, film: Path
) -> None:
    door_phone.film(door_phone.picture(door.code(door.bookings[0])), film)
    page = opened()
    page.click("#scan")
    says(page, "in", "到了 12 人")
    expect(page.locator("#card .d-who")).to_have_text(
        f"{door.number(door.bookings[0])} · 陈*明 · 示例骑手驿站"
    )
    all_sent(page)
    is_sound(page)
    page.click("#scan")
    expect(page.locator("#camera")).to_be_hidden()
    assert door.attended() == [12, 0, 0, 0]
    with door.app.app_context():
        assert DoorScan.query.count() == 1
        db.session.remove()


def test_the_camera_works_without_network_after_a_reload(
    door: Door, opened: Opened, film: Path
) -> None:
    """The decoder is among the files that the phone keeps."""
    door_phone.film(door_phone.picture(door.code(door.bookings[2])), film)
    page = opened()
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(READY)
    page.click("#scan")
    says(page, "in", "到了 3 人")


def test_the_browsers_own_detector_is_used_where_it_works_and_else_ours(
    door: Door, opened: Opened
) -> None:
    page = opened()
    page.evaluate("""(code) => { window.BarcodeDetector = class {
      static async getSupportedFormats() { return ['qr_code']; }
      async detect() { return [{ rawValue: code }]; }
    }; }""", door.code(door.bookings[1]))  # fmt: skip
    show(page, "anything")
    says(page, "in", "到了 1 人")
    page.evaluate("() => { BarcodeDetector.prototype.detect = async () => { throw 1; }; }")
    show(page, door.code(door.bookings[2]))
    says(page, "in", "到了 3 人")


def test_codes_that_are_not_for_this_door_say_why(door: Door, opened: Opened) -> None:
    begun = door.held.now()
    door.held.advance(hours=-2)
    with door.app.app_context():
        answers.cancel(door.bookings[1], door.staff, door.held.now(), "来电取消")
        db.session.remove()
    door.held.set(begun)
    page = opened()
    show(page, door.code(door.elsewhere))
    says(page, "other_lecture", "别的场次")
    show(page, door.code(door.bookings[1]))
    says(page, "not_booked", "已取消")
    show(page, "XH1" + "0" * 32)
    says(page, "forged", "不是我们的码")
    all_sent(page)
    show(page, "weixin://wxpay/bizpayurl?pr=abc")
    says(page, "forged", "不是我们的码")
    is_sound(page)
    with door.app.app_context():
        results = [scan.result for scan in DoorScan.query.order_by(DoorScan.id)]
        db.session.remove()
    assert results == ["other_lecture", "not_booked", "forged"]

    page.context.set_offline(True)
    show(page, door.code(door.bookings[1]))
    says(page, "not_booked", "已取消")
    show(page, door.code(door.elsewhere))
    says(page, "unknown", "名单里没有")
    is_sound(page)
    page.context.set_offline(False)
    expect(page.locator("#notes")).to_contain_text("那一场的")
    page.click("text=知道了")
    assert kept(page, "notes") == []


def test_a_photo_without_a_code_says_what_to_do(door: Door, opened: Opened) -> None:
    page = opened()
    words = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    page.set_input_files("#photo", words)  # type: ignore[arg-type]
    says(page, "no_code", "没看到码")
    is_sound(page)


def test_a_phone_that_cannot_keep_a_scan_says_so(door: Door, opened: Opened) -> None:
    page = opened()
    page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new Error('full'); }; }")
    type_in(page, door.number(door.bookings[0]))
    says(page, "not_kept", "没记下")
    assert door.attended() == [0, 0, 0, 0]


def test_a_phone_that_slept_and_lost_its_database_goes_on(door: Door, opened: Opened) -> None:
    page = opened()
    page.evaluate("""() => {
      const begin = IDBDatabase.prototype.transaction;
      let isFirst = true;
      IDBDatabase.prototype.transaction = function transaction(...words) {
        if (isFirst) { isFirst = false; this.close(); }
        return begin.apply(this, words);
      };
    }""")
    type_in(page, door.number(door.bookings[0]))
    says(page, "in", "到了 12 人")
    all_sent(page)
    assert door.attended() == [12, 0, 0, 0]


def test_somebody_booked_after_the_list_was_read_is_let_in(door: Door, opened: Opened) -> None:
    page = opened()
    start = door.held.now()
    door.held.advance(hours=-30)
    with door.app.app_context():
        late = door.book(4, "邓示例", "驿站", "13800000777")
        db.session.remove()
    door.held.set(start)
    type_in(page, door.code(late))
    says(page, "in", "到了 4 人")
    expect(page.locator("#booked")).to_contain_text("约了 21 人")


def test_two_phones_at_one_door_merge_and_the_later_one_is_told_when_it_was(
    door: Door, opened: Opened
) -> None:
    mine, hers = opened(), opened("feng.chuangkou")
    mine.context.set_offline(True)
    type_in(mine, door.number(door.bookings[0]))
    says(mine, "in", "到了 12 人")
    type_in(hers, door.number(door.bookings[0]))
    says(hers, "in", "到了 12 人")
    all_sent(hers)
    hers.click("#walk-more")
    says(hers, "walk_in", "没预约 1 人")
    mine.context.set_offline(False)
    note = mine.locator("#notes .note")
    expect(note).to_contain_text("12:21 已经签过")
    expect(note).to_contain_text("当时显示“到了 12 人”")
    all_sent(mine)
    expect(mine.locator("#walk")).to_have_text("1")
    is_sound(mine)
    assert door.attended() == [12, 0, 0, 0]


def test_a_group_of_fewer_and_a_wrong_tap_are_put_right(door: Door, opened: Opened) -> None:
    page = opened()
    page.click(f"[data-booking='{door.bookings[0]}']")
    says(page, "in", "到了 12 人")
    for _ in range(3):
        page.click("button[aria-label='少 1 人']")
    page.click("text=改成 9 人")
    says(page, "in", "到了 9 人")
    page.click(f"[data-booking='{door.bookings[1]}']")
    says(page, "in", "到了 1 人")
    page.click("text=点错了，撤回")
    says(page, "in", "撤回了")
    all_sent(page)
    assert door.attended() == [9, 0, 0, 0]
    page.click("#there")
    expect(page.locator(".d-row")).to_have_count(1)
    is_sound(page)


def test_scans_of_an_ended_session_are_sent_after_signing_in_again(
    door: Door, opened: Opened, address: str
) -> None:
    page = opened()
    page.context.clear_cookies()
    type_in(page, door.number(door.bookings[2]))
    says(page, "in", "到了 3 人")
    expect(page.locator("#net")).to_contain_text("还有 1 条没送到。登录过期了")
    is_sound(page)
    page.click("#net a")
    page.wait_for_selector("html[data-door-cleared]")
    assert kept(page, "lists") == [] and len(kept(page, "scans")) == 1
    door_phone.sign_in(page, address, door.path)
    all_sent(page)
    assert door.attended() == [0, 0, 3, 0]


def test_names_leave_the_phone_by_the_button_and_the_queue_stays(
    door: Door, opened: Opened
) -> None:
    page = opened()
    assert len(kept(page, "lists")) == 1
    page.context.set_offline(True)
    type_in(page, door.number(door.bookings[2]))
    says(page, "in", "到了 3 人")
    page.click("#clear")
    expect(page.locator("#notices")).to_contain_text("名单已经从这台手机上删掉")
    assert kept(page, "lists") == [] and page.locator(".d-row").count() == 0
    assert page.evaluate("caches.keys()") == []
    (scan,) = kept(page, "scans")
    assert "name" not in str(scan) and "区" not in str(scan)
    is_sound(page)
    page.context.set_offline(False)
    expect(page.locator("#net")).not_to_contain_text("没送到")
    assert door.attended() == [0, 0, 3, 0]
    page.click("text=再读一次名单")
    expect(page.locator(".d-row")).to_have_count(3)


def test_the_list_leaves_by_itself_when_the_lecture_is_over_and_all_is_sent(
    door: Door, opened: Opened
) -> None:
    page = opened()
    page.context.set_offline(True)
    type_in(page, door.number(door.bookings[2]))
    says(page, "in", "到了 3 人")
    page.evaluate(OLDER, 4 * 3_600_000)
    door.held.advance(hours=4)
    # the phone hears the time with the answer
    page.context.set_offline(False)
    expect(page.locator("#net")).not_to_contain_text("没送到")
    assert door.attended() == [0, 0, 3, 0]
    page.reload()
    page.wait_for_selector(READY)
    assert kept(page, "lists") == []
    expect(page.locator(".d-row")).to_have_count(3)


def test_four_digits_are_the_end_of_a_telephone_before_they_are_a_number(
    door: Door, opened: Opened
) -> None:
    page = opened()
    type_in(page, "0102")
    says(page, "in", "到了 1 人")
    expect(page.locator("#card .d-who")).to_contain_text(door.number(door.bookings[1]))
    all_sent(page)
    assert door.attended() == [0, 1, 0, 0]
    type_in(page, "8765")
    says(page, "unknown", "没有 8765")
    expect(page.locator("#typed")).to_have_value("")


def test_digits_that_fit_a_telephone_and_a_number_let_nobody_in_by_themselves(
    door: Door, opened: Opened
) -> None:
    start = door.held.now()
    door.held.advance(hours=-30)
    stranger = int(door.number(door.bookings[0]).removeprefix("B-"))
    with door.app.app_context():
        meant = door.book(2, "邓示例", "驿站", f"1380000{stranger:04d}")
        alike = [door.book(2, "何生", None, f"138000{n}7777") for n in (11, 12)]
        db.session.remove()
    door.held.set(start)
    page = opened()

    type_in(page, f"{stranger:04d}")
    says(page, "which", f"{stranger:04d}：有 2 个对得上")
    expect(page.locator(f".d-row[data-booking='{door.bookings[0]}']")).to_be_focused()
    is_sound(page)
    page.click(f"[data-booking='{meant}']")
    says(page, "in", "到了 2 人")

    type_in(page, "7777")
    says(page, "which", "7777：有 2 个对得上")
    expect(page.locator(".d-row")).to_have_count(len(alike))

    type_in(page, f"{stranger:06d}")
    says(page, "which", f"尾号没有 {stranger:06d}")
    all_sent(page)
    assert door.attended() == [0, 0, 0, 0]
    type_in(page, f"B-{stranger:04d}")
    says(page, "in", "到了 12 人")


def test_a_cancelled_lecture_shuts_the_door(door: Door, opened: Opened) -> None:
    door.held.advance(hours=-1)
    with door.app.app_context():
        row = rows.lecture(door.lecture)
        now = door.held.now()
        publishing.cancel_lecture(door.lecture, row.version, "讲师病了", door.staff, now)
        db.session.remove()
    page = opened()
    expect(page.locator("#notices")).to_contain_text("不能签到")
    expect(page.locator(".d-bar")).to_be_hidden()
    is_sound(page)


def test_without_network_only_the_door_opens_again(
    door: Door, opened: Opened, address: str
) -> None:
    page = opened()
    page.goto(f"{address}/desk/help")
    kept_urls = page.evaluate(
        "caches.open('xinhu-door').then((c) => c.keys()).then((all) => all.map((r) => r.url))"
    )
    others = [url for url in kept_urls if "/desk/static/" not in url]
    assert others == [address + door.path]
    page.context.set_offline(True)
    page.goto(address + door.path)
    page.wait_for_selector(READY)
    expect(page.locator(".d-row")).to_have_count(4)


def test_by_plain_http_numbers_codes_and_photos_work_and_the_page_says_what_does_not(
    door: Door, with_camera: Browser, address: str
) -> None:
    context = door_phone.phone(with_camera)
    page = context.new_page()
    page.add_init_script(f"({REFUSED})()")
    door_phone.sign_in(page, address.replace("127.0.0.1", PLAIN_HTTP), door.path)
    page.wait_for_selector(READY)
    assert page.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
    expect(page.locator("#notices")).to_contain_text("不是 https")
    expect(page.locator("#scan")).to_be_hidden()
    expect(page.locator("#kept")).to_contain_text("断网时请别关这一页")
    context.set_offline(True)
    type_in(page, door.code(door.bookings[0]))
    says(page, "in", "到了 12 人")
    show(page, door.code(door.bookings[2]))
    says(page, "in", "到了 3 人")
    is_sound(page)
    context.set_offline(False)
    all_sent(page)
    assert door.attended() == [12, 0, 3, 0]
    context.close()


def test_the_way_without_crypto_gives_the_same_hashes(opened: Opened) -> None:
    page = opened()
    assert page.evaluate("""async () => {
      const { sha256, sha256WithoutCrypto } = await import('/desk/static/door/sha256.js');
      const lengths = [0, 1, 35, 55, 56, 63, 64, 65, 119, 120, 500];
      const texts = lengths.flatMap((n) => ['x'.repeat(n), '签'.repeat(n)]);
      const pairs = await Promise.all(
        texts.map(async (text) => (await sha256(text)) === sha256WithoutCrypto(text)));
      return pairs.every(Boolean) && sha256WithoutCrypto('abc').startsWith('ba7816bf8f01cfea');
    }""")  # fmt: skip
