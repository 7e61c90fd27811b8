"""The architecture rules as functions from source to a list of faults (empty: kept)."""

import ast
import json
import re
from pathlib import Path

from tests.architecture.sources import nodes

FORBIDDEN_STEMS = frozenset({"utils", "helpers", "common", "constants", "base", "manager"})
MOST_LINES = 400
# Split so that this file does not break its own rule.
REMOTE_HOSTS = tuple(
    "".join(parts)
    for parts in (
        ("registry.", "npmjs"),
        ("registry.", "npmmirror"),
        ("npmmirror", ".com"),
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("files.", "python"),
        ("mirrors.", "aliyun"),
        ("pypi.", "tuna"),
        ("tuna.", "tsinghua"),
        ("deb.", "debian.org"),
        ("unpkg", ".com"),
        ("jsdelivr", ".net"),
        ("cdnjs", ".cloudflare"),
        ("bootcdn", ".net"),
        ("static", "file.org"),
        ("staticfile", ".net"),
        ("fonts.", "googleapis"),
        ("fonts.", "gstatic"),
        ("at.", "alicdn"),
        ("gtimg", ".com"),
        ("cdn.dcloud", ".net.cn"),
    )
)
LIMIT_WORDS = frozenset({"days", "weeks"})


def state_assignments(tree: ast.Module) -> list[str]:
    """Find `x.state = …`: only a service moves a case from one state to another."""
    targets: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets.append(node.target)
    flat = [part for target in targets for part in ast.walk(target)]
    found = [f"line {t.lineno}: .state =" for t in flat if _is_state(t)]
    return found + [
        f"line {call.lineno}: setattr(…, 'state')" for call in _calls(tree) if _sets_state(call)
    ]


def _is_state(target: ast.AST) -> bool:
    return (
        isinstance(target, ast.Attribute)
        and target.attr == "state"
        and isinstance(target.ctx, ast.Store)
    )


def _sets_state(call: ast.Call) -> bool:
    if _called_name(call) != "setattr" or len(call.args) < 2:
        return False
    name = call.args[1]
    return isinstance(name, ast.Constant) and name.value == "state"


def day_counts(tree: ast.Module) -> list[str]:
    """Find `timedelta(days=…)`, `(weeks=…)` and `(30)`: lengths of time live in law."""
    return [
        f"line {call.lineno}: timedelta of days"
        for call in _calls(tree)
        if _called_name(call) == "timedelta"
        and (call.args or any(_may_be_days(word) for word in call.keywords))
    ]


def _may_be_days(word: ast.keyword) -> bool:
    return word.arg is None or word.arg in LIMIT_WORDS


def _calls(tree: ast.Module) -> list[ast.Call]:
    return [node for node in nodes(tree, ast.Call) if isinstance(node, ast.Call)]


def _called_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def vague_name(file: Path) -> bool:
    """Tell whether a module is named for no subject at all."""
    names = {file.stem, *file.parts[:-1]}
    return any(part in FORBIDDEN_STEMS for name in names for part in re.split(r"[_-]", name))


def is_too_long(text: str) -> bool:
    """Tell whether a file has grown past what one reader takes in."""
    return text.count("\n") > MOST_LINES


def lacks_docstring(tree: ast.Module) -> bool:
    """Tell whether a module does not open with a sentence saying what it is for."""
    return not (ast.get_docstring(tree) or "").strip()


def remote_hosts(text: str) -> list[str]:
    """Find hosts of package registries, mirrors and CDNs."""
    lowered = text.lower()
    return [host for host in REMOTE_HOSTS if host in lowered]


def npm_lock_addresses(text: str) -> list[str]:
    """Find packages whose lock entry records a download address."""
    packages = json.loads(text).get("packages", {})
    return sorted(name for name, entry in packages.items() if "resolved" in entry)


def npm_lock_unhashed(text: str) -> list[str]:
    """Find installed packages whose lock entry has no integrity hash."""
    packages = json.loads(text).get("packages", {})
    return sorted(
        name
        for name, entry in packages.items()
        if name and not entry.get("link") and "integrity" not in entry and not entry.get("inBundle")
    )


def unpinned_requirements(text: str) -> list[str]:
    """Find requirements without an exact version or without hashes, and index addresses."""
    joined = text.replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines()]
    kept = [line for line in lines if line and not line.startswith("#")]
    return [line.split()[0] for line in kept if "==" not in line or "--hash=sha256:" not in line]


def hidden_imports(tree: ast.Module) -> list[str]:
    """Find imports inside functions, which the import contracts' readers would miss."""
    return [
        f"line {inner.lineno}: import inside {function.name}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def imports_of(tree: ast.Module, module: str) -> list[str]:
    """Find imports of a module or of something in it."""
    package, _, name = module.rpartition(".")
    return [
        f"line {node.lineno}: imports {module}"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(_is_in(a.name, module) for a in node.names))
        or (isinstance(node, ast.ImportFrom) and _from(node, module, package, name))
    ]


def _from(node: ast.ImportFrom, module: str, package: str, name: str) -> bool:
    where = node.module or ""
    is_beside = node.level > 0 and (where.split(".")[-1] == name or not where)
    names_it = any(alias.name in (name, "*") for alias in node.names)
    return _is_in(where, module) or (where == package and names_it) or (is_beside and names_it)


def _is_in(found: str, module: str) -> bool:
    return found == module or found.startswith(f"{module}.")
