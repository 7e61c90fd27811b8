"""Keeps tests on this machine: a socket to anywhere but loopback or a file is refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

_LOOPBACK = ("127.", "::1", "localhost")


class NetworkRefused(Exception):
    """A test tried to leave the machine."""


@contextmanager
def loopback_only() -> Iterator[None]:
    """Refuse every other connection and name look-up of this process while it holds."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(_LOOPBACK):
            raise NetworkRefused(f"connection to {address}")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not name.startswith(_LOOPBACK):
            raise NetworkRefused(f"look-up of {name}")
        return look_up(host, *args, **kwargs)

    with (
        mock.patch.object(socket.socket, "connect", guarded_connect),
        mock.patch.object(socket, "getaddrinfo", guarded_look_up),
    ):
        yield
