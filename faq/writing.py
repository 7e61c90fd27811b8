"""Writing entries back as YAML in the one form the files have; reading and writing is exact."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import BaseModel


class _Dumper(yaml.CSafeDumper):
    """Lists of plain words one a line, citations and actions on one line, long texts as blocks."""


class _Flow(dict[str, Any]):
    """A mapping written on one line."""


class _Inline(list[Any]):
    """A list written on one line."""


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    _Flow,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True),
)
_Dumper.add_representer(
    _Inline,
    lambda dumper, value: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", value, flow_style=True
    ),
)


def written(topic: BaseModel) -> str:
    """The file of a topic, byte for byte as it must stand in the folder."""
    content = topic.model_dump(mode="python", exclude_defaults=True)
    content["entries"] = [_entry(entry) for entry in content["entries"]]
    text: str = yaml.dump(
        content,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=1_000_000,
        default_flow_style=False,
    )
    return text


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    shaped = dict(entry)
    for key in ("citations", "actions"):
        if key in shaped:
            shaped[key] = [_Flow(item) for item in shaped[key]]
    if "related" in shaped:
        shaped["related"] = _Inline(shaped["related"])
    return shaped
