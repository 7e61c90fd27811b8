"""Evidence from a phone: kinds, a refused file among good ones, and an upload cut off half-way."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import Route

from tests.browser import filing
from tests.browser.phone import Phone
from tests.browser.server import Service
from tests.files import samples

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def file(name: str, kind: str, data: bytes) -> dict[str, Any]:
    """A file as the chooser hands it over."""
    return {"name": name, "mimeType": kind, "buffer": data}


def heic() -> bytes:
    """A photo as iPhones take it."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), (30, 90, 200))).save(out)
    return out.getvalue()


def noisy_jpeg(size: int = 1800) -> bytes:
    """A photo of more than two pieces."""
    out = io.BytesIO()
    Image.effect_noise((size, size), 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def choose(phone: Phone, selector: str, *files: dict[str, Any]) -> None:
    """Tap a key and pick files."""
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(selector)
    chooser.value.set_files(list(files))


def states(phone: Phone, state: str) -> int:
    """How many files on the page in front are in this state."""
    return phone.page.locator(f".t-file.is-{state}").locator("visible=true").count()


def wait_for(phone: Phone, state: str, count: int) -> None:
    """Wait until so many files have come to this state."""
    phone.page.wait_for_function(
        "([state, count]) => document.querySelectorAll(`.t-file.is-${state}`).length === count",
        arg=[state, count],
        timeout=30_000,
    )


def test_photos_and_papers_arrive_and_a_zip_named_jpg_is_refused_alone(
    phone: Phone, service: Service
) -> None:
    wicked = samples.archive({"a.txt": b"not a picture"})
    filing.to_form(phone)
    filing.fill_to(phone, 6)
    choose(
        phone,
        ".t-pick-photo",
        file("工资条.jpg", "image/jpeg", samples.photo_with_place()),
        file("IMG_0001.HEIC", "image/heic", heic()),
        file("合同.jpg", "image/jpeg", wicked),
    )
    choose(phone, ".t-pick-file", file("欠条.pdf", "application/pdf", samples.pdf()))
    wait_for(phone, "saved", 4)
    phone.tap(".t-next")
    filing.at_step(phone, 7)
    filing.type_code(phone)
    case_id = filing.submit(phone)
    phone.reopen(f"/#/packages/complaint/evidence?id={case_id}")
    wait_for(phone, "received", 3)
    assert states(phone, "refused") == 1
    assert "合同.jpg" in phone.seen(".t-file.is-refused").inner_text()
    rows = service.query(
        "SELECT evidence.status, evidence.kind FROM evidence JOIN cases "
        "ON cases.id = evidence.case_id WHERE cases.public_id = ?",
        case_id,
    )
    assert sorted(kind for status, kind in rows if status == "sealed") == ["image", "image", "pdf"]
    assert [status for status, _kind in rows].count("refused") == 1


def test_an_upload_cut_off_half_way_goes_on_after_a_kill(phone: Phone, service: Service) -> None:
    photo = noisy_jpeg()
    assert len(photo) > 2 * 524_288
    pieces: list[str] = []

    def cut(route: Route) -> None:
        pieces.append(route.request.url)
        if len(pieces) == 1:
            route.continue_()
        else:
            route.abort()

    filing.to_form(phone)
    filing.fill_to(phone, 6)
    choose(phone, ".t-pick-photo", file("聊天.jpg", "image/jpeg", photo))
    wait_for(phone, "saved", 1)
    phone.tap(".t-next")
    filing.at_step(phone, 7)
    filing.type_code(phone)
    phone.context.route("**/content?offset=*", cut)
    case_id = filing.submit(phone)
    phone.page.wait_for_timeout(1000)
    assert service.query("SELECT received_bytes FROM evidence ORDER BY id DESC LIMIT 1") == [
        (524_288,)
    ]
    phone.context.unroute("**/content?offset=*")
    sent_before = len(phone.notes.sent("PUT", r"/api/v1/evidence/\w+/content"))
    phone.reopen(f"/#/packages/complaint/evidence?id={case_id}")
    wait_for(phone, "received", 1)
    again = phone.notes.sent("PUT", r"/api/v1/evidence/\w+/content")[sent_before:]
    assert "offset=524288" in again[0].url, "goes on, does not begin again"
    digest = hashlib.sha256(photo).hexdigest()
    assert service.query("SELECT status FROM evidence WHERE sha256 = ?", digest) == [("sealed",)]
