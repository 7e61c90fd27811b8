"""From a new lecture to what its listeners say, through the doors alone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend import scheduler
from backend.law.days import SHANGHAI
from tests.clock import HeldClock
from tests.factories.identity import AtDesk

Json = dict[str, Any]


class Listener:
    """A worker's phone, signed in."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    def send(self, address: str, status: int = 200, **body: Any) -> Json:
        """Post and read the answer."""
        answer = self.client.post(f"/api/v1{address}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return dict(answer.json)

    def read(self, address: str) -> Json:
        """Get and read the answer."""
        answer = self.client.get(f"/api/v1{address}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def book(self, lecture: str, party: int, *, may_wait: bool = False, status: int = 201) -> Json:
        """Book so many seats."""
        body = {"key": secrets.token_hex(16), "party": party, "may_wait": may_wait}
        return self.send(f"/lectures/{lecture}/bookings", status, **body)


class Organiser:
    """Whoever makes lectures, reading pages of the desk and sending their forms."""

    def __init__(self, desk: AtDesk) -> None:
        self.desk = desk

    def form(self, address: str, send_to: str = "", **typed: Any) -> str:
        """Open a page and send its form with what it hides; gives where it leads."""
        page = self.desk.client.get(address)
        assert page.status_code == 200, page.text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        sent = hidden | {"csrf_token": self.desk.csrf} | typed
        answer = self.desk.client.post(send_to or address, data=sent)
        assert answer.status_code == 303, answer.text
        return str(answer.location)


@pytest.fixture
def organiser(sign_in_staff: Callable[..., AtDesk]) -> Organiser:
    """苏敏仪 at the desk."""
    return Organiser(sign_in_staff("organiser", name="苏敏仪"))


@pytest.fixture
def listeners(client: FlaskClient, sign_in_worker: Callable[..., dict[str, str]]) -> list[Listener]:
    """Three workers."""
    return [Listener(client, sign_in_worker(client, f"1380000010{number}")) for number in range(3)]


def on_and_at(moment: datetime) -> tuple[str, str]:
    """A moment as the desk's form takes it."""
    here = moment.astimezone(SHANGHAI)
    return f"{here:%Y-%m-%d}", f"{here:%H:%M}"


def test_a_lecture_from_the_first_draft_to_what_its_listeners_say(
    app: APIFlask,
    clock: HeldClock,
    organiser: Organiser,
    listeners: list[Listener],
    sign_in_staff: Callable[..., AtDesk],
) -> None:
    first, second, third = listeners
    starts_at = clock.now() + timedelta(hours=240)
    on, begins = on_and_at(starts_at)
    _, ends = on_and_at(starts_at + timedelta(hours=1))
    address = organiser.form(
        "/desk/lectures/new",
        title="骑手摔了谁来赔", theme="工伤", form="mock_hearing", speaker="陈志航",
        place="礼乐街道党群服务中心", on=on, from_time=begins, to_time=ends, seats="12",
        audiences="riders",
    )  # fmt: skip
    address = address.partition("?")[0]
    lecture = address.rsplit("/", 1)[1]
    organiser.form(address, f"{address}/publish")

    group = first.book(lecture, 11)
    assert second.book(lecture, 2, status=409)["code"] == "full"
    waiting = second.book(lecture, 2, may_wait=True)
    assert waiting["state"] == "waiting"
    assert third.book(lecture, 1, status=409)["code"] == "full"  # nobody jumps the line

    first.send(f"/bookings/{group['id']}/cancel")
    offer = second.read(f"/bookings/{waiting['id']}")
    assert offer["own"]["state"] == "offered" and offer["code"] is None
    taken = second.send(f"/bookings/{waiting['id']}/accept")
    assert taken["own"]["state"] == "booked"

    clock.at = starts_at - timedelta(hours=2)
    assert scheduler.run_all(app) == []
    clock.at = starts_at
    assert scheduler.run_all(app) == []
    titles = [one["title"] for one in second.read(f"/bookings/{waiting['id']}")["notices"]]
    assert titles == ["快开讲了", "约好了：2 座", "有座了，要不要", "排上队了：2 座"]

    scans = [{"key": secrets.token_hex(16), "code": taken["code"], "people": None, "age_s": 0.0}]
    scans.append(scans[0] | {"key": secrets.token_hex(16)})
    at_door = sign_in_staff("clerk").client  # the organiser's session ended long ago
    listed = at_door.get(f"{address}/door/list").json
    answer = at_door.post(
        f"{address}/door/scans", json={"scans": scans}, headers={"X-CSRF-Token": listed["csrf"]}
    )
    assert [one["result"] for one in answer.json["results"]] == ["in", "again"]

    clock.at = starts_at + timedelta(hours=1)
    assert scheduler.run_all(app) == []
    said = second.send(
        f"/bookings/{waiting['id']}/feedback", verdict="useful", still_unclear="平台不认怎么办"
    )
    assert said["attended"] == 2 and not said["own"]["can_say"]
    page = at_door.get(address).text
    assert "平台不认怎么办" in page and "讲清楚" not in first.read(f"/bookings/{group['id']}")
