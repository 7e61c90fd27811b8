"""Stamps: a finished step is skipped, a changed or broken-off one is done again."""

from pathlib import Path

from tools import stamps


def test_the_same_inputs_have_the_same_digest_and_any_change_another(tmp_path: Path) -> None:
    source = tmp_path / "src"
    source.mkdir()
    (source / "a.ts").write_text("one")
    first = stamps.digest([source], "h5")
    assert stamps.digest([source], "h5") == first
    assert stamps.digest([source], "mp-weixin") != first
    (source / "a.ts").write_text("two")
    changed = stamps.digest([source], "h5")
    assert changed != first
    (source / "a.ts").rename(source / "b.ts")
    assert stamps.digest([source], "h5") not in {first, changed}


def test_installed_packages_and_builds_are_no_inputs(tmp_path: Path) -> None:
    before = stamps.digest([tmp_path])
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "a.js").write_text("x")
    assert stamps.digest([tmp_path]) == before


def test_a_stamp_is_current_only_for_its_own_inputs(tmp_path: Path) -> None:
    stamp = tmp_path / "made" / ".stamp"
    assert not stamps.is_current(stamp, "one")
    stamps.write(stamp, "one")
    assert stamps.is_current(stamp, "one")
    assert not stamps.is_current(stamp, "two")
    stamps.clear(stamp)
    assert not stamps.is_current(stamp, "one")
