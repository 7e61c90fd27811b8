"""The start command's options and what they may not be."""

import argparse
import os
import socket
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8000
# What the settings take for true.
DEMO_WORDS = frozenset({"1", "true", "t", "yes", "y", "on"})


class CannotStart(Exception):
    """The service cannot start; the message says why and what to do."""


@dataclass(frozen=True)
class Options:
    """How to start: demo or not, where to listen, where the data lies (None: as set)."""

    is_demo: bool
    host: str
    port: int
    data_dir: Path | None

    @property
    def address(self) -> str:
        """The web address of the started service."""
        return f"http://{self.host}:{self.port}"


def read_options(arguments: list[str]) -> Options:
    """Read the command line; raises CannotStart for a demo that others could reach."""
    parser = argparse.ArgumentParser(prog="python -m backend.serve", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="an invented bureau to look around in")
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on")
    parser.add_argument("--port", default=os.environ.get("PORT", str(DEFAULT_PORT)))
    parser.add_argument("--data", type=Path, help="folder of database and files")
    given = parser.parse_args(arguments)
    is_demo = given.demo or os.environ.get("XINHU_DEMO", "").lower() in DEMO_WORDS
    if is_demo and given.host != LOOPBACK:
        raise CannotStart(
            f"The demo has known passwords and listens on {LOOPBACK} only, not on {given.host}."
        )
    return Options(is_demo, given.host, _port(given.port), given.data)


def refuse_busy_port(options: Options) -> None:
    """Raise CannotStart when something listens on the port already.

    The web server binds with SO_REUSEPORT and would start beside a stale one, each
    taking half of the requests; a plain socket finds out.
    """
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            plain.bind((options.host, options.port))
        except OSError as error:
            raise CannotStart(
                f"Port {options.port} cannot be used ({error.strerror}). "
                f"Take another one: make run PORT={options.port + 1}"
            ) from error


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)
