"""Turning every error of the API into problem+json, in words a worker can read."""

from __future__ import annotations

import errno
from typing import Any

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, json, request
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import Headers

from backend.core.db import db, is_passing, unavailable
from backend.core.errors import BadInput, FieldError, Problem

log = structlog.get_logger()

_BY_STATUS = {
    400: ("bad_request", "没看懂这次请求", "这次发来的内容读不出来，请再试一次。"),
    401: ("not_signed_in", "需要先登录", "登录过期了，请再登录一次。填的都还在。"),
    403: ("forbidden", "您不能办这件事", "您不能办这件事。"),
    404: ("not_found", "没有找到", "没有找到。请看一下地址或编号对不对。"),
    405: ("not_allowed", "不能这样用", "这个地址不能这样用。"),
    409: ("conflict", "情况有变", "情况有变，请刷新再看。"),
    413: ("too_large", "太大了", "发来的内容太大，收不下。文字请分几次写，文件每个不超过 20 兆。"),
    415: ("wrong_type", "这种文件不能收", "这种内容不能收。"),
    422: ("bad_input", "有几处要改", "有几处要改，改好再交。"),
    429: ("too_many", "太频繁了", "太频繁了，请过一会儿再试。"),
    500: ("error", "我们这边出错了", "我们这边出错了，不是您的错。填的都还在，请再点一次。"),
    503: ("unavailable", "现在办不了", "现在办不了，请过一会儿再试。填的都还在。"),
}

_BY_PYDANTIC = {
    "missing": "这一项还没填。",
    "extra_forbidden": "多了一项不认识的内容。",
    "string_too_short": "这一项还没填。",
    "int_type": "这里要填整数。",
    "bool_type": "这里只能选是或否。",
    "string_type": "这里要填文字。",
    "list_type": "这里要填一个列表。",
    "literal_error": "请从给出的选项里选一个。",
    "string_unicode": "这里有读不出来的字，请重新打一遍。",
    "greater_than_equal": "这个数不能小于 {ge}。",
    "less_than_equal": "这个数太大了，请看看是不是多打了 0。",
    "string_too_long": "太长了，最多 {max_length} 个字。",
    "too_short": "至少要有 {min_length} 项。",
    "too_long": "最多 {max_length} 项。",
    "string_pattern_mismatch": "格式不对，请再看一下。",
}


# None: the file store says why in words only
_STORAGE_ERRORS = {None, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}


def respond(body: dict[str, Any], retry_after_s: int | None = None) -> Response:
    """A problem+json response."""
    response = Response(
        json.dumps(body), status=body["status"], content_type="application/problem+json"
    )
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def from_status(status: int) -> dict[str, Any]:
    """The problem document for a bare HTTP status."""
    code, title, detail = _BY_STATUS.get(status, _BY_STATUS[500 if status >= 500 else 400])
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}


def field_errors(error: ValidationError) -> list[FieldError]:
    """What is wrong with each field of an input document, in Chinese."""
    return [FieldError(_path(e["loc"]), _words(dict(e))) for e in error.errors(include_url=False)]


def register(app: APIFlask) -> None:
    """Install the handlers; staff pages add their own HTML ones for /desk/."""

    @app.before_request
    def refuse_unreadable_address() -> Response | None:
        # no id holds a NUL, and PostgreSQL would refuse it as an error of ours
        return respond(from_status(404)) if "\x00" in request.path else None

    @app.errorhandler(Problem)
    def on_problem(error: Problem) -> Response:
        return respond(error.body(), error.retry_after_s)

    @app.error_processor
    def on_http_error(error: HTTPError) -> Response:
        cause = error.__cause__
        if isinstance(cause, ValidationError):
            detail = _BY_STATUS[422][2]
            return respond(BadInput(detail, errors=field_errors(cause)).body())
        response = respond(from_status(error.status_code))
        allowed = Headers(error.headers).get("Allow")
        if allowed is not None:
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(OperationalError)
    def on_database_error(error: OperationalError) -> Response:
        db.session.rollback()
        log.error("database_unavailable", path=request.path, kind=type(error.orig).__name__)
        if not is_passing(error):
            return respond(from_status(500))
        problem = unavailable(error)
        return respond(problem.body(), problem.retry_after_s)

    @app.errorhandler(RecursionError)
    def on_deep_json(_error: RecursionError) -> Response:
        return respond(from_status(400))

    @app.errorhandler(OSError)
    def on_storage_error(error: OSError) -> Response:
        if error.errno not in _STORAGE_ERRORS:
            return on_bug(error)
        db.session.rollback()
        log.error("storage_error", path=request.path, errno=error.errno)
        body = from_status(503) | {"code": "storage_full"}
        return respond(body, 60)

    @app.errorhandler(Exception)
    def on_bug(error: Exception) -> Response:
        db.session.rollback()
        log.exception("unexpected_error", path=request.path, kind=type(error).__name__)
        return respond(from_status(500))


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _words(error: dict[str, Any]) -> str:
    kind = error["type"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return _BY_PYDANTIC.get(kind, "这一项填得不对，请再看一下。").format(**error.get("ctx", {}))
