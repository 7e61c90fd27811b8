"""A lecture with its door served on this machine, and what is held before a phone's camera."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import segno
from apiflask import APIFlask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from backend.core import clock
from backend.core.db import db
from backend.lectures.models import Booking, Lecture
from backend.lectures.service import booking, codes, door
from backend.lectures.service.booking import Wish
from tests.clock import HeldClock
from tests.factories import lectures as made
from tests.factories.identity import PASSWORD, make_staff

SIZE = {"width": 390, "height": 844}
VIDEO = (640, 480)
ORGANISER = "su.minyi"
PEOPLE = (
    (12, "陈国明", "示例骑手驿站", "13800000101"),
    (1, "李秀", None, "13800000102"),
    (3, "区大明", "示例工地", "13800000103"),
    (1, "梁小妹", None, "13800000104"),
)


class Door:
    """A lecture that begins now, with groups on its list, and what the database says of it."""

    def __init__(self, app: APIFlask, held: HeldClock) -> None:
        self.app, self.held = app, held
        with app.app_context():
            make_staff("organiser", username=ORGANISER, name="苏敏仪")
            make_staff("clerk", username="feng.chuangkou", name="冯窗口")
            self.staff = made.organiser()
            lecture = made.published(self.staff, in_hours=50)
            self.lecture = lecture.public_id
            self.other = made.published(self.staff, in_hours=60).public_id
            self.bookings = [self.book(*person) for person in PEOPLE]
            self.elsewhere = self.book(1, "何生", None, "13800000901", self.other)
            held.set(lecture.starts_at)
        held.advance(minutes=21, seconds=30)
        self.path = f"/desk/lectures/{self.lecture}/door"

    def book(self, party: int, name: str, org: str | None, phone: str, lecture: str = "") -> str:
        """Book by the window for somebody; needs an app context."""
        wish = Wish(party, made.key(), name=name, org_name=org, phone=phone)
        now = clock.now()
        booked = booking.book(lecture or self.lecture, wish, self.staff, now)
        return str(booked.public_id)

    def code(self, booking_id: str) -> str:
        """What this person shows at the door."""
        with self.app.app_context():
            return codes.code_of(booking_id)

    def number(self, booking_id: str) -> str:
        """What the booking is called."""
        with self.app.app_context():
            return f"B-{Booking.query.filter_by(public_id=booking_id).one().id}"

    def attended(self) -> list[int]:
        """How many of each booking are in, in the database."""
        with self.app.app_context():
            rows = {row.public_id: row.attended for row in Booking.query.all()}
            db.session.remove()
        return [rows[booking_id] for booking_id in self.bookings]

    def walk_ins(self) -> int:
        """How many came without a booking, in the database."""
        with self.app.app_context():
            count: int = Lecture.query.filter_by(public_id=self.lecture).one().walk_ins
            db.session.remove()
        return count

    def let_in(self, booking_id: str, people: int | None = None) -> None:
        """A colleague's phone lets somebody in."""
        with self.app.app_context():
            scan = door.Scan(made.key(), booking_id=booking_id, people=people)
            door.take_scans(self.lecture, [scan], self.staff, clock.now())


@contextmanager
def served(app: APIFlask) -> Iterator[str]:
    """The app on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def phone(browser: Browser) -> BrowserContext:
    """A new phone with the door's page allowed to use the camera."""
    context = browser.new_context(
        viewport=SIZE,  # type: ignore[arg-type]
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        permissions=["camera"],
    )
    context.set_default_timeout(15_000)
    return context


def sign_in(page: Page, address: str, path: str, username: str = ORGANISER) -> None:
    """Sign in and land on a page of the desk."""
    page.goto(f"{address}/desk/sign-in?next={path}")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("button.pri")
    page.wait_for_url(f"{address}{path}")


def picture(code: str) -> bytes:
    """A photo of a phone that shows this code, a little turned, on a grey table."""
    drawn = io.BytesIO()
    segno.make_qr(code, error="m").save(drawn, kind="png", scale=6, border=4)
    table = Image.new("RGB", VIDEO, (120, 124, 128))
    shown = Image.open(drawn).convert("RGB").rotate(8, expand=True, fillcolor=(120, 124, 128))
    table.paste(shown, ((VIDEO[0] - shown.width) // 2, (VIDEO[1] - shown.height) // 2))
    file = io.BytesIO()
    table.save(file, "JPEG", quality=80)
    return file.getvalue()


def film(photo: bytes, file: Path) -> None:
    """The same photo as a film for Chromium's camera: mjpeg is one JPEG after another."""
    file.write_bytes(photo * 5)
