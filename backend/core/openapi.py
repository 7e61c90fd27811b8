"""The published description of the API, completed to say exactly what each address answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from apiflask import APIFlask
from werkzeug.routing import IntegerConverter, Map

from backend.core.schemas import ProblemOut

View = TypeVar("View", bound=Callable[..., Any])
Json = dict[str, Any]

# what a row id is in PostgreSQL; a larger one names nothing
LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """A row's number in an address; one too large for the database is simply not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


_METHODS = ("get", "post", "put", "patch", "delete")
_REF = "#/components/schemas/"
_PROBLEM_REF = "#/components/responses/Problem"
_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_PUBLIC_ID: Json = {"type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{16}$"}
_PATH_FORMATS: dict[str, Json] = dict.fromkeys(
    ("case_id", "evidence_id", "lecture_id", "material_id", "booking_id", "order_id"), _PUBLIC_ID
)
_WORDS = {
    400: "The request cannot be read",
    401: "Not signed in, or the session has ended",
    403: "A token for one case is not enough",
    404: "Not there, or somebody else's",
    405: "This address does not take this method",
    409: "The state does not allow it, or somebody was first",
    413: "Too large",
    415: "A type of content that is not taken",
    422: "Fields are wrong; `errors` names them",
    429: "Too often",
    500: "Our fault",
    503: "Database busy or storage full; nothing was written",
}
_WAITING = (429, 503)
_RETRY_AFTER: Json = {
    "Retry-After": {
        "description": "Seconds after which trying again can help",
        "schema": {"type": "integer", "minimum": 1},
    }
}
CLIENT_HEADER: Json = {
    "name": "X-Client",
    "in": "header",
    "required": False,
    "description": "Which front end this is; anything else counts as `web`",
    "schema": {"type": "string", "examples": ["mini", "web"]},
}


def also(
    *,
    parameters: Iterable[Json] = (),
    answers: Iterable[int] = (),
    body: Json | None = None,
) -> Callable[[View], View]:
    """Say of a view what its schemas cannot: headers, error statuses of its own, a raw body."""

    def decorate(view: View) -> View:
        said = {"parameters": list(parameters), "answers": list(answers), "body": body}
        view.__openapi__ = said  # type: ignore[attr-defined]
        return view

    return decorate


def register(app: APIFlask) -> None:
    """Complete the generated document."""
    app.url_map.converters["int"] = RowId

    @app.spec_processor
    def complete(spec: Any) -> Any:
        components = spec.setdefault("components", {})
        components["schemas"]["Problem"] = ProblemOut.model_json_schema()
        components["responses"] = {f"Problem{status}": _problem(status) for status in _WORDS}
        components["securitySchemes"] = {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "The token of a signed-in worker, or one for a single case",
            }
        }
        for operation, view, method in _operations(app, spec):
            _complete(operation, view, method)
        _shorten_names(spec)
        return spec


def _operations(app: APIFlask, spec: Json) -> Iterator[tuple[Json, Any, str]]:
    """Every documented operation with the view that answers it."""
    for rule in app.url_map.iter_rules():
        path = spec["paths"].get(_CONVERTER.sub(r"{\1}", rule.rule), {})
        for method in _METHODS:
            if method in path and method.upper() in (rule.methods or ()):
                yield path[method], app.view_functions[rule.endpoint], method


def _complete(operation: Json, view: Any, method: str) -> None:
    said = getattr(view, "__openapi__", {"parameters": [], "answers": [], "body": None})
    guard = getattr(view, "__guard__", "public")
    if said["body"] is not None:
        operation["requestBody"] = said["body"]
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True  # APIFlask calls JSON bodies optional
    parameters = [*operation.get("parameters", []), *said["parameters"]]
    for parameter in parameters:
        _complete_parameter(parameter)
    if parameters:
        operation["parameters"] = parameters
    operation["security"] = _security(guard)
    for status in sorted({*_usual_answers(operation, guard, method), *said["answers"]}):
        operation["responses"][str(status)] = {"$ref": f"{_PROBLEM_REF}{status}"}


def _complete_parameter(parameter: Json) -> None:
    if parameter["in"] != "path":
        return
    if parameter["schema"].get("type") == "integer":
        parameter["schema"] |= {"minimum": 0, "maximum": LARGEST_ID}
    parameter["schema"] |= _PATH_FORMATS.get(parameter["name"], {})


def _security(guard: str) -> list[dict[str, list[str]]]:
    if guard == "public":
        return []
    return [{}, {"bearer": []}] if guard == "worker_optional" else [{"bearer": []}]


def _usual_answers(operation: Json, guard: str, method: str) -> Iterator[int]:
    yield from (400, 405, 500, 503)
    places = {parameter["in"] for parameter in operation.get("parameters", [])}
    if guard != "public":
        yield 401
    if guard == "worker_session_required":
        yield 403
    if "path" in places:
        yield 404
    if method != "get" and guard != "public":
        yield 409
    if "requestBody" in operation:
        yield from (413, 415)
    if "requestBody" in operation or places & {"query", "header"}:
        yield 422


def _problem(status: int) -> Json:
    answer: Json = {
        "description": _WORDS[status],
        "content": {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}},
    }
    return answer | {"headers": _RETRY_AFTER} if status in _WAITING else answer


def _shorten_names(spec: Json) -> None:
    """Take the outer schema's name off the inner ones: `CaseOut.DateOut` is `DateOut`.

    Two different schemas of one name would be a mistake of ours: LookupError.
    """
    shortened: dict[str, Json] = {}
    for name, schema in spec["components"]["schemas"].items():
        short = name.rpartition(".")[2]
        plain = _plain(schema)
        if shortened.setdefault(short, plain) != plain:
            raise LookupError(f"two schemas are called {short}")
    spec["components"]["schemas"] = shortened
    for path in spec["paths"].values():
        path.update(_plain(path))


def _plain(part: Any) -> Any:
    """A copy with short references and without the titles made from names of fields."""
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if not isinstance(part, dict):
        return part
    copy = {key: _plain(value) for key, value in part.items() if not _is_title(key, value)}
    reference = copy.get("$ref")
    if isinstance(reference, str) and reference.startswith(_REF):
        copy["$ref"] = _REF + reference.removeprefix(_REF).rpartition(".")[2]
    return copy


def _is_title(key: str, value: Any) -> bool:
    return key == "title" and isinstance(value, str)
