"""Reads the repository's files for the architecture rules."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_FOLDERS = ("backend", "faq", "tools", "tests")


@cache
def repository_files() -> tuple[Path, ...]:
    """List files that git tracks or would track, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = sorted(set(listed.stdout.decode().split("\0")) - {""})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """List the Python files below some top folders (all of ours by default)."""
    wanted = folders or PYTHON_FOLDERS
    return [file for file in repository_files() if file.suffix == ".py" and file.parts[0] in wanted]


def text_of(file: Path) -> str:
    """Return a file's text, with bytes that are none replaced."""
    return (ROOT / file).read_text(encoding="utf-8", errors="replace")


@cache
def tree_of(file: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(text_of(file), filename=str(file))


def nodes(tree: ast.AST, kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[ast.AST]:
    """Yield every node of some kinds in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, kind))
