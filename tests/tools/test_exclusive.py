"""Two set-ups in one folder: the second waits for the first."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import exclusive
from tools.places import ROOT

SECOND = """
import sys
from pathlib import Path
from tools import exclusive
exclusive.LOCK = Path(sys.argv[1])
with exclusive.only_one_setup():
    print("its turn", flush=True)
"""


def test_the_second_waits_until_the_first_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exclusive, "LOCK", tmp_path / "lock")
    command = [sys.executable, "-uc", SECOND, str(tmp_path / "lock")]
    with exclusive.only_one_setup():
        second = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert "Waiting" in second.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=0.5)
    output, _ = second.communicate(timeout=20)
    assert output.strip() == "its turn"
