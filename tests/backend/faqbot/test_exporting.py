"""Approved changes go back into the files, byte for byte in their form, and stay in force."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from backend.faqbot.service import exporting, library, overrides
from backend.faqbot.service.exporting import Few
from backend.faqbot.service.library import files
from faq import __main__ as cli
from faq.check import check
from faq.corpus import ROOT, load
from faq.reading import read
from faq.schema import Topic
from faq.writing import written
from tests.backend.faqbot.test_overrides import ENTRY, NEW, approve, edited, proposed
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the corpus' files."""
    for folder in ("content", "negatives", "lexicon"):
        shutil.copytree(ROOT / folder, tmp_path / "faq" / folder)
    return tmp_path / "faq"


def test_a_changed_and_a_new_entry_are_written_and_marked(bureau: Bureau, root: Path) -> None:
    with bureau.app.app_context():
        changed = proposed(bureau, edited(bureau, short="换了说法。"))
        new = proposed(bureau)
        for row in (changed, new):
            approve(bureau, row)
        done = exporting.export(bureau.clock.now(), root)
        assert done.written == {"probation.yaml": [ENTRY], "staff.yaml": [new.entry_id]}
        states = [overrides.one(row.id).state for row in (changed, new)]
        assert done.few == [Few(new.entry_id, 2, date(2027, 1, 22))]
        # this process still has the old files: nobody's answer may go back
        live = {entry.id for entry in library.live_overrides(files())}
    assert states == ["exported", "exported"] and live == {ENTRY, new.entry_id}
    corpus = load(root)
    assert corpus.entries[ENTRY].short == "换了说法。"
    assert corpus.entries[new.entry_id].question == NEW.question
    for name in done.written:
        path = root / "content" / name
        topic = read(path, Topic)
        assert isinstance(topic, Topic) and written(topic) == path.read_text("utf-8")


def test_a_second_export_writes_nothing(bureau: Bureau, root: Path) -> None:
    with bureau.app.app_context():
        approve(bureau, proposed(bureau))
        exporting.export(bureau.clock.now(), root)
        assert exporting.export(bureau.clock.now(), root) == exporting.Exported({}, [])


def test_a_change_that_its_file_overtook_is_left_out_and_named(bureau: Bureau, root: Path) -> None:
    with bureau.app.app_context():
        row = proposed(bureau, edited(bureau, short="换了说法。"))
        approve(bureau, row)
        path = root / "content" / "probation.yaml"
        before = path.read_text("utf-8").replace("试用期多久", "试用期究竟多久")
        path.write_text(before, "utf-8")
        done = exporting.export(bureau.clock.now(), root)
        assert (done.written, done.stale) == ({}, [ENTRY])
        assert overrides.one(row.id).state == "approved"
    assert path.read_text("utf-8") == before


def test_the_command_says_what_it_wrote(
    bureau: Bureau, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bureau.app.app_context():
        approve(bureau, proposed(bureau))
    monkeypatch.setattr(exporting.export, "__kwdefaults__", None, raising=False)
    real = exporting.export
    monkeypatch.setattr(exporting, "export", lambda now: real(now, root))
    result = bureau.app.test_cli_runner().invoke(args=["faq", "export"])
    assert result.exit_code == 0 and "staff.yaml: staff.q" in result.output
    assert "has 2 phrasings, 30 are needed by 2027-01-22" in result.output


def test_what_was_exported_passes_the_check_until_its_phrasings_are_due(
    bureau: Bureau, root: Path
) -> None:
    with bureau.app.app_context():
        approve(bureau, proposed(bureau))
        exporting.export(bureau.clock.now(), root)
    shutil.copy(ROOT / "canned.yaml", root)
    due = date(2027, 1, 22)
    assert check(cli.known(), due, root) == []
    (fault,) = check(cli.known(), date(2027, 1, 23), root)
    assert fault.path.endswith("staff.yaml") and "2 phrasings" in fault.message


def test_an_entry_of_the_files_that_lost_phrasings_has_no_time(
    bureau: Bureau, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bureau.app.app_context():
        few = files().entries[ENTRY].phrasings[:3]
        approve(bureau, proposed(bureau, edited(bureau, phrasings=few)))
    real = exporting.export
    monkeypatch.setattr(exporting, "export", lambda now: real(now, root))
    result = bureau.app.test_cli_runner().invoke(args=["faq", "export"])
    assert f"{ENTRY} has 3 phrasings, 30 are needed: `python -m faq check` fails" in result.output
    assert [f.message for f in check(cli.known(), date(2026, 11, 25), root)] == [
        "3 phrasings, at least 30 are needed"
    ]
