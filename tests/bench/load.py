"""A load generator in one small process: so many keep-alive connections, each with a next request.

Requests are made beforehand as bytes, so that it costs the server's machine little.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

NextRequest = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: answers a second, milliseconds within which 95 and 99 of 100 came, and failures."""

    per_second: float
    p95_ms: float
    p99_ms: float
    failed: int
    answers: int


class _Client:
    """One connection that always has one request under way."""

    def __init__(self, number: int, port: int) -> None:
        self.number = number
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.buffer = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """The status when the whole answer has come, else None."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.buffer += piece
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return None
        return int(head[9:12])


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without its length")


def run(port: int, clients: int, seconds: float, next_request: NextRequest, expected: int) -> Run:
    """Keep `clients` requests under way for so long; any status but the expected is a failure."""
    selector = selectors.DefaultSelector()
    everyone = [_Client(number, port) for number in range(clients)]
    times: list[float] = []
    failed = 0
    began = time.perf_counter()
    for client in everyone:
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send(next_request(client.number))
    while time.perf_counter() - began < seconds:
        for key, _events in selector.select(timeout=1):
            client = key.data
            status = client.receive()
            if status is None:
                continue
            times.append(time.perf_counter() - client.sent_at)
            failed += status != expected
            client.send(next_request(client.number))
    length = time.perf_counter() - began
    for client in everyone:
        client.socket.close()
    return summary(times, length, failed)


def summary(times: list[float], length: float, failed: int) -> Run:
    """Numbers of one run; `times` and `length` in seconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return Run(len(times) / length, cuts[94] * 1000, cuts[98] * 1000, failed, len(times))


def request(
    method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
