"""Keeps child processes running: restarts one that dies, stops all of them together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

LOOK_SECONDS = 0.2
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
# A child that ran this long was well; its next death starts the waits anew.
WELL_AFTER_SECONDS = 60.0
STOP_SECONDS = 15.0
PR_SET_PDEATHSIG = 1
# Loaded here: between fork and exec a child should do as little as possible.
_LIBC = ctypes.CDLL(None)


@dataclass
class Child:
    """One supervised program and how it has fared."""

    name: str
    command: Sequence[str]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    deaths: int = field(default=0, init=False)
    restart_after: float = field(default=0.0, init=False)

    @property
    def is_running(self) -> bool:
        """Whether the program runs now."""
        return self.process is not None and self.process.poll() is None


def wait_seconds(deaths: int) -> float:
    """Seconds to wait before the restart after so many deaths in a row: 1, 2, 4 … 30."""
    return min(FIRST_WAIT_SECONDS * 2.0 ** max(deaths - 1, 0), LONGEST_WAIT_SECONDS)


class Supervisor:
    """Runs children until told to stop by SIGINT, SIGTERM or `stop()`.

    `gives_up` is asked after each death and may name a reason to stop everything,
    such as a web process that never came up.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        cwd: Path,
        env: Mapping[str, str],
        gives_up: Callable[[Child], str | None] = lambda _child: None,
    ) -> None:
        self._children = children
        self._cwd = cwd
        self._env = dict(env)
        self._gives_up = gives_up
        self._is_stopping = False
        self.reason: str | None = None

    def stop(self) -> None:
        """Ask the loop to end; safe from a signal handler."""
        self._is_stopping = True

    def run(self, each_look: Callable[[], None] = lambda: None) -> int:
        """Supervise until stopped; return 0, or 1 when giving up. `each_look` runs often."""
        previous = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            for child in self._children:
                self._start(child)
            while not self._is_stopping:
                time.sleep(LOOK_SECONDS)
                self._look_after_children()
                each_look()
        finally:
            self._stop_children()
            for number, handler in previous.items():
                signal.signal(number, handler)
        return 1 if self.reason else 0

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _look_after_children(self) -> None:
        for child in self._children:
            if child.is_running or self._is_stopping:
                continue
            if child.process is not None:
                self._note_death(child, child.process.returncode)
            elif time.monotonic() >= child.restart_after:
                self._start(child)

    def _note_death(self, child: Child, code: int) -> None:
        has_been_well = time.monotonic() - child.started >= WELL_AFTER_SECONDS
        child.deaths = 1 if has_been_well else child.deaths + 1
        child.process = None
        self.reason = self._gives_up(child)
        if self.reason:
            self.stop()
            return
        wait = wait_seconds(child.deaths)
        child.restart_after = time.monotonic() + wait
        _log(f"{child.name} ended with {code}; starting it again in {wait:.0f} s")

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        child.process = subprocess.Popen(
            list(child.command),
            cwd=self._cwd,
            env=self._env,
            stdin=subprocess.DEVNULL,
            # Out of the terminal's group: a Ctrl-C reaches it through us, once and in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def _stop_children(self) -> None:
        running = [child.process for child in self._children if child.is_running and child.process]
        for child in self._children:
            if child.is_running and child.process:
                child.process.send_signal(child.stop_signal)
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _die_with_parent() -> None:
    """Have Linux end the child when the supervisor is killed, so that no stale server stays."""
    if sys.platform == "linux":
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _log(text: str) -> None:
    print(f"[serve] {text}", file=sys.stderr, flush=True)
