"""Every fault of a corpus is named with its file and line, and the files themselves have none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from faq import __main__ as cli
from faq.check import check, unfinished
from faq.corpus import ROOT, load
from faq.reading import read
from faq.schema import CorpusError, Fault, Topic
from faq.writing import written

TODAY = date(2026, 11, 25)
FILE = "construction.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A corpus of one topic, and one of things outside."""
    root = tmp_path / "faq"
    (root / "content").mkdir(parents=True)
    shutil.copy(ROOT / "content" / FILE, root / "content")
    shutil.copytree(ROOT / "lexicon", root / "lexicon")
    (root / "negatives").mkdir()
    shutil.copy(ROOT / "negatives" / "near_money.yaml", root / "negatives")
    path = root / "content" / FILE
    topic = read(path, Topic)
    assert isinstance(topic, Topic)
    alone = [e.model_copy(update={"related": [], "actions": []}) for e in topic.entries]
    path.write_text(written(topic.model_copy(update={"entries": alone})), "utf-8")
    return root


def faults(root: Path) -> list[Fault]:
    return check(cli.known(), TODAY, root)


def change(root: Path, before: str, after: str) -> int:
    """Replace the first place; gives the line it stands in."""
    path = root / "content" / FILE
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    return text[: text.index(before)].count("\n") + 1


def test_the_files_have_no_fault() -> None:
    assert check(cli.known(), TODAY) == []


def test_a_copied_topic_has_none_either(copy: Path) -> None:
    assert faults(copy) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("id: construction.foreman_ran", "id: construction.who_pays", "already"),
        ("article: 第三十条", "article: 第九十九条", "is not held"),
        ("handoff: offer", "handoff: sometimes", "handoff"),
        ("review_by: 2027", "review_by: 2025", "review_by"),
        ("reviewed_on: 2026-11-25", "reviewed_on: 昨天", "date"),
        ("  short: ", "  shorts: ", "shorts"),
        ("  citations:", "  citations: [\n", "YAML"),
        ("  handoff: offer", "  handoff: offer\n  handoff: never", "twice"),
        ("  short: ", "  short: {nothing_known} ", ""),
    ],
)
def test_a_fault_is_named_with_file_and_line(
    copy: Path, before: str, after: str, words: str
) -> None:
    change(copy, before, after)
    found = faults(copy)
    assert found
    assert all(f.path.endswith(FILE) and f.line >= 1 for f in found)
    assert any(words in f.message for f in found)


def test_the_line_is_the_right_one(copy: Path) -> None:
    line = change(copy, "handoff: offer", "handoff: sometimes")
    assert [f.line for f in faults(copy)] == [line]


def test_an_expired_entry_and_an_unknown_value_are_faults(copy: Path) -> None:
    change(copy, "  handoff: offer", "  valid_to: 2026-01-01\n  handoff: offer")
    assert any("expired" in f.message for f in faults(copy))


def test_a_phrasing_in_two_entries_is_a_fault(copy: Path) -> None:
    topic = read(copy / "content" / FILE, Topic)
    assert isinstance(topic, Topic)
    first, second, *rest = topic.entries
    double = second.model_copy(update={"phrasings": [*second.phrasings, first.phrasings[0] + "？"]})
    whole = topic.model_copy(update={"entries": [first, double, *rest]})
    (copy / "content" / FILE).write_text(written(whole), "utf-8")
    assert [f.message for f in faults(copy) if first.id in f.message]


def few(root: Path, entry_id: str) -> None:
    """Leave one phrasing to the first entry, and give it this id."""
    topic = read(root / "content" / FILE, Topic)
    assert isinstance(topic, Topic)
    first, *rest = topic.entries
    changes = {"id": entry_id, "phrasings": ["紫藤补贴咋拿"], "reviewed_on": TODAY}
    whole = topic.model_copy(update={"entries": [first.model_copy(update=changes), *rest]})
    (root / "content" / FILE).write_text(written(whole), "utf-8")


def test_few_phrasings_are_a_fault(copy: Path) -> None:
    few(copy, "construction.something")
    assert [f.message for f in faults(copy)] == ["1 phrasings, at least 30 are needed"]


def test_an_entry_of_staff_has_time_to_get_its_phrasings(copy: Path) -> None:
    few(copy, "staff.q1")
    last = cli.known().complete_by(TODAY)
    assert last > TODAY and faults(copy) == [] and check(cli.known(), last, copy) == []
    assert len(check(cli.known(), date.fromordinal(last.toordinal() + 1), copy)) == 1
    assert [entry.id for entry in unfinished(load(copy))] == ["staff.q1"]


def test_a_fault_in_a_file_stops_loading_with_its_place(copy: Path) -> None:
    change(copy, "handoff: offer", "handoff: sometimes")
    with pytest.raises(CorpusError, match=rf"{FILE}:\d+: entries"):
        load(copy)


def test_reading_and_writing_is_exact() -> None:
    for path in (ROOT / "content").glob("*.yaml"):
        topic = read(path, Topic)
        assert isinstance(topic, Topic)
        assert written(topic) == path.read_text("utf-8")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda p: p.write_bytes(b"\xff\xfe"), "UTF-8"),
        (lambda p: p.write_text("topic: [", "utf-8"), "YAML"),
        (lambda p: p.write_text("", "utf-8"), ""),
        (lambda p: p.write_text("- 1\n- 2\n", "utf-8"), ""),
    ],
)
def test_a_file_that_is_none_is_a_fault_and_no_crash(
    copy: Path, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(copy / "content" / FILE)
    found = faults(copy)
    assert found and any(words in f.message for f in found)


def test_the_review_page_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["review"]) == 0
    page = (ROOT.parent / "docs" / "faq-review.md").read_text("utf-8")
    assert capsys.readouterr().out == page
