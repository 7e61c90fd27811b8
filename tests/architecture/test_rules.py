"""Each rule finds its fault in a snippet broken on purpose, and leaves right code alone."""

import ast
import json
from pathlib import Path

import pytest

from tests.architecture import rules


@pytest.mark.parametrize(
    "source",
    [
        "case.state = 'closed'",
        "case.state += 'x'",
        "case.state: str = 'closed'",
        "a, case.state = 1, 2",
        "setattr(case, 'state', 'closed')",
    ],
)
def test_a_state_set_by_hand_is_found(source: str) -> None:
    assert rules.state_assignments(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ["state = 'closed'", "if case.state == 'closed': pass", "case.state_label = 'x'", "f(state=1)"],
)
def test_reading_a_state_is_no_fault(source: str) -> None:
    assert not rules.state_assignments(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "timedelta(days=45)",
        "datetime.timedelta(weeks=1)",
        "timedelta(30)",
        "timedelta(hours=1, days=n)",
        "timedelta(**length)",
    ],
)
def test_a_number_of_days_is_found(source: str) -> None:
    assert rules.day_counts(ast.parse(source))


@pytest.mark.parametrize("source", ["timedelta(hours=24)", "timedelta(seconds=5)", "add(days=3)"])
def test_shorter_times_are_no_fault(source: str) -> None:
    assert not rules.day_counts(ast.parse(source))


@pytest.mark.parametrize(
    "name",
    [
        "backend/utils.py",
        "backend/date_helpers.py",
        "backend/common/x.py",
        "a/base.py",
        "a/job_manager.py",
    ],
)
def test_a_vague_name_is_found(name: str) -> None:
    assert rules.vague_name(Path(name))


@pytest.mark.parametrize("name", ["backend/core/database.py", "backend/law/basement.py"])
def test_a_name_with_a_subject_is_no_fault(name: str) -> None:
    assert not rules.vague_name(Path(name))


def test_a_file_past_the_limit_is_too_long() -> None:
    assert rules.is_too_long("x\n" * (rules.MOST_LINES + 1))
    assert not rules.is_too_long("x\n" * rules.MOST_LINES)


@pytest.mark.parametrize("source", ["", "import os", "import os\n'late'", "'  '"])
def test_a_module_without_its_sentence_is_found(source: str) -> None:
    assert rules.lacks_docstring(ast.parse(source))


def test_a_module_with_its_sentence_is_no_fault() -> None:
    assert not rules.lacks_docstring(ast.parse('"""Counts working days."""\nimport os'))


@pytest.mark.parametrize("host", rules.REMOTE_HOSTS)
def test_a_registry_or_cdn_is_found(host: str) -> None:
    assert rules.remote_hosts(f"<script src='https://{host.upper()}/x'>") != []


def test_an_ordinary_text_names_no_host() -> None:
    assert rules.remote_hosts("pip install -r requirements.txt; npm ci") == []


def test_a_recorded_download_address_is_found() -> None:
    entry = {"version": "1.0.0", "resolved": "somewhere", "integrity": "sha512-x"}
    lock = json.dumps({"packages": {"": {}, "node_modules/a": entry}})
    assert rules.npm_lock_addresses(lock) == ["node_modules/a"]
    assert rules.npm_lock_unhashed(lock) == []


def test_a_package_without_a_hash_is_found() -> None:
    lock = json.dumps({"packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}})
    assert rules.npm_lock_unhashed(lock) == ["node_modules/a"]
    assert rules.npm_lock_addresses(lock) == []


@pytest.mark.parametrize(
    "text",
    [
        "flask==3.1.3\n",
        "flask>=3 \\\n    --hash=sha256:00\n",
        "--index-url somewhere\nflask==3.1.3 --hash=sha256:00\n",
    ],
)
def test_a_loose_requirement_is_found(text: str) -> None:
    assert rules.unpinned_requirements(text)


def test_a_pinned_requirement_is_no_fault() -> None:
    text = (
        "# lock\nflask==3.1.3 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via -r x\n"
    )
    assert rules.unpinned_requirements(text) == []


def test_an_import_inside_a_function_is_found() -> None:
    assert rules.hidden_imports(ast.parse("def f():\n    from backend import desk\n"))
    assert not rules.hidden_imports(ast.parse("import os\ndef f():\n    return os\n"))


@pytest.mark.parametrize(
    "code",
    [
        "from backend.wechat import content",
        "from backend.wechat import client, content as c",
        "from backend.wechat.content import queue_text",
        "import backend.wechat.content",
        "from backend.wechat import *",
        "def f():\n    from backend.wechat import content",
    ],
)
def test_an_import_of_the_content_check_is_found(code: str) -> None:
    assert rules.imports_of(ast.parse(code), "backend.wechat.content") != []


@pytest.mark.parametrize(
    "code", ["from backend.wechat import client", "from backend.desk import content", "content = 1"]
)
def test_other_imports_are_not(code: str) -> None:
    assert rules.imports_of(ast.parse(code), "backend.wechat.content") == []
