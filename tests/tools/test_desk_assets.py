"""The desk's icon sprite: one symbol a name, and an unknown name is refused."""

from pathlib import Path

import pytest

from tools.desk_assets import sprite
from tools.places import ROOT
from tools.shell import StepFailed

DRAWING = '<svg xmlns="x" class="icon">\n  <path d="M1 2" />\n</svg>'


def test_icons_become_symbols_under_their_names(tmp_path: Path) -> None:
    (tmp_path / "clock.svg").write_text(DRAWING)
    text = sprite(tmp_path, ["clock"])
    assert '<symbol id="clock"' in text
    assert '<path d="M1 2" />' in text


def test_an_icon_that_does_not_exist_is_named() -> None:
    with pytest.raises(StepFailed, match="no-such-icon"):
        sprite(ROOT / "backend", ["no-such-icon"])
