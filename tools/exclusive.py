"""Lets only one set-up at a time work in this folder: two npm installs at once break each other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from tools.places import ROOT
from tools.shell import say

LOCK = ROOT / ".setup.lock"


@contextmanager
def only_one_setup() -> Iterator[None]:
    """Wait until no other set-up runs here; the system frees the lock of one that was killed."""
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up in this folder to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
