"""The start command's options: what it refuses before anything is started."""

import socket
from pathlib import Path

import pytest

from backend.serve.options import CannotStart, Options, read_options, refuse_busy_port


def test_the_demo_listens_on_loopback_by_default() -> None:
    options = read_options(["--demo", "--port", "8123"])
    assert options == Options(is_demo=True, host="127.0.0.1", port=8123, data_dir=None)
    assert options.address == "http://127.0.0.1:8123"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "localhost"])
def test_a_demo_that_others_could_reach_is_refused(host: str) -> None:
    with pytest.raises(CannotStart, match="known passwords"):
        read_options(["--demo", "--host", host])


def test_a_demo_set_in_the_environment_is_held_to_the_same_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XINHU_DEMO", "true")
    assert read_options([]).is_demo
    with pytest.raises(CannotStart, match="known passwords"):
        read_options(["--host", "0.0.0.0"])


def test_a_real_installation_may_listen_elsewhere() -> None:
    options = read_options(["--host", "0.0.0.0", "--data", "/srv/xinhu"])
    assert (options.host, options.data_dir) == ("0.0.0.0", Path("/srv/xinhu"))


def test_the_port_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9001")
    assert read_options([]).port == 9001


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "８０００", ""])
def test_a_port_that_is_none_is_named(text: str) -> None:
    with pytest.raises(CannotStart, match="PORT"):
        read_options([f"--port={text}"])


def test_a_port_in_use_is_refused_even_when_its_owner_shares_it() -> None:
    with socket.socket() as stale:
        stale.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        stale.bind(("127.0.0.1", 0))
        stale.listen()
        port = stale.getsockname()[1]
        options = Options(is_demo=True, host="127.0.0.1", port=port, data_dir=None)
        with pytest.raises(CannotStart, match=f"PORT={port + 1}"):
            refuse_busy_port(options)
    refuse_busy_port(options)
