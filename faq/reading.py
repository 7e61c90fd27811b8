"""Reading the YAML files: every fault is named with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from faq.schema import Fault, OutsideTopic, Topic

Model = TypeVar("Model", bound=BaseModel)
_FOLDERS: tuple[tuple[str, type[Topic | OutsideTopic]], ...] = (
    ("content", Topic),
    ("negatives", OutsideTopic),
)


def read_all(root: Path) -> Iterator[tuple[Path, Topic | OutsideTopic | list[Fault]]]:
    """Every file of a corpus in order, as what it holds or as its faults."""
    for folder, model in _FOLDERS:
        for path in sorted((root / folder).glob("*.yaml")):
            yield path, read(path, model, shown=shown(root, path))


def shown(root: Path, path: Path) -> str:
    """A file as it is named to people: from the folder above the corpus."""
    return str(path.relative_to(root.parent)) if path.is_relative_to(root.parent) else str(path)


class _Loader(yaml.CSafeLoader):
    """Safe loading that refuses a key written twice, which YAML would silently let win."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if key_node.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key_node.value!r} stands twice", key_node.start_mark
            )
        seen.add(key_node.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path, model: type[Model], *, shown: str = "") -> Model | list[Fault]:
    """The file as `model`, or its faults; never an exception for what a file can hold."""
    name = shown or str(path)
    try:
        text = path.read_text("utf-8")
        content = yaml.load(text, Loader=_Loader)
    except OSError as error:
        return [Fault(name, 1, f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        return [Fault(name, 1, f"is not UTF-8 at byte {error.start}")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        return [Fault(name, line, f"bad YAML: {getattr(error, 'problem', None) or error}")]
    try:
        return model.model_validate(content)
    except ValidationError as error:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
        return [
            Fault(name, _line(tree, fault["loc"]), f"{_place(fault['loc'])}: {fault['msg']}")
            for fault in error.errors()
        ]


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) or "the file"


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """The line of the innermost part of `loc` that stands in the file."""
    line = 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            node = next((v for k, v in node.value if k.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part] if part < len(node.value) else None
        else:
            break
        if node is None:
            break
        line = node.start_mark.line + 1
    return line
