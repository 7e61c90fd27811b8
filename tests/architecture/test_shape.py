"""The repository keeps its rules: states, time limits, names, sizes, sentences, imports."""

from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.sources import ROOT, python_files, text_of, tree_of

MIGRATIONS = Path("backend/migrations")
TIME_LIMIT_ROOMS = {"law", "core"}


def is_service(file: Path) -> bool:
    """Tell whether a file is a room's service: `service.py`, or a module of `service/`."""
    return file.stem == "service" or "service" in file.parts


def is_migration(file: Path) -> bool:
    """Tell whether Alembic made the file; it follows Alembic's form."""
    return file.is_relative_to(MIGRATIONS)


def test_only_a_service_sets_a_state() -> None:
    faults = {
        str(file): found
        for file in python_files("backend")
        if not is_service(file) and (found := rules.state_assignments(tree_of(file)))
    }
    assert faults == {}


def test_lengths_of_time_stand_only_in_law_and_core() -> None:
    faults = {
        str(file): found
        for file in python_files("backend", "faq")
        if not TIME_LIMIT_ROOMS.intersection(file.parts[1:2])
        and (found := rules.day_counts(tree_of(file)))
    }
    assert faults == {}


def test_every_module_is_named_for_its_subject() -> None:
    assert [str(file) for file in python_files() if rules.vague_name(file)] == []


def test_no_file_of_the_backend_outgrows_its_reader() -> None:
    files = [file for file in python_files("backend", "faq") if not is_migration(file)]
    assert [str(file) for file in files if rules.is_too_long(text_of(file))] == []


def test_every_module_opens_with_a_sentence_saying_what_it_is_for() -> None:
    assert [str(file) for file in python_files() if rules.lacks_docstring(tree_of(file))] == []


def test_no_import_hides_in_a_function() -> None:
    faults = {
        str(file): found
        for file in python_files("backend", "faq")
        if not is_migration(file) and (found := rules.hidden_imports(tree_of(file)))
    }
    assert faults == {}


@pytest.mark.parametrize("room", ["complaints", "faqbot", "escalations"])
def test_complaints_evidence_and_chats_are_never_sent_to_a_third_party_to_be_judged(
    room: str,
) -> None:
    files = [file for file in python_files("backend") if file.parts[1:2] == (room,)]
    faults = {
        str(file): found
        for file in files
        if (found := rules.imports_of(tree_of(file), "backend.wechat.content"))
    }
    assert (len(files) > 5, faults) == (True, {})


@pytest.mark.parametrize("folder", ["backend", "tools", "tests"])
def test_the_rules_read_real_files(folder: str) -> None:
    assert python_files(folder) != []


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme
