"""How the two processes are started."""

from pathlib import Path

import pytest

from backend.serve.commands import environment, web_command
from backend.serve.options import Options

REAL = Options(is_demo=False, host="127.0.0.1", port=8123, data_dir=None)


def value_after(command: list[str], word: str) -> str:
    """Return what follows an option on a command line."""
    return command[command.index(word) + 1]


@pytest.mark.parametrize(
    ("is_sqlite", "processes", "threads"), [(True, "1", "4"), (False, "2", "8")]
)
def test_the_web_server_fits_the_database(is_sqlite: bool, processes: str, threads: str) -> None:
    command = web_command(REAL, is_sqlite=is_sqlite)
    assert value_after(command, "--workers") == processes
    assert value_after(command, "--blocking-threads") == threads
    assert value_after(command, "--port") == "8123"


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XINHU_DATA_DIR", "/elsewhere")
    demo = Options(is_demo=True, host="127.0.0.1", port=8123, data_dir=tmp_path)
    assert environment(demo)["XINHU_DEMO"] == "1"
    assert environment(demo)["XINHU_DATA_DIR"] == str(tmp_path)
    assert environment(demo)["XINHU_DEMO_URL"] == "http://127.0.0.1:8123"


def test_a_real_start_is_no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XINHU_DEMO", raising=False)
    assert "XINHU_DEMO" not in environment(REAL)
