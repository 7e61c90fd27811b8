"""The published description of the API: every route can answer with the one error shape."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from backend.core.schemas import ProblemOut

_METHODS = {"get", "post", "put", "patch", "delete"}
_WORDS = {
    "400": "The request cannot be read",
    "401": "Not signed in, or the session has ended",
    "403": "Not allowed for this role",
    "404": "Not there, or somebody else's",
    "405": "This address does not take this method",
    "409": "The state does not allow it, or somebody was first",
    "413": "Too large",
    "415": "A type of content that is not taken",
    "422": "Fields are wrong; `errors` names them",
    "429": "Too often",
    "500": "Our fault",
    "503": "Database busy or storage full; nothing was written",
}


def register(app: APIFlask) -> None:
    """Complete the generated document."""

    @app.spec_processor
    def complete(spec: Any) -> Any:
        schemas = spec.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = ProblemOut.model_json_schema() | {"additionalProperties": True}
        for path in spec["paths"].values():
            for method, operation in path.items():
                if method in _METHODS:
                    _complete_operation(operation)
        return spec


def _complete_operation(operation: dict[str, Any]) -> None:
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True  # APIFlask calls JSON bodies optional
    for status, words in _WORDS.items():
        operation["responses"][status] = {
            "description": words,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
