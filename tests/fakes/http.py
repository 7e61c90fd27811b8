"""A small HTTP server on loopback whose answers a test chooses, for fakes of outside services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Call:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What is sent back; `hang` keeps the caller waiting until the server is stopped."""

    status: int = 200
    body: bytes = b"{}"
    hang: bool = False


@dataclass
class FakeServer:
    """The running server: its address, what arrived, and what it answers."""

    answer: Callable[[Call], Answer]
    url: str = ""
    calls: list[Call] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[Call], Answer]) -> Iterator[FakeServer]:
    """Run a server on a fresh port until the block ends."""
    fake = FakeServer(answer)
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            call = Call(self.path, dict(self.headers), self.rfile.read(length))
            fake.calls.append(call)
            reply = fake.answer(call)
            if reply.hang:
                stopping.wait(30)
                return
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = handle_any

        def log_message(self, *_words: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()
