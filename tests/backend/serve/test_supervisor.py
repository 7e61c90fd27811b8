"""The supervisor with real processes: restarts, clean stops, giving up, and no orphans."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.serve.supervisor import wait_seconds

ROOT = Path(__file__).resolve().parents[3]
# Runs a supervisor over children given as Python sources; a web that dies three times is hopeless.
DRIVER = """
import os, sys
from pathlib import Path
from backend.serve.supervisor import Child, Supervisor
children = [Child(f"c{n}", [sys.executable, "-uc", code]) for n, code in enumerate(sys.argv[1:])]
gives_up = lambda child: "hopeless" if child.deaths >= 2 else None
supervisor = Supervisor(children, cwd=Path.cwd(), env=os.environ, gives_up=gives_up)
code = supervisor.run()
print("reason", supervisor.reason, flush=True)
sys.exit(code)
"""
# one write a line: two children share the pipe, and print(-u) writes the line end by itself
SAYS_UP = "os.write(1, f'up {os.getpid()}\\n'.encode())"
STAYS = f"import os, time; {SAYS_UP}; time.sleep(100)"
DIES_ONCE = f"""
import os, sys, time
from pathlib import Path
mark = Path(os.environ["MARK"])
if not mark.exists():
    mark.write_text("died"); sys.exit(3)
{SAYS_UP}; time.sleep(100)
"""
IGNORES_TERM = (
    "import os, signal, time; signal.signal(signal.SIGTERM, lambda *_: print('asked', flush=True));"
    f"{SAYS_UP}\nwhile True: time.sleep(0.1)"
)


@contextmanager
def supervised(*sources: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """Run the driver over child programs; it is killed at the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, "-uc", DRIVER, *sources],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as driver:
        try:
            yield driver
        finally:
            driver.kill()


def next_pid(driver: subprocess.Popen[str]) -> int:
    """Read until a child says it is up and return its process id."""
    assert driver.stdout is not None
    for line in driver.stdout:
        if line.startswith("up "):
            return int(line.split()[1])
    raise AssertionError("no child came up")


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def ends(pid: int) -> bool:
    """Wait until a process that is on its way out has gone; False after ten seconds."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 10)[0])
    finally:
        os.close(watched)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_child_and_ends_well(number: signal.Signals) -> None:
    with supervised(STAYS, STAYS) as driver:
        children = [next_pid(driver), next_pid(driver)]
        driver.send_signal(number)
        output, _ = driver.communicate(timeout=30)
        assert driver.returncode == 0
        assert "reason None" in output
    assert not any(is_alive(pid) for pid in children)


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    with supervised(DIES_ONCE, MARK=str(tmp_path / "mark")) as driver:
        assert is_alive(next_pid(driver))
    assert (tmp_path / "mark").read_text() == "died"


def test_a_killed_child_is_replaced_while_the_other_goes_on() -> None:
    with supervised(STAYS, STAYS) as driver:
        first, second = next_pid(driver), next_pid(driver)
        os.kill(first, signal.SIGKILL)
        third = next_pid(driver)
        assert third != first
        assert is_alive(second) and is_alive(third)


def test_a_hopeless_child_stops_everything_with_a_reason() -> None:
    with supervised("import sys; sys.exit(7)", STAYS) as driver:
        other = next_pid(driver)
        output, _ = driver.communicate(timeout=30)
        assert driver.returncode == 1
        assert "ended with 7" in output
        assert "reason hopeless" in output
    assert not is_alive(other)


def test_a_child_that_will_not_stop_is_ended_in_the_end() -> None:
    with supervised(IGNORES_TERM) as driver:
        child = next_pid(driver)
        driver.send_signal(signal.SIGTERM)
        output, _ = driver.communicate(timeout=40)
        assert "asked" in output
    assert not is_alive(child)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no parent-death signal")
def test_children_do_not_outlive_a_killed_supervisor() -> None:
    with supervised(STAYS) as driver:
        child = next_pid(driver)
        driver.kill()
        driver.wait(timeout=10)
        assert driver.stdout is not None
        # The pipe closes while the last holder of it, the child, is going.
        driver.stdout.read()
    assert ends(child)


def test_waits_grow_and_stay_bounded() -> None:
    waits = [wait_seconds(deaths) for deaths in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
