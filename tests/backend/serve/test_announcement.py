"""The announcement comes once, with the first answer, and giving up only before it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from backend.serve.announcement import Announcement
from backend.serve.options import Options
from backend.serve.supervisor import Child


class Unhealthy(BaseHTTPRequestHandler):
    """Answers every request with 503."""

    def do_GET(self) -> None:
        """Answer 503."""
        self.send_response(503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def unhealthy() -> Iterator[Options]:
    """A service on a fresh port that answers, though not well."""
    with HTTPServer(("127.0.0.1", 0), Unhealthy) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield Options(True, "127.0.0.1", server.server_port, None)
        server.shutdown()
        thread.join()


def test_it_is_made_once_at_the_first_answer_even_an_unhealthy_one(
    unhealthy: Options, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    announcement = Announcement(unhealthy, [("窗口", "示例乙")])
    announcement.make_if_due()
    announcement.make_if_due()
    assert capsys.readouterr().out.count("窗口 · 示例乙") == 1
    assert announcement.is_made


def test_nothing_is_announced_while_nothing_answers(capsys: pytest.CaptureFixture[str]) -> None:
    with HTTPServer(("127.0.0.1", 0), Unhealthy) as server:
        free_port = server.server_port
    announcement = Announcement(Options(True, "127.0.0.1", free_port, None), ())
    announcement.make_if_due()
    assert capsys.readouterr().out == ""
    assert not announcement.is_made


@pytest.mark.parametrize(
    ("name", "deaths", "is_made", "gives_up"),
    [
        ("web", 3, False, True),
        ("web", 2, False, False),
        ("web", 9, True, False),
        ("jobs", 9, False, False),
    ],
)
def test_only_a_web_process_that_never_answered_is_hopeless(
    name: str, deaths: int, is_made: bool, gives_up: bool
) -> None:
    announcement = Announcement(Options(True, "127.0.0.1", 8123, None), ())
    announcement.is_made = is_made
    child = Child(name, ["true"])
    child.deaths = deaths
    assert bool(announcement.hopeless(child)) is gives_up
